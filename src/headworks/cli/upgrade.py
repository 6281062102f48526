"""`headworks upgrade`"""

import sys
from pathlib import Path

import click

from headworks.cli import options
from headworks.cli.hints import pasteable
from headworks.cli.session import Session
from headworks.cli.terminal import note, out, plural


@options.command()
@click.argument("targets", metavar="[TARGET]...", nargs=-1)
@click.option("--sql", is_flag=True, help="Print the SQL instead; TARGET may be FROM:TO.")
@click.option("--dry-run", is_flag=True, help="Run it on a shadow copy and show what changes.")
@options.url
@options.wait
@options.lock_timeout
@options.shadow_url
@options.config
@options.quiet
@options.debug
def upgrade(
    targets: tuple[str, ...],
    sql: bool,
    dry_run: bool,
    url: str | None,
    wait: float,
    lock_timeout: float | None,
    shadow_url: str | None,
    config: Path | None,
) -> int:
    """Run the pending revisions, each in the order that its dependencies ask for.

    TARGET is heads (default), a domain, DOMAIN@+N, +N or a revision.

    One runner at a time works on a database; a second one waits for it (--wait) and then finds nothing left to do. A
    statement that waits longer than --lock-timeout for a lock gives up and is tried again a few times.
    """
    from headworks.cli.watch import Lines
    from headworks.migrations.plan import plan_upgrade
    from headworks.migrations.runner import Runner

    session = Session(config, url)
    project = session.project
    wanted = list(targets) or ["heads"]
    if sql:
        from headworks.migrations.offline import upgrade_sql

        upgrade_sql(project, wanted, sys.stdout)
        return 0
    history = project.history
    if not history.revisions:
        note(pasteable("there are no revisions yet; headworks revision writes the first one"))
        return 0
    plan_upgrade(history, (), [target for target in wanted if "+" not in target])  # a wrong word connects to nothing
    timeout = session.settings.keys.lock_timeout if lock_timeout is None else lock_timeout
    runner = Runner(project, session.url, wait=wait, lock_timeout=timeout, watcher=Lines())
    plan = plan_upgrade(history, runner.rows(), wanted)
    if not plan:
        out("nothing to do: the database is at the target")
        return 0
    if dry_run:
        from headworks.cli.rehearsal import rehearse

        return rehearse(session, runner.rows(), plan, "upgrade", shadow_url)
    note(f"plan: {plural(len(plan), 'revision')}, {', '.join(dict.fromkeys(one.domain for one in plan))}")
    ran = runner.run("upgrade", lambda rows: plan_upgrade(history, rows, wanted))
    seconds = sum(one.seconds for one in ran)
    if ran:
        out(f"upgraded: {plural(len(ran), 'revision')} in {seconds:.2f} s")
    else:
        out("nothing to do: another runner has done it")
    return 0
