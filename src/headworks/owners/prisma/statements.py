"""A Prisma schema as the SQL that Prisma Migrate would write for it, a statement for each thing that can be refused."""

import base64
import binascii
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from psycopg import sql

from headworks.owners.prisma.meaning import Enumeration, Field, Key, Meaning, Model, Problem
from headworks.owners.prisma.tree import Array, Call, Expression, Node, Number, Path, Text
from headworks.owners.prisma.types import sql_type

__all__ = [
    "Statement", "Whole", "default_of", "is_counted", "is_from_client", "of_enums", "of_joins", "of_keys", "of_models",
    "of_relations",
]  # fmt: skip


@dataclass(frozen=True)
class Statement:
    """SQL, and what of the file it stands for."""

    sql: sql.Composed
    node: Node


@dataclass(frozen=True)
class Whole:
    """A statement, and the same in parts, which tell what of it is refused.

    A part is a row of statements, of which none after a refused one has a meaning.
    """

    statement: Statement
    parts: tuple[tuple[Statement, ...], ...]


def of_enums(meaning: Meaning) -> Iterator[Statement]:
    """The schemas and the enum types."""
    spaces = {one.schema: one.block for one in meaning.models} | {one.schema: one.block for one in meaning.enums}
    for schema, block in spaces.items():
        yield Statement(_sql("CREATE SCHEMA IF NOT EXISTS {}", sql.Identifier(schema)), block)
    for enum in meaning.enums:
        values = sql.SQL(", ").join(sql.Literal(value) for _, value in enum.values)
        yield Statement(_sql("CREATE TYPE {} AS ENUM ({})", _name(enum.schema, enum.name), values), enum.block)


def of_models(
    meaning: Meaning,
    generated: Collection[tuple[str, str, str]] = (),
    types: Mapping[tuple[str, bool], str] = MappingProxyType({}),
) -> Iterator[Whole | Problem]:
    """The tables and their columns; a view is made as a table. What has no SQL is a problem.

    `generated` are columns (schema, table, name) whose expression stands in the file as if it were a default. `types`
    are what stands in `Unsupported`, for a list or not, and is no SQL, with the SQL of it.
    """
    for model in meaning.models:
        table = _name(model.schema, model.table)
        parts: list[tuple[Statement, ...]] = [(Statement(_sql("CREATE TABLE {} ()", table), model.block),)]
        columns: list[sql.Composed] = []
        for field in model.fields:
            kind = _counting(field) if is_counted(field) else _column_type(field, types)
            if isinstance(kind, Problem):
                yield kind
                continue
            column = sql.Identifier(field.column)
            said = _sql("{} {}", column, kind)
            part = [Statement(_sql("ALTER TABLE {} ADD COLUMN {}", table, said), field.member)]
            if _required(field) and not is_counted(field):
                said = _sql("{} NOT NULL", said)
                text = "ALTER TABLE {} ALTER COLUMN {} SET NOT NULL"
                part.append(Statement(_sql(text, table, column), field.member))
            if (model.schema, model.table, field.column) not in generated:
                default = default_of(field)
                if isinstance(default, Problem):
                    yield default
                elif default is not None:
                    said = _sql("{} DEFAULT {}", said, default)
                    text = "ALTER TABLE {} ALTER COLUMN {} SET DEFAULT {}"
                    node = field.member.attribute("default") or field.member
                    part.append(Statement(_sql(text, table, column, default), node))
            columns.append(said)
            parts.append(tuple(part))
        whole = _sql("CREATE TABLE {} ({})", table, sql.SQL(", ").join(columns))
        yield Whole(Statement(whole, model.block), tuple(parts))


def of_keys(meaning: Meaning) -> Iterator[Statement]:
    """Primary keys, unique indexes and indexes."""
    for model in meaning.models:
        for key in () if model.is_view else model.keys:
            yield Statement(_key(model, key), key.node)


def of_relations(meaning: Meaning) -> Iterator[Statement]:
    """Foreign keys, where the relations are such."""
    for model in meaning.models if meaning.has_foreign_keys else ():
        for one in model.relations:
            target = meaning.model(one.target)
            if model.is_view or target is None or target.is_view:
                continue
            yield Statement(
                _sql(
                    "ALTER TABLE {} ADD CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {} ({}) ON DELETE {} ON UPDATE {}",
                    _name(model.schema, model.table),
                    sql.Identifier(one.name),
                    _names(one.fields),
                    _name(target.schema, target.table),
                    _names(one.references),
                    _sql(one.on_delete.upper()),
                    _sql(one.on_update.upper()),
                ),
                one.member.attribute("relation") or one.member,
            )


def of_joins(meaning: Meaning) -> Iterator[Statement]:
    """The tables of relations that have a list on both sides and no foreign key."""
    for join in meaning.joins:
        table = _name(join.schema, join.table)
        columns = []
        for letter, side in (("A", join.a), ("B", join.b)):
            key = next((one for one in side.keys if one.kind == "id"), None)
            field = side.field_of(key.columns[0].column) if key is not None and len(key.columns) == 1 else None
            kind = _column_type(field) if field is not None else None
            if key is None or kind is None or isinstance(kind, Problem):
                break
            made = _sql("{} {}", sql.Identifier(letter), kind)
            if meaning.has_foreign_keys:
                made = _sql(
                    "{} REFERENCES {} ({}) ON DELETE CASCADE ON UPDATE CASCADE",
                    made,
                    _name(side.schema, side.table),
                    sql.Identifier(key.columns[0].column),
                )
            columns.append(made)
        if len(columns) == 2:
            name = sql.Identifier(f"{join.table}_AB_pkey")
            made = _sql(
                'CREATE TABLE {} ({}, CONSTRAINT {} PRIMARY KEY ("A", "B"))', table, sql.SQL(", ").join(columns), name
            )
            yield Statement(made, join.member)
            index = sql.Identifier(f"{join.table}_B_index")
            yield Statement(_sql('CREATE INDEX {} ON {} ("B")', index, table), join.member)


