"""Planned indexes as PostgreSQL prints them: built in a scratch database, and read back."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

import msgspec
import psycopg
from psycopg import sql

from headworks.config import PlannedIndex
from headworks.drift.pictures import picture_of
from headworks.postgres.connect import connect
from headworks.postgres.url import DatabaseUrl
from headworks.schema import Index, QualifiedName

__all__ = ["Builder", "Built", "Planned", "built_in", "unbuilt"]

Planned: TypeAlias = tuple[QualifiedName, PlannedIndex]
"""A table, and an index that is planned on it."""


class Built(msgspec.Struct, frozen=True):
    """What became of a planned index: PostgreSQL's own print of it, or what PostgreSQL says against it.

    Neither where it was not tried.
    """

    index: Index | None = None
    refusal: str | None = None


Builder: TypeAlias = Callable[[Sequence[Planned]], Sequence[Built]]
"""Builds planned indexes where that can be done."""


def unbuilt(planned: Sequence[Planned]) -> list[Built]:
    """Of none of them, where there is no scratch database to build them in."""
    return [Built() for _ in planned]


def built_in(url: DatabaseUrl, planned: Sequence[Planned]) -> list[Built]:
    """Build them in the scratch database at `url`, which has their tables, and read them back."""
    with connect(url) as connection:
        refusals = [_build(connection, _name(number), one) for number, one in enumerate(planned)]
    found = {(one.schema, one.table, one.name): one for one in picture_of(url).all(Index)}
    return [
        Built(found.get((*table, _name(number))), refusal)
        for number, ((table, _), refusal) in enumerate(zip(planned, refusals, strict=True))
    ]


def _name(number: int) -> str:
    return f"planned_by_headworks_{number}"


def _build(connection: "psycopg.Connection[tuple[object, ...]]", name: str, planned: Planned) -> str | None:
    try:
        connection.execute(_statement(name, planned))
    except psycopg.errors.UniqueViolation:
        # Rows that the history itself has written: whether they may repeat is not asked here, but what it would be.
        table, index = planned
        return _build(connection, name, (table, msgspec.structs.replace(index, unique=False)))
    except psycopg.Error as error:
        return str(error.diag.message_primary or error).splitlines()[0]
    return None


def _statement(name: str, planned: Planned) -> sql.Composed:
    (schema, table), index = planned
    # Of a config's file, which is the project's own, as its revisions are; and the database is a scratch one.
    keys, where = sql.SQL(", ".join(index.keys)), sql.SQL(f" WHERE {index.where}" if index.where else "")
    return sql.SQL("CREATE {}INDEX {} ON {} USING {} ({}){}").format(
        sql.SQL("UNIQUE " if index.unique else ""),
        sql.Identifier(name),
        sql.Identifier(schema, table),
        sql.Identifier(index.method),
        keys,
        where,
    )
