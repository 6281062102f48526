"""Renames: a relation, a column or a part is gone and a like one has come, which is said once, with the evidence.

A rename is believed on what the catalog says alone. Two relations are one when they are of a kind and have most of
their columns, names and types, in common; two columns when all properties are the same and the same columns stand
before them; two other objects when everything but their names is. What has two candidates is no rename.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

import msgspec

from headworks.drift.consequences import rewritten_views, with_columns_of, with_sequences_alike
from headworks.drift.labels import bound_with, evidence_of, key_type, new_labels, renamed_values
from headworks.drift.renaming import Names, renamed
from headworks.drift.rewording import Words
from headworks.drift.spaces import moved, renamed_schemas
from headworks.findings import ObjectRef
from headworks.schema import (
    Action,
    Change,
    Column,
    Enum,
    Object,
    Privilege,
    Relation,
    Routine,
    Schema,
    Sequence,
    Statistics,
    Table,
    Trigger,
    diff,
)
from headworks.schema.base import InSchema, OnTable, properties
from headworks.schema.objects.relations import Heir

__all__ = ["Rename", "differences_with_renames"]

_ALIKE = 2 / 3
"""How much of the columns of two relations must agree."""
_OWN_WORDS = frozenset({"comment", "index_comment", "label", "values"})
"""What people wrote, which PostgreSQL never prints anew."""


class Rename(msgspec.Struct, frozen=True):
    """`old` is now called `new`, or values of an enum are called as those of `new`.

    `evidence` is what says so: nothing where it follows from another rename.
    """

    old: Object
    new: Object
    evidence: str

    @property
    def refs(self) -> tuple[ObjectRef, ObjectRef]:
        """Which object is which."""
        return self.old.ref, self.new.ref

    @property
    def changes(self) -> Iterator[Change]:
        """The change of the name, and that of the schema; of an enum that of its values."""
        for field in ("schema", "name", "values"):
            before, after = getattr(self.old, field, None), getattr(self.new, field, None)
            if before != after:
                yield Change(Action.CHANGED, self.old.ref, field, before, after)


def differences_with_renames(
    expected: Schema, actual: Schema
) -> tuple[tuple[Change, ...], tuple[Rename, ...], Schema, Schema]:
    """The changes but for those that others explain, the renames, and both as compared: `expected` under the new names.

    The changes of what has a new name are said under the new one.
    """
    seen: set[tuple[ObjectRef, ObjectRef]] = set()
    changes, expected, actual = _compared(expected, actual)
    found = [Rename(*one) for one in renamed_schemas(expected, actual, changes)]
    names = Names(schemas={one.old.name: one.new.name for one in found})
    if found:
        changes, expected, actual = _compared(moved(expected, names.schemas), actual)
    if enums := dict(renamed_values(expected, actual, changes)):
        found += [Rename(old, new, evidence_of(old, new)) for old, new in enums.items()]
        labels = {(new.schema, new.name): new_labels(old.values, new.values) for old, new in enums.items()}
        names = msgspec.structs.replace(names, labels=labels)
        changes, expected, actual = _compared(_relabelled(expected, enums), actual)
    # One rename may show another: an index is like the other once the column that it is on has its new name.
    while _both(changes):
        words = names.words(actual)
        matched = (tuple(match(expected, actual, changes, words)) for match in _MATCHES)
        pairs = next(filter(None, matched), ())
        if seen.issuperset(pair.refs for pair in pairs):
            break
        handed_down = tuple(_handed_down(expected, actual, pairs))
        silent = {pair.refs for pair in handed_down}
        found += [pair for pair in pairs if pair.evidence and pair.refs not in silent]
        seen |= silent | {pair.refs for pair in pairs}
        new = [(one.old, one.new) for one in (*pairs, *handed_down)]
        names, expected = names.and_of(new), renamed(expected, Names().and_of(new))
        changes, expected, actual = _compared(expected, actual)
    changes = _unexplained(changes, names, actual)
    if views := rewritten_views(changes, actual):
        expected = with_columns_of(views, expected, actual)
        changes = _unexplained(diff(expected, actual), names, actual)
        keys = {view.key for view in views}
        found = [one for one in found if not isinstance(one.old, Column) or keys.isdisjoint(one.old.containers)]
    return changes, tuple(found), expected, actual


def _relabelled(picture: Schema, enums: Mapping[Enum, Enum]) -> Schema:
    new = {one: msgspec.structs.replace(one, values=other.values) for one, other in enums.items()}
    return picture.with_objects(new.get(item, item) if isinstance(item, Enum) else item for item in picture.objects)


def _compared(expected: Schema, actual: Schema) -> tuple[tuple[Change, ...], Schema, Schema]:
    changes = diff(expected, actual)
    if any(one.action is not Action.CHANGED and one.object.kind == Sequence.kind for one in changes):
        expected, actual = with_sequences_alike(expected, actual)
        changes = diff(expected, actual)
    return changes, expected, actual


def _both(changes: Iterable[Change]) -> bool:
    """Whether something is gone and something of its kind has come."""
    seen: dict[Action, set[str]] = {Action.MISSING: set(), Action.UNEXPECTED: set()}
    for change in changes:
        if change.action in seen:
            seen[change.action].add(change.object.kind)
    return not seen[Action.MISSING].isdisjoint(seen[Action.UNEXPECTED])


def _unexplained(changes: Iterable[Change], names: Names, actual: Schema) -> tuple[Change, ...]:
    if not names:
        return tuple(changes)
    words = names.words(actual)

    def explained(change: Change) -> bool:
        """A view's text, a check: printed with the new name, and otherwise as before."""
        item = actual.get(change.object)
        if change.action is not Action.CHANGED or item is None or _own_words(item, change.attribute):
            return False
        place = (change.object.schema or "", change.object.table or change.object.name)
        if isinstance(item, Column) and change.attribute == "not_null":  # with the name of before
            moved = place in names.relations.values() or item.name in names.columns.get(place, {}).values()
            return moved and _unnamed(change.expected) == _unnamed(change.actual)
        if isinstance(item, Heir) and change.attribute == "bound":
            labels = words.labels_of(key_type(item, actual))
            return bool(labels and change.expected and bound_with(change.expected, labels) == change.actual)
        return words.same(change.expected, change.actual, _place(item, change.attribute))

    return tuple(one for one in changes if not explained(one))


