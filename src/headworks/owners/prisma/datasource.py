"""What the datasource of a Prisma schema says of its database."""

import os
from urllib.parse import parse_qsl

from headworks.owners.prisma.errors import NotPostgres
from headworks.owners.prisma.tree import Call, Document, Expression, Text

__all__ = ["check_provider", "has_foreign_keys", "schema_named"]

_RELATION_MODE = ("relationMode", "referentialIntegrity")
"""Prisma still takes the name that the entry had at first."""


def check_provider(document: Document) -> None:
    """Raises `NotPostgres`."""
    for block in document.of("datasource"):
        entry = block.entry("provider")
        if entry is not None and isinstance(entry.value, Text):
            if entry.value.value in ("postgresql", "postgres"):
                continue
            raise NotPostgres(file=document.file(entry), line=document.line(entry), provider=entry.value.value)


def has_foreign_keys(document: Document) -> bool:
    """Whether relations are foreign keys: with `relationMode = "prisma"` the client alone sees to them."""
    modes = (block.entry(word) for block in document.of("datasource") for word in _RELATION_MODE)
    return not any(one is not None and _text(one.value) == "prisma" for one in modes)


def schema_named(document: Document) -> str | None:
    """The schema in which Prisma looks for what has no `@@schema`, where the `url` says it: `?schema=app`.

    The url is a text, or in a variable of the environment that is set.
    """
    for block in document.of("datasource"):
        entry = block.entry("url")
        value = entry.value if entry is not None else None
        url = _text(value)
        if isinstance(value, Call) and value.name == "env" and value.arguments:
            url = os.environ.get(_text(value.arguments[0].value) or "")
        if url and "?" in url:
            return dict(parse_qsl(url.rpartition("?")[2])).get("schema")
    return None


def _text(value: Expression | None) -> str | None:
    return value.value if isinstance(value, Text) else None
