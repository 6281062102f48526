"""What the connection that runs revisions has set: its lock timeout, and a mark that there is work going on.

The lock of `lock.py` goes with the runner's process, at once when that is killed. Its other connection does not: the
backend ends its statement first, a CREATE INDEX CONCURRENTLY or a COMMIT among them, and sees only then that nobody
listens. So that backend marks its work with a second advisory lock, and the next runner waits for that one as well.
"""

import contextlib
from collections.abc import Iterator

import sqlalchemy
from alembic.runtime.migration import MigrationContext

from headworks.migrations.lock import WORK_KEY

__all__ = ["mark_autocommit_blocks", "mark_transaction", "set_lock_timeout"]


def set_lock_timeout(context: MigrationContext, seconds: float) -> None:
    """For the session: 0 waits for ever."""
    _execute(context, f"SELECT set_config('lock_timeout', '{round(seconds * 1000)}ms', false)")


def mark_transaction(context: MigrationContext) -> None:
    """Mark the transaction that the next revision runs in; the mark ends with it."""
    _execute(context, f"SELECT pg_advisory_xact_lock_shared({WORK_KEY})")


def mark_autocommit_blocks(context: MigrationContext, lock_timeout: float) -> None:
    """Have the revisions' `autocommit_block()` mark what they run, and wait for its locks as long as it takes.

    CREATE INDEX CONCURRENTLY waits for the transactions that are older than itself, and keeps nobody waiting meanwhile;
    a lock timeout would end it there and leave an invalid index behind (PostgreSQL, "Building Indexes Concurrently").
    """
    block = context.autocommit_block

    @contextlib.contextmanager
    def marked() -> Iterator[None]:
        with block():
            set_lock_timeout(context, 0)
            _execute(context, f"SELECT pg_advisory_lock_shared({WORK_KEY})")
            try:
                yield
            finally:
                with contextlib.suppress(sqlalchemy.exc.DBAPIError):  # of a connection that was lost
                    _execute(context, f"SELECT pg_advisory_unlock_shared({WORK_KEY})")
                    set_lock_timeout(context, lock_timeout)

    context.autocommit_block = marked  # type: ignore[method-assign]


def _execute(context: MigrationContext, statement: str) -> None:
    assert context.connection is not None  # run_env has looked
    context.connection.exec_driver_sql(statement)
