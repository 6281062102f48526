"""`headworks lint`"""

import gc
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from headworks.cli import options
from headworks.cli.reporting import check_format, finish
from headworks.cli.session import Session
from headworks.config import NoProject
from headworks.errors import UsageError

if TYPE_CHECKING:
    from headworks.findings import Outcome
    from headworks.lint.run import Source


class UnknownSource(UsageError):
    """--source {name}: it is one of {known}"""

    hint = "headworks lint --source models"


@options.command()
@click.option("--source", default="models", metavar="WHAT", help="models, live or migrations.")
@options.url
@options.shadow_url
@options.output_format
@options.output
@options.strict
@options.config
@options.quiet
@options.debug
def lint(
    source: str,
    url: str | None,
    shadow_url: str | None,
    output_format: str,
    output: Path | None,
    strict: bool,
    config: Path | None,
) -> int:
    """Hold the schema to standards: names, keys, indexes, types; each rule is configurable, by table too.

    With --source live no project is needed.
    """
    from headworks.lint.run import SOURCES

    if source not in SOURCES:
        raise UnknownSource(name=source, known=", ".join(SOURCES))
    check_format(output_format)
    gc.disable()  # models and pictures live to the end
    session = Session(config, url)
    return finish(_lint(session, cast("Source", source), shadow_url), output_format, output, strict=strict)


def _lint(session: Session, source: "Source", shadow_url: str | None) -> "Outcome":
    from headworks.lint.run import lint_database, lint_project
    from headworks.migrations.errors import NoAlembic
    from headworks.postgres.shadow import shadow_server

    try:
        project = session.project
    except (NoProject, NoAlembic):
        if source != "live" or session.named_url is None:
            raise
        return lint_database(session.url, session.settings_if_any)
    with shadow_server(session.shadow(shadow_url), session.named_url) as shadow:
        return lint_project(project, source, lambda: session.url, shadow)
