"""What a Prisma schema says of a database: tables, columns, keys, indexes, relations, enums, by their database names.

Source: https://www.prisma.io/docs/orm/reference/prisma-schema-reference
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from headworks.owners.prisma.datasource import has_foreign_keys
from headworks.owners.prisma.names import foreign_key_name, index_name, primary_key_name, unique_name
from headworks.owners.prisma.tree import (
    Argument,
    Array,
    Attribute,
    Block,
    Call,
    Document,
    Expression,
    Member,
    Node,
    Number,
    Path,
    Text,
)

__all__ = [
    "Enumeration", "Field", "Join", "Key", "KeyColumn", "Meaning", "Model", "Problem", "Relation", "called",
    "understand",
]  # fmt: skip

SCALARS = ("String", "Boolean", "Int", "BigInt", "Float", "Decimal", "DateTime", "Json", "Bytes")


@dataclass(frozen=True)
class Problem:
    """Something that is written well and means nothing, at its place."""

    node: Node
    reason: str


@dataclass(frozen=True)
class Enumeration:
    """An enum; `values` are pairs of its member and the database's word for it."""

    block: Block
    schema: str
    name: str
    values: tuple[tuple[Member, str], ...]


@dataclass(frozen=True)
class Field:
    """A field that is a column. `enumeration` is set when its type is an enum."""

    member: Member
    column: str
    enumeration: Enumeration | None = None

    @property
    def name(self) -> str:
        """Its name in the file."""
        return self.member.name

    @property
    def default(self) -> Expression | None:
        """What stands in `@default(...)`."""
        found = self.member.attribute("default")
        return found.argument("value", position=0) if found else None

    @property
    def native(self) -> Attribute | None:
        """Its `@db.X` attribute, whatever the datasource is called."""
        return next((one for one in self.member.attributes if "." in one.name), None)


@dataclass(frozen=True)
class KeyColumn:
    """A column of a key or an index; `operator_class` and `descending` as they are written."""

    column: str
    operator_class: str = ""
    descending: bool = False


@dataclass(frozen=True)
class Key:
    """`@id`, `@unique`, `@@id`, `@@unique` or `@@index`: `kind` is `id`, `unique` or `index`."""

    node: Attribute
    kind: str
    columns: tuple[KeyColumn, ...]
    name: str
    method: str = "btree"
    where: str | None = None


@dataclass(frozen=True)
class Relation:
    """The side of a relation that has the foreign key. `fields` and `references` are columns."""

    member: Member
    target: str
    fields: tuple[str, ...]
    references: tuple[str, ...]
    on_delete: str
    on_update: str
    name: str


@dataclass(frozen=True)
class Model:
    """A model or a view."""

    block: Block
    schema: str
    table: str
    fields: tuple[Field, ...]
    keys: tuple[Key, ...]
    relations: tuple[Relation, ...]

    @property
    def is_view(self) -> bool:
        """Whether it stands for a view, of which Prisma knows no keys."""
        return self.block.keyword == "view"

    def field_of(self, column: str) -> Field | None:
        """The field of a column."""
        return next((one for one in self.fields if one.column == column), None)


@dataclass(frozen=True)
class Join:
    """The table that Prisma keeps for a relation with a list on both sides: columns A and B, one for each model."""

    member: Member
    schema: str
    table: str
    a: Model
    b: Model


@dataclass(frozen=True)
class Meaning:
    """All of a file. What has no `@@schema` is in the `default_schema`."""

    document: Document
    default_schema: str
    models: tuple[Model, ...]
    enums: tuple[Enumeration, ...]
    joins: tuple[Join, ...]
    problems: tuple[Problem, ...]

    @property
    def has_foreign_keys(self) -> bool:
        """Whether relations are foreign keys."""
        return has_foreign_keys(self.document)

    def model(self, name: str) -> Model | None:
        """The model of this name in the file."""
        return next((one for one in self.models if one.block.name == name), None)

    def table(self, schema: str, name: str) -> Model | None:
        """The model of this table."""
        return next((one for one in self.models if (one.schema, one.table) == (schema, name)), None)

    def enum(self, schema: str, name: str) -> Enumeration | None:
        """The enum of this type."""
        return next((one for one in self.enums if (one.schema, one.name) == (schema, name)), None)


def understand(document: Document, default_schema: str = "public") -> Meaning:
    """What the tree means; a name that stands for nothing is one of its `problems`."""
    return _Reader(document, default_schema).read()


