"""The rows that a table could take: candidates for each column, and which of them go together, as the server says.

Columns that share a check or a foreign key are looked at together: the server joins their candidates and keeps those
that the checks, as it printed them, let pass. Nothing of an expression is understood here.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
import psycopg

from headworks.gate.data.constants import Constants
from headworks.gate.data.needs import Needs, Reference
from headworks.gate.data.tables import Field, TableShape
from headworks.gate.data.types import FIRST_USER_OID, Types
from headworks.gate.data.values import candidates, is_known
from headworks.schema.quoting import identifier, literal

__all__ = ["Choices", "NoChoice", "Option", "Unit", "choices_for"]

_TOGETHER = 30_000
"""Combinations that the server is asked to judge at once."""

_FULL, _ODD, _EMPTY = 40, 6, 12
_PARENTS = 20

Option = tuple[str | None, ...]


class NoChoice(Exception):
    """Why there is no row that the table could take."""


class Unit(msgspec.Struct):
    """Columns whose values go together. `full` has few nulls, the oddest option last; `empty` has as many as may be."""

    numbers: tuple[int, ...]
    full: list[Option]
    empty: list[Option]

    @property
    def emptiest(self) -> list[Option]:
        """Those of `empty` that have as many nulls as the first."""
        most = self.empty[0].count(None)
        return [one for one in self.empty if one.count(None) == most]


class Choices(msgspec.Struct):
    """What to draw the rows of one table from. Columns in no unit are the server's to make."""

    table: TableShape
    units: list[Unit]
    unique: list[tuple[int, ...]]
    """The columns of each unique index."""

    def row(self, kind: str, variant: int) -> dict[int, str | None]:
        """A row of a kind, by column; another one for each variant, as long as there are.

        `full` has no nulls, `empty` has as many as may be, `odd` has the oddest values.
        """
        found: dict[int, str | None] = {}
        for place, unit in enumerate(self.units):
            options = unit.emptiest if kind == "empty" else unit.full
            step = variant + variant // 4 * place
            if kind == "odd":
                step = -1 - step
            found.update(zip(unit.numbers, options[step % len(options)], strict=True))
        return found


def choices_for(
    connection: "psycopg.Connection[Any]",
    types: Types,
    table: TableShape,
    needs: Needs,
    parents: Mapping[int, TableShape],
    *,
    start: int = 0,
    pinned: Mapping[int, str] | None = None,
    given: Mapping[int, Mapping[int, str]] | None = None,
    extra: Sequence[str] = (),
) -> Choices:
    """Raises `NoChoice` with the reason.

    `pinned` are values that are settled; `given` are rows of parents that are about to be there; `extra` are texts with
    more constants to try.
    """
    return _Chooser(connection, types, table, needs, parents, start, pinned or {}, given or {}, extra).choose()


