"""A writer in the way: what a statement outside a transaction locks is seen while it waits for a writer to be done.

`CREATE INDEX CONCURRENTLY` and its like let go of their locks before anybody could ask them. An application that has
written to the tables and not committed yet makes them wait; this is one, and it gives way as soon as it has looked.
"""

import contextlib
import threading
from collections.abc import Iterable
from typing import Any

import psycopg

from headworks.gate.locks.modes import SHARE_UPDATE_EXCLUSIVE, rank
from headworks.gate.locks.seen import Relation
from headworks.postgres.connect import connect
from headworks.postgres.url import DatabaseUrl
from headworks.schema.quoting import qualified

__all__ = ["Writer"]

_PAUSE = 0.001

_LOCKS = """
SELECT relation::bigint, mode, granted FROM pg_catalog.pg_locks
WHERE pid = %(backend)s AND locktype = 'relation' AND relation >= 16384
  AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())"""
_WAITS = "SELECT pg_catalog.pg_blocking_pids(%(backend)s) && %(writers)s::int[]"


class Writer:
    """Holds these relations locked as a writer does, until `stop`, but for those that the backend waits for."""

    def __init__(self, url: DatabaseUrl, backend: int, relations: Iterable[Relation]) -> None:
        self._url = url
        self._backend = backend
        self._tables = {one.oid: qualified(one.schema, one.name) for one in relations if one.kind != "m"}
        self._modes: dict[int, set[str]] = {}
        self._ready = threading.Event()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, name="headworks-writer", daemon=True)
        self._thread.start()
        self._ready.wait()

    def stop(self) -> dict[int, set[str]]:
        """The modes in which the backend has locked each relation, or waited to, by OID."""
        self._done.set()
        self._thread.join()
        return self._modes

    def _run(self) -> None:
        # A server that goes away meanwhile ends the statement as well, which says so.
        with contextlib.ExitStack() as stack, contextlib.suppress(psycopg.Error):
            stack.callback(self._ready.set)
            watch, mine, other = (
                stack.enter_context(contextlib.closing(connect(self._url, autocommit=autocommit)))
                for autocommit in (True, False, False)
            )
            writers = [mine.info.backend_pid, other.info.backend_pid]
            named = {"backend": self._backend, "writers": writers}
            self._lock(mine)
            self._ready.set()
            while not self._done.wait(_PAUSE):
                waits = watch.execute(_WAITS, named).fetchone()
                found = watch.execute(_LOCKS, named).fetchall()
                for oid, mode, _ in found:
                    self._modes.setdefault(oid, set()).add(mode)
                if waits == (True,):
                    self._give_way(found)
                    self._lock(other)
                    mine.rollback()
                    mine, other = other, mine

    def _give_way(self, found: list[tuple[int, str, bool]]) -> None:
        """Let go of what it waits for, or, where it waits for the writer as such, of what it holds."""
        awaited = {oid for oid, _, granted in found if not granted}
        strong = {oid for oid, mode, _ in found if mode and rank(mode) >= SHARE_UPDATE_EXCLUSIVE}
        going = (awaited or strong) & set(self._tables) or set(self._tables)
        for oid in going:
            del self._tables[oid]

    def _lock(self, connection: "psycopg.Connection[Any]") -> None:
        if self._tables:
            tables = ", ".join(f"ONLY {name}" for name in self._tables.values())
            connection.execute(f"LOCK TABLE {tables} IN ROW EXCLUSIVE MODE NOWAIT".encode())
