"""Tables that have other parents on one side than on the other: what follows from that is not said again.

What is attached to a parent inherits columns, checks and foreign keys from it, which are listed as the parent's, and
gets copies of its triggers; detached again, it keeps the former as its own and loses the latter.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from headworks.schema.base import Key, Object, OnTable, Relation, properties
from headworks.schema.objects import Attachable

__all__ = ["Lineage"]


class _Side(NamedTuple):
    """Of each table that has other parents here: which ones it has here alone. And all objects of this side."""

    parents: Mapping[Key, frozenset[Key]]
    objects: Mapping[Key, Object]


class Lineage:
    """The tables whose parents differ. `before` and `after` are what differs of `expected` and `actual`, by key."""

    def __init__(
        self,
        before: Mapping[Key, Object],
        after: Mapping[Key, Object],
        expected: Iterable[Object],
        actual: Iterable[Object],
    ) -> None:
        both = [(one, after[key]) for key, one in before.items() if isinstance(one, Relation) and key in after]
        pairs = [(one, two) for one, two in both if isinstance(two, Relation) and one.parents != two.parents]
        self._expected = _Side(
            {one.key: frozenset(one.parents) - frozenset(two.parents) for one, two in pairs},
            {item.key: item for item in expected} if pairs else {},
        )
        self._actual = _Side(
            {one.key: frozenset(two.parents) - frozenset(one.parents) for one, two in pairs},
            {item.key: item for item in actual} if pairs else {},
        )

    def changed(self, item: Object) -> bool:
        """Whether `item` is a part of such a table."""
        return isinstance(item, OnTable) and _table(item) in self._expected.parents

    def explains_missing(self, item: Object) -> bool:
        """Whether `item`, expected, is missing because its table's parents differ."""
        return self.changed(item) and _explains(item, self._expected, self._actual)

    def explains_unexpected(self, item: Object) -> bool:
        """Whether `item`, unexpected, is there because its table's parents differ."""
        return self.changed(item) and _explains(item, self._actual, self._expected)


def _explains(item: Object, here: _Side, there: _Side) -> bool:
    assert isinstance(item, OnTable)
    if isinstance(item, Attachable) and item.copied and item.parent is not None:
        return _relation(*item.parent[:2]) in here.parents[_table(item)]
    inherited = ((item.key[0], schema, name, item.name) for _, schema, _, name in there.parents[_table(item)])
    return any(_alike(item, there.objects.get(key)) for key in inherited)


def _alike(item: Object, other: Object | None) -> bool:
    """Whether the two are the same but for where they are, and for comments, which are never inherited."""
    return type(item) is type(other) and all(
        getattr(item, one.name) == getattr(other, one.name)
        for one in properties(type(item))
        if one.inherited is None and one.name != "comment"
    )


def _table(item: OnTable) -> Key:
    return _relation(item.schema, item.table)


def _relation(schema: str, name: str) -> Key:
    return (Relation.name_space, schema, "", name)
