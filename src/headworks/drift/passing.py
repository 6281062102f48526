"""What the history makes on its way: run once in a scratch database, with a look at the picture after each revision."""

import contextlib
from collections.abc import Callable, Iterator

from headworks.catalog.kept import KeptPicture
from headworks.migrations.heard import unheard
from headworks.migrations.moves import EndsTransaction, Move, run_moves
from headworks.migrations.project import Project
from headworks.migrations.realise import realised, run_plan
from headworks.postgres.connect import connect
from headworks.postgres.shadow import Shadow
from headworks.postgres.url import DatabaseUrl
from headworks.schema import Schema

__all__ = ["See", "look_on_the_way"]

See = Callable[[int, Schema], None]
"""Is shown the picture after so many of the history's revisions: at first after none."""


def look_on_the_way(project: Project, shadow: Shadow, see: See, *, one_run: bool) -> None:
    """Show the picture after each revision, in the order in which an upgrade runs them.

    In one run of env.py where that can be (`one_run`), else in one for each; then some may be shown twice. Raises what
    a revision or env.py raises.
    """
    with contextlib.suppress(EndsTransaction):
        if one_run and _in_one_run(project, shadow, see):
            return
    with _scratch(project, shadow) as (url, kept):
        see(0, kept.look())
        for number, revision in enumerate(project.history.revisions, start=1):
            run_plan(project, url, (revision,), "upgrade")
            see(number, kept.look())


def _in_one_run(project: Project, shadow: Shadow, see: See) -> bool:
    with _scratch(project, shadow) as (url, kept):

        def moves() -> Iterator[Move]:
            see(0, kept.look())
            for number, revision in enumerate(project.history.revisions, start=1):
                yield revision, "upgrade"
                see(number, kept.look())

        return run_moves(project, url, moves())


@contextlib.contextmanager
def _scratch(project: Project, shadow: Shadow) -> Iterator[tuple[DatabaseUrl, KeptPicture]]:
    """A database in which nothing has been run, and its picture, kept up to date."""
    with realised(project, shadow.url, (), shadow.live.collations) as url:
        # Before env.py connects: a transaction that had begun would not hear of the event triggers at first.
        kept = KeptPicture(connect(url), lambda picture: picture)
        try:
            with unheard(kept.spoil):
                yield url, kept
        finally:
            kept.close()
