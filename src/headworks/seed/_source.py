"""Rows of a file as a relation in SQL, with their references looked up: what the plan joins and the upsert reads.

The relation is `json_to_recordset` with the types of the live columns, so that each value goes through the input
function of its column's type, length and precision included, in one statement for any number of rows. Statements are
sent whole, without parameters, for a name may hold a percent sign.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from psycopg import sql

from headworks.seed._live import Live
from headworks.seed._names import Name, identifier
from headworks.seed.records import Mode, Reference, SeedFile, SeedRow

__all__ = ["Source", "commas", "conjunction", "lookup", "natural_key", "upsert"]


class Source:
    """The rows that give exactly `fields`, as the relation `s` and the lookups `l` beside it."""

    def __init__(self, file: SeedFile, fields: Sequence[str], live: Live) -> None:
        self.file = file
        self.fields = tuple(fields)
        self.connection = live.connection
        self._live = live
        self._types: list[tuple[str, str]] = []
        self._lookups: list[tuple[str, sql.Composable]] = []
        self._values: dict[str, list[tuple[str, sql.Composable]]] = {}
        self._unresolved: dict[str, sql.Composable] = {}
        self._shown: dict[str, sql.Composable] = {}
        columns = live.columns(file.table)
        for index, field in enumerate(self.fields):
            reference = file.references.get(field)
            if reference is None:
                value = self._column(f"c{index}", columns[field].type)
                self._values[field] = [(field, value)]
                self._shown[field] = sql.SQL("{}::text").format(value)
            else:
                self._reference(index, field, reference)

    def _column(self, name: str, type_: str) -> sql.Composable:
        self._types.append((name, type_))
        return Name("s", name)

    def _reference(self, index: int, field: str, reference: Reference) -> None:
        leaves = [
            self._column(f"r{index}_{number}", self._live.columns(table)[name].type)
            for number, (table, name) in enumerate(reference.leaves)
        ]
        self._values[field] = []
        for number, (own, target) in enumerate(zip(reference.columns, reference.target_columns, strict=True)):
            name = f"l{index}_{number}"
            self._lookups.append((name, lookup(reference, target, iter(leaves))))
            self._values[field].append((own, Name("l", name)))
        found = self._values[field][0][1]
        self._unresolved[field] = sql.SQL("({} IS NOT NULL AND {} IS NULL)").format(leaves[0], found)
        self._shown[field] = sql.SQL("CASE WHEN {} IS NOT NULL THEN concat_ws(', ', {}) END").format(
            leaves[0], commas(sql.SQL("{}::text").format(leaf) for leaf in leaves)
        )

    def relation(self, rows: Iterable[tuple[int, SeedRow]]) -> sql.Composable:
        """`s` with these rows, numbered by `s.n`, and `l` with what their references lead to."""
        payload = "[" + ", ".join(self._json(number, row) for number, row in rows) + "]"
        # The types come from format_type, which quotes: they are SQL, not names.
        types: list[sql.Composable] = [sql.SQL("n integer")]
        types += [Name(name) + sql.SQL(" ") + sql.SQL(type_) for name, type_ in self._types]
        relation = sql.SQL("json_to_recordset({}::json) AS s({})").format(sql.Literal(payload), commas(types))
        if not self._lookups:
            return relation
        found = commas(sql.SQL("{} AS {}").format(value, Name(name)) for name, value in self._lookups)
        return sql.SQL("{} CROSS JOIN LATERAL (SELECT {}) AS l").format(relation, found)

    def _json(self, number: int, row: SeedRow) -> str:
        parts = [f'"n": {number}']
        for index, field in enumerate(self.fields):
            if field in row.values:
                parts.append(f'"c{index}": {row.values[field].json}')
            else:
                leaves = row.links[field] or ()
                parts.extend(f'"r{index}_{position}": {leaf.json}' for position, leaf in enumerate(leaves))
        return "{" + ", ".join(parts) + "}"

    def values(self, field: str) -> list[tuple[str, sql.Composable]]:
        """The columns of the table that a field fills, each with its value."""
        return self._values[field]

    def shown(self, field: str) -> sql.Composable:
        """The field's value as text, the way that PostgreSQL prints it."""
        return self._shown[field]

    def unresolved(self, field: str) -> sql.Composable | None:
        """Whether the row names another that is not there; `None` for a field that is no reference."""
        return self._unresolved.get(field)

    def match(self) -> sql.Composable:
        """Whether the row `t` of the table has the key of the row `s`."""
        return conjunction(
            sql.SQL("{} = {}").format(Name("t", column), value)
            for field in self.file.key
            for column, value in self._values[field]
        )

    def differs(self, field: str) -> sql.Composable:
        """Whether the row `t` of the table has another value than the row `s`."""
        columns = self._live.columns(self.file.table)
        tests = [
            sql.SQL("{} IS DISTINCT FROM {}").format(
                columns[column].comparable(Name("t", column)), columns[column].comparable(value)
            )
            for column, value in self._values[field]
        ]
        return sql.SQL("({})").format(sql.SQL(" OR ").join(tests))

    def shown_in_table(self, field: str) -> sql.Composable:
        """The value that the row `t` has now, as text; of a reference the natural key of the row that it leads to."""
        reference = self.file.references.get(field)
        if reference is None:
            return sql.SQL("{}::text").format(Name("t", field))
        return natural_key(reference, "t")


