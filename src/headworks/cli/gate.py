"""`headworks gate`"""

import gc
from pathlib import Path

import click

from headworks.cli import options
from headworks.cli.reporting import check_format, finish
from headworks.cli.session import Session
from headworks.cli.terminal import Progress, note, out


@options.command()
@click.option("--checks", metavar="LIST", help="Of schema,branches,whole,data,locks,compat (default: all but compat).")
@click.option("--revisions", metavar="A:B", help="From revision A to revision B.")
@click.option("--since", metavar="GITREF", help="The revisions that are new since that commit.")
@click.option("--compat", is_flag=True, help="Also: the models of --since must work at the new heads.")
@click.option("--sizes", type=options.FILE, metavar="FILE", help="Rows of the live tables: headworks sizes -o FILE.")
@click.option("--list", "listed", is_flag=True, help="Show what would run, and run nothing.")
@options.url
@options.shadow_url
@options.shadow_on_live
@options.output_format
@options.output
@options.strict
@options.config
@options.quiet
@options.debug
def gate(
    checks: str | None,
    revisions: str | None,
    since: str | None,
    compat: bool,
    sizes: Path | None,
    listed: bool,
    url: str | None,
    shadow_url: str | None,
    shadow_on_live: bool,
    output_format: str,
    output: Path | None,
    strict: bool,
    config: Path | None,
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
