"""The rows of the scratch database that a walk is in: filled, looked at, and how far that went."""

from collections.abc import Sequence
from typing import Any

import msgspec
import psycopg

from headworks.gate.data.content import Content, count_rows, read_contents
from headworks.gate.data.fill import Filler
from headworks.gate.data.tables import TableShape, read_tables
from headworks.postgres.connect import connect
from headworks.postgres.url import DatabaseUrl
from headworks.schema.quoting import identifier

__all__ = ["Rows", "Unfilled"]

_SETTINGS = """
SET jit = off;
SET plan_cache_mode = force_generic_plan;
SET synchronous_commit = off;
SET statement_timeout = '20s';
SET TimeZone = 'UTC';
SET DateStyle = 'ISO, YMD';
SET IntervalStyle = 'postgres';
SET bytea_output = 'hex';
SET extra_float_digits = 1;
"""


_PREPARED = 5_000


class Unfilled(msgspec.Struct, frozen=True):
    """A table that took no row, with the reason; `revision` is the one after which that was so."""

    table: str
    schema: str
    name: str
    revision: str | None
    reason: str


class Rows:
    """What the tables hold, read over a connection of its own that stays open while the walk is in a database.

    `contents` is what was last read.
    """

    def __init__(self, version_tables: Sequence[tuple[str, str]]) -> None:
        self._version_tables = version_tables
        self._connection: psycopg.Connection[Any] | None = None
        self._filler: Filler | None = None
        self._tables: dict[int, TableShape] = {}
        self._known: dict[int, TableShape] = {}
        self._schemas: set[str] = set()
        self._names: set[str] = set()
        self._unfilled: dict[str, Unfilled] = {}
        self.contents: dict[int, Content] = {}

    def enter(self, url: DatabaseUrl) -> None:
        """Go to a new database."""
        self.leave()
        self._connection = connect(url)
        self._connection.execute(_SETTINGS)
        # The same questions after every step: what `connect` leaves out for the sake of poolers.
        self._connection.prepare_threshold = 5
        self._connection.prepared_max = _PREPARED
        self._filler = Filler(self._connection)

    def revive(self, url: DatabaseUrl) -> None:
        """Where somebody has ended the session, begin another one."""
        try:
            if self._connection is not None:
                self._connection.execute("SELECT 1")
        except psycopg.OperationalError:
            self.enter(url)

    def leave(self) -> None:
        """Forget the database; what was counted is kept."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._tables, self._known, self.contents = {}, {}, {}
        self._schemas = {"public"}

    def look(self) -> dict[int, Content]:
        """What the tables hold now."""
        assert self._connection is not None
        self._tables = read_tables(self._connection, self._version_tables, self._tables)
        self.contents = read_contents(self._connection, self._tables.values(), self.contents)
        return self.contents

    def unchanged(self) -> bool:
        """Whether all is as it was when it was looked at last."""
        tables, contents = self._tables, self.contents
        self.look()
        return (
            list(tables) == list(self._tables)
            and all(self._tables[oid] is table for oid, table in tables.items())
            and all(self.contents[oid] is content for oid, content in contents.items())
        )

    def fill(self, revision: str | None) -> None:
        """Add rows to the tables that are new, changed or empty since it was called last."""
        assert self._connection is not None
        assert self._filler is not None
        self.look()
        self._see_schemas()
        tables = self._tables
        rows = {oid: content.count for oid, content in self.contents.items()}
        wanted = {oid for oid, table in tables.items() if self._changed(table)}
        # One that took no row before may take one when another table has rows at last.
        wanted |= {oid for oid in rows if not rows[oid] and (wanted or tables[oid].path not in self._unfilled)}
        rows |= count_rows(self._connection, [tables[oid] for oid in wanted if tables[oid].partition])
        again = {oid for oid in wanted if oid in self._known and rows.get(oid)}
        why = self._filler.fill(tables, wanted, rows, again=again)
        if wanted:
            # A trigger may have written elsewhere.
            some = tables if self._filler.triggered else {oid: tables[oid] for oid in self._with_roots(wanted)}
            self.contents = self.contents | read_contents(self._connection, some.values(), self.contents)
        self._known = tables
        for oid, table in tables.items():
            self._names.add(table.path)
            if oid in why:
                found = Unfilled(table.path, table.schema, table.name, revision, why[oid])
                self._unfilled.setdefault(table.path, found)

    @property
    def tables_seen(self) -> int:
        """How many tables there were, by name, over the whole walk."""
        return len(self._names)

    @property
    def columns(self) -> frozenset[tuple[str, str, str]]:
        """The columns of the tables when they were looked at last: schema, table, name."""
        return frozenset((one.schema, one.name, field.name) for one in self._tables.values() for field in one.fields)

    @property
    def held(self) -> int:
        """How many rows the tables hold."""
        return sum(one.count for one in self.contents.values())

    @property
    def unfilled(self) -> list[Unfilled]:
        """The tables that could not be filled, the first time that this was so."""
        return list(self._unfilled.values())

    def _changed(self, table: TableShape) -> bool:
        """Whether its columns or constraints are other ones than when it was filled."""
        known = self._known.get(table.oid)
        return known is None or known.shape != table.shape

    def _with_roots(self, oids: set[int]) -> set[int]:
        """These tables, and where one is a partition all partitioned ones."""
        if not any(self._tables[oid].partition for oid in oids):
            return oids
        return oids | {oid for oid, table in self._tables.items() if table.kind == "p"}

    def _see_schemas(self) -> None:
        """Let triggers, and checks as PostgreSQL prints them, find what they name in the project's schemas."""
        assert self._connection is not None
        schemas = {table.schema for table in self._tables.values()}
        if not schemas <= self._schemas:
            self._schemas |= schemas
            path = ", ".join(["public", *(identifier(name) for name in sorted(self._schemas - {"public"}))])
            self._connection.execute(f"SET search_path = {path}")