def lookup(reference: Reference, column: str, leaves: Iterator[sql.Composable]) -> sql.Composable:
    """A scalar query: `column` of the row whose natural key is `leaves`."""
    tests = []
    for part in reference.key:
        if isinstance(part, str):
            tests.append(sql.SQL("{} = {}").format(Name("k", part), next(leaves)))
            continue
        mine = [next(leaves) for _ in part.leaves]
        for own, target in zip(part.columns, part.target_columns, strict=True):
            tests.append(sql.SQL("{} = {}").format(Name("k", own), lookup(part, target, iter(mine))))
    return sql.SQL("(SELECT {} FROM {} AS k WHERE {})").format(
        Name("k", column), identifier(reference.target), conjunction(tests)
    )


def natural_key(reference: Reference, alias: str) -> sql.Composable:
    """A scalar query, text: the natural key of the row that the relation `alias` refers to."""
    inner = alias + "k"
    parts = [
        sql.SQL("{}::text").format(Name(inner, part)) if isinstance(part, str) else natural_key(part, inner)
        for part in reference.key
    ]
    tests = (
        sql.SQL("{} = {}").format(Name(inner, target), Name(alias, own))
        for own, target in zip(reference.columns, reference.target_columns, strict=True)
    )
    return sql.SQL("(SELECT concat_ws(', ', {}) FROM {} AS {} WHERE {})").format(
        commas(parts), identifier(reference.target), Name(inner), conjunction(tests)
    )


def upsert(
    file: SeedFile,
    columns: Sequence[str],
    rows: sql.Composable,
    comparable: Callable[[str, sql.Composable], sql.Composable],
) -> sql.Composed:
    """Insert `rows`, and mend those that are there and differ; a row that does not differ is not written at all.

    `rows` is what follows the columns of an INSERT: a SELECT or VALUES. `comparable` makes a column's value one that
    `IS DISTINCT FROM` takes.
    """
    kept = {*file.key_columns, *file.insert_only}
    mended = [column for column in columns if column not in kept]
    action: sql.Composable = sql.SQL("DO NOTHING")
    if mended and file.mode is not Mode.INSERT:
        action = sql.SQL("DO UPDATE SET {} WHERE ({}) IS DISTINCT FROM ({})").format(
            commas(sql.SQL("{0} = EXCLUDED.{0}").format(Name(column)) for column in mended),
            commas(comparable(column, Name("t", column)) for column in mended),
            commas(comparable(column, Name("excluded", column)) for column in mended),
        )
    return sql.SQL("INSERT INTO {} AS t ({})\n{}\nON CONFLICT ({}) {}").format(
        identifier(file.table),
        commas(Name(column) for column in columns),
        rows,
        commas(Name(column) for column in file.key_columns),
        action,
    )


def commas(parts: Iterable[sql.Composable]) -> sql.Composed:
    """`a, b, c`"""
    return sql.SQL(", ").join(list(parts))


def conjunction(parts: Iterable[sql.Composable]) -> sql.Composed:
    """`a AND b AND c`"""
    return sql.SQL(" AND ").join(list(parts))
