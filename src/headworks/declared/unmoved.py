"""Models as they were before their own events changed them."""

import contextlib
import functools
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import MetaData
from sqlalchemy.schema import ExecutableDDLElement, SchemaItem
from sqlalchemy.sql.base import ColumnCollection
from sqlalchemy.types import SchemaType, TypeEngine
from sqlalchemy.util import immutabledict

__all__ = ["as_they_were"]

_PART = (SchemaItem, TypeEngine, ColumnCollection)


@contextlib.contextmanager
def as_they_were(metadata: Sequence[MetaData]) -> Iterator[None]:
    """Afterwards the models are what they were before, whatever their events did to them meanwhile.

    Models are created more than once, and an event that names a type anew, as published ones do, must find each time
    what it would find in a process of its own.
    """
    kept = [_Kept(part) for part in _parts(metadata)] if _have_events(metadata) else []
    try:
        yield
    finally:
        for one in kept:
            one.put_back()


class _Kept:
    """One part of the models: its attributes, and what the containers among them hold."""

    def __init__(self, part: Any) -> None:
        self._part = part
        self._state = _state(part)
        self._contents = [(value, _copy(value)) for value in self._state.values() if _is_container(value)]

    def put_back(self) -> None:
        """In place, as other parts hold the same containers."""
        for container, content in self._contents:
            _fill(container, content)
        if hasattr(self._part, "__dict__"):
            vars(self._part).clear()  # with what SQLAlchemy has worked out for itself meanwhile, and does again
            vars(self._part).update(self._state)
        else:
            for name, value in self._state.items():
                object.__setattr__(self._part, name, value)  # one of them is read-only to others


def _is_container(value: Any) -> bool:
    return isinstance(value, (dict, set, list)) and not isinstance(value, immutabledict)


def _copy(container: Any) -> Any:
    if isinstance(container, dict):
        return dict(container)
    return set(container) if isinstance(container, set) else list(container)


def _fill(container: Any, content: Any) -> None:
    # By the methods of the plain type: MetaData.tables refuses its own.
    if isinstance(container, dict):
        dict.clear(container)
        dict.update(container, content)
    elif isinstance(container, set):
        set.clear(container)
        set.update(container, content)
    else:
        list.__setitem__(container, slice(None), content)


def _have_events(metadata: Sequence[MetaData]) -> bool:
    """Whether anything but SQLAlchemy's own types and bare DDL listens: most models have none, and are not copied."""
    listening = (one.dispatch for each in metadata for one in (each, *each.tables.values()))
    return any(not _harmless(one) for events in listening for one in (*events.before_create, *events.after_create))


def _harmless(listener: Any) -> bool:
    while isinstance(listener, functools.partial):
        listener = listener.func
    owner = getattr(listener, "target", getattr(listener, "__self__", None))
    return isinstance(listener, ExecutableDDLElement) or isinstance(owner, SchemaType)


def _state(part: Any) -> dict[str, Any]:
    if hasattr(part, "__dict__"):
        return dict(vars(part))
    names = {name for kind in type(part).__mro__ for name in getattr(kind, "__slots__", ())}
    return {name: getattr(part, name) for name in names if hasattr(part, name)}


def _parts(metadata: Sequence[MetaData]) -> list[Any]:
    """All that is reached from them: tables, their columns, types, constraints and indexes."""
    found: dict[int, Any] = {}
    todo: list[Any] = list(metadata)
    while todo:
        part = todo.pop()
        if id(part) in found:
            continue
        found[id(part)] = part
        for value in _state(part).values():
            held = value.values() if isinstance(value, dict) else value if isinstance(value, (set, list)) else (value,)
            todo += [one for one in held if isinstance(one, _PART)]
    return list(found.values())
