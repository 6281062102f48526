"""The database's things in Prisma's words."""

import re
from collections.abc import Container

import msgspec

from headworks.owners.prisma.meaning import Enumeration, Meaning
from headworks.owners.prisma.scratch import Scratch
from headworks.owners.prisma.tree import Block, quoted
from headworks.owners.prisma.types import prisma_type
from headworks.schema import Column, Domain, Enum, InSchema, Schema
from headworks.schema.quoting import as_printed, identifier

__all__ = ["Words", "camel", "is_counted", "is_name", "name_for"]

_NUMBERS = ("Int", "BigInt", "Float", "Decimal")
_TEXTS = ("", "@db.Text", "@db.VarChar", "@db.Char", "@db.Citext")


def is_name(text: str) -> bool:
    """Whether Prisma takes it as the name of a field, a model or an enum."""
    return re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", text) is not None


def name_for(text: str, taken: Container[str] = (), *, kind: str = "field") -> str:
    """A name that Prisma takes, as near to the database's as can be, and none that is taken."""
    near = re.sub(r"[^A-Za-z0-9_]", "_", text)
    if not near[:1].isalpha():  # `1` of an enum `size` is `value_1`
        near = f"{kind}_{near.lstrip('_')}".rstrip("_")
    made, number = near, 2
    while made in taken:
        made, number = f"{near}_{number}", number + 1
    return made


def camel(text: str) -> str:
    """`user_id` as `userId`."""
    head, *tail = text.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in tail)


def is_counted(column: Column) -> bool:
    """Whether a sequence fills in the value, which is `autoincrement()` for Prisma: a serial or an identity column."""
    return column.identity is not None or (column.default or "").startswith("nextval(")


class Words:
    """How columns of the picture are written in the file that `meaning` is of."""

    def __init__(self, meaning: Meaning, picture: Schema, scratch: Scratch) -> None:
        self._meaning = meaning
        self._scratch = scratch
        self._enums = {name: one for one in picture.all(Enum) for name in _printed(one)}
        self._domains = {name: one for one in picture.all(Domain) for name in _printed(one)}

    def enum_of(self, column: Column) -> Enum | None:
        """The enum that a column is of, or an array of."""
        return self._enums.get(self.base(column).type.removesuffix("[]"))

    def base(self, column: Column) -> Column:
        """The column of the type that a domain is of: Prisma sees no domains."""
        while (domain := self._domains.get(column.type)) is not None:
            column = msgspec.structs.replace(column, type=str(domain.type))
        return column

    def enum_name(self, enum: Enum) -> str:
        """The name of an enum in the file, be it there or still to be written."""
        found = self._meaning.enum(enum.schema, enum.name)
        return found.block.name if found is not None else name_for(enum.name, _names(self._meaning))

    def type(self, column: Column) -> tuple[str, str, str]:
        """A column's type in the file: its base, `?` or `[]` or nothing, and the `@db` attribute or nothing."""
        enum = self.enum_of(column)
        many = self.base(column).type.endswith("[]")
        printed = self.base(column).type.removesuffix("[]")
        base, native = prisma_type(printed) if enum is None else (self.enum_name(enum), "")
        return base, "[]" if many else "?" if column.nullable else "", native

    def default(self, column: Column) -> str:
        """The `@default(...)` of a column, or nothing."""
        found = self._default(column)
        return f"@default({found})" if found else ""

    def is_now(self, column: Column) -> bool:
        """Whether the default is the time of the transaction, in either way of saying so."""
        forms = (self._scratch.printed(column.type, one) for one in ("CURRENT_TIMESTAMP", "now()"))
        return column.default is not None and column.default in forms

    def same_default(self, column: Column, other: str) -> bool:
        """Whether another expression always has the value of the column's own default."""
        return column.default is not None and self._scratch.same(column.type, column.default, other)

    def _default(self, column: Column) -> str:
        if is_counted(column):
            return "autoincrement()"
        if column.default is None or column.generated is not None:
            return ""
        base, mark, native = self.type(column)
        if base == "DateTime" and mark != "[]" and self.is_now(column):
            return "now()"
        enum = self.enum_of(column)
        own = self._meaning.enum(enum.schema, enum.name) if enum is not None else None
        value = self._scratch.value(column.type, column.default)
        if value is not None and value[0] is not None:
            texts = self._scratch.items(column.type, column.default) if mark == "[]" else value
            written = [_constant(one, base, native, enum, own) for one in texts]
            known = [one for one in written if one is not None]
            if len(known) == len(written):
                return f"[{', '.join(known)}]" if mark == "[]" else known[0]
        # With the names as a client sees them whose search path is the usual one: Prisma compares this text.
        shown = self._scratch.printed(column.type, column.default, search_path=column.schema) or column.default
        return f"dbgenerated({quoted(shown)})"


def _printed(one: InSchema) -> set[str]:
    """The ways in which PostgreSQL may print the name of a type: it quotes its own words, too."""
    schemas, names = ((as_printed(part), identifier(part)) for part in (one.schema, one.name))
    return {f"{schema}.{name}" for schema in schemas for name in names}


def _constant(text: str | None, base: str, native: str, enum: Enum | None, own: Enumeration | None) -> str | None:
    """A value as Prisma writes it, or nothing where it has no way to."""
    if text is None:
        return None
    if enum is not None:
        if own is not None:
            return next((member.name for member, word in own.values if word == text), None)
        return name_for(text, kind="value")
    if base in _NUMBERS and native != "@db.Money":
        if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text) is None:
            return None
        return text.rstrip("0").rstrip(".") if "." in text else text
    if base == "Boolean":
        return text
    if base == "Json" or (base == "String" and native.partition("(")[0] in _TEXTS):
        return quoted(text)
    return None


def _names(meaning: Meaning) -> set[str]:
    blocks: tuple[Block, ...] = meaning.document.blocks
    return {one.name for one in blocks}
