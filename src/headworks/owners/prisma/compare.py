"""A Prisma schema beside a picture, model by model."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from headworks.findings import ObjectRef
from headworks.owners.prisma.changes import Difference, SetAttribute, SetType, What
from headworks.owners.prisma.edit import line_of
from headworks.owners.prisma.enums import compare_enums, lacking_enum
from headworks.owners.prisma.fields import compare_fields
from headworks.owners.prisma.joins import compare_join
from headworks.owners.prisma.keys import compare_keys
from headworks.owners.prisma.meaning import Enumeration, Meaning
from headworks.owners.prisma.relations import Given, compare_relations, relations_without_columns
from headworks.owners.prisma.scratch import Scratch
from headworks.owners.prisma.side import Side
from headworks.owners.prisma.tree import Node
from headworks.owners.prisma.words import Words
from headworks.schema import Column, Composite, Enum, Schema, Table

__all__ = ["Owned", "compare"]

Owned = Callable[[str, str], bool]
"""Whether Prisma owns the table of a schema and a name."""

PRISMAS_OWN = "_prisma_migrations"
"""Prisma's list of the migrations that it ran, which no model stands for."""


def compare(meaning: Meaning, realised: Schema, picture: Schema, scratch: Scratch, owned: Owned) -> list[Difference]:
    """Every difference, in the order of the file. `realised` is the picture of the file itself."""
    words = Words(meaning, picture, scratch)
    found: list[Difference] = []
    enums: dict[ObjectRef, Difference] = {}
    given = Given()
    for model in meaning.models:
        relation = picture.relation(model.schema, model.table)
        if relation is None or isinstance(relation, Composite):
            found.append(_absent(model.block, model.schema, model.table, f"model {model.block.name}"))
            continue
        side = Side(meaning, model, realised, picture, relation, words)
        found += compare_fields(side)
        if isinstance(relation, Table) and not model.is_view:
            found += compare_keys(side)
            found += compare_relations(side, given) if meaning.has_foreign_keys else relations_without_columns(side)
        for column in side.columns:
            enum = words.enum_of(column)
            if enum is not None and meaning.enum(enum.schema, enum.name) is None and not owned(*side.table):
                enums.setdefault(
                    enum.ref, lacking_enum(model.block, enum, words, default_schema=meaning.default_schema)
                )
    for join in meaning.joins:
        relation = picture.relation(join.schema, join.table)
        if relation is None or isinstance(relation, Composite):
            found.append(_absent(join.member, join.schema, join.table, f"the relation {join.member.name}"))
        else:
            found += compare_join(join, realised, picture, relation, words)
    found += enums.values()
    found += compare_enums(meaning, picture, words, owned, list(_judged(meaning, picture)))
    found += _without_model(meaning, picture, owned)
    return sorted(_with_lines(meaning, found), key=lambda one: one.node.start)


def _with_lines(meaning: Meaning, found: list[Difference]) -> Iterator[Difference]:
    """The differences with the line that a member should have, by all that is wrong with it."""
    edits = [edit for one in found for edit in one.edits]
    lines: dict[int, str] = {}
    for one in found:
        last = next((edit for edit in reversed(one.edits) if isinstance(edit, SetType | SetAttribute)), None)
        if one.should or last is None:
            yield one
            continue
        if last.member.start not in lines:
            lines[last.member.start] = line_of(meaning.document, last.block, last.member, edits)
        yield replace(one, node=last.member, should=lines[last.member.start])


def _absent(node: Node, schema: str, table: str, what: str) -> Difference:
    return Difference(
        what=What.ADDS,
        object=ObjectRef(kind="table", schema=schema, name=table),
        node=node,
        message=f"there is no table {table} for {what}",
        table=(schema, table),
    )


def _judged(meaning: Meaning, picture: Schema) -> Iterator[Enumeration]:
    """The enums that somebody's table uses, or nobody's; those of tables that are not there are said with these."""
    there = {(one.schema, one.name) for one in picture.all(Enum)}
    for enum in meaning.enums:
        users = [model for model in meaning.models if any(one.enumeration == enum for one in model.fields)]
        known = any(picture.relation(one.schema, one.table) is not None for one in users)
        if known or not users or (enum.schema, enum.name) in there:
            yield enum


def _without_model(meaning: Meaning, picture: Schema, owned: Owned) -> Iterator[Difference]:
    """Tables that Prisma owns and the file does not have."""
    joins = {(one.schema, one.table) for one in meaning.joins}
    for table in picture.all(Table):
        key = (table.schema, table.name)
        if table.name == PRISMAS_OWN or key in joins or meaning.table(*key) is not None or not owned(*key):
            continue
        columns = ", ".join(one.name for one in picture.on(table, Column))
        yield Difference(
            what=What.LACKS,
            object=table.ref,
            node=Node(meaning.document.home.start, meaning.document.home.start),
            message=f"Prisma owns the table {table.name}, and no model stands for it",
            table=key,
            database=columns,
        )
