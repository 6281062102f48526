"""Statements of revisions that change the catalog without an event trigger hearing of it."""

import contextlib
import re
from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy
from sqlalchemy.engine import Engine

__all__ = ["escapes", "unheard"]

# What names the catalog, or is CLUSTER, may be that; a plain SELECT (reflection is full of them) is not. Wrong guesses
# cost one whole picture and nothing else.
_UNHEARD = re.compile(r"\bpg_|\bcluster\b", re.IGNORECASE)
_SELECT = re.compile(r"\s*select\b", re.IGNORECASE)


def escapes(statement: str) -> bool:
    """Whether a statement may change the catalog without an event trigger hearing of it."""
    return bool(_UNHEARD.search(statement)) and not _SELECT.match(statement)


@contextlib.contextmanager
def unheard(tell: Callable[[], None]) -> Iterator[None]:
    """Calls `tell` before each such statement, on any connection that SQLAlchemy makes."""

    def before(conn: Any, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool) -> None:
        if escapes(statement):
            tell()

    sqlalchemy.event.listen(Engine, "before_cursor_execute", before)
    try:
        yield
    finally:
        sqlalchemy.event.remove(Engine, "before_cursor_execute", before)
