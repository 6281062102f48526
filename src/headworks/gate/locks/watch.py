"""Watch a revision's statements as they run, on whatever connection it runs them."""

import contextlib
import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import msgspec
import psycopg
from sqlalchemy import Connection, Engine, event

from headworks.gate.locks import catalog
from headworks.gate.locks.compare import blocking, doubtful, first_state, full_scans, touches, writes
from headworks.gate.locks.seen import Parts, SeenStatement, SeenStep, State
from headworks.gate.locks.writer import Writer
from headworks.migrations.history import Revision
from headworks.postgres.connect import connect
from headworks.postgres.url import DatabaseUrl

__all__ = ["LockWatch"]

# They touch no relation; and SET TRANSACTION must stay the first of its transaction, before any question of ours.
_NO_WORK = re.compile(r"\s*(SET|RESET|SHOW|BEGIN|START|COMMIT|ROLLBACK|END|ABORT|SAVEPOINT|RELEASE)\b", re.IGNORECASE)
_ENDS = re.compile(r"\s*(COMMIT|END|ABORT|ROLLBACK(?!.*\bTO\b))\b", re.IGNORECASE)


class LockWatch:
    """An `Observer` of the walk with rows: keeps a `SeenStep` of each step, as it was seen last."""

    def __init__(self) -> None:
        self._steps: dict[tuple[str, str], SeenStep] = {}

    @property
    def steps(self) -> list[SeenStep]:
        """In the order in which they were first made."""
        return list(self._steps.values())

    @contextlib.contextmanager
    def during(self, revision: Revision, direction: str, url: DatabaseUrl) -> Iterator[None]:
        """Listen while one step runs in the database `url`."""
        step = _Step(revision, direction, url)
        listeners: dict[str, Callable[..., Any]] = {
            "before_cursor_execute": step.before,
            "after_cursor_execute": step.after,
            "commit": step.ends,
            "rollback": step.ends,
        }
        for name, listener in listeners.items():
            event.listen(Engine, name, listener)
        try:
            yield
        finally:
            for name, listener in listeners.items():
                event.remove(Engine, name, listener)
            step.close()
            self._steps[revision.id, direction] = step.seen


class _Session:
    """One connection of the revision's, and how things stood on it after the last statement.

    `last` is None where a transaction has not begun; `ours` is False for a connection to another database.
    """

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.backend = 0
        self.ours = True
        self.transaction = 0
        self.last: dict[int, State] | None = None
        self.statement: SeenStatement | None = None
        self.writer: Writer | None = None

    @property
    def in_autocommit(self) -> bool:
        """As the driver has it; all that there are have this attribute, SQLAlchemy's adapters as well."""
        return bool(getattr(self.connection, "autocommit", False))


