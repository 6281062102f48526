"""Outcomes as text for people, JSON for programs, and what CI systems read. Pure: values in, text out.

A format is a module of this package with `render(outcome, view) -> str`, named in `FORMATS`; it is imported when it is
asked for. Every string that it is given has been through `cleaned`, so that no format can show a password.
"""

import importlib
from typing import Protocol, cast

from headworks.findings import Outcome
from headworks.report.clean import cleaned
from headworks.report.view import WIDTH, Paint, View, plain

__all__ = ["FORMATS", "WIDTH", "Paint", "imported", "render"]

FORMATS = ("text", "json", "github", "sarif", "junit", "markdown", "html")
"""The formats, by name."""

_EXACT = frozenset({"json"})
"""Formats for programs alone, which get control characters as they are."""


class _Format(Protocol):
    """What a format's module looks like."""

    def render(self, outcome: Outcome, view: View) -> str: ...


def imported(name: str) -> _Format:
    """The format's module: for those who have time for the import before there is an outcome."""
    return cast("_Format", importlib.import_module(f"{__name__}.{name}"))


def render(outcome: Outcome, name: str, *, strict: bool = False, width: int = WIDTH, paint: Paint = plain) -> str:
    """The outcome in the format of this name (one of `FORMATS`).

    `width` in columns and `paint` are for `text` alone; its words are the same with and without colour.
    """
    return imported(name).render(cleaned(outcome, exact=name in _EXACT), View(strict=strict, width=width, paint=paint))