class _Reader:
    def __init__(self, document: Document, default_schema: str) -> None:
        self._document = document
        self._default_schema = default_schema
        self._problems: list[Problem] = []
        self._enums: dict[str, Enumeration] = {}
        self._blocks: dict[str, Block] = {}

    def read(self) -> Meaning:
        for block in self._document.of("model", "view", "type", "enum"):
            if block.name in self._blocks:
                self._say(block, f"there are two of the name {block.name}")
                continue
            self._blocks[block.name] = block
            names = [one.name for one in block.members]
            for at, member in enumerate(block.members):
                if member.name in names[:at]:
                    self._say(member, f"{block.name} has two of the name {member.name}")
        known = self._blocks.values()
        for block in (one for one in known if one.keyword == "enum"):
            values = tuple((one, _mapped(one.attribute("map")) or one.name) for one in block.members)
            self._enums[block.name] = Enumeration(block, self._schema(block), self._named(block), values)
        models = tuple(self._model(block) for block in known if block.keyword in ("model", "view"))
        joins = tuple(_joins(models))
        return Meaning(
            self._document, self._default_schema, models, tuple(self._enums.values()), joins, tuple(self._problems)
        )

    def _say(self, node: Node, reason: str) -> None:
        self._problems.append(Problem(node, reason))

    def _schema(self, block: Block) -> str:
        found = block.attribute("schema")
        value = found.argument("map", position=0) if found else None
        return value.value if isinstance(value, Text) else self._default_schema

    def _named(self, block: Block) -> str:
        return _mapped(block.attribute("map")) or block.name

    def _model(self, block: Block) -> Model:
        fields, related = [], []
        for member in block.members:
            assert member.type is not None
            name = member.type.name
            if member.type.unsupported is not None or name in SCALARS:
                fields.append(Field(member, _column(member)))
            elif name in self._enums:
                fields.append(Field(member, _column(member), self._enums[name]))
            elif name in self._blocks and self._blocks[name].keyword in ("model", "view"):
                related.append(member)
            else:
                fields.append(Field(member, _column(member)))  # a type that is none is said with its SQL
        table = self._named(block)
        keys = tuple(self._keys(block, table))
        relations = tuple(one for member in related if (one := self._relation(block, table, member)) is not None)
        return Model(block, self._schema(block), table, tuple(fields), keys, relations)

    def _keys(self, block: Block, table: str) -> Iterator[Key]:
        for member in block.members:
            for one in member.attributes:
                if one.name in ("id", "unique"):
                    yield self._key(one, table, (self._key_column(_column(member), one.arguments),))
        for one in block.attributes:
            if one.name not in ("id", "unique", "index"):
                continue
            listed = one.argument("fields", position=0)
            columns = [self._listed(block, item) for item in _items(listed)]
            if not columns:
                self._say(one, f"@@{one.name} names no field")
            elif all(columns):
                yield self._key(one, table, tuple(column for column in columns if column is not None))

    def _key(self, node: Attribute, table: str, columns: tuple[KeyColumn, ...]) -> Key:
        names = [one.column for one in columns]
        made: Callable[[], str] = {
            "id": lambda: primary_key_name(table),
            "unique": lambda: unique_name(table, names),
            "index": lambda: index_name(table, names),
        }[node.name]
        method = node.argument("type")
        where = node.argument("where")
        text = where.arguments[0].value if isinstance(where, Call) and where.arguments else None
        return Key(
            node=node,
            kind=node.name,
            columns=columns,
            name=_text(node.argument("map")) or made(),
            method=method.text.lower() if isinstance(method, Path) else "btree",
            where=_text(text),
        )

    def _listed(self, block: Block, item: Expression) -> KeyColumn | None:
        """A field in the list of a key: `name`, or `name(sort: Desc, ops: raw("x"))`."""
        name = item.name if isinstance(item, Call) else item.text if isinstance(item, Path) else ""
        member = block.member(name)
        if member is None:
            self._say(item, f"{block.name} has no field {name or self._document.written(item)}")
            return None
        return self._key_column(_column(member), item.arguments if isinstance(item, Call) else ())

    def _key_column(self, column: str, arguments: tuple[Argument, ...]) -> KeyColumn:
        given = {one.name: one.value for one in arguments}
        sort, ops = given.get("sort"), given.get("ops")
        operators = ""
        if isinstance(ops, Path):
            operators = _operator_class(ops.text)
        elif isinstance(ops, Call) and ops.arguments:
            operators = _text(ops.arguments[0].value) or ""
        return KeyColumn(column, operators, isinstance(sort, Path) and sort.text == "Desc")

    def _relation(self, block: Block, table: str, member: Member) -> Relation | None:
        attribute = member.attribute("relation")
        listed = attribute.argument("fields") if attribute else None
        if attribute is None or listed is None:
            return None
        assert member.type is not None
        other = self._blocks[member.type.name]
        fields = self._columns(block, listed)
        references = self._columns(other, attribute.argument("references"))
        if fields is None or references is None:
            return None
        if len(fields) != len(references) or not fields:
            self._say(attribute, "fields and references are not of the same number")
            return None
        members = [block.member(item.text) for item in _items(listed) if isinstance(item, Path)]
        # One field that cannot be null is enough for Prisma to restrict.
        optional = all(one is not None and one.type is not None and one.type.optional for one in members)
        return Relation(
            member=member,
            target=other.name,
            fields=fields,
            references=references,
            on_delete=_action(attribute, "onDelete") or ("set null" if optional else "restrict"),
            on_update=_action(attribute, "onUpdate") or "cascade",
            name=_text(attribute.argument("map")) or foreign_key_name(table, fields),
        )

    def _columns(self, block: Block, listed: Expression | None) -> tuple[str, ...] | None:
        columns = [self._listed(block, item) for item in _items(listed)]
        return tuple(one.column for one in columns if one is not None) if all(columns) else None


