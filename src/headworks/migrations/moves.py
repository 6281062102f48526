"""Single steps, up or down, inside one run of env.py, each committed before the next one is asked for."""

from collections.abc import Iterable, Iterator

from alembic.runtime.migration import MigrationContext, MigrationStep
from sqlalchemy.exc import DBAPIError

from headworks.migrations.environment import run_env
from headworks.migrations.failures import revision_failed
from headworks.migrations.history import Revision
from headworks.migrations.project import Project
from headworks.migrations.runner import steps_of, widen_version_table
from headworks.postgres.url import DatabaseUrl

__all__ = ["Move", "run_moves"]

Move = tuple[Revision, str]
"""A revision, and `upgrade` or `downgrade`."""


def run_moves(project: Project, url: DatabaseUrl, moves: Iterable[Move]) -> bool:
    """Run them, asking for the next one when the last one is done and visible to other connections.

    Returns False, and has run nothing, where env.py begins a transaction of its own around all: then nothing in between
    can be seen from outside. Raises what `run_env` raises.
    """
    possible = True

    def steps(rows: tuple[str, ...], context: MigrationContext) -> Iterator[MigrationStep]:
        nonlocal possible
        if context._in_external_transaction:
            possible = False
            return
        widen_version_table(context, project.history)
        for revision, direction in moves:
            # What an earlier revision left in Alembic's memo hides what this one cannot do alone.
            context.impl.memo.clear()
            for _, step in steps_of(project, (revision,), direction):
                yield step
                try:
                    _commit(context)
                except DBAPIError as error:  # a deferred constraint, or a connection that is no more
                    raise revision_failed(error, step, project) from error

    run_env(project, url, steps)
    return possible


def _commit(context: MigrationContext) -> None:
    """End the transaction that env.py may keep over all revisions, and begin the next: as `autocommit_block` does."""
    connection = context.connection
    assert connection is not None
    if context._transaction is not None:
        context._transaction.commit()
        context._transaction = connection.begin()
    elif connection.in_transaction():
        connection.commit()
