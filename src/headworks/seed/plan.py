"""Compare the files with a live database, row by row and column by column, without writing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec
import psycopg
from psycopg import sql
from psycopg.pq import TransactionStatus

from headworks.seed._live import Connection, Live, fetch, server_errors
from headworks.seed._names import Name, identifier
from headworks.seed._source import Source, commas
from headworks.seed.errors import UnknownReferenceError
from headworks.seed.order import Step, edges_of, steps
from headworks.seed.records import Action, Mode, RowChange, SeedFile, SeedPlan, SeedRow, SeedSet

__all__ = ["FilePlan", "compare", "extra_rows", "groups", "plan", "snapshot"]


class FilePlan(msgspec.Struct, frozen=True):
    """What one file would change. `extra` are the rows that left it, by the columns of the key, as text."""

    step: Step
    inserts: tuple[SeedRow, ...]
    updates: tuple[SeedRow, ...]
    changes: tuple[RowChange, ...]
    unchanged: int
    extra: "tuple[ExtraRow, ...]"


class ExtraRow(msgspec.Struct, frozen=True):
    """A row of the database that a `sync` file does not have."""

    columns: Mapping[str, str]
    change: RowChange


def plan(connection: Connection, sets: Iterable[SeedSet]) -> SeedPlan:
    """What `apply` would do, as row changes.

    The connection is the caller's, autocommit or not. With no transaction open, everything is read in one read-only
    snapshot, which is closed again; within the caller's transaction, it is left as it was found. Raises
    `UnknownReferenceError` for a reference to a row that neither the files nor the database have, and a
    `SeedServerError` for what the server refuses.
    """
    ordered = steps(sets)
    with snapshot(connection):
        live = Live(connection)
        for step in ordered:
            with server_errors(step.file):
                live.check(step.file)
        plans = [compare(step, live, ordered) for step in ordered]
    changes = [change for each in plans for change in each.changes]
    changes += [extra.change for each in reversed(plans) for extra in each.extra]
    return SeedPlan(tuple(changes), {each.step.file.ref: each.unchanged for each in plans})


@contextmanager
def snapshot(connection: Connection) -> Iterator[None]:
    """One read-only snapshot, or a savepoint of the transaction that the caller has open."""
    idle = connection.info.transaction_status is TransactionStatus.IDLE
    with connection.transaction():
        if idle:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def compare(step: Step, live: Live, ordered: Sequence[Step]) -> FilePlan:
    """Compare one file with its table."""
    file = step.file
    seeded = {each.file.table.fullname: each.file for each in ordered}
    inserts: list[SeedRow] = []
    updates: list[SeedRow] = []
    changes: dict[int, RowChange] = {}
    unchanged = 0
    rows = [row for level in step.levels for row in level]
    places = {id(row): number for number, row in enumerate(rows)}
    for fields, group in groups(file, rows):
        source = Source(file, fields, live)
        for row, answer in _ask(source, group, live.connection):
            _check_references(file, row, answer, seeded)
            change = _change(file, row, fields, answer)
            if change is None:
                unchanged += 1
                continue
            (inserts if change.action is Action.INSERT else updates).append(row)
            changes[places[id(row)]] = change
    extra = extra_rows(file, live) if file.mode is Mode.SYNC else ()
    ordered_changes = tuple(change for _, change in sorted(changes.items()))
    return FilePlan(step, tuple(inserts), tuple(updates), ordered_changes, unchanged, extra)


def groups(file: SeedFile, rows: Iterable[SeedRow]) -> list[tuple[tuple[str, ...], list[SeedRow]]]:
    """The rows by the fields that they give: a field that a row leaves out is not compared, and not written."""
    found: dict[tuple[str, ...], list[SeedRow]] = {}
    every = file.fields  # looks at all rows: once, not once a row
    for row in rows:
        fields = tuple(field for field in every if field in row.values or field in row.links)
        found.setdefault(fields, []).append(row)
    return list(found.items())


class _Answer(msgspec.Struct, frozen=True):
    """What the server says of one row: whether it is there, and of each field: differs, old, new, unresolved."""

    found: bool
    fields: Mapping[str, tuple[bool, str | None, str | None, bool]]


def _ask(source: Source, rows: Sequence[SeedRow], connection: Connection) -> list[tuple[SeedRow, _Answer]]:
    selected: list[sql.Composable] = []
    for field in source.fields:
        unresolved = source.unresolved(field)
        selected += [source.differs(field), source.shown_in_table(field), source.shown(field)]
        selected.append(sql.SQL("false") if unresolved is None else unresolved)

    def query(part: Sequence[tuple[int, SeedRow]]) -> list[tuple[Any, ...]]:
        statement = sql.SQL("SELECT s.n, t.ctid IS NOT NULL, {} FROM {} LEFT JOIN {} AS t ON {} ORDER BY s.n").format(
            commas(selected), source.relation(part), identifier(source.file.table), source.match()
        )
        with connection.transaction():
            return fetch(connection, statement)

    numbered = list(enumerate(rows))
    with server_errors(source.file):
        try:
            answers = query(numbered)
        except (psycopg.DataError, psycopg.IntegrityError):
            # The database is stricter than the models. One row at a time says which line it is.
            answers = []
            for number, row in numbered:
                with server_errors(source.file, row.place):
                    answers += query([(number, row)])
    found = []
    for number, there, *values in answers:
        fields = {
            field: (bool(values[at]), _text(values[at + 1]), _text(values[at + 2]), bool(values[at + 3]))
            for field, at in zip(source.fields, range(0, len(values), 4), strict=True)
        }
        found.append((rows[number], _Answer(bool(there), fields)))
    return found


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _check_references(file: SeedFile, row: SeedRow, answer: _Answer, seeded: Mapping[str, SeedFile]) -> None:
    for field, (_, _, shown, unresolved) in answer.fields.items():
        if not unresolved:
            continue
        target = file.references[field].target.fullname
        known = {edge.field for edge in edges_of(file, seeded) if edge.by_key}
        if field in known:
            continue  # it is in a file, and about to be written: `load_set` has seen to that
        place = row.place_of(field)
        raise UnknownReferenceError(
            file=place.file,
            line=place.line,
            column=place.column,
            field=field,
            value=repr(shown),
            target=target,
            suggestion=f"no seed file given here writes {target}: seed the set that does as well, or add the row",
        )


def _change(file: SeedFile, row: SeedRow, fields: tuple[str, ...], answer: _Answer) -> RowChange | None:
    key = {field: answer.fields[field][2] for field in file.key}
    if not answer.found:
        new = {field: answer.fields[field][2] for field in fields}
        return _row_change(file, Action.INSERT, key, {}, new, row.line, row.place.file)
    if file.mode is Mode.INSERT:
        return None
    differing = [
        field
        for field in fields
        if field not in file.key
        and field not in file.insert_only
        and (answer.fields[field][0] or answer.fields[field][3])
    ]
    if not differing:
        return None
    old = {field: answer.fields[field][1] for field in differing}
    new = {field: answer.fields[field][2] for field in differing}
    return _row_change(file, Action.UPDATE, key, old, new, row.line, row.place.file)


def _row_change(
    file: SeedFile,
    action: Action,
    key: Mapping[str, str | None],
    old: Mapping[str, str | None],
    new: Mapping[str, str | None],
    line: int,
    path: str,
) -> RowChange:
    return RowChange(table=file.ref, action=action, key=key, old=old, new=new, file=path, line=line)


def extra_rows(file: SeedFile, live: Live) -> tuple[ExtraRow, ...]:
    """The rows of the table that the file does not have, in the order of their key."""
    source = Source(file, file.key, live)
    columns = [Name("t", column) for column in file.key_columns]
    shown = [source.shown_in_table(field) for field in file.fields]
    statement = sql.SQL("SELECT {}, {} FROM {} AS t WHERE NOT EXISTS (SELECT FROM {} WHERE {}) ORDER BY {}").format(
        commas(sql.SQL("{}::text").format(column) for column in columns),
        commas(shown),
        identifier(file.table),
        source.relation(enumerate(file.rows)),
        source.match(),
        commas(columns),
    )
    with server_errors(file):
        rows = fetch(live.connection, statement)
    found = []
    for row in rows:
        keys, values = row[: len(columns)], row[len(columns) :]
        old = dict(zip(file.fields, values, strict=True))
        change = _row_change(file, Action.DELETE, {name: old[name] for name in file.key}, old, {}, 1, file.path)
        found.append(ExtraRow(dict(zip(file.key_columns, keys, strict=True)), change))
    return tuple(found)
