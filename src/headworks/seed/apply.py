"""Write what differs: one transaction, one seeder at a time, nothing at all when nothing differs."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

import psycopg
from psycopg import sql
from psycopg.pq import TransactionStatus

from headworks.seed._live import Connection, Live, fetch, server_errors
from headworks.seed._names import Name, identifier
from headworks.seed._source import Source, commas, upsert
from headworks.seed.errors import SeedLockedError
from headworks.seed.models import Models
from headworks.seed.order import steps
from headworks.seed.plan import FilePlan, compare, groups
from headworks.seed.prune import Pruner
from headworks.seed.records import SeedFile, SeedResult, SeedRow, SeedSet, TableCount

__all__ = ["LOCK", "apply"]

LOCK = int.from_bytes(hashlib.sha256(b"headworks seed").digest()[:8], "big", signed=True)
"""The key of the advisory lock that a seeder holds until its transaction ends."""


def apply(
    connection: Connection, sets: Iterable[SeedSet], prune: bool = False, *, lock_timeout: float = 10.0
) -> SeedResult:
    """Make the tables say what the files say, in one transaction; count the rows a table.

    `prune` removes the rows of `sync` tables that left their files. The connection is the caller's, autocommit or
    not: with no transaction open, this opens one and commits it; within the caller's transaction it works in a
    savepoint, and the caller commits. `lock_timeout`, in seconds, holds for the advisory lock and for every lock on
    a table or row.

    Raises `SeedLockedError`, `UnknownReferenceError`, `RowReferencedError`, or another `SeedServerError` that names
    the file, the line and the table. Then nothing was written.
    """
    sets = tuple(sets)
    metadatas = tuple(dict.fromkeys(metadata for set_ in sets for metadata in set_.metadatas))
    ordered = steps(sets)
    if not ordered:
        return SeedResult(())
    first = ordered[0].file
    with server_errors(first, seconds=lock_timeout), _transaction(connection, lock_timeout):
        _lock(connection, first, lock_timeout)
        live = Live(connection)
        for step in ordered:
            live.check(step.file)
        plans = [compare(step, live, ordered) for step in ordered]
        pruner = Pruner(live, plans, Models(metadatas)) if prune else None
        deleted = pruner.remove_free() if pruner is not None else {}
        for each in plans:
            _write(each, live, lock_timeout)
        for each in plans:
            _close_circles(each, live, lock_timeout)
        if pruner is not None:
            for name, count in pruner.remove_rest().items():
                deleted[name] = deleted.get(name, 0) + count
        # A deferred constraint would speak up at the commit, too late to say which file it is about.
        connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return SeedResult(tuple(_count(each, deleted, prune) for each in plans))


def _count(each: FilePlan, deleted: dict[str, int], prune: bool) -> TableCount:
    return TableCount(
        each.step.file.ref,
        inserted=len(each.inserts),
        updated=len(each.updates),
        unchanged=each.unchanged,
        deleted=deleted.get(each.step.file.table.fullname, 0),
        extra=0 if prune else len(each.extra),
    )


@contextmanager
def _transaction(connection: Connection, lock_timeout: float) -> Iterator[None]:
    idle = connection.info.transaction_status is TransactionStatus.IDLE
    with connection.transaction():
        if idle:
            # Each statement has to see what a seeder before this one committed while this one waited for its lock.
            connection.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        ((before,),) = fetch(connection, "SELECT current_setting('lock_timeout')")
        connection.execute("SELECT set_config('lock_timeout', %s, true)", [f"{round(lock_timeout * 1000)}ms"])
        yield
        if not idle:
            connection.execute("SELECT set_config('lock_timeout', %s, true)", [before])


def _lock(connection: Connection, file: SeedFile, seconds: float) -> None:
    ((got,),) = fetch(connection, "SELECT pg_try_advisory_xact_lock(%s)", LOCK)
    if got:
        return
    holders = fetch(
        connection,
        "SELECT pid FROM pg_catalog.pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1"
        " AND (classid::bigint << 32 | objid::bigint) = %s"
        " AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())",
        LOCK,
    )
    try:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    except psycopg.errors.LockNotAvailable as error:
        shown = f"; process {holders[0][0]} holds it" if holders else ""
        raise SeedLockedError(
            file=file.path, line=1, table=file.table.fullname, what="seeding", seconds=seconds, holder=shown
        ) from error


def _write(each: FilePlan, live: Live, seconds: float) -> None:
    """Insert and update the rows of one file, level by level.

    Updates come first: the row that ends a period makes room for the one that begins the next.
    """
    changed = {id(row) for row in each.updates}
    new = {id(row) for row in each.inserts}
    for level in each.step.levels:
        for wanted in (changed, new):
            for fields, rows in groups(each.step.file, [row for row in level if id(row) in wanted]):
                source = Source(each.step.file, [name for name in fields if name not in each.step.deferred], live)
                _execute(source, rows, seconds, partial(_upsert, source, live))


def _upsert(source: Source, live: Live, relation: sql.Composable) -> sql.Composed:
    file = source.file
    types = live.columns(file.table)
    filled = [pair for field in source.fields for pair in source.values(field)]
    select = sql.SQL("SELECT {} FROM {} ORDER BY s.n").format(commas(value for _, value in filled), relation)
    return upsert(file, [column for column, _ in filled], select, lambda name, value: types[name].comparable(value))


def _close_circles(each: FilePlan, live: Live, seconds: float) -> None:
    """Fill in the fields that had to wait until the rows that they name were there."""
    file = each.step.file
    for fields, rows in groups(file, [*each.inserts, *each.updates]):
        late = [field for field in fields if field in each.step.deferred]
        if late:
            source = Source(file, [*file.key, *late], live)
            _execute(source, rows, seconds, partial(_fill, source, late))


def _fill(source: Source, fields: Sequence[str], relation: sql.Composable) -> sql.Composed:
    filled = [pair for field in fields for pair in source.values(field)]
    differs = sql.SQL(" OR ").join([source.differs(field) for field in fields])
    return sql.SQL("UPDATE {} AS t SET {} FROM {} WHERE {} AND ({})").format(
        identifier(source.file.table),
        commas(sql.SQL("{} = {}").format(Name(column), value) for column, value in filled),
        relation,
        source.match(),
        differs,
    )


def _execute(
    source: Source, rows: Sequence[SeedRow], seconds: float, statement: Callable[[sql.Composable], sql.Composed]
) -> None:
    """Run one statement for all rows; when the server refuses it, row by row, to say which line it is about."""
    connection = source.connection
    numbered = list(enumerate(rows))
    with server_errors(source.file, seconds=seconds):
        try:
            with connection.transaction():
                connection.execute(statement(source.relation(numbered)))
        except (psycopg.IntegrityError, psycopg.DataError, psycopg.errors.RaiseException):
            for number, row in numbered:
                with server_errors(source.file, row.place), connection.transaction():
                    connection.execute(statement(source.relation([(number, row)])))
            raise  # each row alone passes: it is the rows together that the server refuses
