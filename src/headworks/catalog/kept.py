"""A picture that is kept up to date: read whole once, and then only what DDL has touched.

A revision that makes or alters a table touches a handful of relations, and the picture of a large schema costs as much
as the schema is large. What is touched is known from event triggers (`tracking.py`). Read whole again is all that is
not surely confined to the relations that were named: anything but relations and their parts, a name that changed (other
objects say it), inheritance, privileges. `exact` reads whole, and says whether what was kept is the same.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, TypeAlias

import psycopg

from headworks.catalog.decoding import Remembering
from headworks.catalog.errors import ConnectionDropped
from headworks.catalog.reader import read_schema, without_own
from headworks.catalog.snapshot import narrowed, settled
from headworks.catalog.tracking import Drop, Relation, Touched, relations, touched, track
from headworks.schema import (
    Column,
    Constraint,
    ForeignTable,
    Index,
    MaterializedView,
    Object,
    OnTable,
    Policy,
    Rule,
    Schema,
    Sequence,
    Table,
    Trigger,
    View,
)

__all__ = ["KeptPicture"]

Home: TypeAlias = tuple[str, str]
"""Schema and name of a relation."""

_KINDS: tuple[type[Object], ...] = (
    Column, Constraint, ForeignTable, Index, MaterializedView, Policy, Rule, Sequence, Table, Trigger, View,
)  # fmt: skip
"""The kinds that lie on one relation, and can be read of a few relations alone."""

_BY_RELKIND: dict[str, tuple[type[Object], ...]] = {
    "r": (Table, Column, Constraint, Index),
    "p": (Table, Column, Constraint, Index),
    "v": (View, Column),
    "m": (MaterializedView, Column, Index),
    "f": (ForeignTable, Column, Constraint),
    "S": (Sequence,),
}
_TABLES = ("r", "p")
_BY_PART: dict[str, type[Object]] = {"t": Trigger, "r": Rule, "p": Policy}


class KeptPicture:
    """The picture of one throw-away database, which nobody changes while it is looked at.

    `forget` takes out of a picture what does not count. `connection` is in autocommit, used for nothing else and closed
    by `close`. With `whole` nothing is kept.
    """

    def __init__(
        self, connection: "psycopg.Connection[Any]", forget: Callable[[Schema], Schema], *, whole: bool = False
    ) -> None:
        self._connection = connection
        self._forget = forget
        self._database = connection.info.dbname
        self._decoder = Remembering()
        settled(connection)
        self._tracked = not whole and track(connection)
        self._picture: Schema | None = None
        self._parts: dict[Home, frozenset[Object]] = {}
        self._relations: dict[int, Relation] = {}
        self._indexes: dict[int, int] = {}
        self._mark = ""
        self._named: frozenset[Home] | None = None

    @property
    def named(self) -> frozenset[Home] | None:
        """The tables that DDL made, altered or dropped between the last two looks, by their names before and after.

        `None` where nobody tells. A table that is merely referred to, by a foreign key, a view or a type's rename, is
        none of them; nor is one that GRANT, REVOKE or extended statistics are about, of which event triggers do not say
        the table.
        """
        return self._named

    def look(self) -> Schema:
        """The picture as it is now. Raises a `headworks.catalog.errors.CatalogUnreadable`."""
        self._named = None
        if self._tracked:
            try:
                seen = touched(self._connection)
                self._named = self._tables_of(seen)
                if self._picture is None or not self._update(self._picture, seen):
                    self._read(seen)
            except psycopg.Error as error:
                if self._connection.closed or isinstance(error, psycopg.OperationalError):
                    reason = next(iter(str(error).splitlines()), type(error).__name__)
                    raise ConnectionDropped(database=self._database, reason=reason) from error
                self._tracked, self._named = False, None  # a revision did away with what tracks it
            else:
                assert self._picture is not None
                return self._picture
        return self._whole()

    def spoil(self) -> None:
        """Something happened that nothing told of: the next look reads whole."""
        self._picture = None

    def exact(self) -> bool:
        """Whether what was kept is what is there."""
        kept = self._picture
        if kept is None or not self._tracked:
            return True
        with suppress(psycopg.Error):
            if self._update(kept, touched(self._connection)):
                return self._picture == self._whole()
        return True

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _whole(self) -> Schema:
        return self._forget(read_schema(self._connection, again=True, decoder=self._decoder))

    def _read(self, seen: Touched) -> None:
        self._picture = self._whole()
        self._mark = seen.mark
        groups: dict[Home, set[Object]] = {}
        for item in self._picture.objects:
            if isinstance(item, _KINDS):
                groups.setdefault(_home(item), set()).add(item)
        self._parts = {home: frozenset(items) for home, items in groups.items()}
        self._relations = {one.oid: one for one in relations(self._connection)}
        self._indexes = {index: one.oid for one in self._relations.values() for index in one.indexes}

    def _tables_of(self, seen: Touched) -> frozenset[Home]:
        """Asked before the update: of what is gone or renamed, the names are those of the last look."""
        found = {(one.schema, one.name) for one in seen.relations if one.kind in _TABLES}
        known = [self._relations.get(one.oid) for one in seen.relations]
        for drop in seen.drops:
            if drop.direct and drop.oid:
                known.append(self._relations.get(self._indexes.get(drop.oid, drop.oid)))
            elif drop.direct and not drop.type and drop.names is not None:
                schema, name, *_ = drop.names
                found.add((schema, name))
        return frozenset(found | {(one.schema, one.name) for one in known if one is not None and one.kind in _TABLES})

    def _update(self, picture: Schema, seen: Touched) -> bool:
        """Bring it up to date from what was touched; false where that does not tell all."""
        if seen.others or seen.mark != self._mark or not all(map(self._same_names, seen.relations)):
            return False
        now = {one.oid: one for one in seen.relations}
        homes = {(one.schema, one.name) for one in seen.relations}
        gone = {drop.oid for drop in seen.drops}
        for drop in seen.drops:
            if drop.type:
                if not _of_rows(drop, seen):
                    return False
            elif drop.oid:
                home = self._relations.get(self._indexes.get(drop.oid, drop.oid))
                if home is not None and not home.alone:
                    return False
                if home is not None:  # else it came and went since, and nothing of it is in the picture
                    homes.add((home.schema, home.name))
            else:
                schema, name, *_ = drop.names or ("", "")
                homes.add((schema, name))
        if homes:
            fresh: dict[Home, set[Object]] = {home: set() for home in homes}
            # Of what lost a part and is said nothing else of, all is as it was but for that part.
            left = [one for oid, one in self._relations.items() if (one.schema, one.name) in homes and oid not in gone]
            read = {one.oid: one for one in left} | now
            for item in self._forget(without_own(Schema.of(self._narrowly(read.values())))).objects:
                fresh.setdefault(_home(item), set()).add(item)
            self._replace(picture, fresh)
        for oid in gone:
            self._relations.pop(oid, None)
            self._indexes.pop(oid, None)
        self._relations |= now
        self._indexes |= {index: one.oid for one in seen.relations for index in one.indexes}
        return True

    def _replace(self, picture: Schema, fresh: dict[Home, set[Object]]) -> None:
        removed: set[Object] = set()
        added: set[Object] = set()
        for home, items in fresh.items():
            before = self._parts.get(home, frozenset())
            removed |= before - items
            added |= items - before
            if items:
                self._parts[home] = frozenset(items)
            else:
                self._parts.pop(home, None)
        if removed or added:
            self._picture = picture.with_objects((picture.objects - removed) | added)

    def _same_names(self, one: Relation) -> bool:
        """Alone, and none of its names is another one than it was: whatever else says them is as it was."""
        before = self._relations.get(one.oid)
        return one.alone and (
            before is None
            or (
                before.alone
                and (one.schema, one.name) == (before.schema, before.name)
                and all(one.columns.get(number, name) == name for number, name in before.columns.items())
            )
        )

    def _narrowly(self, some: Iterable[Relation]) -> list[Object]:
        by_kind: dict[type[Object], list[int]] = {}
        for one in some:
            for kind in (*_BY_RELKIND.get(one.kind, ()), *(_BY_PART[part] for part in one.parts)):
                by_kind.setdefault(kind, []).append(one.oid)
        return narrowed(self._connection, by_kind)


def _of_rows(type_: Drop, seen: Touched) -> bool:
    """Whether a dropped type is that of the rows of a dropped relation, or of arrays of those."""
    named = {drop.identity for drop in seen.drops if drop.oid}
    return type_.identity.removesuffix("[]") in named


def _home(item: Object) -> Home:
    if isinstance(item, OnTable):
        return item.schema, item.table
    return item.schema, item.name  # type: ignore[attr-defined]
