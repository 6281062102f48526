"""`headworks upgrade`"""

import sys
from typing import Annotated

import typer

from headworks.cli import options
from headworks.cli.session import Session
from headworks.cli.terminal import note, out, plural

app = options.command_app()


@app.command()
def upgrade(
    targets: Annotated[
        list[str] | None,
        typer.Argument(metavar="TARGET", help="heads (default), a domain, DOMAIN@+N, +N or a revision."),
    ] = None,
    sql: Annotated[bool, typer.Option("--sql", help="Print the SQL instead; TARGET may be FROM:TO.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Run it on a shadow copy and show what changes.")] = False,
    url: options.Url = None,
    wait: options.Wait = 300.0,
    lock_timeout: options.LockTimeout = None,
    shadow_url: options.ShadowUrl = None,
    config: options.Config = None,
    quiet: options.Quiet = False,
    debug: options.Debug = False,
) -> int:
    """Run the pending revisions, each in the order that its dependencies ask for.

    One runner at a time works on a database; a second one waits for it (--wait) and then finds nothing left to do. A
    statement that waits longer than --lock-timeout for a lock gives up and is tried again a few times.
    """
    from headworks.cli.watch import Lines
    from headworks.migrations.plan import plan_upgrade
    from headworks.migrations.runner import Runner

    session = Session(config, url)
    project = session.project
    wanted = targets or ["heads"]
    if sql:
        from headworks.migrations.offline import upgrade_sql

        upgrade_sql(project, wanted, sys.stdout)
        return 0
    history = project.history
    if not history.revisions:
        note("there are no revisions yet; headworks revision writes the first one")
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
