"""All the queries of a picture in one snapshot: over one connection, or over two at once where that is quicker."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from importlib.resources import files
from typing import Any, TypeAlias

import msgspec
import psycopg
from psycopg import errors as sql
from psycopg.pq import TransactionStatus
from psycopg.rows import tuple_row

from headworks.catalog.secrets import cleaner
from headworks.meanwhile import Meanwhile
from headworks.schema import Column, Constraint, Index, Object, Sequence, Table, kinds
from headworks.schema.codec import decode_records

__all__ = ["MOVED", "Another", "narrowed", "query", "settled", "snapshot"]

Another: TypeAlias = Callable[[], "psycopg.Connection[Any]"]
"""Opens a second connection to the same database, as the same role."""

Groups: TypeAlias = dict[type[Object], list[Object]]
"""The objects of each kind."""

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


class Dropped(Exception):
    """Something that the snapshot lists was dropped before all of it was printed."""


# Functions like pg_get_viewdef look at the catalog as it is now, not at the snapshot: for what was dropped meanwhile
# they fail with an internal error ("cache lookup failed") or a missing object, or return NULL where text belongs.
MOVED = (
    Dropped,
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

# Only where the catalog is large (about 400 tables): a second backend costs what it takes to start one.
_EXPORTED = """
SELECT CASE WHEN pg_relation_size('pg_attribute') > 1500000 THEN pg_export_snapshot() END
"""

_OWNER = "SELECT pg_get_userbyid(datdba)::text FROM pg_database WHERE datname = current_database()"

_MANY: frozenset[type[Object]] = frozenset({Column, Constraint, Index, Sequence, Table})
"""Kinds of which there may be very many small objects: they come as one array, not row by row."""

_HALF: frozenset[type[Object]] = frozenset({Constraint, Index})
"""Half of the work, measured: what the second connection reads while the first one reads the rest. To print an
expression the server opens its table, which takes longer than printing, and each backend opens for itself: both kinds
that have such expressions are together."""

_Rows: TypeAlias = "psycopg.Cursor[tuple[Any]]"


def snapshot(
    connection: "psycopg.Connection[Any]",
    another: Another | None = None,
    *,
    again: bool = False,
    asked: Callable[[], None] = lambda: None,
) -> tuple[Groups, str]:
    """All objects by kind, as they are at one moment, and the role that owns the database.

    With `again` the statements are prepared: planning them takes longer than running them on a small catalog. `asked`
    is called when all has been sent, and nothing is left to do here until the server answers.

    Raises one of `MOVED` when something was dropped meanwhile, and psycopg's errors.
    """
    rest = [kind for kind in kinds() if kind in _HALF]
    with _transaction(connection, prepare=again) as run:
        run(_BEGIN)
        # Asked for before the rest is sent: the server answers what is behind it in the same go.
        name = _only(run(_EXPORTED)) if another is not None else None
        helper = _Helper(another, name, rest) if another is not None and name else None
        run(_SETTINGS)
        owner = run(_OWNER)
        cursors = {kind: run(_as_json(kind)) for kind in kinds() if kind not in _HALF}
        helped = helper is not None and helper.began()
        if not helped:
            cursors |= {kind: run(_as_json(kind)) for kind in rest}
        gone = run(_RELATIONS_GONE)
        asked()
        found = _decoded(cursors, gone)
        if helper is not None and helped:
            found |= helper.result()  # before the COMMIT: the snapshot lasts as long as its transaction
        run("COMMIT")
    return found, str(_only(owner))


def settled(connection: "psycopg.Connection[Any]") -> None:
    """Prepare a connection for `narrowed`, and for snapshots again and again."""
    connection.prepare_threshold = 5  # any number: else `prepare` is ignored
    connection.execute(_SETTINGS.replace("true)", "false)"), prepare=False)
    # Planned once, whatever the parameters: a few OIDs.
    connection.execute("SET plan_cache_mode = force_generic_plan", prepare=False)


def narrowed(connection: "psycopg.Connection[Any]", wanted: Mapping[type[Object], list[int]]) -> list[Object]:
    """The objects of some kinds that lie on these relations (OIDs in pg_class), on a connection that was `settled`."""
    with _pipeline(connection):
        cursors = {}
        for kind, oids in wanted.items():
            text, places = _narrow(kind)
            cursor = psycopg.Cursor(connection, row_factory=tuple_row)
            cursors[kind] = cursor.execute(text, [oids] * places, prepare=True, binary=True)
        return [item for kind, cursor in cursors.items() for item in _cleaned(kind, [row[0] for row in cursor])]


# In every query on relations there is this condition on the relation that the object is or lies on, and again where
# something is looked for that lies on it.
_ON_RELATIONS = "c.relpersistence <> 't'"


@cache
def _narrow(kind: type[Object]) -> tuple[str, int]:
    """The query for some relations, and how often it asks which."""
    text = _as_json(kind).replace("%", "%%")
    places = text.count(_ON_RELATIONS)
    assert places, kind
    return text.replace(_ON_RELATIONS, f"{_ON_RELATIONS} AND c.oid = ANY (%s::oid[])"), places


class _Helper:
    """A second connection that reads some kinds in a snapshot of the first one's, in a thread of its own."""

    def __init__(self, another: Another, name: str, some: Iterable[type[Object]]) -> None:
        self._another = another
        self._name = name
        self._kinds = tuple(some)
        self._settled = threading.Event()
        self._began = False
        self._reading = Meanwhile(self._read, name="headworks-catalog")

    def began(self) -> bool:
        """Whether it is at work. A server that is full, or a pooler that led elsewhere, is no reason to fail."""
        self._settled.wait()
        return self._began

    def result(self) -> Groups:
        """What it has read; raises what went wrong."""
        return self._reading.result()

    def _read(self) -> Groups:
        try:
            with self._another() as connection, _autocommit(connection):
                connection.execute(_BEGIN)
                connection.execute(psycopg.sql.SQL("SET TRANSACTION SNAPSHOT {}").format(self._name))
                with _pipeline(connection):
                    run = _runner(connection)
                    run(_SETTINGS)
                    cursors = {kind: run(_as_json(kind)) for kind in self._kinds}
                    gone = run(_RELATIONS_GONE)
                    self._began = True
                    self._settled.set()
                    found = _decoded(cursors, gone)
                    run("COMMIT")
            return found
        finally:
            self._settled.set()


