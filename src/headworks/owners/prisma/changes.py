"""What tells a Prisma schema from a database, and what would have to be written where."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from headworks.findings import ObjectRef
from headworks.owners.prisma.tree import Attribute, Block, Member, Node

__all__ = [
    "AddBlock", "AddMember", "Difference", "Edit", "RemoveMember", "SetAttribute", "SetBlockAttribute", "SetType",
    "What",
]  # fmt: skip


class What(StrEnum):
    """`LACKS`: only the database has it; `ADDS`: only the file has it; `DIFFERS`: both have it, in two ways."""

    LACKS = "lacks"
    ADDS = "adds"
    DIFFERS = "differs"


@dataclass(frozen=True)
class SetType:
    """Write another type into a field."""

    block: Block
    member: Member
    text: str


@dataclass(frozen=True)
class SetAttribute:
    """Write an attribute of a field or value: in the place of `old`, or at its end; with no text take `old` out."""

    block: Block
    member: Member
    old: Attribute | None
    text: str


@dataclass(frozen=True)
class SetBlockAttribute:
    """The same with an attribute of a block."""

    block: Block
    old: Attribute | None
    text: str


@dataclass(frozen=True)
class AddMember:
    """A new line in a block: `cells` are name, type and attributes.

    After `after`, before all others where it is `first`, or else after the last member.
    """

    block: Block
    cells: tuple[str, ...]
    after: Member | None = None
    first: bool = False


@dataclass(frozen=True)
class RemoveMember:
    """Take a line out of a block."""

    block: Block
    member: Member


@dataclass(frozen=True)
class AddBlock:
    """A new block at the end of the file that the datasource is in."""

    text: str


Edit: TypeAlias = SetType | SetAttribute | SetBlockAttribute | AddMember | RemoveMember | AddBlock


@dataclass(frozen=True)
class Difference:
    """One thing of which the file and the database say two things.

    `database` and `file` are what each says, in Prisma's words; `should` is the line that would agree with the
    database, empty when there should be none (of a line that is there, `compare` fills it in). `edits` bring the file
    to that, or `hint` says what a person has to do. `table` is whose it is. A `mild` one is of names and the like.
    """

    what: What
    object: ObjectRef
    node: Node
    message: str
    table: tuple[str, str] | None = None
    attribute: str | None = None
    database: str | None = None
    file: str | None = None
    should: str = ""
    hint: str = ""
    edits: tuple[Edit, ...] = field(default=())
    mild: bool = False
