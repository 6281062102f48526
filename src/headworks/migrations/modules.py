"""A revision's module as a new process would find it, however often the revision has been run in this one.

Some published revisions use up what they hold: one pops keys from the rows that it inserts, and fails when it is run a
second time. `alembic upgrade` and `alembic downgrade` are processes of their own, and never meet that.
"""

import contextlib
import importlib.util
from types import ModuleType
from typing import Any
from weakref import WeakKeyDictionary

from alembic.script import Script

__all__ = ["as_loaded"]

_Words = dict[str, tuple[Any, str | None]]
# What each module held before it was first run.
_AT_FIRST: WeakKeyDictionary[ModuleType, _Words] = WeakKeyDictionary()


def as_loaded(script: Script) -> Script:
    """The script; with its module loaded again if a run has changed what that holds."""
    now = _words(script.module)
    before = _AT_FIRST.setdefault(script.module, now)
    if not _same(now, before) and (fresh := _again(script)) is not None:
        script.module = fresh
        _AT_FIRST[fresh] = _words(fresh)
    return script


def _words(module: ModuleType) -> _Words:
    """All names of a module: the value itself, and what it holds when it is of a type that can be changed in place."""
    return {name: (value, _held(value)) for name, value in vars(module).items() if not name.startswith("__")}


def _held(value: Any) -> str | None:
    if isinstance(value, (list, dict, set, tuple)):
        with contextlib.suppress(Exception):  # somebody's __repr__
            return repr(value)
    return None


def _same(now: _Words, before: _Words) -> bool:
    return now.keys() == before.keys() and all(
        value is before[name][0] and held == before[name][1] for name, (value, held) in now.items()
    )


def _again(script: Script) -> ModuleType | None:
    spec = importlib.util.spec_from_file_location(script.module.__name__, script.path)
    if spec is None or spec.loader is None:
        return None
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception:  # noqa: BLE001 - a module that cannot be imported twice: declared models, say
        return None
    return module
