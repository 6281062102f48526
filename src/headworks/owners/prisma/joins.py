"""The tables that Prisma keeps for relations with a list on both sides, beside those of the database.

Nothing in the file says what such a table is like: it has to be what Prisma makes it, but for names, which no client
sees, and for columns that nobody has to fill in.
"""

from collections.abc import Iterator
from dataclasses import replace

from headworks.findings import ObjectRef
from headworks.owners.prisma.changes import Difference, What
from headworks.owners.prisma.keys import keys_of
from headworks.owners.prisma.meaning import Join
from headworks.owners.prisma.types import alike
from headworks.owners.prisma.words import Words
from headworks.schema import Column, Constraint, Relation, Schema, Table

__all__ = ["compare_join"]


def compare_join(
    join: Join, realised: Schema, picture: Schema, relation: Relation, words: Words
) -> Iterator[Difference]:
    """What the table of the database and the one that Prisma would make say otherwise of each other."""
    made = realised.relation(join.schema, join.table)
    if made is None:
        return  # PostgreSQL has refused it, or the models have no key of one column
    yield from _columns(join, realised.on(made, Column), picture.on(relation, Column), words)
    if isinstance(relation, Table):
        yield from _keys(join, picture, relation)
        wanted, there = (
            [one for one in schema.on(table, Constraint) if one.type == "foreign key"]
            for schema, table in ((realised, made), (picture, relation))
        )
        for one in wanted:
            yield from _foreign_key(join, one, there)


def _columns(join: Join, wanted: tuple[Column, ...], there: tuple[Column, ...], words: Words) -> Iterator[Difference]:
    known = {one.name: one for one in there}
    for one in wanted:
        found = known.pop(one.name, None)
        if found is None:
            message = f"{join.table} has no column {one.name}, in which Prisma keeps the relation {join.member.name}"
            yield _difference(join, What.ADDS, one.ref, message, file=one.type)
            continue
        if alike(one.type) not in (alike(found.type), alike(words.base(found).type)):
            message = f"{join.table}.{one.name} is {found.type} in the database and {one.type} here"
            yield _difference(join, What.DIFFERS, found.ref, message, "type", found.type, one.type)
        if found.nullable:
            message = f"{join.table}.{one.name} can be null in the database"
            yield _difference(join, What.DIFFERS, found.ref, message, "nullable", "can be null", "is never null")
    for found in known.values():
        if not found.nullable and found.default is None and found.generated is None and found.identity is None:
            message = f"{join.table} has a column {found.name}, which has to be filled in, and Prisma never does"
            yield _difference(join, What.LACKS, found.ref, message, database=found.type)


def _keys(join: Join, picture: Schema, relation: Table) -> Iterator[Difference]:
    keys = [one for one in keys_of(picture, relation) if one.where is None]
    # A primary key since Prisma 6, a unique index before.
    if not any(one.kind != "index" and {part.column for part in one.columns} == {"A", "B"} for one in keys):
        ref = ObjectRef(kind="constraint", schema=join.schema, table=join.table, name=f"{join.table}_AB_pkey")
        message = f"{join.table} has no primary key or unique key of A, B, so Prisma can connect two rows twice"
        yield _difference(join, What.ADDS, ref, message, file="primary key (A, B)")
    if not any(one.columns[0].column == "B" for one in keys):
        ref = ObjectRef(kind="index", schema=join.schema, table=join.table, name=f"{join.table}_B_index")
        message = f"{join.table} has no index of B, by which Prisma looks the relation up from the other side"
        yield replace(_difference(join, What.ADDS, ref, message, file="index (B)"), mild=True)


def _foreign_key(join: Join, wanted: Constraint, there: list[Constraint]) -> Iterator[Difference]:
    (column,) = wanted.columns
    same = [
        one
        for one in there
        if (one.columns, one.referenced_table, one.referenced_columns)
        == (wanted.columns, wanted.referenced_table, wanted.referenced_columns)
    ]
    if not same:
        table = wanted.referenced_table[1] if wanted.referenced_table is not None else ""
        message = f"{join.table} has no foreign key of {column} to {table}"
        yield _difference(join, What.ADDS, wanted.ref, message, file="onDelete: Cascade, onUpdate: Cascade")
        return
    found = same[0]
    for word, is_there, is_here in (
        ("on_delete", found.on_delete, wanted.on_delete),
        ("on_update", found.on_update, wanted.on_update),
    ):
        if is_there != is_here:
            says = f"{word.replace('_', ' ')} of {column} is {is_there} in the database and {is_here} here"
            one = _difference(join, What.DIFFERS, found.ref, f"{join.table}: {says}", word, is_there, is_here)
            yield replace(one, mild=True)  # `prisma db pull` makes the same of it


def _difference(
    join: Join,
    what: What,
    ref: ObjectRef,
    message: str,
    attribute: str | None = None,
    database: str | None = None,
    file: str | None = None,
) -> Difference:
    return Difference(
        what=what,
        object=ref,
        node=join.member,
        message=message,
        table=(join.schema, join.table),
        attribute=attribute,
        database=database,
        file=file,
        hint=f"write a model for {join.table}, with a relation to each of the two, in the place of the lists",
    )