class _Chooser:
    def __init__(
        self,
        connection: "psycopg.Connection[Any]",
        types: Types,
        table: TableShape,
        needs: Needs,
        parents: Mapping[int, TableShape],
        start: int,
        pinned: Mapping[int, str],
        given: Mapping[int, Mapping[int, str]],
        extra: Sequence[str],
    ) -> None:
        self._connection = connection
        self._types = types
        self._table = table
        self._parents = parents
        self._start = start
        self._pinned = pinned
        self._given = given
        self._extra = list(extra)
        self._needs = needs
        self._references = sorted(needs.references, key=lambda one: (self._may_be_null(one), len(one.columns)))
        inside = {number for one in needs.references for number in one.columns}
        self._fields = {
            field.number: field
            for field in table.kept
            if field.number in pinned or field.number in inside or not server_makes(field, needs)
        }
        # What the queries name by themselves begins as no column does.
        self._mark = "#"
        while any(field.name.startswith(self._mark) for field in table.fields):
            self._mark += "#"
        self._checks = [one for one in needs.checks if one.columns and all(n in self._fields for n in one.columns)]

    def choose(self) -> Choices:
        units = [self._unit(numbers) for numbers in self._components()]
        return Choices(self._table, units, self._needs.unique)

    def _components(self) -> list[list[int]]:
        """Columns that share a check or a foreign key, and single ones, in the order of the table."""
        home = {number: [number] for number in self._fields}
        for columns in (*(one.columns for one in self._checks), *(one.columns for one in self._references)):
            first = home[columns[0]]
            for number in columns[1:]:
                other = home[number]
                if other is not first:
                    first += other
                    for moved in other:
                        home[moved] = first
        return list({id(one): sorted(one) for one in home.values()}.values())

    def _unit(self, numbers: list[int]) -> Unit:
        inside = set(numbers)
        references = [one for one in self._references if set(one.columns) <= inside]
        joint = [one.expression for one in self._checks if set(one.columns) <= inside and len(set(one.columns)) > 1]
        pools = {number: self._pool(self._fields[number]) for number in numbers if not _provided(number, references)}
        if not references and not joint:
            number = numbers[0]
            full: list[Option] = [(text,) for text in pools[number]]
            empty: list[Option] = [(None,), *full] if self._nullable(self._fields[number]) else full
            if not empty:
                raise NoChoice(f"no value was found that column {self._fields[number].name} takes")
            return Unit((number,), full or empty, empty)
        single = [one.expression for one in self._checks if len(set(one.columns)) == 1 and set(one.columns) <= inside]
        needed = [*joint, *(text for text in single if references)]
        return self._joined(numbers, references, pools, needed)

    def _nullable(self, field: Field) -> bool:
        return not field.not_null and not self._types.refuses_null(field.type) and field.number not in self._pinned

    def _may_be_null(self, one: Reference) -> bool:
        fields = [field for number in one.columns if (field := self._table.field(number))]
        return (all if one.full else any)(self._nullable(field) for field in fields)

    def _pool(self, field: Field) -> list[str]:
        """Texts that the column takes by itself."""
        if field.number in self._pinned:
            return [self._pinned[field.number]]
        own = [one.expression for one in self._checks if set(one.columns) == {field.number}]
        joint = [one.expression for one in self._checks if field.number in one.columns and one.expression not in own]
        below = list(self._types.checks(field.type))
        constants = Constants(own + below + joint + self._extra)
        key = f"{self._table.path}.{field.name}" if self._needs.is_key(field.number) else ""
        found = candidates(self._types, field.type, field.modifier, constants, self._start, key=key)
        plain, _ = self._types.plain(field.type, field.modifier)
        default = self._needs.defaults.get(field.number, "")
        words = Constants([default]).texts if default.startswith("'") else []
        if not self._start and not key and plain.kind == "e" and words:
            found = [*words, *(one for one in found if one not in words)]
        if below:
            found = self._passing("value", plain.text, found, below)
        if own or constants or field.type >= FIRST_USER_OID or not is_known(plain):
            found = self._passing(field.name, self._text(field), found, own)
        return found

    def _text(self, field: Field) -> str:
        """The type to cast to, with no length, at which a cast would cut."""
        return self._types[field.type].text

    def _passing(self, name: str, kind: str, texts: Sequence[str], checks: Sequence[str]) -> list[str]:
        """Those of the texts that the type reads and the checks let pass."""
        if not texts:
            return []
        where = "".join(f" AND ({one}) IS NOT FALSE" for one in checks)

        def asked(some: Iterable[tuple[int, str]]) -> list[int]:
            rows = ", ".join(f"({number}, CAST({literal(text)} AS {kind}))" for number, text in some)
            rank = identifier(self._mark)
            source = f"(VALUES {rows}) AS v ({rank}, {identifier(name)})"
            query = f"SELECT {rank} FROM {source} WHERE true{where} ORDER BY 1"  # noqa: S608 - quoted
            return [row[0] for row in self._connection.execute(query)]

        numbered = list(enumerate(texts))
        try:
            passing = asked(numbered)
        except psycopg.Error:
            passing = []
            for one in numbered:
                try:
                    passing += asked([one])
                except psycopg.Error:  # no value of this type
                    continue
        return [texts[number] for number in passing]

    def _joined(
        self, numbers: list[int], references: list[Reference], pools: dict[int, list[str]], checks: list[str]
    ) -> Unit:
        sources: list[str] = []
        where = [f"({one}) IS NOT FALSE" for one in checks]
        ranks: list[str] = []
        size = 1
        has: set[int] = set()
        for place, reference in enumerate(references):
            rows, count = self._source(place, reference, has)
            sources.append(rows)
            where += self._equal(place, reference, has)
            ranks.append(f'"f{place}".{identifier(self._mark)}')
            has.update(reference.columns)
            size *= count
        free = [number for number in numbers if number not in has]
        room = max(_TOGETHER // max(size, 1), 1)
        limit = max(int(room ** (1 / len(free))), 1) if free else 1
        for number in free:
            sources.append(self._values(self._fields[number], pools[number], limit))
            ranks.append(f'"p{number}".{identifier(self._mark)}')
        try:
            found = self._asked(numbers, sources, ranks, where)
        except psycopg.Error:  # an expression that some value breaks: let the table itself judge them
            try:
                found = self._asked(numbers, sources, ranks, where[len(checks) :])
            except psycopg.Error as error:
                raise NoChoice(f"its values cannot be tried: {error.diag.message_primary or error}") from error
        if not found:
            raise NoChoice(self._why(references, checks))
        # One with the fewest nulls says how few there can be: an option with more is no full one.
        fewest = min(row[-2] for row in found)
        full = spread([row[1:-2] for row in found if row[0] == 1 and row[-2] == fewest])
        odd = [row[1:-2] for row in found if row[0] == 2 and row[-2] == fewest]
        empty = [row[1:-2] for row in found if row[0] == 3]
        return Unit(tuple(numbers), full + odd[::-1], empty)

    def _asked(
        self, numbers: list[int], sources: list[str], ranks: list[str], where: list[str]
    ) -> list[tuple[Any, ...]]:
        columns = [identifier(self._fields[number].name) for number in numbers]
        query = (
            # All names and values are quoted; the checks are the server's own text.
            f"WITH ok AS MATERIALIZED (SELECT {', '.join(f'{one}::text AS c{at}' for at, one in enumerate(columns))},"  # noqa: S608
            f" num_nulls({', '.join(columns)}) AS nulls, {' + '.join(ranks)} AS rank"
            f" FROM {' CROSS JOIN '.join(sources)} WHERE {' AND '.join(where) or 'true'})"
            f" (SELECT 1, * FROM ok ORDER BY nulls, rank LIMIT {_FULL})"
            f" UNION ALL (SELECT 2, * FROM ok ORDER BY nulls, rank DESC LIMIT {_ODD})"
            f" UNION ALL (SELECT 3, * FROM ok ORDER BY nulls DESC, rank LIMIT {_EMPTY})"
        )
        return self._connection.execute(query).fetchall()

    def _why(self, references: list[Reference], checks: list[str]) -> str:
        for one in references:
            parent = self._parents.get(one.table)
            if parent is not None and not self._may_be_null(one) and not self._given.get(one.table):
                held = self._connection.execute(f"SELECT EXISTS (SELECT FROM {parent.sql})").fetchone()  # noqa: S608
                if held is not None and not held[0]:
                    return f"it needs a row of {parent.path}, which has none"
        return f"no values were found that go together: {' AND '.join(checks)[:200] or 'its foreign keys'}"

    def _values(self, field: Field, pool: list[str], limit: int) -> str:
        # The oddest one is kept, whatever is cut.
        some: list[str | None] = [*(pool[: limit - 1] + pool[-1:] if len(pool) > limit > 1 else pool[:limit])]
        if self._nullable(field):
            some.append(None)
        kind = self._text(field)
        rows = ", ".join(
            f"({place}, CAST({'NULL' if one is None else literal(one)} AS {kind}))" for place, one in enumerate(some)
        )
        if not rows:
            raise NoChoice(f"no value was found that column {field.name} takes")
        return f'(VALUES {rows}) AS "p{field.number}" ({identifier(self._mark)}, {identifier(field.name)})'

    def _source(self, place: int, one: Reference, has: set[int]) -> tuple[str, int]:
        """The keys that a foreign key can point to, and nulls where they may stand; how many these are, at most."""
        fields = [self._fields[number] for number in one.columns]
        names = [self._other(place, field) if field.number in has else identifier(field.name) for field in fields]
        given = self._given.get(one.table)
        parent = self._parents.get(one.table)
        parts: list[str] = []
        if given is not None and all(number in given for number in one.theirs):
            keys = [literal(given[number]) for number in one.theirs]
            casts = (f"CAST({key} AS {self._text(field)})" for key, field in zip(keys, fields, strict=True))
            parts.append(f"SELECT 0, false, {', '.join(casts)}")
        elif parent is not None:
            theirs = [parent.field(number) for number in one.theirs]
            keys = [identifier(field.name) for field in theirs if field is not None]
            casts = (f"CAST({key} AS {self._text(field)})" for key, field in zip(keys, fields, strict=True))
            some = ", ".join(keys)
            whole = " AND ".join(f"{key} IS NOT NULL" for key in keys)
            parts.append(
                f"SELECT (row_number() OVER ())::int, false, {', '.join(casts)} FROM"  # noqa: S608
                f" (SELECT DISTINCT {some} FROM {parent.sql} WHERE {whole} ORDER BY {some} LIMIT {_PARENTS}) AS keys"
            )
        if self._may_be_null(one):
            nulls = (self._absent(field) for field in fields)
            parts.append(f"SELECT 0, true, {', '.join(nulls)}")
        if not parts:
            raise NoChoice("a foreign key points to a table that is not the project's")
        own = f"{identifier(self._mark)}, {self._nowhere(place)}"
        return f'({" UNION ALL ".join(parts)}) AS "f{place}" ({own}, {", ".join(names)})', _PARENTS // 2

    def _absent(self, field: Field) -> str:
        if self._nullable(field):
            return f"CAST(NULL AS {self._text(field)})"
        pool = self._pool(field)
        return f"CAST({literal(pool[0]) if pool else 'NULL'} AS {self._text(field)})"

    def _equal(self, place: int, one: Reference, has: set[int]) -> list[str]:
        """Columns that two foreign keys share have one value, unless this one points nowhere."""
        shared = [self._fields[number] for number in one.columns if number in has]
        return [
            f"({self._nowhere(place)} OR {identifier(field.name)} = {self._other(place, field)})" for field in shared
        ]

    def _nowhere(self, place: int) -> str:
        """The name of what tells that a foreign key points nowhere."""
        return identifier(f"{self._mark}{place}")

    def _other(self, place: int, field: Field) -> str:
        """The name of a column that an earlier foreign key has as well."""
        return identifier(f"{self._mark}{place}.{field.number}")


def server_makes(field: Field, needs: Needs) -> bool:
    """Whether a value of this column comes from a sequence: as in production, so that sequences are where they were."""
    return bool(field.identity) or "nextval(" in needs.defaults.get(field.number, "")


def spread(options: Sequence[Option]) -> list[Option]:
    """The same options, so ordered that the first few differ in as many columns as they can."""
    left = list(dict.fromkeys(options))
    used: list[dict[str | None, int]] = [{} for _ in (left[0] if left else ())]
    found: list[Option] = []
    while left:
        best = min(left, key=lambda one: sum(used[at].get(text, 0) for at, text in enumerate(one)))
        left.remove(best)
        found.append(best)
        for at, text in enumerate(best):
            used[at][text] = used[at].get(text, 0) + 1
    return found


def _provided(number: int, references: Iterable[Reference]) -> bool:
    return any(number in one.columns for one in references)
