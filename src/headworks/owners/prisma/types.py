"""Prisma's types and PostgreSQL's, both ways.

Source: https://www.prisma.io/docs/orm/reference/prisma-schema-reference (scalar types, PostgreSQL), and what Prisma's
own engine writes for each (`tests/owners/test_prisma_engine.py`).
"""

from headworks.owners.prisma.meaning import Field, Problem
from headworks.owners.prisma.tree import Number, quoted

__all__ = ["MOMENTS", "alike", "prisma_type", "sql_type"]

_DEFAULT = {
    "String": "text",
    "Boolean": "boolean",
    "Int": "integer",
    "BigInt": "bigint",
    "Float": "double precision",
    "Decimal": "numeric(65,30)",
    "DateTime": "timestamp(3)",
    "Json": "jsonb",
    "Bytes": "bytea",
}
"""The column of a scalar type without `@db`."""

_NATIVE = {
    "Text": ("String", "text"),
    "VarChar": ("String", "character varying"),
    "Char": ("String", "character"),
    "Uuid": ("String", "uuid"),
    "Inet": ("String", "inet"),
    "Citext": ("String", "citext"),
    "Xml": ("String", "xml"),
    "Bit": ("String", "bit"),
    "VarBit": ("String", "bit varying"),
    "Boolean": ("Boolean", "boolean"),
    "Integer": ("Int", "integer"),
    "SmallInt": ("Int", "smallint"),
    "Oid": ("Int", "oid"),
    "BigInt": ("BigInt", "bigint"),
    "Real": ("Float", "real"),
    "DoublePrecision": ("Float", "double precision"),
    "Decimal": ("Decimal", "numeric"),
    "Money": ("Decimal", "money"),
    "Timestamp": ("DateTime", "timestamp without time zone"),
    "Timestamptz": ("DateTime", "timestamp with time zone"),
    "Date": ("DateTime", "date"),
    "Time": ("DateTime", "time without time zone"),
    "Timetz": ("DateTime", "time with time zone"),
    "Json": ("Json", "json"),
    "JsonB": ("Json", "jsonb"),
    "ByteA": ("Bytes", "bytea"),
}
"""The word after `@db.`: the scalar type that it goes with, and PostgreSQL's name."""

_LETTER = '"char"'
_BY_NAME = {name: (scalar, word) for word, (scalar, name) in _NATIVE.items()}
_TAKES_SIZE = {"VarChar": 1, "Char": 1, "Bit": 1, "VarBit": 1, "Decimal": 2}
MOMENTS = ("Timestamp", "Timestamptz", "Time", "Timetz")
"""The types with a precision of which 6 is the default: with it and without they are the same type."""


def sql_type(field: Field) -> str | Problem:
    """The type of a scalar field's column, without `[]`, or why it has none."""
    kind = field.member.type
    assert kind is not None
    if kind.unsupported is not None:
        return kind.unsupported
    native = field.native
    if kind.name not in _DEFAULT:
        return Problem(kind, f"there is no type, enum or model of the name {kind.name}")
    if native is None:
        return _DEFAULT[kind.name]
    word = native.name.rpartition(".")[2]
    if word not in _NATIVE:
        return Problem(native, f"PostgreSQL has no native type @{native.name}")
    scalar, name = _NATIVE[word]
    if scalar != kind.name:
        return Problem(native, f"@{native.name} goes with {scalar}, and not with {kind.name}")
    sizes = [one.value.text for one in native.arguments if isinstance(one.value, Number)]
    most = _TAKES_SIZE.get(word, 1 if word in MOMENTS else 0)
    # A decimal has both or none.
    if len(sizes) != len(native.arguments) or len(sizes) not in {0, most}:
        return Problem(native, f"@{native.name} takes {most or 'no'} number{'s' if most > 1 else ''}")
    if not sizes:
        return name
    head, _, rest = name.partition(" with")
    return f"{head}({','.join(sizes)})" + (f" with{rest}" if rest else "")


def prisma_type(printed: str) -> tuple[str, str]:
    """PostgreSQL's name of a type, without `[]` -> the type of a field, and its `@db...` attribute or nothing.

    What Prisma does not know is `Unsupported("...")`.
    """
    if printed == _LETTER:
        return "String", "@db.Char"
    head, parenthesis, rest = printed.partition("(")
    sizes, _, tail = rest.partition(")")
    name = head + tail if parenthesis else printed
    # An extension's type is printed with the schema that the extension is in.
    word = "Citext" if name.rpartition(".")[2] == "citext" else _BY_NAME.get(name, ("", ""))[1]
    if not word:
        return f"Unsupported({quoted(printed)})", ""
    scalar = _NATIVE[word][0]
    if word in MOMENTS:
        sizes = sizes or "6"
    bare = "timestamp(3)" if (word, sizes) == ("Timestamp", "3") else printed
    if bare == _DEFAULT[scalar]:
        return scalar, ""
    return scalar, f"@db.{word}" + (f"({', '.join(sizes.split(','))})" if sizes else "")


def alike(printed: str) -> str:
    """The name of a type, without a precision that is the default all the same.

    Prisma takes PostgreSQL's own type of one byte for a text of one character.
    """
    if printed.removesuffix("[]") == _LETTER:
        return printed.replace(_LETTER, "character(1)")
    return printed.replace("(6)", "", 1) if printed.startswith(("timestamp(6) ", "time(6) ")) else printed
