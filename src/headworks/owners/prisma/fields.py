"""The columns of a table beside the fields of its model."""

from collections.abc import Iterator
from dataclasses import replace

import msgspec

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
from headworks.owners.prisma.keys import beside_field
from headworks.owners.prisma.meaning import Field
from headworks.owners.prisma.side import Side
from headworks.owners.prisma.statements import is_counted as counts
from headworks.owners.prisma.tree import Call, Member, quoted
from headworks.owners.prisma.types import alike
from headworks.owners.prisma.words import is_counted
from headworks.schema import Column

__all__ = ["compare_fields"]


def compare_fields(side: Side) -> Iterator[Difference]:
    """What columns and fields say otherwise of each other."""
    realised = side.realised.relation(*side.table)
    known = {one.name: one for one in side.realised.on(realised, Column)} if realised is not None else {}
    columns = {one.name: one for one in side.columns}
    before: Member | None = None
    for column in columns.values():
        field = side.model.field_of(column.name)
        if field is None:
            yield _lacking(side, column, before)
        else:
            before = field.member
            # A column that PostgreSQL has refused has no type that could be the same.
            made = known.get(column.name) or msgspec.structs.replace(column, type="nothing")
            yield from _differing(side, column, made, field)
    for field in side.model.fields:
        if field.column not in columns:
            yield _added(side, field)


def _lacking(side: Side, column: Column, after: Member | None) -> Difference:
    cells = _cells(side, column)
    return Difference(
        what=What.LACKS,
        object=column.ref,
        node=after or side.model.block,
        message=f"model {side.model.block.name} has no field for the column {column.name} of {side.model.table}",
        table=side.table,
        database=" ".join(cells[1:]),
        should=" ".join(cells),
        edits=(AddMember(side.model.block, cells, after, first=after is None),),
    )


def _added(side: Side, field: Field) -> Difference:
    return Difference(
        what=What.ADDS,
        object=ObjectRef(kind="column", schema=side.model.schema, table=side.model.table, name=field.column),
        node=field.member,
        message=f"{side.model.table} has no column {field.column} for the field {_named(side, field)}",
        table=side.table,
        file=side.meaning.document.written(field.member),
        edits=(RemoveMember(side.model.block, field.member),),
    )


def _differing(side: Side, column: Column, made: Column, field: Field) -> Iterator[Difference]:
    kind = field.member.type
    assert kind is not None
    found: list[Difference] = []
    wanted_base, wanted_mark, wanted_native = side.words.type(column)
    here = Difference(What.DIFFERS, column.ref, field.member, "", side.table)
    written = side.meaning.document.written
    native = field.native
    old_native = written(native) if native is not None else ""
    same_type = alike(made.type) in (alike(column.type), alike(side.words.base(column).type))
    same_mark = kind.list or side.model.is_view or kind.optional == column.nullable
    if not same_type:
        is_there, is_here = (kind.removeprefix(f"{side.meaning.default_schema}.") for kind in (column.type, made.type))
        edits: list[Edit] = [SetType(side.model.block, field.member, wanted_base + wanted_mark)]
        if old_native != wanted_native:
            edits.append(SetAttribute(side.model.block, field.member, native, wanted_native))
        found.append(
            replace(
                here,
                attribute="type",
                message=f"{_named(side, field)} is {is_there} in the database and {is_here} here",
                database=f"{wanted_base}{wanted_mark} {wanted_native}".strip(),
                file=f"{written(kind)} {old_native}".strip(),
                edits=tuple(edits),
            )
        )
    elif not same_mark:
        base = written(kind).removesuffix("?")
        says = "can be null" if column.nullable else "is never null"
        found.append(
            replace(
                here,
                attribute="nullable",
                message=f"{_named(side, field)} {says} in the database",
                database=base + ("?" if column.nullable else ""),
                file=written(kind),
                edits=(SetType(side.model.block, field.member, base + ("?" if column.nullable else "")),),
            )
        )
    if not side.model.is_view and not _same_default(side, column, made, field):
        attribute = field.member.attribute("default")
        wanted = side.words.default(column)
        old = written(attribute) if attribute is not None else ""
        says = f"has the default {column.default}" if wanted else "has no default"
        if is_counted(column):
            says = "is filled in by a sequence"
        found.append(
            replace(
                here,
                attribute="default",
                message=f"{_named(side, field)} {says} in the database",
                database=wanted or None,
                file=old or None,
                edits=(SetAttribute(side.model.block, field.member, attribute, wanted),),
            )
        )
    yield from found


def _same_default(side: Side, column: Column, made: Column, field: Field) -> bool:
    value = field.default
    if column.generated is not None:
        return True  # it is no default, whatever the file says to keep Prisma from writing the column
    if is_counted(column) or counts(field):
        return is_counted(column) and counts(field)
    if isinstance(value, Call) and value.name == "dbgenerated" and not value.arguments:
        return True  # the file leaves open what it is, or that a trigger fills it in
    if column.default == made.default:
        return True
    if isinstance(value, Call) and value.name == "now":
        return side.words.is_now(column)
    return made.default is not None and side.words.same_default(column, made.default)


def _cells(side: Side, column: Column) -> tuple[str, ...]:
    """Name, type and attributes of a new field."""
    base, mark, native = side.words.type(column)
    name = side.new_name(column.name)
    mapped = f"@map({quoted(column.name)})" if name != column.name else ""
    attributes = [*beside_field(side, column.name), side.words.default(column), mapped, native]
    return (name, base + mark, *filter(None, [" ".join(part for part in attributes if part)]))


def _named(side: Side, field: Field) -> str:
    return f"{side.model.block.name}.{field.name}"
