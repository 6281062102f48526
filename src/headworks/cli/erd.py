"""`headworks erd`"""

import contextlib
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from headworks.cli import options
from headworks.cli.reporting import CheckWithoutFile, check_format, finish, read_page, write
from headworks.cli.session import Session
from headworks.cli.terminal import note
from headworks.config import NoProject
from headworks.errors import UsageError
from headworks.findings import Outcome
from headworks.pages import out_of_date
from headworks.words import plural

if TYPE_CHECKING:
    from headworks.erd.graph import Graph
    from headworks.erd.sources import Drawn, Source
    from headworks.postgres.shadow import Shadow


class UnknownSource(UsageError):
    """--source {name}: it is one of {known}"""

    hint = "headworks erd --source models"


class DomainNotDrawn(UsageError):
    """no table here is of a domain {domain!r}; the domains are {known}"""

    hint = "headworks erd --domain {suggested}"


class NoDomains(UsageError):
    """there is no table here, and so none of a domain {domain!r}"""

    hint = "--source models, live or migrations: another one may have some"


@options.command()
@click.option("--format", "output_format", default="mermaid", metavar="FORMAT", help="mermaid.")
@options.output
@options.domain
@click.option("--source", default="models", metavar="WHAT", help="models, live or migrations.")
@click.option("--check", is_flag=True, help="Exit 1 when the file is out of date; write nothing.")
@options.report
@options.url
@options.shadow_url
@options.config
@options.quiet
@options.debug
def erd(
    output_format: str,
    output: Path | None,
    domain: str | None,
    source: str,
    check: bool,
    report: str,
    url: str | None,
    shadow_url: str | None,
    config: Path | None,
) -> int:
    """Draw the entity-relationship diagram; the same schema gives the same bytes.

    Mermaid is one diagram on stdout or in a file; in a file that ends in .md it is a page with one diagram for each
    domain, as GitHub and GitLab show it. With --source live no project is needed.
    """
    from headworks.erd.formats import renderer
    from headworks.erd.sources import SOURCES

    render = renderer(output_format, output)
    if source not in SOURCES:
        raise UnknownSource(name=source, known=", ".join(SOURCES))
    check_format(report, option="--report")
    if check and output is None:
        raise CheckWithoutFile(example="headworks erd --check -o docs/erd.md")
    drawn = _draw(Session(config, url), cast("Source", source), shadow_url)
    if drawn.remark:
        note(drawn.remark)
    graph = _chosen(drawn.graph, domain)
    text = render(graph)
    if check and output is not None:
        words = _words(output_format=output_format, source=source, domain=domain, config=config, output=output)
        return finish(_compared(output, text, words, graph), report, None)
    write(text, output)
    if output is not None:
        note(f"{output}: {plural(len(graph.tables), 'table')}, {plural(len(graph.edges), 'foreign key')}")
    return 0


def _draw(session: Session, source: "Source", shadow_url: str | None) -> "Drawn":
    from headworks.erd.sources import draw_database, draw_project
    from headworks.migrations.errors import NoAlembic
    from headworks.postgres.connect import probe
    from headworks.postgres.shadow import shadow_server

    try:
        project = session.project
    except (NoProject, NoAlembic):
        if source != "live" or session.named_url is None:
            raise
        return draw_database(session.url)

    @contextlib.contextmanager
    def shadow() -> Iterator["Shadow"]:
        live = session.named_url
        # The live database lends its major and its role names, and a diagram of models can do without.
        if live is not None and (problem := probe(live)) is not None:
            note(f"drawing without a look at the live server: {problem}")
            live = None
        with shadow_server(session.shadow(shadow_url), live) as server:
            yield server

    return draw_project(project, source, lambda: session.url, shadow)


def _chosen(graph: "Graph", domain: str | None) -> "Graph":
    if domain is None:
        return graph
    if not graph.domains:
        raise NoDomains(domain=domain)
    if domain not in graph.domains:
        import difflib

        close = difflib.get_close_matches(domain, graph.domains, n=1, cutoff=0.0)
        raise DomainNotDrawn(domain=domain, known=", ".join(graph.domains), suggested=shlex.quote(close[0]))
    return graph.of_domain(domain)


def _compared(file: Path, text: str, words: str, graph: "Graph") -> Outcome:
    """What tells the file from what would be written now: the first line that differs."""
    finding = out_of_date("erd.out-of-date", str(file), read_page(file, "headworks erd"), text, words)
    stats = {"tables": len(graph.tables), "foreign_keys": len(graph.edges)}
    return Outcome.of("erd", [finding] if finding is not None else [], **stats)


def _words(*, output_format: str, source: str, domain: str | None, config: Path | None, output: Path) -> str:
    """The command that writes the file."""
    words = ["headworks", "erd"]
    words += ["--format", output_format] if output_format != "mermaid" else []
    words += ["--source", source] if source != "models" else []
    words += ["--domain", domain] if domain else []
    words += ["--config", str(config)] if config else []
    return shlex.join([*words, "-o", str(output)])
