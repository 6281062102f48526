"""What the connected database says of the tables: whether they are there, and the types of their columns."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, LiteralString

import msgspec
import psycopg
from psycopg import sql
from psycopg.rows import tuple_row
from sqlalchemy import Table

from headworks.redaction import is_secret
from headworks.seed._names import identifier
from headworks.seed.errors import (
    ColumnMissingError,
    RowViolationError,
    SeedFailedError,
    SeedLockedError,
    SeedServerError,
    TableForbiddenError,
    TableMissingError,
)
from headworks.seed.records import Place, SeedFile

__all__ = ["Connection", "Live", "LiveColumn", "fetch", "server_errors"]

Connection = psycopg.Connection[Any]

# Types without an equality that means "the same value": none at all, or (box, circle) one of areas.
_BY_TEXT = frozenset({"xml", "point", "line", "lseg", "box", "path", "polygon", "circle"})

_COLUMNS = sql.SQL("""
SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), coalesce(e.typname, b.typname, t.typname)
  FROM pg_catalog.pg_attribute a
  JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype AND t.typtype = 'd'
  LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'
 WHERE a.attrelid = pg_catalog.to_regclass({}) AND a.attnum > 0 AND NOT a.attisdropped
""")


class LiveColumn(msgspec.Struct, frozen=True):
    """A column of the database: its type as SQL, and the name of the type below domains and arrays."""

    type: str
    base: str

    def comparable(self, value: sql.Composable) -> sql.Composable:
        """An expression that `IS DISTINCT FROM` can take, equal where the values are the same."""
        if self.base == "json":
            # json has no equality; as jsonb neither spaces nor the order of keys count
            return sql.SQL("({})::{}").format(value, sql.SQL("text" if self.type.endswith("]") else "jsonb"))
        if self.base in _BY_TEXT:
            return sql.SQL("({})::text").format(value)
        return value


class Live:
    """The database's view of the tables, read once a table."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._columns: dict[str, dict[str, LiveColumn]] = {}

    def columns(self, table: Table) -> dict[str, LiveColumn]:
        """The columns of a table; empty when the database has no such table."""
        if table.fullname not in self._columns:
            name = identifier(table).as_string(self.connection)
            rows = fetch(self.connection, _COLUMNS.format(sql.Literal(name)))
            self._columns[table.fullname] = {column: LiveColumn(type_, base) for column, type_, base in rows}
        return self._columns[table.fullname]

    def check(self, file: SeedFile) -> None:
        """Raise `TableMissingError` or `ColumnMissingError` when the database lacks what the file fills or names."""
        wanted: list[tuple[Table, str]] = [(file.table, name) for name in file.key_columns]
        for field in file.fields:
            reference = file.references.get(field)
            if reference is None:
                wanted.append((file.table, field))
                continue
            wanted.extend((file.table, name) for name in reference.columns)
            wanted.extend((reference.target, name) for name in reference.target_columns)
            wanted.extend(reference.leaves)
        for table, name in wanted:
            columns = self.columns(table)
            if not columns:
                raise TableMissingError(file=file.path, line=1, table=table.fullname)
            if name not in columns:
                raise ColumnMissingError(file=file.path, line=1, table=table.fullname, missing=f"column {name!r}")


def fetch(connection: Connection, statement: sql.Composed | LiteralString, *values: Any) -> list[tuple[Any, ...]]:
    """Run a query; its rows are tuples whatever row factory the caller's connection has."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        # Without values nothing looks for placeholders: a statement made of names may hold percent signs.
        return cursor.execute(statement, values or None).fetchall()


@contextmanager
def server_errors(
    file: SeedFile, place: Place | None = None, *, table: str | None = None, seconds: float = 0
) -> Iterator[None]:
    """Turn what the server says into a typed error that names the file, the line and the table.

    `place` is the row's where one row is to blame; `table` another than the file's; `seconds` the lock timeout.
    """
    place = place or Place(file.path, 1)
    about: dict[str, Any] = {"file": place.file, "line": place.line, "table": table or file.table.fullname}
    try:
        yield
    except psycopg.Error as error:
        hidden = any(is_secret(column.name) for column in file.table.columns)
        raise _typed(error, about, seconds, hidden=hidden) from error


def _typed(error: psycopg.Error, about: dict[str, Any], seconds: float, *, hidden: bool) -> SeedServerError:
    """`hidden`: the table holds secrets, and the server's detail may be a whole row."""
    said = error.diag.message_primary or str(error) or type(error).__name__
    detail = "" if hidden else error.diag.message_detail
    problem = f"{said}: {detail}" if detail else said
    match error:
        case psycopg.errors.LockNotAvailable():
            return SeedLockedError(**about, what=f"table {about['table']}", seconds=seconds, holder="")
        case psycopg.errors.UndefinedTable():
            return TableMissingError(**about)
        case psycopg.errors.UndefinedColumn():
            return ColumnMissingError(**about, missing=said)
        case psycopg.errors.InvalidColumnReference():
            # no unique index for ON CONFLICT: the models have one, the database does not
            return ColumnMissingError(**about, missing="the unique key that the file names")
        case psycopg.errors.InsufficientPrivilege():
            return TableForbiddenError(**about, problem=problem)
        case psycopg.errors.IntegrityError():
            constraint = error.diag.constraint_name
            shown = f"constraint {constraint!r}" if constraint else "a constraint"
            return RowViolationError(**about, constraint=shown, problem=problem)
    return SeedFailedError(**about, problem=problem)
