"""Renames: a relation, a column or a part is gone and a like one has come, which is said once, with the evidence.

A rename is believed on what the catalog says alone. Two relations are one when they are of a kind and have most of
their columns, names and types, in common; two columns when all properties are the same and the same columns stand
before them; two other objects when everything but their names is. What has two candidates is no rename.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

import msgspec

from headworks.drift.renaming import Names, renamed, reworded
from headworks.findings import ObjectRef
from headworks.schema import Action, Change, Column, Object, Relation, Schema, diff
from headworks.schema.base import InSchema, OnTable, properties

__all__ = ["Rename", "differences_with_renames"]

_ALIKE = 2 / 3
"""How much of the columns of two relations must agree."""


class Rename(msgspec.Struct, frozen=True):
    """`old` is now called `new`; `evidence` is what says so."""

    old: Object
    new: Object
    evidence: str

    @property
    def changes(self) -> Iterator[Change]:
        """The change of the name, and that of the schema."""
        for field in ("schema", "name"):
            before, after = getattr(self.old, field, None), getattr(self.new, field, None)
            if before != after:
                yield Change(Action.CHANGED, self.old.ref, field, before, after)


def differences_with_renames(expected: Schema, actual: Schema) -> tuple[tuple[Change, ...], tuple[Rename, ...], Schema]:
    """The changes but for those that renames explain, the renames, and `expected` under the new names.

    The changes of what has a new name are said under the new one.
    """
    changes = diff(expected, actual)
    found: list[Rename] = []
    names = Names()
    for match in (_relations, _columns, _others):
        if not _both(changes):
            break
        pairs = tuple(match(expected, actual, changes))
        if pairs:
            found += pairs
            names = names.and_of((pair.old, pair.new) for pair in pairs)
            expected = renamed(expected, Names().and_of((pair.old, pair.new) for pair in pairs))
            changes = diff(expected, actual)
    return tuple(one for one in changes if not _explained(one, names)), tuple(found), expected


def _both(changes: Iterable[Change]) -> bool:
    """Whether something is gone and something of its kind has come."""
    seen: dict[Action, set[str]] = {Action.MISSING: set(), Action.UNEXPECTED: set()}
    for change in changes:
        if change.action in seen:
            seen[change.action].add(change.object.kind)
    return not seen[Action.MISSING].isdisjoint(seen[Action.UNEXPECTED])


def _explained(change: Change, names: Names) -> bool:
    """A view's text, a check: printed with the new name, and otherwise as before. NOT NULL: with the name of before."""
    if change.action is not Action.CHANGED or not names:
        return False
    if change.object.kind == Column.kind and change.attribute == "not_null":
        table = (change.object.schema or "", change.object.table or "")
        new_names = names.columns.get(table, {}).values()
        moved = table in names.relations.values() or change.object.name in new_names
        return moved and _unnamed(change.expected) == _unnamed(change.actual)
    return reworded(change.expected, change.actual, names)


def _sides(
    expected: Schema, actual: Schema, changes: Iterable[Change], wanted: Callable[[Object], bool]
) -> tuple[list[Object], list[Object]]:
    gone: list[Object] = []
    come: list[Object] = []
    for change in changes:
        side, picture = (gone, expected) if change.action is Action.MISSING else (come, actual)
        if change.action is not Action.CHANGED and (item := picture.get(change.object)) is not None and wanted(item):
            side.append(item)
    return gone, come


def _relations(expected: Schema, actual: Schema, changes: Collection[Change]) -> Iterator[Rename]:
    gone, come = _sides(expected, actual, changes, lambda item: isinstance(item, Relation))

    def alike(old: Object, new: Object) -> tuple[float, str] | None:
        before, after = (_columns_of(picture, item) for picture, item in ((expected, old), (actual, new)))
        same = len(before & after)
        share = same / max(len(before), len(after), 1)
        if share < _ALIKE:
            return None
        most = max(len(before), len(after))
        return share, f"{same} of {most} columns have the same names and types" if same < most else _all(most)

    return _pairs(gone, come, alike)


def _all(count: int) -> str:
    return "its one column has the same name and type" if count == 1 else f"all {count} columns are the same"


def _columns_of(picture: Schema, item: Object) -> set[tuple[str, str]]:
    assert isinstance(item, Relation)
    return {(column.name, column.type) for column in picture.on(item, Column)}


def _columns(expected: Schema, actual: Schema, changes: Collection[Change]) -> Iterator[Rename]:
    gone, come = _sides(expected, actual, changes, lambda item: isinstance(item, Column))

    def alike(old: Object, new: Object) -> tuple[float, str] | None:
        assert isinstance(old, Column)
        assert isinstance(new, Column)
        if (old.schema, old.table) != (new.schema, new.table) or not _same(old, new):
            return None
        before, after = (picture.relation(old.schema, old.table) for picture in (expected, actual))
        if before is None or after is None:
            return None
        common = set(before.column_order) & set(after.column_order)
        places = [
            [name for name in order[: order.index(column)] if name in common]
            for order, column in ((before.column_order, old.name), (after.column_order, new.name))
        ]
        return (1.0, f"the same place and the same properties ({old.type})") if places[0] == places[1] else None

    return _pairs(gone, come, alike)


def _others(expected: Schema, actual: Schema, changes: Collection[Change]) -> Iterator[Rename]:
    def wanted(item: Object) -> bool:
        return isinstance(item, InSchema) and not isinstance(item, Relation | Column) and not item.implied

    gone, come = _sides(expected, actual, changes, wanted)

    def alike(old: Object, new: Object) -> tuple[float, str] | None:
        if not _same(old, new):
            return None
        assert isinstance(old, InSchema)
        assert isinstance(new, InSchema)
        if old.schema != new.schema or (isinstance(old, OnTable) and old.table != getattr(new, "table", None)):
            return None
        return 1.0, "everything but the name is the same"

    return _pairs(gone, come, alike)


def _same(old: Object, new: Object) -> bool:
    if isinstance(old, Column) and isinstance(new, Column):
        old, new = (msgspec.structs.replace(one, not_null=_unnamed(one.not_null)) for one in (old, new))
    return all(getattr(old, one.name) == getattr(new, one.name) for one in properties(type(old)))


def _unnamed(not_null: tuple[str, ...]) -> tuple[str, ...]:
    """What a column's `not_null` says but for the name of the constraint, which keeps that of an older column."""
    return tuple(one for one in not_null if not one.startswith("name="))


def _pairs(
    gone: Collection[Object], come: Collection[Object], alike: Callable[[Object, Object], tuple[float, str] | None]
) -> Iterator[Rename]:
    """The pairs of a kind of which each is the other's best, and no other is as good."""
    found: dict[tuple[ObjectRef, ObjectRef], tuple[float, str]] = {}
    by_kind: dict[str, list[Object]] = {}
    for new in come:
        by_kind.setdefault(new.kind, []).append(new)
    for old in gone:
        for new in by_kind.get(old.kind, ()):
            if (likeness := alike(old, new)) is not None:
                found[old.ref, new.ref] = likeness
    for old in gone:
        for new in by_kind.get(old.kind, ()):
            likeness_here = found.get((old.ref, new.ref))
            if likeness_here is not None and _only(found, old.ref, new.ref, likeness_here[0]):
                yield Rename(old, new, likeness_here[1])


def _only(
    found: Mapping[tuple[ObjectRef, ObjectRef], tuple[float, str]], old: ObjectRef, new: ObjectRef, score: float
) -> bool:
    return sum(value >= score and (one == old or other == new) for (one, other), (value, _) in found.items()) == 1
