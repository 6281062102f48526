"""From an exception in somebody's code to one line: which statement, at which line, why, and what to do about it."""

import gc
import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from headworks.migrations.limit import Overdue
from headworks.redaction import redact

__all__ = [
    "RolledBack",
    "advice_on",
    "cannot_leave_transaction",
    "causes_kept",
    "first_reason",
    "frame_in",
    "let_go",
    "reason_of",
    "sqlstate_of",
]

_ABORTED = "25P02"
_FIRST = "headworks_first"

_SQLSTATES = {
    "42501": "the role of the URL lacks a privilege: run as the owner of these objects, or have it granted",
    "58P01": "these PostgreSQL binaries lack that extension: use a server that has it (HEADWORKS_PGBIN, --shadow-url)",
    "55P03": "somebody holds a lock on it: SELECT * FROM pg_locks WHERE NOT granted",
    "53100": (
        "the server's disk is full: free some of it, or name a server with more room, --shadow-url (a throw-away one"
        " lies in /dev/shm where there is plenty, else in $TMPDIR)"
    ),
    "57P01": "the server ended the connection: look into its log",
}

_NO_ICU = "these PostgreSQL binaries were built without ICU: use a server that has it (HEADWORKS_PGBIN, --shadow-url)"


class RolledBack(Exception):
    """What a revision has failed with that ran, and of which nothing is left."""


def first_reason(error: BaseException) -> BaseException:
    """The error that broke the transaction, where `error` only says that it is broken (SQLSTATE 25P02).

    Batch mode drops its table when anything fails, in a transaction that takes no statement any more.
    """
    if _state(error) != _ABORTED:
        return error
    known = (one for one in _chain(error) if _state(one) not in (None, _ABORTED))
    return min(known, key=lambda one: not hasattr(one, "statement"), default=error)


@contextmanager
def causes_kept() -> Iterator[None]:
    """Within it `first_reason` knows the error that came before on the same connection.

    Python does not: asyncpg's are raised in another task, and a revision may have caught the first one.
    """
    before: dict[int, BaseException] = {}

    def heard(context: Any) -> None:
        error = context.sqlalchemy_exception
        if error is None or context.connection is None:
            return
        if _state(error) != _ABORTED:
            before[id(context.connection)] = error
        elif first := before.get(id(context.connection)):
            setattr(error, _FIRST, first)

    event.listen(Engine, "handle_error", heard)
    try:
        yield
    finally:
        event.remove(Engine, "handle_error", heard)


def sqlstate_of(error: BaseException | None) -> str | None:
    """The five letters that PostgreSQL gave, whichever driver carries them."""
    return next((state for one in _chain(error) if (state := _state(one)) is not None), None) if error else None


def _state(error: BaseException) -> str | None:
    for holder in (error, getattr(error, "orig", None)):
        for name in ("sqlstate", "pgcode"):
            if isinstance(code := getattr(holder, name, None), str):
                return code
    return None


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error, and those from which and during which it was raised, the nearest first."""
    todo, seen = [error], {id(error)}
    while todo:
        yield (one := todo.pop(0))
        for other in (getattr(one, _FIRST, None), one.__cause__, one.__context__):
            if other is not None and id(other) not in seen:
                seen.add(id(other))
                todo.append(other)


def advice_on(error: BaseException) -> str | None:
    """What to do about an error, where its code says enough."""
    error = first_reason(error)
    if isinstance(error, RolledBack):
        return (
            "leave the transaction to Alembic: no commit() and rollback() of op.get_bind();"
            " what must run outside of one goes into `with op.get_context().autocommit_block():`"
        )
    state = sqlstate_of(error) or ""
    if state == "0A000" and "CREATE EXTENSION" in str(getattr(error, "statement", "")).upper():
        state = "58P01"  # what PostgreSQL 15 says of an extension that is not installed
    if state == "0A000" and "ICU" in str(getattr(error, "orig", "")):
        return _NO_ICU
    return _SQLSTATES.get(state)


def reason_of(error: BaseException) -> str:
    """The first line of what went wrong, with the statement where there is one."""
    error = first_reason(error)
    if cannot_leave_transaction(error):
        return "autocommit_block() cannot leave the transaction that env.py has begun around all revisions"
    original = getattr(error, "orig", None) or error
    lines = [line.strip() for line in str(original).splitlines() if line.strip()]
    # asyncpg's adapter writes `<class 'asyncpg...Error'>: message`
    text = re.sub(r"^<class '[^']+'>:\s*", "", lines[0]) if lines else ""
    detail = next((line for line in lines[1:] if line.startswith(("DETAIL:", "HINT:"))), "")
    text = " ".join(part for part in (text, detail) if part)
    if original is error and not isinstance(
        error, (Overdue, RolledBack)
    ):  # not a database's message: its type is part of what it says
        text = f"{type(error).__name__}: {text}" if text else type(error).__name__
    if isinstance(statement := getattr(error, "statement", None), str):
        short = redact(" ".join(statement.split()))
        text += f" in: {short[:100]}{'...' if len(short) > 100 else ''}"
    return text


def frame_in(error: BaseException, file: Path) -> int:
    """The line of `file` at which the error came by; 0 when it never did."""
    lines = [frame.lineno or 0 for frame in traceback.extract_tb(error.__traceback__) if _same(frame.filename, file)]
    return lines[-1] if lines else 0


def let_go(error: BaseException | None) -> None:
    """Forget what the code that raised had at hand: a connection of its own, say, which nobody else closes.

    It is closed now, and not when its database has been dropped.
    """
    for one in _chain(error) if error is not None else ():
        traceback.clear_frames(one.__traceback__)
    gc.collect()  # SQLAlchemy's connection and its transaction hold each other


def cannot_leave_transaction(error: BaseException) -> bool:
    """Whether it is what Alembic says with a bare `assert` in its `autocommit_block`."""
    frames = traceback.extract_tb(error.__traceback__)
    return isinstance(error, AssertionError) and bool(frames) and frames[-1].name == "autocommit_block"


def _same(name: str, file: Path) -> bool:
    return Path(name).name == file.name and Path(name).resolve() == file.resolve()
