"""Enum types beside the enums of the file."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace

from headworks.findings import ObjectRef
from headworks.owners.prisma.changes import AddBlock, AddMember, Difference, RemoveMember, What
from headworks.owners.prisma.meaning import Enumeration, Meaning
from headworks.owners.prisma.tree import Node, quoted
from headworks.owners.prisma.words import Words, name_for
from headworks.schema import Column, Enum, Schema, Table

__all__ = ["compare_enums", "lacking_enum"]


def compare_enums(
    meaning: Meaning,
    picture: Schema,
    words: Words,
    owned: Callable[[str, str], bool],
    judged: Collection[Enumeration],
) -> Iterator[Difference]:
    """What the enums that are `judged` and the database's types say otherwise of each other.

    An enum goes with the tables that are of it. The order of values is PostgreSQL's alone: Prisma has none.
    """
    types = {(one.schema, one.name): one for one in picture.all(Enum)}
    users = _users(meaning, picture, words)
    for enum in judged:
        name = (enum.schema, enum.name)
        found = types.get(name)
        table = _owned_user(users.get(name, ()), owned)
        if found is None:
            yield Difference(
                what=What.ADDS,
                object=ObjectRef(kind="enum", schema=enum.schema, name=enum.name),
                node=enum.block,
                message=f"the database has no enum {enum.name} for {enum.block.name}",
                table=table,
                file=f"enum {enum.block.name}",
            )
            continue
        for one in _values(meaning, enum, found):
            yield replace(one, table=table)


def _users(meaning: Meaning, picture: Schema, words: Words) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """The tables that are of an enum, in the file or in the database."""
    users: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for model in meaning.models:
        for field in model.fields:
            if field.enumeration is not None and not model.is_view:
                kind = (field.enumeration.schema, field.enumeration.name)
                users.setdefault(kind, []).append((model.schema, model.table))
    for table in picture.all(Table):
        for column in picture.on(table, Column):
            if (enum := words.enum_of(column)) is not None:
                users.setdefault((enum.schema, enum.name), []).append((table.schema, table.name))
    return users


def _owned_user(users: Collection[tuple[str, str]], owned: Callable[[str, str], bool]) -> tuple[str, str] | None:
    """The table whose enum it is where all tables that are of it are Prisma's: nobody else has a say in it then."""
    return next(iter(users)) if users and all(owned(*one) for one in users) else None


def _values(meaning: Meaning, enum: Enumeration, found: Enum) -> Iterator[Difference]:
    known = [word for _, word in enum.values]
    taken = {member.name for member, _ in enum.values}
    for at, value in enumerate(found.values):
        if value not in known:
            cells = _cells(value, taken)
            before = set(found.values[:at])
            after = next((member for member, word in reversed(enum.values) if word in before), None)
            yield Difference(
                what=What.LACKS,
                object=found.ref,
                node=enum.block,
                message=f"enum {enum.block.name} has no value for {value!r} of {enum.name}",
                attribute="values",
                database=value,
                should=" ".join(cells),
                edits=(AddMember(enum.block, cells, after, first=after is None),),
            )
    for member, word in enum.values:
        if word not in found.values:
            yield Difference(
                what=What.ADDS,
                object=found.ref,
                node=member,
                message=f"{enum.name} of the database has no value {word!r} for {enum.block.name}.{member.name}",
                attribute="values",
                file=meaning.document.written(member),
                edits=(RemoveMember(enum.block, member),),
            )


def lacking_enum(node: Node, enum: Enum, words: Words, *, default_schema: str) -> Difference:
    """An enum that a column of the file is of, and the file does not have."""
    name = words.enum_name(enum)
    taken: set[str] = set()
    cells = [_cells(value, taken) for value in enum.values]
    widest = max((len(one[0]) for one in cells), default=0)
    lines = [" ".join((one[0].ljust(widest), *one[1:])).rstrip() for one in cells]
    if name != enum.name:
        lines += ["", f"@@map({quoted(enum.name)})"]
    if enum.schema != default_schema:
        lines += [*([] if name != enum.name else [""]), f"@@schema({quoted(enum.schema)})"]
    body = "".join(f"  {line}".rstrip() + "\n" for line in lines)
    return Difference(
        what=What.LACKS,
        object=enum.ref,
        node=node,
        message=f"there is no enum for {enum.name} of the database",
        database=", ".join(enum.values),
        should=f"enum {name} {{ {' '.join(lines)} }}",
        edits=(AddBlock(f"enum {name} {{\n{body}}}\n"),),
    )


def _cells(value: str, taken: set[str]) -> tuple[str, ...]:
    name = name_for(value, taken, kind="value")
    taken.add(name)
    return (name,) if name == value else (name, f"@map({quoted(value)})")
