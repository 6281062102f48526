"""`Schema`: an immutable picture of all that a database's catalog says."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeVar, cast

from headworks.findings import ObjectRef
from headworks.schema.base import InSchema, Key, Object, OnTable, Relation, kinds, properties, report_order
from headworks.schema.objects import Column, Namespace, Table

__all__ = ["Schema"]

K = TypeVar("K", bound=Object)
P = TypeVar("P", bound=OnTable)


@dataclass(frozen=True)
class Schema:
    """All objects of one database at one moment.

    Two pictures are equal when their objects are: neither the order in which they were read nor the rest matters.
    `server_major` is 0 where it is not known; `owner` is the role that owns the database, where there is one to speak
    of; `source` is `models` or `migrations` when these were realised, and empty for a database that somebody uses.
    """

    objects: frozenset[Object] = frozenset()
    server_major: int = field(default=0, compare=False)
    owner: str = field(default="", compare=False)
    source: str = field(default="", compare=False)

    @classmethod
    def of(cls, objects: Iterable[Object], *, server_major: int = 0, owner: str = "", source: str = "") -> "Schema":
        """A picture of these objects."""
        return cls(frozenset(objects), server_major, owner, source)

    @classmethod
    def of_groups(
        cls, groups: Mapping[type[Object], Collection[Object]], *, server_major: int = 0, owner: str = ""
    ) -> "Schema":
        """A picture of objects that come by kind: `by_kind` need not be found out, which takes a while for many."""
        # Of sets: the hashes are there already, made while the server was at work.
        objects = frozenset[Object]().union(*groups.values())
        picture = cls(objects, server_major, owner)
        picture.__dict__["by_kind"] = {kind: items for kind, items in groups.items() if items}
        return picture

    def with_objects(self, objects: Iterable[Object]) -> "Schema":
        """A picture of other objects, from the same place."""
        return replace(self, objects=frozenset(objects))

    def __iter__(self) -> Iterator[Object]:
        """The objects in the order of reports."""
        return iter(self._in_order)

    def __len__(self) -> int:
        return len(self.objects)

    def __contains__(self, item: object) -> bool:
        return item in self.objects

    def all(self, kind: type[K]) -> tuple[K, ...]:
        """The objects of a kind, or of a base of kinds (`Relation`), in the order of reports."""
        found = (item for one in kinds() if issubclass(one, kind) for item in self.by_kind.get(one, ()))
        return cast("tuple[K, ...]", self._sorted(found))

    def count(self, kind: type[Object]) -> int:
        """How many objects of a kind there are."""
        return sum(len(items) for one, items in self.by_kind.items() if issubclass(one, kind))

    def get(self, ref: ObjectRef) -> Object | None:
        """The object that `ref` names, or `None`."""
        return self._by_ref.get(ref)

    def table(self, schema: str, name: str) -> Table | None:
        """The table of this name, or `None` (also when the name is that of a view)."""
        found = self.relation(schema, name)
        return found if isinstance(found, Table) else None

    def relation(self, schema: str, name: str) -> Relation | None:
        """The table, view, materialized view or composite type of this name, or `None`."""
        return cast("Relation | None", self._by_key.get((Relation.name_space, schema, "", name)))

    def on(self, relation: Relation, kind: type[P]) -> tuple[P, ...]:
        """What of this kind lives on a relation, by name; its columns in their own order."""
        found = [part for part in self._parts.get(relation.key, ()) if isinstance(part, kind)]
        if issubclass(kind, Column):
            position = {name: place for place, name in enumerate(relation.column_order)}
            return tuple(sorted(found, key=lambda part: (position.get(part.name, len(position)), part.name)))
        return tuple(sorted(found, key=lambda part: part.name))

    def without(self, predicate: Callable[[Object], bool]) -> "Schema":
        """The picture less the objects for which `predicate` holds, and less all that they contain."""
        dropped = {item.key for item in self.objects if predicate(item)}
        if not dropped:
            return self
        rest = [item for item in self.objects if item.key not in dropped]
        while gone := {item.key for item in rest if not dropped.isdisjoint(item.containers)}:
            dropped |= gone
            rest = [item for item in rest if item.key not in gone]
        return self.with_objects(rest)

    def restricted_to(self, schemas: Collection[str]) -> "Schema":
        """The picture of these schemas alone: they, all that lies in them, and what lies in no schema (extensions)."""

        def elsewhere(item: Object) -> bool:
            if isinstance(item, Namespace):
                return item.name not in schemas
            # What is said of an object, as its privileges, lies where that lies.
            schema = item.schema if isinstance(item, InSchema) else item.ref.schema
            return schema is not None and schema not in schemas

        return self.without(elsewhere)

    @cached_property
    def by_kind(self) -> Mapping[type[Object], Collection[Object]]:
        """The objects of each kind that there is, in no order."""
        groups: dict[type[Object], list[Object]] = {}
        for item in self.objects:
            groups.setdefault(type(item), []).append(item)
        return groups

    @cached_property
    def unseen(self) -> tuple[str, ...]:
        """What the role that read the catalog could not see, a sentence each; a comparison passes over it."""
        return tuple(
            f"{one.name} of {item.ref}: not visible to the role that read the catalog"
            for kind in kinds()
            if kind in self.by_kind
            for one in properties(kind)
            if one.guarded
            for item in self.all(kind)
            if getattr(item, one.name) is None
        )

    @cached_property
    def _by_key(self) -> dict[Key, Object]:
        return {item.key: item for item in self.objects}

    @cached_property
    def _by_ref(self) -> dict[ObjectRef, Object]:
        return {item.ref: item for item in self.objects}

    @cached_property
    def _parts(self) -> dict[Key, list[OnTable]]:
        groups: dict[Key, list[OnTable]] = {}
        for item in self.objects:
            if isinstance(item, OnTable):
                groups.setdefault((Relation.name_space, item.schema, "", item.table), []).append(item)
        return groups

    @cached_property
    def _in_order(self) -> tuple[Object, ...]:
        return self._sorted(self.objects)

    @staticmethod
    def _sorted(objects: Iterable[Object]) -> tuple[Object, ...]:
        ranks = {kind: rank for rank, kind in enumerate(kinds())}
        return tuple(sorted(objects, key=lambda item: report_order(ranks, item)))
