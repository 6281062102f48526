"""One runner at a time on a database: an advisory lock on a connection of its own.

The connection is in autocommit and idle between tries. A waiting `pg_advisory_lock()` would hold a snapshot for as long
as it waits, and `CREATE INDEX CONCURRENTLY` in the runner that has the lock would wait for that snapshot, for ever;
so the lock is only ever tried for (PostgreSQL, "Building Indexes Concurrently").
"""

import contextlib
import random
import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg

from headworks.migrations.errors import LockNotHad
from headworks.postgres.connect import connect
from headworks.postgres.url import DatabaseUrl

__all__ = ["LOCK_KEY", "WORK_KEY", "one_runner"]

LOCK_KEY = int.from_bytes(b"headwork", "big")
"""The key of the advisory lock: the same in every database, for whoever wants to see or take it."""

WORK_KEY = LOCK_KEY + 1
"""The key under which a backend that runs revisions marks its work (`work.py`)."""

_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 1.0


@contextlib.contextmanager
def one_runner(url: DatabaseUrl, *, wait: float, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Hold the lock for the `with` block; wait up to `wait` seconds for it. Raises `LockNotHad`.

    `waiting` is called once, when it is not had at the first try.
    """
    connection = connect(url)
    try:
        connection.execute("SELECT set_config('idle_session_timeout', '0', false)")
        deadline = time.monotonic() + wait
        pause = _FIRST_PAUSE
        for key in (LOCK_KEY, WORK_KEY):
            while not _try(connection, key):
                if pause == _FIRST_PAUSE:
                    waiting()
                if time.monotonic() >= deadline:
                    raise LockNotHad(seconds=wait, holder=_holder(connection, key))
                # Jitter: ten that were started at once must not all come back at once.
                time.sleep(min(pause * random.uniform(0.5, 1.5), max(0.0, deadline - time.monotonic())))  # noqa: S311
                pause = min(pause * 1.5, _LONGEST_PAUSE)
        connection.execute("SELECT pg_advisory_unlock(%s)", [WORK_KEY])
        yield
    finally:
        # Our end gives the lock back, however it comes, but the server takes a moment to notice.
        with contextlib.suppress(psycopg.Error):
            connection.execute("SELECT pg_advisory_unlock_all()")
        connection.close()


def _try(connection: "psycopg.Connection[Any]", key: int) -> bool:
    row = connection.execute("SELECT pg_try_advisory_lock(%s)", [key]).fetchone()
    return row is not None and bool(row[0])


def _holder(connection: "psycopg.Connection[Any]", key: int) -> str:
    row = connection.execute(
        """
        SELECT a.pid, a.usename, coalesce(host(a.client_addr), 'this machine'), now() - a.backend_start
        FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a USING (pid)
        WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
          AND (l.classid::bigint << 32 | l.objid::bigint) = %s
          AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
        """,
        [key],
    ).fetchone()
    if row is None:
        return ""
    pid, user, client, age = row
    return f" (backend {pid} of {user} from {client}, for {int(age.total_seconds())} s)"
