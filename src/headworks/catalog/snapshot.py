"""All the queries of a picture in one snapshot: over one connection, or over two at once where that is quicker."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeAlias

import msgspec
import psycopg
from psycopg import errors as sql
from psycopg.pq import TransactionStatus
from psycopg.rows import tuple_row

from headworks.catalog.decoding import Decoder, Dropped
from headworks.catalog.pipeline import pipeline
from headworks.catalog.statements import MANY, as_json, narrow, there
from headworks.meanwhile import Meanwhile
from headworks.schema import Constraint, Index, Object, kinds

__all__ = ["MOVED", "Another", "narrowed", "settled", "snapshot"]

Another: TypeAlias = Callable[[], "psycopg.Connection[Any]"]
"""Opens a second connection to the same database, as the same role."""

Groups: TypeAlias = dict[type[Object], frozenset[Object]]
"""The objects of each kind."""

_BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"

# What changes how PostgreSQL prints a type, an expression or a constant is pinned as pg_dump pins it, for this
# transaction alone. JIT would compile for longer than the queries run; parallel workers are the application's; what is
# joined of a large catalog would be written to disk and read again.
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
    set_config('work_mem', '64MB', true),
    set_config('max_parallel_workers_per_gather', '0', true)
"""


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

_HALF: tuple[type[Object], ...] = (Constraint, Index)
"""Half of the work, measured: what the second connection reads while the first one reads the rest. To print an
expression the server opens its table, which takes longer than printing, and each backend opens for itself: both kinds
that have such expressions are together."""

_Rows: TypeAlias = "psycopg.Cursor[tuple[Any]]"


def snapshot(
    connection: "psycopg.Connection[Any]",
    another: Another | None = None,
    *,
    again: bool = False,
    decoder: Decoder | None = None,
    asked: Callable[[], None] = lambda: None,
) -> tuple[Groups, str]:
    """All objects by kind, as they are at one moment, and the role that owns the database.

    With `again` the statements are prepared: planning them takes longer than running them on a small catalog. `asked`
    is called when the server has most of its work, and nothing is to be done here before it answers.

    Raises one of `MOVED` when something was dropped meanwhile, and psycopg's errors.
    """
    decoder = decoder or Decoder()
    with _transaction(connection, prepare=again) as run:
        run(_BEGIN)
        run(_SETTINGS)
        owner = run(_OWNER)
        # Asked for before the rest is sent: the server answers what is behind it in the same go.
        name = _only(run(_EXPORTED)) if another is not None else None
        helper = _Helper(another, name, _HALF, decoder) if another is not None and name else None
        # What takes the server longest goes first: the rest is made ready meanwhile.
        first = {kind: run(as_json(kind)) for kind in kinds() if kind in MANY and not (helper and kind in _HALF)}
        text, guarded = there()
        present = run(text)
        helped = helper is not None and helper.began()
        asked()
        found = {kind: decoder(kind, _texts(cursor)) for kind, cursor in first.items()}
        absent = {kind for kind, any_there in zip(guarded, _only(present), strict=True) if not any_there}
        left = (kind for kind in kinds() if kind not in first and kind not in absent and not (helped and kind in _HALF))
        rest = {kind: run(as_json(kind)) for kind in left}
        gone = run(_RELATIONS_GONE)
        found |= {kind: decoder(kind, _texts(cursor)) for kind, cursor in rest.items()}
        _settle(gone)
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
    with pipeline(connection):
        cursors = {}
        for kind, oids in wanted.items():
            text, places = narrow(kind)
            cursor = psycopg.Cursor(connection, row_factory=tuple_row)
            cursors[kind] = cursor.execute(text, [oids] * places, prepare=True, binary=True)
        decoder = Decoder()
        return [item for kind, cursor in cursors.items() for item in decoder(kind, _texts(cursor))]


class _Helper:
    """A second connection that reads some kinds in a snapshot of the first one's, in a thread of its own."""

    def __init__(self, another: Another, name: str, some: Iterable[type[Object]], decoder: Decoder) -> None:
        self._another = another
        self._name = name
        self._kinds = tuple(some)
        self._decoder = decoder
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
                with pipeline(connection):
                    run = _runner(connection)
                    run(_SETTINGS)
                    cursors = {kind: run(as_json(kind)) for kind in self._kinds}
                    gone = run(_RELATIONS_GONE)
                    self._began = True
                    self._settled.set()
                    found = {kind: self._decoder(kind, _texts(cursor)) for kind, cursor in cursors.items()}
                    _settle(gone)
                    run("COMMIT")
            return found
        finally:
            self._settled.set()


def _texts(rows: _Rows) -> list[bytes]:
    return [row[0] for row in rows]


def _settle(gone: _Rows) -> None:
    if _only(gone) != 0:
        raise Dropped("a relation was dropped")


def _only(rows: _Rows) -> Any:
    """The one value of a query that gives one."""
    row = rows.fetchone()
    assert row is not None
    return row[0]


@contextmanager
def _transaction(connection: "psycopg.Connection[Any]", *, prepare: bool) -> "Iterator[Callable[[str], _Rows]]":
    with _autocommit(connection), pipeline(connection):
        yield _runner(connection, prepare=prepare)


def _runner(connection: "psycopg.Connection[Any]", *, prepare: bool = False) -> "Callable[[str], _Rows]":
    def run(statement: str) -> _Rows:
        # Whatever cursors and rows the connection's owner likes to have.
        return psycopg.Cursor(connection, row_factory=tuple_row).execute(statement, prepare=prepare, binary=True)

    return run


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