@cache
def query(kind: type[Object]) -> str:
    """The query that reads a kind. Its columns have the names of the record's fields."""
    return (files("headworks.catalog") / "queries" / f"{kind.kind.replace(' ', '_')}.sql").read_text(encoding="utf-8")


def _decoded(cursors: dict[type[Object], _Rows], gone: _Rows) -> Groups:
    found: Groups = {}
    for kind, cursor in cursors.items():
        rows = [row[0] for row in cursor]
        if any(_GONE in row for row in rows):
            raise Dropped(f"a type was dropped that a {kind.kind} has")
        found[kind] = _cleaned(kind, rows)
    if _only(gone) != 0:
        raise Dropped("a relation was dropped")
    return found


def _only(rows: _Rows) -> Any:
    """The one value of a query that gives one."""
    row = rows.fetchone()
    assert row is not None
    return row[0]


def _cleaned(kind: type[Object], rows: list[bytes]) -> list[Object]:
    # Arrays alone: their decoders were made before there were threads (see headworks.schema.codec).
    records = decode_records(kind, rows[0] if kind in _MANY else b"[" + b",".join(rows) + b"]")
    clean = cleaner(kind)
    return records if clean is None else [clean(item) for item in records]


def _as_json(kind: type[Object]) -> str:
    # msgspec makes a record from JSON in one step, and checks the names and types of the columns on the way. As bytes
    # the text is UTF-8 whatever the encodings of the database and of the connection are.
    text = "row_to_json(r)::text"
    if kind in _MANY:
        text = f"'[' || coalesce(string_agg({_without_defaults(kind)}, ','), '') || ']'"
    return f"SELECT convert_to({text}, 'UTF8') FROM (\n{query(kind)}\n) AS r"  # noqa: S608 - our own files


@cache
def _without_defaults(kind: type[Object]) -> str:
    """A row as JSON, less what the record has by default: a third of the text, and of the time to make it."""
    parts = []
    for field in msgspec.structs.fields(kind):
        column, default = f'r."{field.name}"', field.default
        name = f"""'"{field.name}":' || """
        if default is None or default is msgspec.NODEFAULT:
            parts.append(f"{name}to_json({column})")  # null, and with it nothing, where the column is
        else:
            usual = "'{}'" if default == () else f"'{default}'"
            # A null has no place there: it must come through, and be refused.
            value = f"coalesce(to_json({column})::text, 'null')"
            parts.append(f"CASE WHEN {column} IS DISTINCT FROM {usual} THEN {name}{value} END")
    return f"'{{' || concat_ws(',', {', '.join(parts)}) || '}}'"


@contextmanager
def _transaction(connection: "psycopg.Connection[Any]", *, prepare: bool) -> "Iterator[Callable[[str], _Rows]]":
    with _autocommit(connection), _pipeline(connection):
        yield _runner(connection, prepare=prepare)


def _runner(connection: "psycopg.Connection[Any]", *, prepare: bool = False) -> "Callable[[str], _Rows]":
    def run(statement: str) -> _Rows:
        # Whatever cursors and rows the connection's owner likes to have.
        return psycopg.Cursor(connection, row_factory=tuple_row).execute(statement, prepare=prepare, binary=True)

    return run


def _pipeline(connection: "psycopg.Connection[Any]") -> AbstractContextManager[object]:
    """One round trip, where libpq can do it."""
    return connection.pipeline() if psycopg.Pipeline.is_supported() else nullcontext()


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
