"""What a downgrade would lose: what it drops is seen on a shadow, what that holds is asked of the database.

The shadow is brought to where the database is and downgraded there; the difference of the two pictures is what goes.
Nothing of it is guessed from the revisions' text. The database is only read.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import psycopg
from psycopg import sql

from headworks.catalog.reader import read_schema
from headworks.migrations.history import Revision
from headworks.migrations.project import Project
from headworks.migrations.realise import realised, run_plan
from headworks.postgres.connect import connect
from headworks.postgres.errors import StatementFailed
from headworks.postgres.url import DatabaseUrl
from headworks.schema import Action, Change, Column, Enum, Schema, Table, diff

__all__ = ["Loss", "foresee_losses", "rehearsed"]

_COUNT_UP_TO = 1000


class Loss(msgspec.Struct, frozen=True):
    """Something that goes and holds something: a table's rows, a column's values, the uses of an enum's value."""

    what: str
    count: int

    def __str__(self) -> str:
        """`table public.orders (3 rows)`"""
        count = f"{self.count}" if self.count <= _COUNT_UP_TO else f"more than {_COUNT_UP_TO:,}"
        unit = "row" if self.what.startswith("table") else "value"
        return f"{self.what} ({count} {unit}{'s' if self.count != 1 else ''})"


def rehearsed(
    project: Project, shadow: DatabaseUrl, rows: Sequence[str], plan: tuple[Revision, ...], direction: str
) -> tuple[Schema, Schema]:
    """The pictures before and after a plan, run on a scratch database of `shadow` that is first brought to `rows`."""
    with realised(project, shadow, rows) as url:
        before = _look(url)
        run_plan(project, url, plan, direction)
        return before, _look(url)


def foresee_losses(
    project: Project, live: DatabaseUrl, shadow: DatabaseUrl, rows: Sequence[str], plan: tuple[Revision, ...]
) -> list[Loss]:
    """The rows and values in the live database that this downgrade would take away.

    Raises `StatementFailed` where the role may not count them.
    """
    before, after = rehearsed(project, shadow, rows, plan, "downgrade")
    with connect(live, read_only=True) as connection:
        found = _Holds(connection, before)
        try:
            connection.execute("SET row_security = off")  # an error instead of rows that a policy hides
            return [loss for change in diff(before, after) for loss in found.losses(change)]
        except psycopg.Error as error:
            reason = str(error).splitlines()[0]
            raise StatementFailed(what="what this downgrade would lose cannot be counted", reason=reason) from error


def _look(url: DatabaseUrl) -> Schema:
    with connect(url, read_only=True) as connection:
        return read_schema(connection)


class _Holds:
    def __init__(self, connection: "psycopg.Connection[Any]", before: Schema) -> None:
        self._connection = connection
        self._before = before

    def losses(self, change: Change) -> Iterator[Loss]:
        gone = self._before.get(change.object)
        if change.action is Action.MISSING and isinstance(gone, Table):
            yield from self._counted(f"{change.object}", gone.schema, gone.name, sql.SQL("true"))
        elif change.action is Action.MISSING and isinstance(gone, Column):
            holds = sql.SQL("{} IS NOT NULL").format(sql.Identifier(gone.name))
            yield from self._counted(f"{change.object}", gone.schema, gone.table, holds)
        elif change.action is Action.CHANGED and isinstance(gone, Column) and change.attribute == "type":
            yield from self._narrowed(change, gone)
        elif change.action is Action.CHANGED and isinstance(gone, Enum) and change.attribute == "values":
            for value in (one for one in change.expected if one not in change.actual):
                yield from self._uses(gone, value)

    def _counted(self, what: str, schema: str, table: str, holds: sql.Composable) -> Iterator[Loss]:
        if not self._there(schema, table):
            return
        query = sql.SQL("SELECT count(*) FROM (SELECT FROM {}.{} WHERE {} LIMIT {}) held")
        limit = sql.Literal(_COUNT_UP_TO + 1)
        statement = query.format(sql.Identifier(schema), sql.Identifier(table), holds, limit)
        try:
            with self._connection.transaction():  # a savepoint: others are asked after one that fails
                row = self._connection.execute(statement).fetchone()
        except psycopg.errors.UndefinedColumn:  # the database has drifted, and what it has not it cannot lose
            return
        if row and row[0]:
            yield Loss(what, row[0])

    def _narrowed(self, change: Change, column: Column) -> Iterator[Loss]:
        """A new type loses what does not come back from a cast there and back again."""
        name = sql.Identifier(column.name)
        there, back = sql.SQL(change.actual), sql.SQL(change.expected)  # as format_type printed them
        # As texts: there are types that have no equality.
        holds = sql.SQL("({0}::{1})::{2}::text IS DISTINCT FROM {0}::text").format(name, there, back)
        try:
            yield from self._counted(f"{change.object} as {change.actual}", column.schema, column.table, holds)
        except psycopg.Error:  # no such cast, or a value that it refuses: nobody can say that all is kept
            any_value = sql.SQL("{} IS NOT NULL").format(name)
            yield from self._counted(f"{change.object} as {change.actual}", column.schema, column.table, any_value)

    def _uses(self, enum: Enum, value: str) -> Iterator[Loss]:
        for column in self._before.all(Column):
            if self._before.table(column.schema, column.table) is None:
                continue
            if (holds := self._holds(column, enum, value)) is not None:
                what = f"value {value!r} of {enum.ref} in {column.ref}"
                yield from self._counted(what, column.schema, column.table, holds)

    def _holds(self, column: Column, enum: Enum, value: str) -> sql.Composable | None:
        """The condition for a row that has the value; `None` where the column is not of the enum, nor of its array."""
        row = self._connection.execute(
            """
            SELECT t.typname <> e.typname FROM pg_catalog.pg_attribute a
            JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
            JOIN pg_catalog.pg_type e ON t.oid IN (e.oid, e.typarray)
            JOIN pg_catalog.pg_namespace en ON en.oid = e.typnamespace
            WHERE (n.nspname, c.relname, a.attname, en.nspname, e.typname) = (%s, %s, %s, %s, %s)
            """,
            [column.schema, column.table, column.name, enum.schema, enum.name],
        ).fetchone()
        if row is None:
            return None
        several = "{1} = ANY ({0}::text[])" if row[0] else "{0}::text = {1}"
        return sql.SQL(several).format(sql.Identifier(column.name), sql.Literal(value))

    def _there(self, schema: str, table: str) -> bool:
        row = self._connection.execute(
            "SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = %s AND c.relname = %s",
            [schema, table],
        ).fetchone()
        return row is not None
