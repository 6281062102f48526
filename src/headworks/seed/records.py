"""The values the seeder hands round: what a set's files say, what a plan would change, what was written."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy import MetaData, Table

from headworks.findings import ObjectRef

__all__ = [
    "Action",
    "Mode",
    "Place",
    "Reference",
    "RowChange",
    "SeedFile",
    "SeedPlan",
    "SeedResult",
    "SeedRow",
    "SeedSet",
    "SeedValue",
    "TableCount",
]


class Mode(StrEnum):
    """What a file may do to rows that are there already."""

    INSERT = "insert"
    """Add the rows that are missing, never touch one that is there."""
    UPSERT = "upsert"
    """Add the rows that are missing, mend those that differ."""
    SYNC = "sync"
    """As `upsert`; and rows that are not in the file are extra, to be removed by a run that prunes."""


class Action(StrEnum):
    """What a plan would do to one row."""

    INSERT = "insert"
    UPDATE = "update"
    DELETE = "delete"


class Place(msgspec.Struct, frozen=True):
    """Where something is written: file, and line and column from 1."""

    file: str
    line: int
    column: int = 1


class SeedValue(msgspec.Struct, frozen=True):
    """One value, checked against its column.

    `text` is what PostgreSQL's input function of the column's type reads (`None` is null), `json` the same for
    `json_to_recordset`; `identity` is what makes two values of a key the same (1 and 01, `Z` and `+00:00`).
    """

    text: str | None
    json: str
    identity: Any
    place: Place


class Reference(msgspec.Struct, frozen=True):
    """A field that names a row of another table by that table's natural key.

    `columns` of this table receive `target_columns` of the row found. `key` are the parts of the natural key: a
    column's name, or again a reference where the target's key is made of foreign keys.
    """

    name: str
    columns: tuple[str, ...]
    target: Table
    target_columns: tuple[str, ...]
    key: "tuple[str | Reference, ...]"

    @property
    def leaves(self) -> tuple[tuple[Table, str], ...]:
        """The plain columns at the end of the key's parts: the values that a row has to give, in order."""
        found: list[tuple[Table, str]] = []
        for part in self.key:
            found.extend(part.leaves if isinstance(part, Reference) else ((self.target, part),))
        return tuple(found)


class SeedRow(msgspec.Struct, frozen=True):
    """One row. `links` holds the leaves of a reference's key, `None` where the reference is null."""

    place: Place
    values: Mapping[str, SeedValue]
    links: Mapping[str, tuple[SeedValue, ...] | None]

    @property
    def line(self) -> int:
        """The line of the file on which the row begins, from 1."""
        return self.place.line

    def identity(self, fields: tuple[str, ...]) -> tuple[Any, ...]:
        """The identities of these fields, flat: what tells two rows with this key apart."""
        found: list[Any] = []
        for field in fields:
            if field in self.values:
                found.append(self.values[field].identity)
            else:
                found.extend(leaf.identity for leaf in self.links.get(field) or ())
        return tuple(found)

    def show(self, fields: tuple[str, ...]) -> dict[str, str | None]:
        """These fields as a person reads them: a reference is shown by its natural key."""
        return {field: self._shown(field) for field in fields if field in self.values or field in self.links}

    def is_null(self, field: str) -> bool:
        """Whether the row leaves this field out, or says that it is null."""
        if field in self.values:
            return self.values[field].text is None
        return self.links.get(field) is None

    def place_of(self, field: str) -> Place:
        """Where the value of this field stands; the row's own place when it has none."""
        if field in self.values:
            return self.values[field].place
        leaves = self.links.get(field)
        return leaves[0].place if leaves else self.place

    def _shown(self, field: str) -> str | None:
        if field in self.values:
            return self.values[field].text
        leaves = self.links[field]
        return None if leaves is None else ", ".join(leaf.text or "" for leaf in leaves)


class SeedFile(msgspec.Struct, frozen=True, kw_only=True):
    """One table's rows, and what may be done with them. `key` are fields: columns or references."""

    path: str
    table: Table
    key: tuple[str, ...]
    mode: Mode
    references: Mapping[str, Reference]
    rows: tuple[SeedRow, ...]
    source: str | None = None

    @property
    def ref(self) -> ObjectRef:
        """The table, as findings and reports name it."""
        return ObjectRef(kind="table", name=self.table.name, schema=self.table.schema)

    @property
    def key_columns(self) -> tuple[str, ...]:
        """The table's columns behind the key's fields."""
        found: list[str] = []
        for field in self.key:
            found.extend(self.references[field].columns if field in self.references else (field,))
        return tuple(found)

    @property
    def insert_only(self) -> frozenset[str]:
        """Primary key columns outside of the key: given to a new row, never changed in one that is there."""
        return frozenset(column.name for column in self.table.primary_key.columns) - frozenset(self.key_columns)

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field that some row gives, the key's first, else in the order of the file."""
        seen = dict.fromkeys(self.key)
        for row in self.rows:
            seen.update(dict.fromkeys([*row.values, *row.links]))
        return tuple(seen)


class SeedSet(msgspec.Struct, frozen=True):
    """The files of one folder, sorted by name, and the models that they were checked against."""

    name: str
    files: tuple[SeedFile, ...]
    metadatas: tuple[MetaData, ...] = ()


class RowChange(msgspec.Struct, frozen=True, kw_only=True):
    """One row that differs. `old` and `new` hold the fields that differ, as text; a reference by its natural key."""

    table: ObjectRef
    action: Action
    key: Mapping[str, str | None]
    old: Mapping[str, str | None]
    new: Mapping[str, str | None]
    file: str
    line: int
    """The row's line; the file's first for a row that is not in it."""


class SeedPlan(msgspec.Struct, frozen=True):
    """Every row that differs, in the order in which it would be written. Rows to remove come last.

    A removal is in the plan whether or not the run prunes: it is what makes a `sync` table differ from its file.
    """

    changes: tuple[RowChange, ...]
    unchanged: Mapping[ObjectRef, int]

    def __iter__(self) -> Iterator[RowChange]:
        return iter(self.changes)

    def __len__(self) -> int:
        return len(self.changes)

    def count(self, action: Action, table: ObjectRef | None = None) -> int:
        """How many rows would be inserted, updated or deleted, in one table or in all."""
        return sum(change.action is action and table in (None, change.table) for change in self.changes)


class TableCount(msgspec.Struct, frozen=True):
    """What happened to one table, in rows."""

    table: ObjectRef
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    deleted: int = 0
    extra: int = 0
    """Rows of a `sync` table that are not in its file and were left, because the run does not prune."""


class SeedResult(msgspec.Struct, frozen=True):
    """What a run wrote, a table a record, in the order of writing."""

    tables: tuple[TableCount, ...]

    @property
    def written(self) -> int:
        """Rows inserted, updated or deleted; 0 when everything was as the files say."""
        return sum(table.inserted + table.updated + table.deleted for table in self.tables)
