"""Ask the server, over a connection of any driver, what a statement has done: one query, answered in one JSON text."""

from functools import cache
from importlib.resources import files
from string import Template
from typing import Any

import msgspec
import psycopg

from headworks.gate.locks.seen import Changes, Parts, Relation, State

__all__ = ["Before", "before", "changes", "committed", "difference", "held", "relations", "rows_of", "send_counters"]


class Before(msgspec.Struct, frozen=True):
    """The database's name, the backend's process, and the relations that there are."""

    database: str
    backend: int
    relations: tuple[Relation, ...]


class _States(msgspec.Struct, frozen=True):
    relations: tuple[State, ...]


def relations(connection: Any) -> Before:
    """What there is, asked over the revision's own connection (of a DBAPI driver)."""
    return msgspec.json.decode(_ask(connection, _query("relations")), type=Before)


def held(connection: Any) -> dict[int, State]:
    """By OID: what this connection's transaction holds locked."""
    return _states(_ask(connection, _query("held")))


def committed(outside: "psycopg.Connection[Any]", oids: list[int]) -> dict[int, State]:
    """By OID: these relations as everybody sees them, asked over a connection of our own."""
    row = outside.execute(_query("committed"), [oids]).fetchone()
    assert row is not None
    return _states(row[0])


def before(outside: "psycopg.Connection[Any]", oid: int) -> Parts:
    """What a relation consists of for everybody but the transaction that has it locked."""
    row = outside.execute(_query("before"), [oid]).fetchone()
    return msgspec.json.decode(row[0], type=Parts) if row else Parts()


def difference(before: Parts, after: Parts) -> tuple[list[int], list[int], list[int]]:
    """OIDs of new indexes, OIDs of constraints that are new or newly valid, numbers of new or changed columns."""
    return (
        [oid for oid in after.indexes if oid not in before.indexes],
        [int(oid) for oid, valid in after.constraints.items() if valid and not before.constraints.get(oid)],
        [int(number) for number, column in after.columns.items() if before.columns.get(number) != column],
    )


def changes(connection: Any, oid: int, before: Parts, after: Parts) -> Changes:
    """What of the relation is new or changed, by name, asked over the connection that changed it."""
    indexes, constraints, columns = difference(before, after)
    attached = after.partition and not before.partition
    if not (indexes or constraints or columns or attached):
        return Changes()
    filled = Template(_query("details")).substitute(
        oid=oid,
        attached=str(attached).lower(),
        indexes=",".join(map(str, indexes)),
        constraints=",".join(map(str, constraints)),
        columns=",".join(map(str, columns)),
    )
    found = msgspec.json.decode(_ask(connection, filled), type=Changes)
    were = {number: before.columns[str(number)] for number in columns if str(number) in before.columns}
    return msgspec.structs.replace(found, were=were)


def rows_of(connection: Any, oid: int) -> int:
    """The rows of a relation now, without those of its partitions."""
    name = _ask(connection, f"SELECT {int(oid)}::pg_catalog.regclass::text")
    return int(_ask(connection, f"SELECT pg_catalog.count(*)::text FROM ONLY {name}"))  # noqa: S608 - as the server quotes it


def send_counters(connection: Any) -> None:
    """Have the backend send its counters when it is done with this."""
    _ask(connection, "SELECT pg_catalog.pg_stat_force_next_flush()::text")


def _states(text: str) -> dict[int, State]:
    return {one.oid: one for one in msgspec.json.decode(text, type=_States).relations}


def _ask(connection: Any, query: str) -> str:
    """Not through SQLAlchemy, which would tell our own listeners."""
    cursor = connection.cursor()
    try:
        cursor.execute(query)
        return str(cursor.fetchone()[0])
    finally:
        cursor.close()


@cache
def _query(name: str) -> str:
    folder = files("headworks.gate.locks") / "queries"
    text = (folder / f"{name}.sql").read_text(encoding="utf-8")
    return text.replace("/*parts*/", (folder / "parts.sql").read_text(encoding="utf-8"))
