"""`headworks status`"""

from typing import Annotated

import typer

from headworks.cli import options
from headworks.cli.reporting import check_format
from headworks.cli.session import Session
from headworks.cli.table import table
from headworks.cli.terminal import coloured, out, plural

app = options.command_app()


@app.command()
def status(
    check: Annotated[bool, typer.Option("--check", help="Exit 1 when something is pending.")] = False,
    domain: options.Domain = None,
    output_format: Annotated[str, typer.Option("--format", metavar="FORMAT", help="text or json.")] = "text",
    url: options.Url = None,
    config: options.Config = None,
    quiet: options.Quiet = False,
    debug: options.Debug = False,
) -> int:
    """Per domain: where the database is, the head, and what is pending. Nothing is written."""
    from headworks.migrations.status import read_status

    check_format(output_format, known=("text", "json"))
    session = Session(config, url)
    states = read_status(session.project, session.url, domain)
    pending = sum(len(state.pending) for state in states)
    if output_format == "json":
        import msgspec

        answer = {"headworks": 1, "command": "status", "ok": not pending, "domains": states}
        out(msgspec.json.format(msgspec.json.encode(answer)).decode())
    else:
        rows = [
            (
                state.domain,
                ", ".join(state.current) or "-",
                ", ".join(state.heads),
                coloured(f"{len(state.pending)} pending", "yellow")
                if state.pending
                else coloured("up to date", "green"),
            )
            for state in states
        ]
        out(table(("domain", "current", "head", ""), rows))
        for state in states:
            if len(state.heads) > 1:
                out(f'{state.domain} has {len(state.heads)} heads: headworks merge --domain {state.domain} -m "..."')
        if pending:
            out(f"{plural(pending, 'revision')} pending: headworks upgrade")
    return 1 if check and pending else 0
