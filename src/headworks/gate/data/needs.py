"""What a table asks of its rows: checks, foreign keys, defaults, the bounds of a partition."""

from collections.abc import Sequence
from typing import Any

import msgspec
import psycopg

from headworks.catalog.pipeline import pipeline
from headworks.gate.data.tables import TableShape

__all__ = ["Check", "Needs", "Reference", "read_needs"]

# A foreign key to a partitioned table has copies of itself, from the same table to each partition.
_CONSTRAINTS = """
SELECT
    k.conrelid::int8,
    k.contype::text,
    k.conkey::int4[],
    k.confrelid::int8,
    k.confkey::int4[],
    CASE WHEN k.contype = 'c' THEN pg_catalog.pg_get_expr(k.conbin, k.conrelid) END,
    k.confmatchtype::text
FROM pg_catalog.pg_constraint AS k
LEFT JOIN pg_catalog.pg_constraint AS above ON above.oid = k.conparentid
WHERE k.contype IN ('c', 'f') AND k.conrelid = ANY(%s::oid[])
    AND above.conrelid IS DISTINCT FROM k.conrelid
ORDER BY k.conname
"""
_DEFAULTS = """
SELECT adrelid::int8, adnum::int4, pg_catalog.pg_get_expr(adbin, adrelid)
FROM pg_catalog.pg_attrdef WHERE adrelid = ANY(%s::oid[])
"""
# Of an expression it is told by pg_depend alone which columns are in it (those of a partial index's condition as well).
_UNIQUE = """
SELECT
    i.indrelid::int8,
    (
        SELECT array_agg(DISTINCT found.number ORDER BY found.number)
        FROM (
            SELECT i.indkey[place]::int4 FROM generate_series(0, i.indnkeyatts - 1) AS place WHERE i.indkey[place] > 0
            UNION ALL
            SELECT d.refobjsubid FROM pg_catalog.pg_depend AS d
            WHERE i.indexprs IS NOT NULL AND d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = i.indexrelid
                AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = i.indrelid AND d.refobjsubid > 0
        ) AS found (number)
    )
FROM pg_catalog.pg_index AS i
WHERE (i.indisunique OR i.indisexclusion) AND i.indrelid = ANY(%s::oid[])
ORDER BY i.indexrelid
"""
_BOUNDS = """
SELECT oid::int8, pg_catalog.pg_get_partition_constraintdef(oid)
FROM pg_catalog.pg_class WHERE relispartition AND oid = ANY(%s::oid[])
"""
_TRIGGERS = """
SELECT t.tgrelid::int8, p.prosrc
FROM pg_catalog.pg_trigger AS t
JOIN pg_catalog.pg_proc AS p ON p.oid = t.tgfoid
WHERE NOT t.tgisinternal AND t.tgrelid = ANY(%s::oid[])
ORDER BY t.tgname
"""


class Check(msgspec.Struct, frozen=True):
    """An expression that must not be false, and the numbers of the columns in it."""

    columns: tuple[int, ...]
    expression: str


class Reference(msgspec.Struct, frozen=True):
    """A foreign key: the columns here, the table and the columns there; `full` is MATCH FULL."""

    columns: tuple[int, ...]
    table: int
    theirs: tuple[int, ...]
    full: bool


class Needs(msgspec.Struct):
    """All that is known of one table: `unique` has the columns of each unique index, `refusals` texts of triggers."""

    checks: list[Check] = msgspec.field(default_factory=list)
    references: list[Reference] = msgspec.field(default_factory=list)
    defaults: dict[int, str] = msgspec.field(default_factory=dict)
    unique: list[tuple[int, ...]] = msgspec.field(default_factory=list)
    refusals: list[str] = msgspec.field(default_factory=list)

    def is_key(self, number: int) -> bool:
        """Whether a column is in a unique index."""
        return any(number in columns for columns in self.unique)


def read_needs(connection: "psycopg.Connection[Any]", tables: Sequence[TableShape]) -> dict[int, Needs]:
    """By oid."""
    found = {table.oid: Needs() for table in tables}
    oids = list(found)
    with pipeline(connection):  # five questions, one round trip
        constraints, defaults, unique, bounds, triggers = (
            connection.execute(query, [oids]) for query in (_CONSTRAINTS, _DEFAULTS, _UNIQUE, _BOUNDS, _TRIGGERS)
        )
        for oid, kind, columns, there, theirs, expression, match in constraints.fetchall():
            if kind == "c":
                found[oid].checks.append(Check(tuple(columns or ()), expression))
            else:
                found[oid].references.append(Reference(tuple(columns), there, tuple(theirs), match == "f"))
        for oid, number, expression in defaults.fetchall():
            found[oid].defaults[number] = expression
        for oid, numbers in unique.fetchall():
            if numbers:
                found[oid].unique.append(tuple(numbers))
        for oid, expression in bounds.fetchall():
            if expression:
                found[oid].checks.append(Check((), expression))
        for oid, text in triggers.fetchall():
            found[oid].refusals.append(text)
    for table in tables:
        needs = found[table.oid]
        needs.checks = [one if one.columns else _with_columns(one, table) for one in needs.checks]
    return found


def _with_columns(check: Check, table: TableShape) -> Check:
    """A partition's bounds come without numbers: take each column whose name stands in them."""
    inside = tuple(field.number for field in table.fields if field.name in check.expression)
    return Check(inside, check.expression)