def default_of(field: Field) -> sql.Composed | Problem | None:
    """The SQL of a column's default; none where the database has none, or the file does not say it."""
    value = field.default
    kind = field.member.type
    assert kind is not None
    if value is None:
        return None
    if isinstance(value, Call):
        if value.name == "now":
            return _sql("CURRENT_TIMESTAMP")
        if value.name == "dbgenerated":
            text = value.arguments[0].value if value.arguments else None
            return _sql(f"({text.value})") if isinstance(text, Text) else None
        if value.name in (*_CLIENT, "autoincrement"):
            return None
        return Problem(value, f"PostgreSQL has no default {value.name}()")
    if kind.list and isinstance(value, Array):
        items = [_constant(field, one) for one in value.items]
        wrong = next((one for one in items if isinstance(one, Problem)), None)
        element = _column_type(field)
        if wrong is not None or isinstance(element, Problem):
            return wrong
        values = sql.SQL(", ").join(one for one in items if not isinstance(one, Problem))
        return _sql("ARRAY[{}]::{}", values, element)
    return _constant(field, value)


def is_from_client(field: Field) -> bool:
    """Whether Prisma's client fills in the value, so that the database has no default."""
    return isinstance(field.default, Call) and field.default.name in _CLIENT


def is_counted(field: Field) -> bool:
    """Whether a sequence fills in the value: `autoincrement()`."""
    return isinstance(field.default, Call) and field.default.name == "autoincrement"


_CLIENT = ("uuid", "cuid", "ulid", "nanoid", "auto")
_SERIAL = {"integer": "serial", "bigint": "bigserial", "smallint": "smallserial"}


def _constant(field: Field, value: Expression) -> sql.Composed | Problem:
    assert field.member.type is not None
    scalar = field.member.type.name
    if isinstance(value, Path) and field.enumeration is not None:
        found = next((word for member, word in field.enumeration.values if member.name == value.text), None)
        if found is None:
            return Problem(value, f"the enum {scalar} has no value {value.text}")
        return _sql("{}", sql.Literal(found))
    if isinstance(value, Path) and value.text in ("true", "false") and scalar == "Boolean":
        return _sql(value.text)
    if isinstance(value, Number) and scalar in ("Int", "BigInt", "Float", "Decimal"):
        return _sql(value.text)
    if isinstance(value, Text) and scalar == "Bytes":
        try:
            return _sql("{}", sql.Literal("\\x" + base64.b64decode(value.value, validate=True).hex()))
        except binascii.Error:
            return Problem(value, "the default of Bytes is written in base64")
    if isinstance(value, Text) and field.enumeration is None and scalar not in ("Boolean", "Int", "BigInt"):
        return _sql("{}", sql.Literal(value.value))
    return Problem(value, f"this is no default of the type {scalar}")


def _column_type(field: Field, types: Mapping[tuple[str, bool], str] = MappingProxyType({})) -> sql.Composed | Problem:
    assert field.member.type is not None
    many = "[]" if field.member.type.list else ""
    if (known := types.get((field.member.type.unsupported or "", field.member.type.list))) is not None:
        return _sql(known + many)
    if field.enumeration is not None:
        return _sql("{}" + many, _enum(field.enumeration))
    found = sql_type(field)
    return found if isinstance(found, Problem) else _sql(found + many)


def _counting(field: Field) -> sql.Composed | Problem:
    found = sql_type(field) if field.enumeration is None else ""
    if isinstance(found, Problem):
        return found
    if found not in _SERIAL:
        return Problem(field.default or field.member, "autoincrement() goes with Int and BigInt alone")
    return _sql(_SERIAL[found])


def _enum(enum: Enumeration) -> sql.Identifier:
    return _name(enum.schema, enum.name)


def _required(field: Field) -> bool:
    kind = field.member.type
    return kind is not None and not kind.optional and not kind.list


def _key(model: Model, key: Key) -> sql.Composed:
    table = _name(model.schema, model.table)
    if key.kind == "id":
        columns = _names(tuple(one.column for one in key.columns))
        return _sql("ALTER TABLE {} ADD CONSTRAINT {} PRIMARY KEY ({})", table, sql.Identifier(key.name), columns)
    parts = []
    for one in key.columns:
        after = f" {one.operator_class}" * bool(one.operator_class) + " DESC" * one.descending
        parts.append(_sql("{}" + after.replace("{", "{{").replace("}", "}}"), sql.Identifier(one.column)))
    made = _sql(
        "CREATE {} {} ON {} USING {} ({})",
        _sql("UNIQUE INDEX" if key.kind == "unique" else "INDEX"),
        sql.Identifier(key.name),
        table,
        sql.Identifier(key.method),
        sql.SQL(", ").join(parts),
    )
    return made + _sql(f" WHERE {key.where}") if key.where else made


def _name(schema: str, name: str) -> sql.Identifier:
    return sql.Identifier(schema, name)


def _names(names: tuple[str, ...]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))


def _sql(text: str, *parts: sql.Composable) -> sql.Composed:
    """A statement; without parts, text of the file itself, taken as it stands."""
    template = sql.SQL(text)
    return template.format(*parts) if parts else sql.Composed([template])
