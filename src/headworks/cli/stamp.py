"""`headworks stamp`"""

from typing import Annotated

import typer

from headworks.cli import options, state
from headworks.cli.session import Session
from headworks.cli.terminal import note, out

app = options.command_app()


@app.command()
def stamp(
    targets: Annotated[list[str], typer.Argument(metavar="TARGET", help="heads, base, a domain or a revision.")],
    force: Annotated[bool, typer.Option("--force", help="Also when the database does not look like it.")] = False,
    url: options.Url = None,
    wait: options.Wait = 300.0,
    shadow_url: options.ShadowUrl = None,
    config: options.Config = None,
    quiet: options.Quiet = False,
    debug: options.Debug = False,
) -> int:
    """Write that the database is at TARGET, running nothing.

    The revisions are first run on a shadow: only when their picture is that of the database are the rows written.
    """
    from headworks.drift.run import differences_from
    from headworks.migrations.environment import look
    from headworks.migrations.errors import StampRefused
    from headworks.migrations.plan import stamp_targets
    from headworks.migrations.runner import Runner
    from headworks.postgres.shadow import shadow_server

    session = Session(config, url)
    project = session.project
    ids = stamp_targets(project.history, targets)
    configured = look(project, session.url)
    if not force:
        note("looking whether the database is what these revisions make")
        with shadow_server(session.shadow(shadow_url), session.url) as shadow:
            changes = differences_from(project, session.url, shadow, configured, ids)
        if changes:
            raise StampRefused(target=" ".join(targets), count=len(changes), again=state.again(), first=str(changes[0]))
    Runner(project, session.url, wait=wait).stamp(ids)
    out(f"stamped: {', '.join(ids) or 'base'}")
    return 0