class _Step:
    def __init__(self, revision: Revision, direction: str, url: DatabaseUrl) -> None:
        self.seen = SeenStep(revision.id, direction)
        self._url = url
        self._path = revision.path
        self._resolved = revision.path.resolve()
        self._same: dict[str, bool] = {}
        self._sessions: dict[int, _Session] = {}
        self._outside: psycopg.Connection[Any] | None = None
        self._transactions = 0

    def before(
        self, conn: Connection, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool
    ) -> None:
        """A statement is about to run."""
        line = self._line()
        if line is None:
            return
        session = self._session(conn)
        self._abandon(session)
        if _NO_WORK.match(statement):
            if _ENDS.match(statement):
                self._end(session)
            return
        # What fails here fails there, too: in a transaction that is broken already, say; that is not ours to raise.
        with contextlib.suppress(Exception):
            alone = session.in_autocommit
            if session.last is None or alone:
                self._begin(session, alone=alone)
            if session.ours:
                session.statement = SeenStatement(
                    text=statement.replace("%%", "%") if _doubled(conn, context) else statement,
                    line=line,
                    transaction=session.transaction,
                    began=time.monotonic(),
                    plain=not parameters,
                    alone=alone,
                )

    def after(
        self, conn: Connection, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool
    ) -> None:
        """It has run."""
        session = self._sessions.get(id(conn.connection.dbapi_connection))
        if session is None or session.statement is None or session.last is None:
            return
        seen, session.statement = session.statement, None
        self.seen.statements.append(seen)
        was, relations = session.last, self.seen.relations
        if session.writer is not None:
            writer, session.writer = session.writer, None
            now = self._now_alone(session, writer)
            seen.touched = touches(session.connection, relations, was, now, lambda oid: was[oid].parts or Parts())
            seen.writes = writes(relations, was, now)
            self._end(session)
            return
        now = catalog.held(session.connection)
        seen.touched = touches(session.connection, relations, was, now, self._parts_committed)
        seen.writes = writes(relations, was, now)
        if (asked := doubtful(seen.touched)) and blocking(now, relations):
            read = {oid: now[oid].read - was[oid].read for oid in asked}
            rows = {oid: catalog.rows_of(session.connection, oid) for oid in asked}
            seen.touched = full_scans(seen.touched, read, rows)
            now = catalog.held(session.connection)  # counting has been counted, too
        session.last = was | now

    def ends(self, conn: Connection) -> None:
        """A transaction is about to end."""
        if session := self._sessions.get(id(conn.connection.dbapi_connection)):
            self._end(session)

    def close(self) -> None:
        """The step is done."""
        for session in self._sessions.values():
            self._abandon(session)
            self._end(session)
        if self._outside is not None:
            self._outside.close()

    def _session(self, conn: Connection) -> _Session:
        connection = conn.connection.dbapi_connection
        return self._sessions.setdefault(id(connection), _Session(connection))

    def _abandon(self, session: _Session) -> None:
        """The statement before did not come to its end."""
        session.statement = None
        if session.writer is not None:
            session.writer.stop()
            session.writer = None

    def _end(self, session: _Session) -> None:
        if session.last is not None:
            self.seen.ended[session.transaction] = time.monotonic()
            session.last = None

    def _begin(self, session: _Session, *, alone: bool) -> None:
        if alone:
            catalog.send_counters(session.connection)
        before = catalog.relations(session.connection)
        session.ours = before.database == self._url.database
        session.backend = before.backend
        if not session.ours:
            return
        if not self._transactions:
            self.seen.relations = {one.oid: one for one in before.relations}
        self._transactions += 1
        session.transaction = self._transactions
        if alone:
            session.last = self._committed(list(self.seen.relations))
            session.writer = Writer(self._url, before.backend, before.relations)
        else:
            # What env.py or Alembic has locked before is not this statement's doing.
            session.last = {one.oid: first_state(one) for one in before.relations} | catalog.held(session.connection)

    def _now_alone(self, session: _Session, writer: Writer) -> dict[int, State]:
        """After a statement outside a transaction: what the writer has seen of it, and what it has left."""
        modes = writer.stop()
        catalog.send_counters(session.connection)
        now = self._committed(list(self.seen.relations))
        return {oid: msgspec.structs.replace(now[oid], modes=tuple(modes.get(oid, ()))) for oid in now}

    def _parts_committed(self, oid: int) -> Parts:
        return catalog.before(self._outsider, oid)

    def _committed(self, oids: list[int]) -> dict[int, State]:
        return catalog.committed(self._outsider, oids)

    @property
    def _outsider(self) -> "psycopg.Connection[Any]":
        """A connection of our own, opened when it is needed: nobody may copy a database that has one."""
        if self._outside is None:
            self._outside = connect(self._url)
        return self._outside

    def _line(self) -> int | None:
        """The line of the revision's file that runs the statement; None for a statement of somebody else's."""
        found: FrameType | None = sys._getframe(2)
        while found is not None:
            name = found.f_code.co_filename
            if (same := self._same.get(name)) is None:
                same = self._same[name] = Path(name).name == self._path.name and Path(name).resolve() == self._resolved
            if same:
                return found.f_lineno
            found = found.f_back
        return None


def _doubled(conn: Connection, context: Any) -> bool:
    """Whether the driver was given each percent sign twice."""
    return getattr(context, "compiled", None) is not None or conn.dialect.driver.startswith("psycopg")
