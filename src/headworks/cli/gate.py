"""`headworks gate`"""

import gc
from pathlib import Path
from typing import Annotated

import typer

from headworks.cli import options
from headworks.cli.reporting import check_format, finish
from headworks.cli.session import Session
from headworks.cli.terminal import Progress, note, out

app = options.command_app()


@app.command()
def gate(
    checks: Annotated[
        str | None,
        typer.Option(
            "--checks", metavar="LIST", help="Of schema,branches,whole,data,locks,compat (default: all but compat)."
        ),
    ] = None,
    revisions: Annotated[
        str | None, typer.Option("--revisions", metavar="A:B", help="From revision A to revision B.")
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="GITREF", help="The revisions that are new since that commit.")
    ] = None,
    compat: Annotated[
        bool, typer.Option("--compat", help="Also: the models of --since must work at the new heads.")
    ] = False,
    sizes: Annotated[
        Path | None, typer.Option("--sizes", metavar="FILE", help="Rows of the live tables: headworks sizes -o FILE.")
    ] = None,
    listed: Annotated[bool, typer.Option("--list", help="Show what would run, and run nothing.")] = False,
    url: options.Url = None,
    shadow_url: options.ShadowUrl = None,
    shadow_on_live: options.ShadowOnLive = False,
    output_format: options.Format = "text",
    output: options.Output = None,
    strict: options.Strict = False,
    config: options.Config = None,
    quiet: options.Quiet = False,
    debug: options.Debug = False,
) -> int:
    """Prove every revision by running it on scratch databases: up, down (exactly what was there before?), up again.

    Also: each domain runs with nothing but what it depends on, has one head, and the models equal the heads. The
    database of --url is asked for its major version and the names of its roles, and for nothing else.
    """
    from headworks.gate.run import choose
    from headworks.gate.run import gate as run_gate
    from headworks.postgres.shadow import shadow_server

    check_format(output_format)
    gc.disable()  # models and pictures live to the end
    session = Session(config, url)
    project = session.project
    choice = choose(project, checks, revisions, since, compat=compat, sizes=sizes)
    if listed:
        for one in project.history.revisions:
            if choice.revisions is None or one.id in choice.revisions:
                out(f"{one.domain}  {one.id}  {one.file}")
        if not choice.revisions and since is not None:
            note(f"no revision is new since {since}")
        return 0
    where = session.shadow(shadow_url, on_live=shadow_on_live)
    with Progress("gate") as progress, shadow_server(where, session.named_url) as shadow:
        outcome = run_gate(project, shadow, choice, progress.step)
    return finish(outcome, output_format, output, strict=strict)