def _own_words(item: Object, attribute: str | None) -> bool:
    if isinstance(item, Routine) and attribute == "body":
        return not item.body.startswith(("BEGIN ATOMIC", "RETURN "))  # the source text, whatever its language
    return attribute in _OWN_WORDS or (isinstance(item, Trigger) and attribute == "arguments")


def _place(item: Object, attribute: str | None) -> tuple[str, str] | None:
    """The relation whose columns a text means without naming it: that of a view means others' columns, not its own."""
    if isinstance(item, Statistics):
        return item.relation
    if isinstance(item, Relation):
        return None if attribute == "definition" else (item.schema, item.name)
    if isinstance(item, Privilege):
        return item.schema, item.object
    return (item.schema, item.table) if isinstance(item, OnTable) else None


def _handed_down(expected: Schema, actual: Schema, pairs: Collection[Rename]) -> Iterator[Rename]:
    """The columns, and the copies of triggers, that have a new name because those that they come from have: no news."""
    left = [pair for pair in pairs if isinstance(pair.old, Column | Trigger)]
    heirs: dict[tuple[str, str], list[Heir]] = {}
    for heir in expected.all(Heir) if left else ():
        for parent in (*heir.inherits, *((heir.of_type,) if isinstance(heir, Table) and heir.of_type else ())):
            heirs.setdefault(parent, []).append(heir)
    while left:
        pair = left.pop()
        assert isinstance(pair.old, Column | Trigger)
        for heir in heirs.get((pair.old.schema, pair.old.table), ()):
            old = next((one for one in expected.on(heir, type(pair.old)) if one.name == pair.old.name), None)
            new = next((one for one in actual.on(heir, type(pair.old)) if one.name == pair.new.name), None)
            if old is None or new is None or actual.get(old.ref) or expected.get(new.ref):
                continue
            if isinstance(old, Column) or old.parent == (pair.old.schema, pair.old.table, pair.old.name):
                left.append(Rename(old, new, ""))
                yield left[-1]


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


def _signed_anew(expected: Schema, actual: Schema, changes: Collection[Change], words: Words) -> Iterator[Rename]:
    """What is called by types that have new names (`f(public.mood)`) is what it was."""
    gone, come = _sides(expected, actual, changes, lambda item: not isinstance(item, OnTable))
    there = {(*item.key[:3], Words().signature(item.kind, item.name)): item for item in come}
    for old in gone:
        new = there.get((*old.key[:3], words.signature(old.kind, old.name)))
        if new is not None and new.kind == old.kind:
            yield Rename(old, new, "")


def _relations(expected: Schema, actual: Schema, changes: Collection[Change], words: Words) -> Iterator[Rename]:
    gone, come = _sides(expected, actual, changes, lambda item: isinstance(item, Relation))

    def alike(old: Object, new: Object) -> tuple[float, str] | None:
        before, after = _columns_of(expected, old, words), _columns_of(actual, new, Words())
        same = len(before & after)
        share = same / max(len(before), len(after), 1)
        if share < _ALIKE:
            return None
        most = max(len(before), len(after))
        return share, f"{same} of {most} columns have the same names and types" if same < most else _all(most)

    return _pairs(gone, come, alike)


def _all(count: int) -> str:
    return "its one column has the same name and type" if count == 1 else f"all {count} columns are the same"


def _columns_of(picture: Schema, item: Object, words: Words) -> set[tuple[str, str]]:
    assert isinstance(item, Relation)
    return {(column.name, words.types(column.type)) for column in picture.on(item, Column)}


def _columns(expected: Schema, actual: Schema, changes: Collection[Change], words: Words) -> Iterator[Rename]:
    gone, come = _sides(expected, actual, changes, lambda item: isinstance(item, Column))

    def alike(old: Object, new: Object) -> tuple[float, str] | None:
        assert isinstance(old, Column)
        assert isinstance(new, Column)
        if (old.schema, old.table) != (new.schema, new.table) or not _same(old, new, words):
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


def _others(expected: Schema, actual: Schema, changes: Collection[Change], words: Words) -> Iterator[Rename]:
    def wanted(item: Object) -> bool:
        return isinstance(item, InSchema) and not isinstance(item, Relation | Column) and not item.implied

    gone, come = _sides(expected, actual, changes, wanted)

    def alike(old: Object, new: Object) -> tuple[float, str] | None:
        if not _same(old, new, words):
            return None
        assert isinstance(old, InSchema)
        assert isinstance(new, InSchema)
        if old.schema != new.schema or (isinstance(old, OnTable) and old.table != getattr(new, "table", None)):
            return None
        return 1.0, "everything but the name is the same"

    return _pairs(gone, come, alike)


def _same(old: Object, new: Object, words: Words) -> bool:
    if isinstance(old, Column) and isinstance(new, Column):
        old, new = (msgspec.structs.replace(one, not_null=_unnamed(one.not_null)) for one in (old, new))
    for name in (one.name for one in properties(type(old))):
        before, after = getattr(old, name), getattr(new, name)
        if before != after and (_own_words(new, name) or not words.same(before, after, _place(new, name))):
            return False
    return True


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


_MATCHES = (_signed_anew, _relations, _columns, _others)
