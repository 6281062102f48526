"""One differ for all kinds: objects are matched by key and compared property by property.

What goes with something else is not said again: the columns of a missing table, a partition's index when the parent's
is missing, the same change on a column and on those that inherit it, what a detached partition has no longer.
"""

from collections.abc import Collection, Iterator
from enum import StrEnum
from typing import Any

import msgspec

from headworks.findings import ObjectRef
from headworks.schema.base import Key, Object, Relation, kinds, properties, report_order
from headworks.schema.lineage import Lineage
from headworks.schema.model import Schema
from headworks.schema.printing import printed_alike

__all__ = ["Action", "Change", "diff"]

_LONGEST = 80
"""How much of a value (a function's body, a view's text) one line shows; the whole value is in the change."""


class Action(StrEnum):
    """What is the matter with an object of the actual picture."""

    MISSING = "missing"
    UNEXPECTED = "unexpected"
    CHANGED = "changed"


class Change(msgspec.Struct, frozen=True):
    """One difference. `attribute`, `expected` and `actual` are set when the action is `changed`."""

    action: Action
    object: ObjectRef
    attribute: str | None = None
    expected: Any = None
    actual: Any = None

    def __str__(self) -> str:
        """One line: `column public.orders.total: type is integer, expected numeric(10,2)`."""
        if self.action is not Action.CHANGED:
            return f"{self.object}: {self.action}"
        return f"{self.object}: {self.attribute} is {_shown(self.actual)}, expected {_shown(self.expected)}"


def diff(expected: Schema, actual: Schema) -> tuple[Change, ...]:
    """All that tells `actual` from `expected`, in the order of reports; empty when the two are equal."""
    wanted, found_there = _in_one_form(expected, actual)
    before = {item.key: item for item in wanted - found_there}
    if not before and len(wanted) == len(found_there):
        return ()  # half the time of finding out that two large pictures are equal
    after = {item.key: item for item in found_there - wanted}
    _imply(before, after)
    _imply(after, before)
    changed = {key for key in before.keys() & after.keys() if type(before[key]) is type(after[key])}
    missing = before.keys() - changed
    unexpected = after.keys() - changed

    lineage = Lineage(before, after, wanted, found_there)
    gone = [item for item in _roots(missing, before) if not lineage.explains_missing(item)]
    come = [item for item in _roots(unexpected, after) if not lineage.explains_unexpected(item)]
    found = [(item, Change(Action.MISSING, item.ref)) for item in gone]
    found += [(item, Change(Action.UNEXPECTED, item.ref)) for item in come]
    # A table that became a view is missing and unexpected at once; so is, with it, all that both have on them.
    replaced = {key for key in changed if _within(before[key], missing) and _within(after[key], unexpected)}
    changes = {key: tuple(_compare(before[key], after[key], lineage)) for key in changed - replaced}
    for key, differences in changes.items():
        item = before[key]
        above = (change for one in item.containers if one[0] == key[0] for change in changes.get(one, ()))
        said = {_passed_on(item, change) for change in above} - {None}
        found += [(item, change) for change in differences if _passed_on(item, change) not in said]

    ranks = {kind: rank for rank, kind in enumerate(kinds())}
    # The sort is stable: of one object, missing stays before unexpected and properties in order of definition.
    found.sort(key=lambda pair: report_order(ranks, pair[0]))
    return tuple(change for _, change in found)


def _in_one_form(expected: Schema, actual: Schema) -> tuple[frozenset[Object], frozenset[Object]]:
    """The objects of both, as the older of two majors would list them."""
    majors = {expected.server_major, actual.server_major} - {0}
    if len(majors) < 2:
        return expected.objects, actual.objects
    oldest = min(majors)
    one, other = (
        frozenset(form for item in side.objects if (form := item.as_of(oldest)) is not None)
        for side in (expected, actual)
    )
    return one, other


def _imply(here: dict[Key, Object], there: dict[Key, Object]) -> None:
    """Where one side says nothing of an object that the other side lists, put down what that silence means."""
    alone = here.keys() - there.keys()
    for key in alone:
        item = here[key]
        if item.implied and not _within(item, alone):
            there[key] = item.when_absent


def _roots(keys: Collection[Key], objects: dict[Key, Object]) -> Iterator[Object]:
    return (objects[key] for key in keys if not _within(objects[key], keys))


def _within(item: Object, keys: Collection[Key]) -> bool:
    return any(container in keys for container in item.containers)


def _compare(before: Object, after: Object, lineage: Lineage) -> Iterator[Change]:
    for name, order, guarded, inherited in properties(type(before)):
        expected, actual = getattr(before, name), getattr(after, name)
        if guarded and (expected is None or actual is None):
            continue
        if order is not None:
            expected, actual = order.reduce(expected, actual)
        if inherited is not None and lineage.changed(before):
            expected, actual = inherited.reduce(expected), inherited.reduce(actual)
        if expected != actual and not printed_alike(name, expected, actual):
            yield Change(Action.CHANGED, before.ref, name, expected, actual)


def _passed_on(item: Object, change: Change) -> tuple[str | None, Any, Any] | None:
    """What parents give to `item` of a change: nothing of a comment, to a partition itself only its columns' order."""
    if change.attribute == "comment" or (isinstance(item, Relation) and change.attribute != "column_order"):
        return None
    mark = next((one.inherited for one in properties(type(item)) if one.name == change.attribute), None)
    if mark is not None and mark.prefix is not None:  # the rest is passed on, where there is one
        expected, actual = mark.reduce(change.expected), mark.reduce(change.actual)
        if expected != actual:
            return (change.attribute, expected, actual)
    return (change.attribute, change.expected, change.actual)


def _shown(value: Any) -> str:
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"({', '.join(map(_shown, value))})"
    line = " ".join(str(value).split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
