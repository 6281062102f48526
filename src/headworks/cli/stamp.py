"""`headworks stamp`"""

from pathlib import Path

import click

from headworks.cli import options
from headworks.cli.hints import again
from headworks.cli.session import Session
from headworks.cli.terminal import note, out


@options.command()
@click.argument("targets", metavar="TARGET...", nargs=-1, required=True)
@click.option("--force", is_flag=True, help="Also when the database does not look like it.")
@options.url
@options.wait
@options.shadow_url
@options.config
@options.quiet
@options.debug
def stamp(
    targets: tuple[str, ...], force: bool, url: str | None, wait: float, shadow_url: str | None, config: Path | None
) -> int:
    """Write that the database is at TARGET, running nothing.

    TARGET is heads, base, a domain or a revision.

    The revisions are first run on a shadow: only when their picture is that of the database are the rows written.
    """
    from headworks.drift.run import differences_from
    from headworks.migrations.environment import look
    from headworks.migrations.errors import RevisionFailed, StampRefused
    from headworks.migrations.failures import with_advice
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
            try:
                changes = differences_from(project, session.url, shadow, configured, ids)
            except RevisionFailed as error:
                unseen = f"where you know that it is at {' '.join(targets)}: {again()} --force"
                raise with_advice(error, f"{error.advice}; {unseen}") from error.__cause__
        if changes:
            raise StampRefused(target=" ".join(targets), count=len(changes), again=again(), first=str(changes[0]))
    Runner(project, session.url, wait=wait).stamp(ids)
    out(f"stamped: {', '.join(ids) or 'base'}")
    return 0
