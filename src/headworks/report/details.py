"""A finding in full, as plain lines: for formats that have a place for text and no layout of their own."""

from collections.abc import Iterator

from headworks.findings import Finding
from headworks.report.beside import beside
from headworks.report.values import pairs
from headworks.report.view import View

__all__ = ["details"]


def details(one: Finding) -> Iterator[str]:
    """The message, both values, what to do and how to look."""
    yield from one.message.split("\n")
    yield from beside(list(pairs(one)), "  ", View())
    if one.hint:
        yield f"hint: {one.hint}"
    if one.sql:
        yield f"look: {one.sql}"