def _joins(models: tuple[Model, ...]) -> Iterator[Join]:
    """Both sides are lists of each other's model and name no fields; the model whose name sorts first is A."""
    named = {one.block.name: one for one in models}
    seen: set[tuple[str, str, str]] = set()
    for model in models:
        for member in model.block.members:
            other = named.get(member.type.name) if member.type is not None and member.type.list else None
            if member.type is None or other is None:
                continue
            name = called(member)
            back = [
                one
                for one in other.block.members
                if one.type is not None
                and one.type.name == model.block.name
                and called(one) == name
                and (one is not member or len(other.block.members) == 1)
            ]
            if not back or not all(one.type is not None and one.type.list for one in back):
                continue
            a, b = sorted((model, other), key=lambda one: one.block.name)
            key = (a.block.name, b.block.name, name)
            if key not in seen:
                seen.add(key)
                yield Join(member, a.schema, f"_{name or f'{a.block.name}To{b.block.name}'}", a, b)


def called(member: Member) -> str:
    """The name of the relation that tells it from others between the same models."""
    attribute = member.attribute("relation")
    return (_text(attribute.argument("name", position=0)) or "") if attribute else ""


_ACTIONS = {
    "Cascade": "cascade",
    "Restrict": "restrict",
    "NoAction": "no action",
    "SetNull": "set null",
    "SetDefault": "set default",
}


def _action(attribute: Attribute, name: str) -> str | None:
    value = attribute.argument(name)
    return _ACTIONS.get(value.text) if isinstance(value, Path) else None


def _operator_class(name: str) -> str:
    """`JsonbPathOps` is `jsonb_path_ops`: the one word for word, the other as PostgreSQL has it."""
    made = "".join(f"_{one.lower()}" if one.isupper() else one for one in name).lstrip("_")
    return _IRREGULAR.get(name, made)


_IRREGULAR = {
    "VarBitMinMaxOps": "varbit_minmax_ops", "TimestampTzBloomOps": "timestamptz_bloom_ops",
    "TimestampTzMinMaxOps": "timestamptz_minmax_ops", "TimestampTzMinMaxMultiOps": "timestamptz_minmax_multi_ops",
    "TimeTzBloomOps": "timetz_bloom_ops", "TimeTzMinMaxOps": "timetz_minmax_ops",
    "TimeTzMinMaxMultiOps": "timetz_minmax_multi_ops",
}  # fmt: skip


def _mapped(attribute: Attribute | None) -> str | None:
    return _text(attribute.argument("name", position=0)) if attribute else None


def _column(member: Member) -> str:
    return _mapped(member.attribute("map")) or member.name


def _text(value: Expression | None) -> str | None:
    return value.value if isinstance(value, Text) else None


def _items(value: Expression | None) -> tuple[Expression, ...]:
    if isinstance(value, Array):
        return value.items
    return () if value is None or isinstance(value, Number | Text) else (value,)
