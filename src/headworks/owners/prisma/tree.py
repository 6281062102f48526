"""The syntax tree of a Prisma schema. Every node knows its place in the text, so that it can be changed there alone."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from headworks.owners.prisma.tokens import Lines

__all__ = [
    "Argument", "Array", "Attribute", "Block", "Call", "Document", "Entry", "Expression", "Member", "Node", "Number",
    "Part", "Path", "Text", "TypeName", "quoted",
]  # fmt: skip


@dataclass(frozen=True)
class Node:
    """From `start` to before `end`."""

    start: int
    end: int


@dataclass(frozen=True)
class Number(Node):
    """A number as it is written."""

    text: str


@dataclass(frozen=True)
class Text(Node):
    """A string; `raw` has its quotes and escapes."""

    raw: str

    @property
    def value(self) -> str:
        """What it says. An escape that JSON does not know stands for its character."""
        try:
            return str(json.loads(self.raw))
        except ValueError:
            return self.raw[1:-1].replace('\\"', '"').replace("\\\\", "\\")


def quoted(text: str) -> str:
    """A string as the file has it."""
    return json.dumps(text, ensure_ascii=False)


@dataclass(frozen=True)
class Path(Node):
    """A name, maybe with dots in it: a constant, an enum's value, a field."""

    text: str


@dataclass(frozen=True)
class Array(Node):
    """`[a, b]`."""

    items: "tuple[Expression, ...]"


@dataclass(frozen=True)
class Call(Node):
    """`name(arguments)`."""

    name: str
    arguments: "tuple[Argument, ...]"


Expression: TypeAlias = Number | Text | Path | Array | Call


@dataclass(frozen=True)
class Argument(Node):
    """An argument; `name` is empty for one by position."""

    name: str
    value: Expression


@dataclass(frozen=True)
class Attribute(Node):
    """`@name(arguments)` of a field or a value, or `@@name(arguments)` of a block."""

    name: str
    arguments: tuple[Argument, ...]

    def argument(self, name: str, *, position: int | None = None) -> Expression | None:
        """The value of an argument, by name or, among those without one, by position."""
        for one in self.arguments:
            if one.name == name:
                return one.value
        unnamed = [one.value for one in self.arguments if not one.name]
        return unnamed[position] if position is not None and position < len(unnamed) else None


@dataclass(frozen=True)
class TypeName(Node):
    """A field's type. `unsupported` is the text in `Unsupported("...")`."""

    name: str
    unsupported: str | None = None
    optional: bool = False
    list: bool = False


@dataclass(frozen=True)
class Member(Node):
    """A line of a model, view, type or enum: a field with a type, or a value without."""

    name: str
    name_end: int
    type: TypeName | None
    attributes: tuple[Attribute, ...]

    def attribute(self, name: str) -> Attribute | None:
        """Its first attribute of this name."""
        return next((one for one in self.attributes if one.name == name), None)


@dataclass(frozen=True)
class Entry(Node):
    """`key = value` of a datasource or generator."""

    name: str
    value: Expression


@dataclass(frozen=True)
class Block(Node):
    """`keyword name { ... }`. `body` is the place after the opening line, `close` that of the closing brace."""

    keyword: str
    name: str
    name_start: int
    body: int
    close: int
    members: tuple[Member, ...] = ()
    entries: tuple[Entry, ...] = ()
    attributes: tuple[Attribute, ...] = ()

    def attribute(self, name: str) -> Attribute | None:
        """Its first attribute of this name."""
        return next((one for one in self.attributes if one.name == name), None)

    def member(self, name: str) -> Member | None:
        """Its member of this name."""
        return next((one for one in self.members if one.name == name), None)

    def entry(self, name: str) -> Entry | None:
        """Its entry of this key."""
        return next((one for one in self.entries if one.name == name), None)


@dataclass(frozen=True)
class Part:
    """One file of a schema: its name, and where its text begins and ends in that of the whole."""

    file: str
    start: int
    end: int


@dataclass(frozen=True)
class Document:
    """A schema that was read: its text, which is that of its files one after another, and its blocks in order."""

    text: str
    parts: tuple[Part, ...]
    blocks: tuple[Block, ...]
    lines: Lines = field(compare=False)

    @property
    def home(self) -> Part:
        """The file for what belongs into none that is there: the datasource's, or the one that is named for it."""
        source = next(self.of("datasource"), None)
        if source is not None:
            return self.part(source)
        usual = (one for one in self.parts if one.file.replace("\\", "/").rpartition("/")[2] == "schema.prisma")
        return next(usual, self.parts[0])

    def part(self, node: Node) -> Part:
        """The file that a node is in."""
        return next(one for one in reversed(self.parts) if one.start <= node.start)

    def file(self, node: Node) -> str:
        """The name of the file that a node is in."""
        return self.part(node).file

    def line(self, node: Node) -> int:
        """The line of its file that a node begins in, from 1."""
        return self.lines.place(node.start)[0] - self.lines.place(self.part(node).start)[0] + 1

    def written(self, node: Node) -> str:
        """A node as it stands in the text."""
        return self.text[node.start : node.end]

    def of(self, *keywords: str) -> Iterator[Block]:
        """The blocks of these keywords, in order."""
        return (one for one in self.blocks if one.keyword in keywords)
