"""Foreign keys of a table beside the relations of its model, as far as both models are in the file."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from headworks.findings import ObjectRef
from headworks.owners.prisma.changes import (
    AddMember,
    Difference,
    Edit,
    RemoveMember,
    SetAttribute,
    SetType,
    What,
)
from headworks.owners.prisma.keys import keys_of
from headworks.owners.prisma.meaning import Model, Relation, called
from headworks.owners.prisma.names import foreign_key_name
from headworks.owners.prisma.side import Side
from headworks.owners.prisma.tree import Member, quoted
from headworks.owners.prisma.words import camel, name_for
from headworks.schema import Constraint

__all__ = ["Given", "compare_relations", "relations_without_columns"]

_ACTIONS = {
    "cascade": "Cascade",
    "restrict": "Restrict",
    "no action": "NoAction",
    "set null": "SetNull",
    "set default": "SetDefault",
}


@dataclass(frozen=True)
class Given:
    """What the relations that are still to be written have taken: names, by the model that they are in, and pairs of
    models, of which only one relation can be without a name."""

    names: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    pairs: set[frozenset[str]] = field(default_factory=set)


def compare_relations(side: Side, given: Given) -> Iterator[Difference]:
    """What foreign keys and relations say otherwise of each other. `given` is one for all models of a file."""
    constraints = [one for one in side.picture.on(side.relation, Constraint) if one.type == "foreign key"]
    left = list(constraints)
    for relation in side.model.relations:
        target = side.meaning.model(relation.target)
        assert target is not None
        found = [one for one in left if _pairs(one) == set(zip(relation.fields, relation.references, strict=True))]
        found = [one for one in found if one.referenced_table == (target.schema, target.table)]
        if not found:
            yield _added(side, relation)
            continue
        constraint = next((one for one in found if one.name == relation.name), found[0])
        left.remove(constraint)
        yield from _differing(side, relation, constraint, target)
    covered = [(_pairs(one), one.referenced_table) for one in constraints]
    for constraint in left:
        referenced = constraint.referenced_table
        target = side.meaning.table(*referenced) if referenced is not None else None
        twice = covered.count((_pairs(constraint), referenced)) > 1 and any(
            set(zip(one.fields, one.references, strict=True)) == _pairs(constraint) for one in side.model.relations
        )
        there = side.of(target) if target is not None and not target.is_view else None
        if there is not None and not twice:
            yield _lacking(side, constraint, there, given)


def relations_without_columns(side: Side) -> Iterator[Difference]:
    """The relations over a column that is not there: with the field they go, foreign keys or not."""
    for relation in side.model.relations:
        target = side.meaning.model(relation.target)
        there = side.of(target) if target is not None else None
        for one, columns in ((side, relation.fields), (there, relation.references)):
            known = {column.name for column in one.columns} if one is not None else set(columns)
            gone = [column for column in columns if column not in known]
            if one is not None and gone:
                named = f"{side.model.block.name}.{relation.member.name}"
                message = f"{one.model.table} has no column {', '.join(gone)} for the relation {named}"
                yield replace(_added(side, relation), message=message)
                break


def _pairs(constraint: Constraint) -> set[tuple[str, str]]:
    return set(zip(constraint.columns, constraint.referenced_columns, strict=True))


def _differing(side: Side, relation: Relation, constraint: Constraint, target: Model) -> Iterator[Difference]:
    attribute = relation.member.attribute("relation")
    assert attribute is not None
    written = side.meaning.document.written
    block = side.model.block
    text = _attribute(side, constraint, target, called(relation.member))
    named = f"{block.name}.{relation.member.name}"
    edit = SetAttribute(block, relation.member, attribute, text)
    for word, wanted, says in (
        ("on_delete", constraint.on_delete, relation.on_delete),
        ("on_update", constraint.on_update, relation.on_update),
    ):
        if wanted != says:
            yield Difference(
                what=What.DIFFERS,
                object=constraint.ref,
                node=attribute,
                message=f"{named}: {word.replace('_', ' ')} is {wanted} in the database and {says} here",
                table=side.table,
                attribute=word,
                database=_ACTIONS[wanted],
                file=_ACTIONS[says],
                edits=(edit,),
            )
    if constraint.name != relation.name:
        yield Difference(
            what=What.DIFFERS,
            object=constraint.ref,
            node=attribute,
            message=f"{named}: the foreign key is called {constraint.name} in the database and {relation.name} here",
            table=side.table,
            attribute="name",
            database=constraint.name,
            file=relation.name,
            edits=(edit,),
            mild=True,
        )
    kind = relation.member.type
    assert kind is not None
    optional = _optional(side, constraint)
    if kind.optional != optional:
        # Prisma itself refuses a required relation over a column that can be null.
        base = written(kind).removesuffix("?") + ("?" if optional else "")
        yield Difference(
            what=What.DIFFERS,
            object=constraint.ref,
            node=relation.member,
            message=f"{named} is {'not always there' if optional else 'always there'} in the database",
            table=side.table,
            attribute="nullable",
            database=base,
            file=written(kind),
            edits=(SetType(block, relation.member, base),),
        )


def _added(side: Side, relation: Relation) -> Difference:
    target = side.meaning.model(relation.target)
    assert target is not None
    edits: list[Edit] = [RemoveMember(side.model.block, relation.member)]
    back = _back(side.model, relation.member, target)
    if back is not None:
        edits.append(RemoveMember(target.block, back))
    return Difference(
        what=What.ADDS,
        object=ObjectRef(kind="constraint", schema=side.model.schema, table=side.model.table, name=relation.name),
        node=relation.member,
        message=f"{side.model.table} has no foreign key of {', '.join(relation.fields)} to {target.table}",
        table=side.table,
        file=side.meaning.document.written(relation.member),
        edits=tuple(edits),
    )


def _back(model: Model, member: Member, target: Model) -> Member | None:
    """The other side of a relation."""
    for one in target.block.members:
        if one is member or one.type is None or one.type.name != model.block.name or called(one) != called(member):
            continue
        if (attribute := one.attribute("relation")) is None or attribute.argument("fields") is None:
            return one
    return None


def _lacking(side: Side, constraint: Constraint, there: Side, given: Given) -> Difference:
    source, target = side.model.block, there.model
    between = [one for one in source.members if one.type is not None and one.type.name == target.block.name]
    between += [one for one in target.block.members if one.type is not None and one.type.name == source.name]
    name = ""
    pair = frozenset((source.name, target.block.name))
    if between or pair in given.pairs or source is target.block:
        # Two relations between the same models are told apart by a name, as `prisma db pull` makes it.
        name = f"{side.model.table}_{'_'.join(constraint.columns)}To{target.table}"
    given.pairs.add(pair)
    head = constraint.columns[0].removesuffix("_id").removesuffix("Id") if len(constraint.columns) == 1 else ""
    usual = head if head and head != constraint.columns[0] else target.block.name[:1].lower() + target.block.name[1:]
    name_here = _new_name(side, camel(usual) if "_" not in source.name else usual, given)
    mark = "?" if _optional(side, constraint) else ""
    cells = (name_here, target.block.name + mark, _attribute(side, constraint, target, name))
    unique = any(
        one.kind != "index" and {c.column for c in one.columns} == set(constraint.columns)
        for one in keys_of(side.picture, side.relation)
    )
    back = _new_name(there, source.name[:1].lower() + source.name[1:] + ("" if unique else "s"), given)
    opposite = (back, source.name + ("?" if unique else "[]"), *([f"@relation({quoted(name)})"] if name else []))
    return Difference(
        what=What.LACKS,
        object=constraint.ref,
        node=source,
        message=f"model {source.name} has no relation for the foreign key of {', '.join(constraint.columns)}"
        f" to {target.table}",
        table=side.table,
        database=cells[2],
        should=" ".join(cells),
        edits=(AddMember(source, cells), AddMember(target.block, opposite)),
    )


def _new_name(side: Side, usual: str, given: Given) -> str:
    """A name that no field of the model has, be it in the file or still to be written."""
    own = given.names[side.model.block.name]
    fields = {one.name for one in side.model.block.members} | {side.name_of(one.name) for one in side.columns}
    own.add(made := name_for(usual, fields | own))
    return made


def _optional(side: Side, constraint: Constraint) -> bool:
    """Whether Prisma wants the relation marked as one that may not be there: a single column that can be null does."""
    return any(one.nullable for one in side.columns if one.name in constraint.columns)


def _attribute(side: Side, constraint: Constraint, target: Model, name: str) -> str:
    fields = ", ".join(side.name_of(one) for one in constraint.columns)
    fields_there = [target.field_of(one) for one in constraint.referenced_columns]
    references = ", ".join(
        one.name if one is not None else column
        for one, column in zip(fields_there, constraint.referenced_columns, strict=True)
    )
    given = [quoted(name)] if name else []
    given += [f"fields: [{fields}]", f"references: [{references}]"]
    wholly = all(one.nullable for one in side.columns if one.name in constraint.columns)
    if constraint.on_delete != ("set null" if wholly else "restrict"):
        given.append(f"onDelete: {_ACTIONS[constraint.on_delete]}")
    if constraint.on_update != "cascade":
        given.append(f"onUpdate: {_ACTIONS[constraint.on_update]}")
    if constraint.name != foreign_key_name(side.model.table, constraint.columns):
        given.append(f"map: {quoted(constraint.name)}")
    return f"@relation({', '.join(given)})"
