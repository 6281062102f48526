"""The tables of a scratch database and their columns, by the numbers that outlive a rename: read after each step."""

from collections.abc import Iterable
from typing import Any

import msgspec
import psycopg

from headworks.schema.quoting import qualified

__all__ = ["Field", "TableShape", "read_tables"]

_ROW, _CELL = "\x1e", "\x1f"

# Own parts of the version table and of headworks are left out by name, what an extension brought by pg_depend.
_QUERY = """
SELECT
    c.oid::int8,
    n.nspname::text,
    c.relname::text,
    c.relkind::text,
    c.relispartition,
    coalesce(i.indkey::text, ''),
    coalesce(a.columns, ''),
    coalesce(k.constraints, '')
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_index AS i ON i.indrelid = c.oid AND i.indisprimary
LEFT JOIN (
    SELECT
        attrelid,
        string_agg(
            concat_ws(
                E'\\x1f', attnum, attname, atttypid, atttypmod, attnotnull::int, attgenerated, attidentity,
                atthasdef::int
            ),
            E'\\x1e' ORDER BY attnum
        ) AS columns
    FROM pg_catalog.pg_attribute
    WHERE attrelid >= 16384 AND attnum > 0 AND NOT attisdropped
    GROUP BY attrelid
) AS a ON a.attrelid = c.oid
LEFT JOIN (
    SELECT conrelid, string_agg(oid::text, ' ' ORDER BY oid) AS constraints
    FROM pg_catalog.pg_constraint
    WHERE contype IN ('c', 'f', 'x')
    GROUP BY conrelid
) AS k ON k.conrelid = c.oid
WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND c.oid >= 16384
    AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
    AND c.relname !~ '^headworks_'
    AND (n.nspname::text, c.relname::text) NOT IN (SELECT * FROM unnest(%s::text[], %s::text[]))
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend AS d
        WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
    )
ORDER BY c.oid
"""


class Field(msgspec.Struct, frozen=True):
    """A column: `generated` is attgenerated, `identity` is attidentity."""

    number: int
    name: str
    type: int
    modifier: int
    not_null: bool
    generated: str
    identity: str
    has_default: bool


class TableShape(msgspec.Struct, frozen=True):
    """A table: its number, its name, its columns; `key` are the numbers of the primary key's columns.

    `shape` is what was read of columns and constraints, to be compared and not to be read.
    """

    oid: int
    schema: str
    name: str
    kind: str
    partition: bool
    key: tuple[int, ...]
    fields: tuple[Field, ...]
    shape: tuple[str, str, str]

    @property
    def path(self) -> str:
        """`schema.table`, as reports have it."""
        return f"{self.schema}.{self.name}"

    @property
    def sql(self) -> str:
        """The quoted name."""
        return qualified(self.schema, self.name)

    @property
    def kept(self) -> tuple[Field, ...]:
        """The columns whose values somebody wrote: generated ones follow from these."""
        return tuple(field for field in self.fields if not field.generated)

    def field(self, number: int) -> Field | None:
        """The column with this number."""
        return next((field for field in self.fields if field.number == number), None)

    def named(self, name: str) -> Field | None:
        """The column with this name."""
        return next((field for field in self.fields if field.name == name), None)


def read_tables(
    connection: "psycopg.Connection[Any]", version_tables: Iterable[tuple[str, str]], known: dict[int, TableShape]
) -> dict[int, TableShape]:
    """The project's tables, by oid. One that is as it is in `known` is the very same object."""
    found: dict[int, TableShape] = {}
    names = [list(words) for words in zip(*version_tables, strict=True)]
    for oid, schema, name, kind, partition, key, columns, constraints in connection.execute(
        _QUERY, names, prepare=True
    ):
        shape = (key, columns, constraints)
        old = known.get(oid)
        if old is not None and (old.schema, old.name, old.shape, old.partition) == (schema, name, shape, partition):
            found[oid] = old
            continue
        fields = tuple(_field(text) for text in columns.split(_ROW) if text)
        numbers = tuple(int(number) for number in key.split())
        found[oid] = TableShape(oid, schema, name, kind, partition, numbers, fields, shape)
    return found


def _field(text: str) -> Field:
    number, name, kind, modifier, not_null, generated, identity, has_default = text.split(_CELL)
    return Field(int(number), name, int(kind), int(modifier), not_null == "1", generated, identity, has_default == "1")
