"""Primary keys, uniques and indexes of a table beside those of its model.

An index of which Prisma has no words (of expressions, or partial) is compared only where the file has one like it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from headworks.findings import ObjectRef
from headworks.owners.prisma.changes import Difference, Edit, SetAttribute, SetBlockAttribute, What
from headworks.owners.prisma.meaning import Key, KeyColumn
from headworks.owners.prisma.names import index_name, primary_key_name, unique_name
from headworks.owners.prisma.side import Side
from headworks.owners.prisma.tree import Attribute, Member, quoted
from headworks.schema import Column, Constraint, Index, Relation, Schema
from headworks.schema.quoting import identifier

__all__ = ["TableKey", "beside_field", "compare_keys", "keys_of"]


@dataclass(frozen=True)
class TableKey:
    """A key or index of a table as far as Prisma can say it; `ref` is the constraint's or the index's name.

    `included` are the columns of INCLUDE, of which Prisma knows nothing.
    """

    ref: ObjectRef
    kind: str
    columns: tuple[KeyColumn, ...]
    method: str = "btree"
    where: str | None = None
    included: tuple[KeyColumn, ...] = ()

    @property
    def name(self) -> str:
        """Its name in the database."""
        return self.ref.name

    @property
    def says(self) -> tuple[object, ...]:
        """All of it but its name."""
        return (self.kind, self.columns, self.method, self.where)

    def is_said_by(self, other: "TableKey") -> bool:
        """Whether a key of the file stands for it; `prisma db pull` takes included columns for columns of the key."""
        return other.says in (self.says, replace(self, columns=self.columns + self.included).says)


def keys_of(picture: Schema, relation: Relation) -> Iterator[TableKey]:
    """The keys and indexes of a table that Prisma has words for, the primary key first."""
    columns = [one.name for one in picture.on(relation, Column)]
    constraints = picture.on(relation, Constraint)
    for kind, word in (("id", "primary key"), ("unique", "unique")):
        for one in constraints:
            if one.type == word:
                included = tuple(map(KeyColumn, one.include))
                yield TableKey(one.ref, kind, tuple(map(KeyColumn, one.columns)), included=included)
    for index in picture.on(relation, Index):
        found = [_column(key, columns) for key in index.keys]
        if all(found):
            kind = "unique" if index.unique else "index"
            parts = tuple(one for one in found if one is not None)
            yield TableKey(index.ref, kind, parts, index.method, index.where, tuple(map(KeyColumn, index.include)))


def compare_keys(side: Side) -> Iterator[Difference]:
    """What the keys of the table and of the model say otherwise of each other."""
    realised = side.realised.relation(*side.table)
    made = {one.name: one for one in keys_of(side.realised, realised)} if realised is not None else {}
    # What PostgreSQL has refused is said already.
    file = [(key, made[key.name]) for key in side.model.keys if key.name in made]
    left = list(keys_of(side.picture, side.relation))
    unmatched = []
    for key, said in file:
        same = [one for one in left if one.is_said_by(said)]
        if not same:
            unmatched.append((key, said))
            continue
        found = max(same, key=lambda one: (one.name == said.name, one.says == said.says))
        left.remove(found)
        if found.name != said.name:
            yield _renamed(side, key, found)
    for key, said in unmatched:
        close = next((one for one in left if one.kind == said.kind and _near(one, said)), None)
        if close is not None:
            left.remove(close)
            yield _differing(side, key, close)
        else:
            yield _added(side, key)
    covered = {one.says for _, one in file}
    for one in left:
        # A second index like one that is there, and a partial one, are nothing that the file must say.
        # One that stands beside a field comes with it where the field is still to be written.
        new = _on_field(one) and side.model.field_of(one.columns[0].column) is None
        if one.where is None and one.says not in covered and not new:
            yield _lacking(side, one)


def beside_field(side: Side, column: str) -> Iterator[str]:
    """The attributes of keys that stand beside the field of a column, `@id` first."""
    for one in keys_of(side.picture, side.relation):
        if _on_field(one) and one.where is None and one.columns[0].column == column:
            yield _attribute(side, one)


def _near(one: TableKey, said: TableKey) -> bool:
    """Whether two keys are meant to be the same one: there is one primary key, and names are unique."""
    return one.kind == "id" or one.name == said.name


def _column(key: str, columns: Iterable[str]) -> KeyColumn | None:
    """A key as PostgreSQL prints it -> its column, operator class and direction; nothing for an expression.

    Collations and the place of nulls, which Prisma cannot say and does not see, are left out.
    """
    for name in columns:
        for shown in (identifier(name), name):
            if key != shown and not key.startswith(f"{shown} "):
                continue
            words = key.removeprefix(shown).split()
            if "COLLATE" in words:
                at = words.index("COLLATE")
                del words[at : at + 2]
            if "NULLS" in words:
                del words[words.index("NULLS") :]
            descending = "DESC" in words
            return KeyColumn(name, " ".join(word for word in words if word != "DESC"), descending)
    return None


def _differing(side: Side, key: Key, found: TableKey) -> Difference:
    edits = _adding(side, found, key.node)
    return Difference(
        what=What.DIFFERS,
        object=found.ref,
        node=key.node,
        message=f"{_called(found)} of {side.model.table} is otherwise in the database",
        table=side.table,
        attribute="columns",
        database=_attribute(side, found),
        file=side.meaning.document.written(key.node),
        should=_should(edits),
        edits=(*_removing(side, key), *edits),
    )


def _renamed(side: Side, key: Key, found: TableKey) -> Difference:
    text = _named(side, key.node, found.name)
    member = _member_of(side, key)
    edit: Edit = (
        SetAttribute(side.model.block, member, key.node, text)
        if member is not None
        else SetBlockAttribute(side.model.block, key.node, text)
    )
    return Difference(
        what=What.DIFFERS,
        object=found.ref,
        node=key.node,
        message=f"{_called(found)} of {side.model.table} is called {found.name} in the database and {key.name} here",
        table=side.table,
        attribute="name",
        database=found.name,
        file=key.name,
        should="" if member is not None else text,
        edits=(edit,),
        mild=True,
    )


def _named(side: Side, node: Attribute, name: str) -> str:
    """The attribute as it stands, with another `map`."""
    text = side.meaning.document.written(node)
    given = next((one for one in node.arguments if one.name == "map"), None)
    if given is not None:
        start, end = given.value.start - node.start, given.value.end - node.start
        return text[:start] + quoted(name) + text[end:]
    if not node.arguments:
        return f"@{'@' * text.startswith('@@')}{node.name}(map: {quoted(name)})"
    end = node.arguments[-1].end - node.start
    return f"{text[:end]}, map: {quoted(name)}{text[end:]}"


def _added(side: Side, key: Key) -> Difference:
    columns = ", ".join(one.column for one in key.columns)
    kind = {"id": "primary key", "unique": "unique key", "index": "index"}[key.kind]
    return Difference(
        what=What.ADDS,
        object=ObjectRef(
            kind="index" if key.kind == "index" else "constraint",
            schema=side.model.schema,
            table=side.model.table,
            name=key.name,
        ),
        node=key.node,
        message=f"{side.model.table} has no such {kind} of {columns}",
        table=side.table,
        file=side.meaning.document.written(key.node),
        edits=_removing(side, key),
    )


def _lacking(side: Side, found: TableKey) -> Difference:
    edits = _adding(side, found)
    return Difference(
        what=What.LACKS,
        object=found.ref,
        node=side.model.block,
        message=f"model {side.model.block.name} does not have {_called(found)} of {side.model.table}",
        table=side.table,
        database=_attribute(side, found),
        should=_should(edits),
        edits=edits,
    )


def _removing(side: Side, key: Key) -> tuple[Edit, ...]:
    member = _member_of(side, key)
    if member is None:
        return (SetBlockAttribute(side.model.block, key.node, ""),)
    if side.relation is not None and all(one.name != key.columns[0].column for one in side.columns):
        return ()  # the whole field goes
    return (SetAttribute(side.model.block, member, key.node, ""),)


def _adding(side: Side, found: TableKey, instead_of: Attribute | None = None) -> tuple[Edit, ...]:
    field = side.model.field_of(found.columns[0].column)
    if _on_field(found) and field is not None:
        return (SetAttribute(side.model.block, field.member, None, _attribute(side, found)),)
    text = _attribute(side, found, block=True)
    called = instead_of.argument("name") if instead_of is not None else None
    if called is not None and text.endswith(")"):  # what the client calls it is no matter of the database
        text = f"{text[:-1]}, name: {side.meaning.document.written(called)})"
    return (SetBlockAttribute(side.model.block, None, text),)


def _should(edits: tuple[Edit, ...]) -> str:
    return next((one.text for one in edits if isinstance(one, SetBlockAttribute)), "")


def _on_field(found: TableKey) -> bool:
    """Whether it is written beside its one field."""
    one = found.columns[0]
    return found.kind != "index" and len(found.columns) == 1 and found.where is None and not one.operator_class


def _attribute(side: Side, found: TableKey, *, block: bool | None = None) -> str:
    """The attribute that stands for it; of the block, or of the field, where that is said."""
    names = [one.column for one in found.columns]
    usual = {
        "id": primary_key_name(side.model.table),
        "unique": unique_name(side.model.table, names),
        "index": index_name(side.model.table, names),
    }[found.kind]
    named = [f"map: {quoted(found.name)}"] if found.name != usual else []
    if block is False or (block is None and _on_field(found)):
        sort = ["sort: Desc"] if found.columns[0].descending else []
        given = ", ".join([*named, *sort])
        return f"@{found.kind}({given})" if given else f"@{found.kind}"
    parts = [_listed(side, one) for one in found.columns]
    kinds = {"hash": "Hash", "gin": "Gin", "gist": "Gist", "spgist": "SpGist", "brin": "Brin"}
    method = [f"type: {kinds[found.method]}"] if found.method in kinds else []
    where = [f"where: raw({quoted(found.where)})"] if found.where else []
    given = ", ".join([f"[{', '.join(parts)}]", *named, *method, *where])
    return f"@@{found.kind}({given})"


def _listed(side: Side, one: KeyColumn) -> str:
    known = {"jsonb_path_ops": "JsonbPathOps"}
    given = []
    if one.operator_class:
        given.append(f"ops: {known.get(one.operator_class) or f'raw({quoted(one.operator_class)})'}")
    if one.descending:
        given.append("sort: Desc")
    name = side.name_of(one.column)
    return f"{name}({', '.join(given)})" if given else name


def _called(found: TableKey) -> str:
    columns = ", ".join(one.column for one in found.columns)
    return {"id": "the primary key", "unique": f"the unique key of {columns}", "index": f"the index of {columns}"}[
        found.kind
    ]


def _member_of(side: Side, key: Key) -> Member | None:
    return next((one for one in side.model.block.members if key.node in one.attributes), None)
