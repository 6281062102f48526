"""What follows from a change that is said already: a view's columns from its text, a sequence from a column's default.

Each makes the expected picture as the change makes it, so that all else of these objects is compared as ever.
"""

from collections.abc import Collection, Iterator

import msgspec

from headworks.drift.places import drawn_from
from headworks.schema import Change, Column, MaterializedView, Object, Relation, Schema, Sequence, Table, View
from headworks.schema.base import Key

__all__ = ["rewritten_views", "with_columns_of", "with_sequences_alike"]

_LARGEST = {"smallint": 2**15 - 1, "integer": 2**31 - 1, "bigint": 2**63 - 1}


def rewritten_views(changes: Collection[Change], actual: Schema) -> list[Relation]:
    """The views that have another text, as they are."""
    found = (actual.get(one.object) for one in changes if one.attribute == "definition")
    return [item for item in found if isinstance(item, View | MaterializedView)]


def with_columns_of(views: Collection[Relation], expected: Schema, actual: Schema) -> Schema:
    """`expected` with the columns of `actual` in these views: which there are, in which order, of which type.

    What else a column has (a comment, a default) stays as expected; one that has come is expected to have nothing.
    """
    places = {(view.schema, view.name): view for view in views}
    come = {one.key: one for view in views for one in actual.on(view, Column)}
    rest = expected.without(
        lambda item: isinstance(item, Column) and (item.schema, item.table) in places and item.key not in come
    )

    def rewritten() -> Iterator[Object]:
        left = dict(come)
        for item in rest.objects:
            if isinstance(item, Column) and (new := left.pop(item.key, None)) is not None:
                yield msgspec.structs.replace(item, type=new.type, collation=new.collation)
            elif isinstance(item, View | MaterializedView) and (item.schema, item.name) in places:
                yield msgspec.structs.replace(item, column_order=places[item.schema, item.name].column_order)
            else:
                yield item
        for new in left.values():
            yield Column(schema=new.schema, table=new.table, name=new.name, type=new.type, collation=new.collation)

    return rest.with_objects(rewritten())


def with_sequences_alike(expected: Schema, actual: Schema) -> tuple[Schema, Schema]:
    """Both, with a sequence as a part of its column where it is that on one side (a serial column's).

    On the other side the column owns the sequence and does not draw from it: that is the column's default.
    """
    return _folded(expected, actual), _folded(actual, expected)


def _folded(picture: Schema, other: Schema) -> Schema:
    there = {one.key for one in other.all(Sequence)}
    parts: dict[Object, Object | None] = {}
    for sequence in picture.all(Sequence):
        if sequence.owned_by is None or sequence.key in there:
            continue
        table, name = sequence.owned_by
        relation, other_relation = picture.relation(sequence.schema, table), other.relation(sequence.schema, table)
        if relation is None or other_relation is None:
            continue
        own = next((one for one in picture.on(relation, Column) if one.name == name), None)
        serial = next((one for one in other.on(other_relation, Column) if one.name == name), None)
        if own is not None and serial is not None and _draws(serial, sequence, there) and own not in parts:
            parts[own] = msgspec.structs.replace(own, sequence=_options(sequence, own, relation))
            parts[sequence] = None
    if not parts:
        return picture
    return picture.with_objects(new for item in picture.objects if (new := parts.get(item, item)) is not None)


def _draws(column: Column, sequence: Sequence, others: Collection[Key]) -> bool:
    """Whether the column has this sequence, be it in the schema where its table was before, and none of the others."""
    places = [(Sequence.kind, schema, "", name) for schema, name in drawn_from(column) if name == sequence.name]
    return any(place == sequence.key or place not in others for place in places)


def _options(sequence: Sequence, column: Column, relation: Relation) -> tuple[str, ...]:
    """What is unusual of it, in the words of `Column.sequence` (see catalog/queries/column.sql)."""
    rising = sequence.increment > 0
    largest = _LARGEST[sequence.type]
    maximum, minimum = (largest, 1) if rising else (-1, -largest - 1)
    persistence = relation.persistence if isinstance(relation, Table) else "permanent"
    usual = {
        "cache": (sequence.cache, 1),
        "comment": (sequence.comment, None),
        "cycle": ("true" if sequence.cycle else None, None),
        "increment": (sequence.increment, 1),
        "maximum": (sequence.maximum, maximum),
        "minimum": (sequence.minimum, minimum),
        "persistence": (sequence.persistence, persistence),
        "start": (sequence.start, sequence.minimum if rising else sequence.maximum),
        "type": (sequence.type, column.type),
    }
    return tuple(f"{name}={value}" for name, (value, by_itself) in usual.items() if value != by_itself)
