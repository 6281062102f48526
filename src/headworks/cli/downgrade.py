"""`headworks downgrade`"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from headworks.cli import options
from headworks.cli.session import Session
from headworks.cli.terminal import note, out, plural

if TYPE_CHECKING:
    from headworks.migrations.history import Revision


@options.command(ignore_unknown_options=True)
@click.argument("target", metavar="TARGET")
@click.option("--allow-data-loss", is_flag=True, help="Also when rows or values go with it.")
@click.option("--sql", is_flag=True, help="Print the SQL instead; TARGET is FROM:TO.")
@click.option("--dry-run", is_flag=True, help="Run it on a shadow copy and show what changes.")
@options.url
@options.wait
@options.lock_timeout
@options.shadow_url
@options.config
@options.quiet
@options.debug
def downgrade(
    target: str,
    allow_data_loss: bool,
    sql: bool,
    dry_run: bool,
    url: str | None,
    wait: float,
    lock_timeout: float | None,
    shadow_url: str | None,
    config: Path | None,
) -> int:
    """Undo revisions down to TARGET, and with them whatever depends on them.

    TARGET is base, DOMAIN@base, DOMAIN@-N, -N or a revision (it stays).

    First it is run on a shadow copy. Where what it drops there holds rows or values here, it refuses and names them,
    unless --allow-data-loss is given.
    """
    from headworks.cli.watch import Lines
    from headworks.migrations.plan import plan_downgrade
    from headworks.migrations.runner import Runner

    session = Session(config, url)
    project = session.project
    history = project.history
    if sql:
        from headworks.migrations.offline import downgrade_sql

        downgrade_sql(project, target, sys.stdout)
        return 0
    timeout = session.settings.keys.lock_timeout if lock_timeout is None else lock_timeout
    runner = Runner(project, session.url, wait=wait, lock_timeout=timeout, watcher=Lines())
    rows = runner.rows()
    plan = plan_downgrade(history, rows, target)
    if not plan:
        out("nothing to do: the database is at the target")
        return 0
    if dry_run:
        from headworks.cli.rehearsal import rehearse

        return rehearse(session, rows, plan, "downgrade", shadow_url)
    note(f"plan: {plural(len(plan), 'revision')}, {', '.join(dict.fromkeys(one.domain for one in plan))}")
    if not allow_data_loss:
        from headworks.cli.guard import refuse_losses

        refuse_losses(session, rows, plan, shadow_url)
    ran = runner.run("downgrade", lambda rows: _still(plan_downgrade(history, rows, target), plan))
    out(f"downgraded: {plural(len(ran), 'revision')} in {sum(one.seconds for one in ran):.2f} s")
    return 0


def _still(now: "tuple[Revision, ...]", shown: "tuple[Revision, ...]") -> "tuple[Revision, ...]":
    """The plan under the lock, which must hold nothing that was not shown and looked at before it was had."""
    from headworks.migrations.errors import PlanChanged

    more = [one.id for one in now if one not in shown]
    if more:
        raise PlanChanged(revisions=", ".join(more))
    return now
