"""Statements tried on a database, and taken back: what PostgreSQL says of each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress

import msgspec
import psycopg
from psycopg import sql

from headworks.gate.compat.statements import Insert, TableStatements, Update
from headworks.postgres.connect import connect
from headworks.postgres.url import DatabaseUrl

__all__ = ["NO_SUCH_COLUMN", "Refusal", "Trial", "outcomes", "working"]

_ROWS = 20
"""Rows of each table whose values are tried."""

NO_SUCH_COLUMN = "42703"
"""A SQLSTATE."""

_TAKEN = ("23505", "23P01")

_PRIMARY_KEY = """
SELECT attname::text
FROM pg_catalog.pg_index AS i
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey::int[])
WHERE i.indrelid = pg_catalog.to_regclass(%s) AND i.indisprimary
ORDER BY a.attnum
"""
_COLUMNS = """
SELECT attname::text FROM pg_catalog.pg_attribute
WHERE attrelid = pg_catalog.to_regclass(%s) AND attnum > 0 AND NOT attisdropped
"""


class Trial(msgspec.Struct, frozen=True):
    """One statement, a SELECT if neither `insert` nor `update` is there.

    These have the values of one row: `row` by column, as text, and the columns of its key.
    """

    table: TableStatements
    insert: Insert | None = None
    update: Update | None = None
    row: Mapping[str, str | None] | None = None
    key: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        """SELECT, INSERT or UPDATE."""
        return "INSERT" if self.insert is not None else "UPDATE" if self.update is not None else "SELECT"


class Refusal(msgspec.Struct, frozen=True):
    """What PostgreSQL says of a statement that it does not take: its SQLSTATE, its message, the column if it is one's.

    `lacking` are columns that are not there either, of which it does not speak, as it names the first one alone.
    `unclear`: the row itself may still be there, under another key, and be in its own way; or another row may have its
    old value by now.
    """

    state: str
    message: str
    column: str | None = None
    unclear: bool = False
    lacking: tuple[str, ...] = ()

    @property
    def each(self) -> "tuple[Refusal, ...]":
        """One for each reason: itself, and for every other column that is gone one that says so."""
        others = (Refusal(self.state, f'column "{name}" does not exist', name) for name in self.lacking)
        return (self, *others)

    @property
    def reason(self) -> tuple[str, str | None]:
        """What tells it from another refusal of the same statement."""
        return (self.state, self.column)


def working(url: DatabaseUrl, tables: Iterable[TableStatements]) -> tuple[list[Trial], dict[tuple[str, str], str]]:
    """The trials that the database takes, with rows that are in its tables; of the others, (table, word): why not.

    A table without rows has its INSERT planned and not run, and no UPDATE. A table whose rows nobody may change takes
    none either, and that is said in the same way.
    """
    found: list[Trial] = []
    untold: dict[tuple[str, str], str] = {}
    with connect(url) as connection:
        for table in tables:
            if table.unsaid:
                untold |= dict.fromkeys(((str(table), "SELECT"), (str(table), "INSERT")), table.unsaid)
                continue
            if (refusal := _tried(connection, select := Trial(table))) is not None:
                untold |= dict.fromkeys(((str(table), "SELECT"), (str(table), "INSERT")), refusal.message)
                continue
            found.append(select)
            rows = list(_rows(connection, table))
            inserts, reason = _inserts(connection, table, rows)
            found += inserts
            if reason:
                untold[str(table), "INSERT"] = reason
            updates, reason = _updates(connection, table, rows)
            found += updates
            if reason:
                untold[str(table), "UPDATE"] = reason
    return found, untold


def outcomes(url: DatabaseUrl, trials: Iterable[Trial]) -> list[Refusal | None]:
    """What the database says of each: `None` when it takes it, or says nothing that is clear."""
    with connect(url) as connection:
        said = [_tried(connection, trial) for trial in trials]
    return [None if one is None or one.unclear else one for one in said]


def _inserts(
    connection: psycopg.Connection, table: TableStatements, rows: Sequence[Mapping[str, str | None]]
) -> tuple[list[Trial], str]:
    """The rows that can be inserted anew, in the first form that takes any; and why none can."""
    key = tuple(name for (name,) in connection.execute(_PRIMARY_KEY, [_quoted(table)]))
    if not rows:
        planned = Trial(table, table.inserts[0])
        refusal = _tried(connection, planned)
        return ([planned], "") if refusal is None else ([], refusal.message)
    reason = ""
    for insert in table.inserts:
        trials = [Trial(table, insert, row=row, key=key) for row in rows]
        tried = [(trial, _tried(connection, trial)) for trial in trials]
        if taken := [trial for trial, refusal in tried if refusal is None]:
            return taken, ""
        reason = next(refusal.message for _, refusal in tried if refusal is not None)
    return [], reason


def _updates(
    connection: psycopg.Connection, table: TableStatements, rows: Sequence[Mapping[str, str | None]]
) -> tuple[list[Trial], str]:
    """Each column set anew to the value that it has in one row, which must be taken; and why one is not."""
    found: list[Trial] = []
    reason = ""
    for update in table.updates if rows else ():
        row = next((one for one in rows if one.get(update.columns[0]) is not None), rows[0])
        trial = Trial(table, update=update, row=row)
        if (refusal := _tried(connection, trial)) is None:
            found.append(trial)
        else:
            reason = reason or refusal.message
    return found, reason


def _tried(connection: psycopg.Connection, trial: Trial) -> Refusal | None:
    again = True
    try:
        with connection.transaction(force_rollback=True):
            if trial.update is not None:
                connection.execute(trial.update.sql.encode(), _values(trial.update.columns, trial.row or {}))
                connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
            elif trial.insert is None:
                connection.execute(trial.table.select.encode(), {})
            elif trial.row is None:
                nothing = dict.fromkeys((f"headworks_{place}" for place, _ in enumerate(trial.insert.columns)))
                connection.execute(f"EXPLAIN {trial.insert.sql}".encode(), nothing)
            else:
                again = _without(connection, trial)
                connection.execute(trial.insert.sql.encode(), _values(trial.insert.columns, trial.row))
                connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except psycopg.Error as error:
        state = error.sqlstate or ""
        unclear = state in _TAKEN and (trial.update is not None or not again)
        columns = _columns(connection, trial, error)
        return Refusal(state, str(error).partition("\n")[0], next(iter(columns), None), unclear, columns[1:])
    return None


def _values(columns: Sequence[str], row: Mapping[str, str | None]) -> dict[str, str | None]:
    return {f"headworks_{place}": row.get(name) for place, name in enumerate(columns)}


def _without(connection: psycopg.Connection, trial: Trial) -> bool:
    """Remove the row that is about to be inserted, under the eyes of no trigger and no key; whether it was there.

    Where the role may not switch those off the row stays, and a unique value is in its own way.
    """
    assert trial.row is not None
    if not trial.key:
        return False
    same = sql.SQL(" AND ").join(
        sql.SQL("{}::text = {}").format(sql.Identifier(name), sql.Literal(trial.row[name])) for name in trial.key
    )
    removed = False
    with suppress(psycopg.Error), connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        statement = sql.SQL("DELETE FROM {} WHERE {}").format(_named(trial.table), same)
        removed = connection.execute(statement).rowcount > 0
        connection.execute("SET LOCAL session_replication_role = origin")
    return removed


def _rows(connection: psycopg.Connection, table: TableStatements) -> Iterator[dict[str, str | None]]:
    names = [name for (name,) in connection.execute(_COLUMNS, [_quoted(table)])]
    if not names:
        return
    columns = sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(name)) for name in names)
    statement = sql.SQL("SELECT {} FROM {} LIMIT {}").format(columns, _named(table), _ROWS)
    for row in connection.execute(statement):
        yield dict(zip(names, row, strict=True))


def _columns(connection: psycopg.Connection, trial: Trial, error: psycopg.Error) -> tuple[str, ...]:
    """The columns that a refusal is about: some name one apart; of those that there are not, all that are gone."""
    if error.diag.column_name:
        return (error.diag.column_name,)
    if error.sqlstate != NO_SUCH_COLUMN:
        return ()
    there = {name for (name,) in connection.execute(_COLUMNS, [_quoted(trial.table)])}
    said = trial.update.columns if trial.update is not None else trial.table.columns
    return tuple(name for name in said if name not in there)


def _named(table: TableStatements) -> sql.Identifier:
    return sql.Identifier(*(part for part in (table.schema, table.name) if part))


def _quoted(table: TableStatements) -> str:
    return _named(table).as_string(None)
