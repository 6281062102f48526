"""The transaction that some env.py begins before Alembic does, and how it can do without.

Alembic leaves such a transaction alone, so nothing that must run outside of one can: where it was begun is heard from
SQLAlchemy while env.py runs, for what is said of it.
"""

import contextlib
import linecache
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from weakref import WeakKeyDictionary

import msgspec
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, event
from sqlalchemy.ext.asyncio import AsyncEngine

from headworks.migrations.project import Project

__all__ = ["Beginnings", "advice_on_enclosing", "beginnings", "is_enclosing"]

_AROUND = "`with context.begin_transaction():` around context.run_migrations()"
_WAYS = {
    "engine": f"let env.py use engine.connect() instead of engine.begin(), with {_AROUND}",
    "connection": f"leave that begin() out of env.py, with its commit() and rollback(), and have {_AROUND}",
    "statement": "the statement there begins it: let env.py call commit() of the connection before context.configure()",
    "": (
        "let env.py use engine.connect() instead of engine.begin(), no begin() of the connection's, commit() what it"
        f" executes itself before context.configure(), and have {_AROUND}"
    ),
}


class _Begun(msgspec.Struct, frozen=True):
    """Who began a transaction (a key of `_WAYS`), and in which line of env.py; 0 where that is not known."""

    who: str = ""
    line: int = 0


_ENCLOSING: WeakKeyDictionary[Project, _Begun] = WeakKeyDictionary()


class Beginnings:
    """The transactions that were begun while env.py ran."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._env = Path(project.script.dir) / "env.py"
        self._last: dict[int, _Begun] = {}

    def begins(self, connection: Connection) -> None:
        """Listener: a transaction begins on it."""
        self._last[id(connection)] = self._begun()

    def configured(self, context: MigrationContext) -> None:
        """Env.py has made a context: from now on it is known whether it has begun a transaction for it."""
        if context._in_external_transaction:
            _ENCLOSING[self._project] = self._last.get(id(context.connection), _Begun())
        else:
            _ENCLOSING.pop(self._project, None)

    def _begun(self) -> _Begun:
        who = ""
        for frame in _frames():
            if frame.f_code.co_filename == str(self._env):
                return _Begun(who, frame.f_lineno)
            name = frame.f_code.co_name
            if name == "_autobegin":
                who = "statement"
            elif name == "begin" and who != "statement":
                mine = frame.f_locals.get("self")
                who = "engine" if isinstance(mine, (Engine, AsyncEngine)) else who or "connection"
        return _Begun()


@contextlib.contextmanager
def beginnings(project: Project) -> Iterator[Beginnings]:
    """Hear of transactions that begin within it."""
    heard = Beginnings(project)
    event.listen(Engine, "begin", heard.begins)
    try:
        yield heard
    finally:
        event.remove(Engine, "begin", heard.begins)


def is_enclosing(project: Project) -> bool:
    """Whether env.py, as it ran last, has begun a transaction around all revisions."""
    return project in _ENCLOSING


def advice_on_enclosing(project: Project) -> str:
    """How env.py can do without."""
    begun = _ENCLOSING.get(project, _Begun())
    if not begun.line:
        return _WAYS[begun.who]
    env = Path(project.script.dir) / "env.py"
    text = linecache.getline(str(env), begun.line).strip()
    return f"{_WAYS[begun.who]} ({project.settings.name_of(env)}, line {begun.line}: {text})"


def _frames() -> Iterator[FrameType]:
    """Those below this call, and below SQLAlchemy's switch to a greenlet where the driver is an async one."""
    greenlet = sys.modules.get("greenlet")
    current = greenlet.getcurrent() if greenlet is not None else None
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        yield frame
        frame = frame.f_back
        if frame is None and current is not None and (current := current.parent) is not None:
            frame = current.gr_frame
