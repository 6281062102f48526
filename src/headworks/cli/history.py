"""`headworks history`"""

from pathlib import Path

import click

from headworks.cli import options
from headworks.cli.reporting import check_format
from headworks.cli.session import Session
from headworks.cli.table import table
from headworks.cli.terminal import bold, coloured, note, out


@options.command()
@options.domain
@click.option("--format", "output_format", default="text", metavar="FORMAT", help="text or json.")
@options.url
@click.option("--offline", is_flag=True, help="The files alone: no database, no marks.")
@click.option("--applied", "applied_here", is_flag=True, help="What ran on the database, when, by whom, how long.")
@click.option("--write-manifest", is_flag=True, help="Record merged revisions in manifest/, for gate.history-changed.")
@click.option("--since", metavar="GITREF", help="With --write-manifest: write what is new since then anew.")
@options.config
@options.quiet
@options.debug
def history(
    domain: str | None,
    output_format: str,
    url: str | None,
    offline: bool,
    applied_here: bool,
    write_manifest: bool,
    since: str | None,
    config: Path | None,
) -> int:
    """The revision graph by domain, oldest first: `*` has been run here, `head` is the newest of its domain."""
    from headworks.migrations.environment import look

    check_format(output_format, known=("text", "json"))
    session = Session(config, url)
    if applied_here:
        return _applied(session, output_format)
    if write_manifest:
        return _write_manifest(session, since)
    graph = session.project.history
    domains = graph.domains if domain is None else (domain,)
    for name in domains:
        graph.of_domain(name)
    applied = frozenset() if offline else graph.applied(look(session.project, session.url).rows)
    if output_format == "json":
        import msgspec

        rows = [
            {
                "id": one.id,
                "domain": one.domain,
                "down": one.down,
                "depends_on": one.depends_on,
                "doc": one.doc,
                "file": one.file,
                "head": one.id in graph.heads(one.domain),
                "applied": None if offline else one.id in applied,
            }
            for name in domains
            for one in graph.of_domain(name)
        ]
        out(
            msgspec.json.format(msgspec.json.encode({"headworks": 1, "command": "history", "revisions": rows})).decode()
        )
        return 0
    for name in domains:
        out(bold(name))
        heads = graph.heads(name)
        for one in graph.of_domain(name):
            marks = [coloured("head", "cyan")] if one.id in heads else []
            marks += [coloured("current", "green")] if one.id in graph.current(name, applied) else []
            outside = [need for need in one.needs if graph.by_id[need].domain != name]
            marks += [f"needs {', '.join(outside)}"] if outside else []
            marks += [f"merges {', '.join(one.down)}"] if len(one.down) > 1 else []
            sign = coloured("*", "green") if one.id in applied else " "
            out(f" {sign} {one.id}  {one.doc}" + (f"  ({', '.join(marks)})" if marks else ""))
    return 0


def _write_manifest(session: Session, since: str | None) -> int:
    from headworks.gate.manifest import write_manifest
    from headworks.gate.since import new_since

    written = write_manifest(session.project, new_since(session.project, since) if since is not None else None)
    for file in written:
        out(session.settings.name_of(file))
    if not written:
        note("the manifest has all revisions already")
    return 0


def _applied(session: Session, output_format: str) -> int:
    from headworks.migrations.environment import look
    from headworks.migrations.log import read_log

    entries = read_log(session.url, look(session.project, session.url))
    if output_format == "json":
        import msgspec

        answer = {"headworks": 1, "command": "history", "applied": entries}
        out(msgspec.json.format(msgspec.json.encode(answer)).decode())
        return 0
    if entries is None:
        note("no log is kept here: set log = true in [tool.headworks], and the next runs are logged")
        return 0
    rows = [
        (
            f"{one.ended_at.astimezone():%Y-%m-%d %H:%M:%S}",
            one.direction,
            one.revision,
            f"{one.seconds * 1000:,.0f} ms",
            f"{one.role}, {one.client}",
        )
        for one in entries
    ]
    out(table(("when", "", "revision", "took", "by"), rows))
    return 0
