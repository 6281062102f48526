"""Rows for tables: each is tried on the server, and another one where it is refused."""

import contextlib
import graphlib
from collections.abc import Callable, Container, Iterable, Mapping
from typing import Any

import msgspec
import psycopg

from headworks.gate.data.choices import Choices, NoChoice, choices_for, server_makes
from headworks.gate.data.needs import Needs, Reference, read_needs
from headworks.gate.data.tables import TableShape
from headworks.gate.data.twins import Row, filled_up, twin, twins
from headworks.gate.data.types import Types
from headworks.schema.quoting import identifier, literal

__all__ = ["Filler"]

_TRIES = {"full": 16, "twin": 8, "odd": 8, "empty": 4}
_HOPELESS = ("42", "0A", "XX", "58", "53")
"""Classes of errors that no other row would avoid: a trigger that is broken, no room left."""

_PARTITIONS = """
SELECT i.inhrelid::int8, i.inhparent::int8 FROM pg_catalog.pg_inherits AS i
JOIN pg_catalog.pg_class AS c ON c.oid = i.inhrelid WHERE c.relispartition
"""


class Filler:
    """Fills tables of one database. The connection is in autocommit mode, its role owns the tables.

    A new table gets four rows: one with no nulls, one with as many as may be, one with long and odd values, and one
    like the first but for what must be unique. One that was filled before gets two more, with no nulls and like that.
    """

    def __init__(self, connection: "psycopg.Connection[Any]") -> None:
        self._connection = connection
        self._types = Types()
        self._tables: Mapping[int, TableShape] = {}
        self._needs: dict[int, Needs] = {}
        self._above: dict[int, int] = {}
        self._rows: dict[int, int] = {}
        self._chosen: dict[int, Choices] = {}
        self._taken: dict[int, Row] = {}  # the first row that each took
        self._why: dict[int, str] = {}

    @property
    def triggered(self) -> bool:
        """Whether triggers ran on what was filled last."""
        return any(one.refusals for one in self._needs.values())

    def fill(
        self, tables: Mapping[int, TableShape], wanted: Iterable[int], rows: Mapping[int, int], *, again: Container[int]
    ) -> dict[int, str]:
        """Add rows to the `wanted` ones of all `tables`.

        `rows` says how many each has, `again` which were filled before and hold rows. Returns why, for each that is
        still empty.
        """
        some = [tables[oid] for oid in sorted(wanted)]
        if not some:
            return {}
        self._tables, self._rows, self._why, self._chosen, self._taken = tables, dict(rows), {}, {}, {}
        self._above = self._partitions()
        leaves = [one for one in some if one.kind == "r"]
        self._needs = read_needs(self._connection, leaves)
        self._types.load(self._connection, {field.type for one in leaves for field in one.fields})
        self._first_rows(leaves, again)
        for table in leaves:
            if self._held(table.oid):
                self._later_rows(table, odd=table.oid not in again)
        return {one.oid: self._reason(one) for one in some if not self._held(one.oid)}

    def _partitions(self) -> dict[int, int]:
        if not any(one.partition or one.kind == "p" for one in self._tables.values()):
            return {}
        return dict(self._connection.execute(_PARTITIONS).fetchall())

    def _held(self, oid: int) -> bool:
        return self._rows.get(oid, 0) > 0

    def _reason(self, table: TableShape) -> str:
        if table.kind == "p" and not any(above == table.oid for above in self._above.values()):
            return "it has no partition"
        return self._why.get(table.oid, "none of its partitions could be filled")

    # Which table when

    def _first_rows(self, tables: list[TableShape], again: Container[int]) -> None:
        """A row for each, parents first; those that need each other in one statement."""
        left = {table.oid: table for table in tables}
        while left:
            ready = [table for table in left.values() if not any(self._lacking(table))]
            for table in ready:
                del left[table.oid]
                self._first_row(table, alone=table.oid in again)
            if ready:
                continue
            knot = self._knot(left)
            for oid in knot or list(left):
                self._why[oid] = f"it needs a row of {', '.join(self._named(left[oid]))}"
            if knot:
                self._tie([left[oid] for oid in knot])
            for oid in knot or list(left):
                del left[oid]
                if self._held(oid):
                    self._why.pop(oid, None)

    def _lacking(self, table: TableShape) -> Iterable[Reference]:
        """The foreign keys that must point somewhere, and have nowhere to point to."""
        for one in self._needs[table.oid].references:
            fields = [field for number in one.columns if (field := table.field(number))]
            bound = [field.not_null or self._types.refuses_null(field.type) for field in fields]
            if (any(bound) if one.full else all(bound)) and not self._held(one.table):
                yield one

    def _named(self, table: TableShape) -> list[str]:
        names = (self._tables[one.table].path for one in self._lacking(table) if one.table in self._tables)
        return list(dict.fromkeys(names)) or ["a table that is not the project's"]

    def _knot(self, left: Mapping[int, TableShape]) -> list[int]:
        """Tables in a circle of foreign keys that must point somewhere."""
        graph = {oid: {one.table for one in self._lacking(table)} & left.keys() for oid, table in left.items()}
        try:
            graphlib.TopologicalSorter(graph).prepare()
        except graphlib.CycleError as error:
            return list(dict.fromkeys(error.args[1]))
        return []

    # One table

    def _first_row(self, table: TableShape, *, alone: bool) -> None:
        """The full row, and unless it is to be `alone` the empty one."""
        try:
            choices = self._choices(table)
        except NoChoice as error:
            self._why[table.oid] = str(error)
            return
        self._chosen[table.oid] = choices
        kinds = ["full"] if alone else ["full", "empty"]
        together = [choices.row(kind, place) for place, kind in enumerate(kinds)]
        if self._tried(table, choices, together) is None:
            self._taken[table.oid] = together[0]
            return
        refused = self._put(table, choices, "full")
        if refused is not None and (texts := self._needs[table.oid].refusals):
            with contextlib.suppress(NoChoice):  # what a trigger wants may stand in its text
                self._chosen[table.oid] = choices = self._choices(table, extra=texts)
                refused = self._put(table, choices, "full")
        if refused is not None or not alone:
            self._put(table, choices, "empty")
        if refused is not None:
            self._why[table.oid] = refused

    def _later_rows(self, table: TableShape, *, odd: bool) -> None:
        """The twins, and the `odd` one: now that all tables have rows."""
        choices = self._chosen.get(table.oid)
        if choices is None or any(one.table in self._needs for one in self._needs[table.oid].references):
            try:
                choices = self._choices(table)
            except NoChoice:
                return
        first = self._taken.get(table.oid)
        if first is not None and (fuller := filled_up(choices, first)) is not None:
            first = self._twin(table, choices, fuller, 0) or first  # it has no twin itself yet
        firsts = [first] * twins(choices) if first is not None else []
        rows = [twin(choices, row, place, 0) for place, row in enumerate(firsts)]
        rows += [choices.row("odd", 0)] if odd else []
        if rows and self._tried(table, choices, rows) is not None:
            for place, row in enumerate(firsts):
                self._twin(table, choices, row, place)
            if odd:
                self._put(table, choices, "odd")

    def _choices(self, table: TableShape, extra: Iterable[str] = ()) -> Choices:
        return choices_for(
            self._connection,
            self._types,
            table,
            self._needs[table.oid],
            self._tables,
            start=self._rows.get(table.oid, 0),
            extra=list(extra),
        )

    def _put(self, table: TableShape, choices: Choices, kind: str) -> str | None:
        """Try rows of this kind until one is taken; why the last was not."""
        row, refused = self._first_taken(table, choices, kind, lambda variant: choices.row(kind, variant))
        if row is not None:
            self._taken.setdefault(table.oid, row)
        return refused and refused.partition(" ")[2]

    def _twin(self, table: TableShape, choices: Choices, row: Row, place: int) -> Row | None:
        return self._first_taken(table, choices, "twin", lambda variant: twin(choices, row, place, variant))[0]

    def _first_taken(
        self, table: TableShape, choices: Choices, kind: str, made: Callable[[int], dict[int, str | None]]
    ) -> tuple[Row | None, str | None]:
        """The first of some rows that the server takes, or what it said of the last."""
        refused: str | None = None
        seen: list[Row] = []
        for variant in range(_TRIES[kind]):
            if (row := made(variant)) in seen:
                continue
            seen.append(row)
            refused = self._tried(table, choices, [row])
            if refused is None:
                return row, None
            if refused.startswith(_HOPELESS):
                break
        return None, refused

    def _tried(self, table: TableShape, choices: Choices, rows: list[dict[int, str | None]]) -> str | None:
        """Insert them; the error's code and what the server said, if it did not take them."""
        try:
            taken = self._connection.execute(self._insert(table, choices, rows)).rowcount
        except psycopg.Error as error:
            return f"{error.sqlstate} {error.diag.message_primary or error}"
        if taken < 1:
            return "00000 a trigger or a rule takes rows away before they are in"
        self._count(table.oid, taken)
        return None

    def _count(self, oid: int, taken: int) -> None:
        self._rows[oid] = self._rows.get(oid, 0) + taken
        while (above := self._above.get(oid)) is not None:
            self._rows[above] = self._rows.get(above, 0) + taken
            oid = above

    def _insert(self, table: TableShape, choices: Choices, rows: list[dict[int, str | None]]) -> str:
        top = table
        while top.partition and self._above.get(top.oid) in self._tables:
            top = self._tables[self._above[top.oid]]  # whose columns know their sequences
        named = [table.field(number) for number in rows[0]]
        columns = [identifier(field.name) for field in named if field is not None]
        if not columns:
            return f"INSERT INTO {top.sql} DEFAULT VALUES"
        lines = (", ".join("NULL" if text is None else literal(text) for text in row.values()) for row in rows)
        values = ", ".join(f"({line})" for line in lines)
        return f"INSERT INTO {top.sql} ({', '.join(columns)}) OVERRIDING SYSTEM VALUE VALUES {values}"  # noqa: S608

    # Several tables that need each other

    def _tie(self, tables: list[TableShape]) -> None:
        """One statement for a row of each: the foreign keys are looked at when it ends."""
        try:
            keys = self._keys_of(tables)
            chosen = [
                choices_for(
                    self._connection,
                    self._types,
                    table,
                    self._needs[table.oid],
                    self._tables,
                    start=self._rows.get(table.oid, 0),
                    pinned=keys[table.oid],
                    given=keys,
                )
                for table in tables
            ]
        except NoChoice as error:
            for table in tables:
                self._why[table.oid] = str(error)
            return
        for variant in range(_TRIES["full"]):
            rows = [choices.row("full", variant) for choices in chosen]
            parts = [
                f"i{place} AS ({self._insert(table, choices, [row])})"
                for place, (table, choices, row) in enumerate(zip(tables, chosen, rows, strict=True))
            ]
            try:
                self._connection.execute(f"WITH {', '.join(parts)} SELECT")
            except psycopg.Error as error:
                for table in tables:
                    self._why[table.oid] = error.diag.message_primary or str(error)
                continue
            for table, row in zip(tables, rows, strict=True):
                self._count(table.oid, 1)
                self._taken[table.oid] = row
            return

    def _keys_of(self, tables: list[TableShape]) -> dict[int, dict[int, str]]:
        """Values for the columns that the others of the circle point to. Raises `NoChoice`."""
        inside = {table.oid: table for table in tables}
        wanted: dict[int, set[int]] = {oid: set() for oid in inside}
        for table in tables:
            for one in self._needs[table.oid].references:
                if one.table in inside:
                    wanted[one.table].update(one.theirs)
        found: dict[int, dict[int, str]] = {oid: {} for oid in inside}
        for table in tables:
            needs = self._needs[table.oid]
            # Without the foreign keys inside of the circle: these will be met.
            alone = msgspec.structs.replace(
                needs, references=[one for one in needs.references if one.table not in inside]
            )
            drawn = choices_for(
                self._connection, self._types, table, alone, self._tables, start=self._rows.get(table.oid, 0)
            ).row("full", 0)
            for number in sorted(wanted[table.oid]):
                if (text := drawn.get(number)) is None:
                    text = self._next(table, number)
                found[table.oid][number] = text
        return found

    def _next(self, table: TableShape, number: int) -> str:
        """What the server would have put into a column."""
        field = table.field(number)
        default = self._needs[table.oid].defaults.get(number)
        if field is None or not (default or server_makes(field, self._needs[table.oid])):
            raise NoChoice("a circle of foreign keys goes through a column that may be null")
        sequence = f"pg_catalog.pg_get_serial_sequence({literal(table.sql)}, {literal(field.name)})"
        row = self._connection.execute(f"SELECT ({default or f'nextval({sequence})'})::text").fetchone()
        assert row is not None
        return str(row[0])
