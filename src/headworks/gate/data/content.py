"""What tables hold, as texts: a fingerprint of each in one query, and the values of those that changed."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
import psycopg

from headworks.catalog.pipeline import pipeline
from headworks.gate.data.tables import TableShape
from headworks.schema.quoting import identifier

__all__ = ["Content", "count_rows", "read_contents"]

_AT_ONCE = 10
"""Tables in one prepared statement: a change to one of them makes the server plan anew for these alone."""

_LONG = 120


class Content(msgspec.Struct, frozen=True):
    """The rows of one table: for each column that is kept, by its number, the text of its value in every row.

    The rows come in the same order in all columns. A long text stands as its length and hash.
    """

    table: TableShape
    count: int
    fingerprint: str
    values: Mapping[int, tuple[str | None, ...]]


def read_contents(
    connection: "psycopg.Connection[Any]", tables: Iterable[TableShape], known: Mapping[int, Content]
) -> dict[int, Content]:
    """The rows of each table, partitions as part of the table that they belong to.

    What is as it is in `known` is not read again.
    """
    found: dict[int, Content] = {}
    wanted = [table for table in tables if not table.partition]
    marks = _marks(connection, wanted)
    for table in wanted:
        old = known.get(table.oid)
        if old is not None and (old.count, old.fingerprint) == marks[table.oid] and _alike(old.table, table):
            found[table.oid] = old if old.table is table else msgspec.structs.replace(old, table=table)
        else:
            found[table.oid] = _read(connection, table, *marks[table.oid])
    return found


def _marks(connection: "psycopg.Connection[Any]", tables: Sequence[TableShape]) -> dict[int, tuple[int, str]]:
    """How many rows each table has, and a sum over them that does not depend on their order."""
    mark = "coalesce(sum(hashtextextended((r.*)::text, 0)), 0)::text"
    cursors = []
    with pipeline(connection):
        for start in range(0, len(tables), _AT_ONCE):
            parts = (
                f"SELECT {table.oid}, count(*), {mark} FROM {_from(table)} AS r"  # noqa: S608 - quoted
                for table in tables[start : start + _AT_ONCE]
            )
            cursors.append(connection.execute(" UNION ALL ".join(parts), prepare=True))
        return {oid: (count, total) for cursor in cursors for oid, count, total in cursor.fetchall()}


def count_rows(connection: "psycopg.Connection[Any]", tables: Sequence[TableShape]) -> dict[int, int]:
    """How many rows each table has."""
    if not tables:
        return {}
    counts = (f"SELECT {table.oid}, count(*) FROM {_from(table)}" for table in tables)  # noqa: S608 - quoted
    return dict(connection.execute(" UNION ALL ".join(counts)).fetchall())


def _alike(old: TableShape, new: TableShape) -> bool:
    """Whether equal rows mean equal values: the same columns of the same types; names do not matter."""
    return old is new or [(one.number, one.type) for one in old.fields] == [
        (one.number, one.type) for one in new.fields
    ]


def _read(connection: "psycopg.Connection[Any]", table: TableShape, count: int, mark: str) -> Content:
    numbers = [field.number for field in table.kept]
    if not count or not numbers:
        return Content(table, count, mark, dict.fromkeys(numbers, ()))
    cells = ", ".join(_cell(f"r.{identifier(field.name)}") for field in table.kept)
    rows = connection.execute(f"SELECT {cells} FROM {_from(table)} AS r").fetchall()  # noqa: S608 - quoted
    return Content(table, len(rows), mark, dict(zip(numbers, zip(*rows, strict=True), strict=True)))


def _cell(column: str) -> str:
    """Long texts stay on the server."""
    text = f"{column}::text"
    return f"CASE WHEN length({text}) > {_LONG} THEN length({text}) || ' ' || md5({text}) ELSE {text} END"


def _from(table: TableShape) -> str:
    return table.sql if table.kind == "p" else f"ONLY {table.sql}"
