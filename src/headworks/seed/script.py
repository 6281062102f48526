"""The same upserts as one SQL script, for those who run SQL by other means (`seed --sql`)."""

from collections.abc import Iterable, Sequence

from psycopg import sql
from sqlalchemy import JSON, Column
from sqlalchemy.dialects import postgresql

from headworks.seed._names import Name, identifier
from headworks.seed._source import commas, conjunction, lookup, upsert
from headworks.seed.apply import LOCK
from headworks.seed.models import columns_of
from headworks.seed.order import Step, edges_of, steps
from headworks.seed.plan import groups
from headworks.seed.records import Mode, SeedFile, SeedRow, SeedSet, SeedValue
from headworks.seed.values import storage_type

__all__ = ["render_sql"]


def render_sql(sets: Iterable[SeedSet], *, lock_timeout: float = 10.0) -> str:
    """One script that psql can run: one transaction, the seeder's lock, the files in their order.

    It needs no connection and so knows no rows: it inserts and mends, a second run writes nothing, but rows that
    left their file stay. A reference that leads nowhere stops it.
    """
    ordered = steps(sets)
    files = {step.file.table.fullname: step.file for step in ordered}
    parts: list[sql.Composable] = [
        sql.SQL("BEGIN;"),
        sql.SQL("SET LOCAL lock_timeout = {};").format(sql.Literal(f"{round(lock_timeout * 1000)}ms")),
        sql.SQL("SELECT pg_advisory_xact_lock({});").format(sql.Literal(LOCK)),
    ]
    for step in ordered:
        parts.append(sql.SQL(f"\n-- {_comment(step.file.path)}"))
        if step.file.mode is Mode.SYNC:
            parts.append(sql.SQL("-- rows that are not in this file stay: `headworks seed --prune` removes them"))
        for level in step.levels:
            for fields, rows in groups(step.file, level):
                now = [field for field in fields if field not in step.deferred]
                parts += [check for row in rows for check in _checks(step.file, row, now, files)]
                parts.append(_insert(step.file, now, rows))
    for step in ordered:
        parts += _late(step)
    parts.append(sql.SQL("\nCOMMIT;"))
    return sql.SQL("\n").join(parts).as_string(None) + "\n"


def _comment(text: str) -> str:
    return " ".join(text.split())


def _literal(value: SeedValue) -> sql.Composable:
    return sql.Literal(value.text)


def _values(file: SeedFile, row: SeedRow, field: str) -> list[tuple[str, sql.Composable]]:
    """The columns that a field fills, each with its value."""
    if field in row.values:
        return [(field, _literal(row.values[field]))]
    reference, leaves = file.references[field], row.links[field]
    if leaves is None:
        return [(column, sql.SQL("NULL")) for column in reference.columns]
    return [
        (column, lookup(reference, target, iter([_literal(leaf) for leaf in leaves])))
        for column, target in zip(reference.columns, reference.target_columns, strict=True)
    ]


def _insert(file: SeedFile, fields: Sequence[str], rows: Sequence[SeedRow]) -> sql.Composable:
    lines = []
    columns: list[str] = []
    for row in rows:
        pairs = [pair for field in fields for pair in _values(file, row, field)]
        columns = [column for column, _ in pairs]
        lines.append(sql.SQL("  ({})").format(commas(value for _, value in pairs)))
    known = columns_of(file.table)

    def comparable(name: str, value: sql.Composable) -> sql.Composable:
        return sql.SQL("{}::jsonb").format(value) if _is_json(known[name]) else value

    return upsert(file, columns, sql.SQL("VALUES\n") + sql.SQL(",\n").join(lines), comparable) + sql.SQL(";")


def _is_json(column: "Column[object]") -> bool:
    type_ = storage_type(column.type)
    return isinstance(type_, JSON) and not isinstance(type_, postgresql.JSONB)


def _checks(file: SeedFile, row: SeedRow, fields: Sequence[str], files: dict[str, SeedFile]) -> list[sql.Composable]:
    """Stop at a reference to a row that no file here writes and the database does not have."""
    written = {edge.field for edge in edges_of(file, files) if edge.by_key}
    found: list[sql.Composable] = []
    for field in fields:
        leaves = row.links.get(field)
        if leaves is None or field in written:
            continue
        reference = file.references[field]
        shown = ", ".join(leaf.text or "" for leaf in leaves)
        place = row.place_of(field)
        said = f"{place.file}:{place.line}: {field} names {shown}, and {reference.target.fullname} has no such row"
        body = sql.SQL("BEGIN IF {} IS NULL THEN RAISE EXCEPTION USING MESSAGE = {}; END IF; END").format(
            lookup(reference, reference.target_columns[0], iter([_literal(leaf) for leaf in leaves])),
            sql.Literal(said),
        )
        found.append(sql.SQL("DO {};").format(sql.Literal(body.as_string(None))))
    return found


def _late(step: Step) -> list[sql.Composable]:
    """What had to wait until every table had its rows."""
    found: list[sql.Composable] = []
    file = step.file
    for fields, rows in groups(file, file.rows):
        late = [field for field in fields if field in step.deferred]
        for row in rows if late else ():
            filled = [pair for field in late for pair in _values(file, row, field)]
            key = [pair for field in file.key for pair in _values(file, row, field)]
            equal = sql.SQL("{} = {}")
            differs = sql.SQL("{} IS DISTINCT FROM {}")
            found.append(
                sql.SQL("UPDATE {} SET {} WHERE {} AND ({});").format(
                    identifier(file.table),
                    commas(equal.format(Name(name), value) for name, value in filled),
                    conjunction(equal.format(Name(name), value) for name, value in key),
                    sql.SQL(" OR ").join([differs.format(Name(name), value) for name, value in filled]),
                )
            )
    return found
