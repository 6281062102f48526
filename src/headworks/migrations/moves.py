"""Single steps, up or down, inside one run of env.py, each committed before the next one is asked for."""

from collections.abc import Iterable, Iterator
from itertools import chain

from alembic.runtime.migration import MigrationContext, MigrationStep
from sqlalchemy.exc import DBAPIError, InvalidRequestError

from headworks.migrations.ended import ends_transaction
from headworks.migrations.environment import run_env
from headworks.migrations.failures import revision_failed
from headworks.migrations.history import Revision
from headworks.migrations.project import Project
from headworks.migrations.runner import steps_of, widen_version_table
from headworks.migrations.said import Said
from headworks.migrations.session import SessionState
from headworks.postgres.url import DatabaseUrl

__all__ = ["EndsTransaction", "Move", "run_moves"]

Move = tuple[Revision, str]
"""A revision, and `upgrade` or `downgrade`."""


class EndsTransaction(Exception):
    """A revision ended the transaction that Alembic runs it in.

    What becomes of the rest of it only the end of env.py's run tells, so such a step needs a run of its own.
    """


def run_moves(project: Project, url: DatabaseUrl, moves: Iterable[Move]) -> bool:
    """Run them, asking for the next one when the last one is done and visible to other connections.

    Returns False, and has run nothing, where env.py begins a transaction of its own around all: then nothing in between
    can be seen from outside. Raises `EndsTransaction`, with the database spoilt, and what `run_env` raises.
    """
    coming = iter(moves)
    possible = True
    ended = again = False
    said = Said()

    def steps(rows: tuple[str, ...], context: MigrationContext) -> Iterator[MigrationStep]:
        nonlocal coming, possible, ended, again
        again = False
        if context._in_external_transaction:
            possible = False
            return
        assert context.connection is not None
        widen_version_table(context, project.history)
        said.listen(context.connection)
        session = SessionState(context.connection, said)
        for revision, direction in coming:
            # What an earlier revision left in Alembic's memo hides what this one cannot do alone.
            context.impl.memo.clear()
            as_it_was = True
            for _, step in steps_of(project, (revision,), direction):
                yield step
                if ends_transaction(context):
                    ended = True
                    return
                try:
                    as_it_was = _commit(context, session)
                except (DBAPIError, InvalidRequestError) as error:
                    # a deferred constraint, a connection that is no more, a transaction in a state of its own
                    raise revision_failed(error, step, project) from error
            if not as_it_was:
                context.connection.detach()  # from env.py's pool, which would keep the session
                if (another := next(coming, None)) is not None:
                    coming, again = chain((another,), coming), True
                return

    run_env(project, url, steps)
    while again and not ended:
        run_env(project, url, steps)
    if ended:
        raise EndsTransaction
    return possible


def _commit(context: MigrationContext, session: SessionState) -> bool:
    """End the transaction that env.py may keep over all revisions, and begin the next: as `autocommit_block` does.

    In between the session is made as it was before the first revision; whether that could be done.
    """
    connection = context.connection
    assert connection is not None
    if context._transaction is not None:
        context._transaction.commit()
    elif connection.in_transaction():
        connection.commit()
    as_it_was = session.restore(connection)
    if connection.in_transaction():
        connection.commit()
    if context._transaction is not None:
        context._transaction = connection.begin()
    return as_it_was
