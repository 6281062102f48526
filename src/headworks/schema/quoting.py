"""Names and texts as SQL has them: for what a person pastes or PostgreSQL prints, never for statements that we run."""

import re

from headworks.schema.keywords import KEYWORDS

__all__ = [
    "as_pasted",
    "as_printed",
    "identifier",
    "literal",
    "qualified",
    "regclass",
    "regnamespace",
    "regoperator",
    "regprocedure",
    "regtype",
    "split_last",
]


def identifier(name: str) -> str:
    """A quoted name."""
    return '"' + name.replace('"', '""') + '"'


def qualified(schema: str, name: str) -> str:
    """A quoted name in its quoted schema."""
    return f"{identifier(schema)}.{identifier(name)}"


def as_printed(name: str) -> str:
    """A name as PostgreSQL prints it, but for its own words (`"order"`): quoted only where it must be."""
    return name if re.fullmatch(r"[a-z_][a-z0-9_$]*", name) else identifier(name)


def as_pasted(name: str) -> str:
    """A name as `quote_ident()` has it: quoted where it must be, and where it is one of the server's words."""
    return name if re.fullmatch(r"[a-z_][a-z0-9_]*", name) and name not in KEYWORDS else identifier(name)


def literal(text: str) -> str:
    """A string constant, right whatever `standard_conforming_strings` says."""
    quoted = "'" + text.replace("'", "''") + "'"
    return f" E{quoted}".replace("\\", "\\\\") if "\\" in text else quoted


def regclass(schema: str, name: str) -> str:
    """The constant that stands for the OID of a relation, an index or a sequence."""
    return f"{literal(qualified(schema, name))}::regclass"


def regnamespace(schema: str) -> str:
    """The constant that stands for the OID of a schema."""
    return f"{literal(identifier(schema))}::regnamespace"


def regtype(schema: str, name: str) -> str:
    """The constant that stands for the OID of a type."""
    return f"{literal(qualified(schema, name))}::regtype"


def regprocedure(schema: str, name: str) -> str:
    """The constant that stands for the OID of a routine; its name ends in types, as in `add(integer, integer)`."""
    name, types = split_last("(", name)
    return f"{literal(f'{qualified(schema, name)}({types}')}::regprocedure"


def regoperator(schema: str, name: str) -> str:
    """The constant that stands for the OID of an operator; its name ends in types, as in `=(integer, integer)`."""
    return f"{literal(f'{identifier(schema)}.{name}')}::regoperator"


def split_last(mark: str, text: str) -> tuple[str, str]:
    """What stands before and after the last `mark` that is not between double quotes.

    The names after it are quoted where they need it, so that their quotes come in pairs; those before it are raw.
    """
    at = text.rindex(mark)
    while text.count('"', at) % 2:
        at = text.rindex(mark, 0, at)
    return text[:at], text[at + len(mark) :]
