"""`read_schema`: everything the catalog of one database says, in one snapshot and one round trip."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
import psycopg
from psycopg import errors as sql
from psycopg.pq import TransactionStatus
from psycopg.rows import tuple_row

from headworks.catalog.errors import (
    CatalogChanging,
    CatalogUnreadable,
    ConnectionDropped,
    PermissionMissing,
    ServerTooOld,
    TransactionOpen,
)
from headworks.catalog.secrets import cleaner
from headworks.schema import Object, Relation, Schema, Sequence, kinds

__all__ = ["OLDEST_MAJOR", "query", "read_schema"]

OLDEST_MAJOR = 15
"""The oldest server whose catalog the queries understand."""

OWN_PREFIX = "headworks_"
"""How the names of the tables that headworks keeps for itself begin; they are in no picture."""

_ATTEMPTS = 3

_BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"

# What changes how PostgreSQL prints a type, an expression or a constant is pinned as pg_dump pins it, for this
# transaction alone. JIT would compile for longer than the queries run; parallel workers are the application's.
_SETTINGS = """
SELECT
    set_config('search_path', '', true),
    set_config('quote_all_identifiers', 'off', true),
    set_config('DateStyle', 'ISO, MDY', true),
    set_config('IntervalStyle', 'postgres', true),
    set_config('TimeZone', 'UTC', true),
    set_config('extra_float_digits', '1', true),
    set_config('bytea_output', 'hex', true),
    set_config('standard_conforming_strings', 'on', true),
    set_config('lc_monetary', 'C', true),
    set_config('jit', 'off', true),
    set_config('max_parallel_workers_per_gather', '0', true)
"""


class _Dropped(Exception):
    """Something that the snapshot lists was dropped before all of it was printed."""


# Functions like pg_get_viewdef look at the catalog as it is now, not at the snapshot: for what was dropped meanwhile
# they fail with an internal error ("cache lookup failed") or a missing object, or return NULL where text belongs.
_MOVED = (
    _Dropped,
    sql.InternalError_,
    sql.UndefinedTable,
    sql.UndefinedObject,
    sql.UndefinedColumn,
    sql.UndefinedFunction,
    msgspec.ValidationError,
)

# What format_type prints for a type that was dropped meanwhile. A name like that would be quoted, and a quote inside of
# a text has a backslash before it.
_GONE = b'type":"???"'

# pg_get_expr and its like return NULL when the relation is no more, just as when there is no expression; so does
# pg_table_is_visible.
_RELATIONS_GONE = """
SELECT count(*)
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND pg_table_is_visible(c.oid) IS NULL
"""


def read_schema(connection: "psycopg.Connection[Any]") -> Schema:
    """The picture of the database that `connection` is in.

    Reads in one REPEATABLE READ, READ ONLY transaction and leaves the connection as it was: in autocommit or not, no
    transaction open, its settings unchanged. A role that may only CONNECT is enough: the little that it cannot see is
    the picture's `unseen`. Tables named `headworks_*`, system schemas, temporary objects, what belongs to extensions,
    and secrets are left out.

    Raises a `headworks.catalog.errors.CatalogUnreadable`.
    """
    if connection.closed:
        raise ConnectionDropped(database="", reason="it is closed")
    database = connection.info.dbname
    major = connection.info.server_version // 10000
    if major < OLDEST_MAJOR:
        raise ServerTooOld(database=database, found=major, oldest=OLDEST_MAJOR)
    if connection.info.transaction_status is not TransactionStatus.IDLE:
        raise TransactionOpen(database=database)
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            objects = _snapshot(connection)
        except _MOVED as error:
            if attempt == _ATTEMPTS:
                raise CatalogChanging(database=database, reason=_reason(error), attempts=attempt) from error
        except sql.InsufficientPrivilege as error:
            raise PermissionMissing(database=database, role=connection.info.user, reason=_reason(error)) from error
        except psycopg.Error as error:
            kind = ConnectionDropped if connection.closed else CatalogUnreadable
            raise kind(database=database, reason=_reason(error)) from error
        else:
            return Schema.of(objects, server_major=major).without(_own)
    raise AssertionError("unreachable")


@cache
def query(kind: type[Object]) -> str:
    """The query that reads a kind. Its columns have the names of the record's fields."""
    return (files("headworks.catalog") / "queries" / f"{kind.kind.replace(' ', '_')}.sql").read_text(encoding="utf-8")


def _snapshot(connection: "psycopg.Connection[Any]") -> list[Object]:
    def run(statement: str) -> "psycopg.Cursor[tuple[Any]]":
        # Whatever cursors and rows the connection's owner likes to have.
        return psycopg.Cursor(connection, row_factory=tuple_row).execute(statement, prepare=False, binary=True)

    with _autocommit(connection), connection.pipeline() if psycopg.Pipeline.is_supported() else nullcontext():
        run(_BEGIN)
        run(_SETTINGS)
        cursors = {kind: run(_as_json(query(kind))) for kind in kinds()}
        gone = run(_RELATIONS_GONE)
        run("COMMIT")
    if gone.fetchone() != (0,):
        raise _Dropped("a relation was dropped")
    return [item for kind, cursor in cursors.items() for item in _decode(kind, cursor)]


def _decode(kind: type[Object], cursor: "psycopg.Cursor[tuple[Any]]") -> list[Object]:
    decode = msgspec.json.Decoder(kind).decode
    rows = [row[0] for row in cursor]
    if any(_GONE in row for row in rows):
        raise _Dropped(f"a type was dropped that a {kind.kind} has")
    clean = cleaner(kind)
    return [decode(row) for row in rows] if clean is None else [clean(decode(row)) for row in rows]


def _as_json(text: str) -> str:
    # msgspec makes a record from JSON in one step, and checks the names and types of the columns on the way. As bytes
    # the text is UTF-8 whatever the encodings of the database and of the connection are.
    return f"SELECT convert_to(row_to_json(r)::text, 'UTF8') FROM (\n{text}\n) AS r"  # noqa: S608 - our own file


@contextmanager
def _autocommit(connection: "psycopg.Connection[Any]") -> Iterator[None]:
    """The connection without transactions of psycopg's own making, and with none open afterwards."""
    before = connection.autocommit
    connection.autocommit = True
    try:
        yield
    finally:
        if not connection.closed:
            if connection.info.transaction_status is not TransactionStatus.IDLE:
                connection.rollback()
            connection.autocommit = before


def _own(item: Object) -> bool:
    return isinstance(item, Relation | Sequence) and item.name.startswith(OWN_PREFIX)


def _reason(error: Exception) -> str:
    said = error.diag.message_primary if isinstance(error, psycopg.Error) else None
    return said or next(iter(str(error).splitlines()), type(error).__name__)
