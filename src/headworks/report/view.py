"""How a report is looked at: what counts as failed, how wide, with which colours."""

from collections.abc import Callable
from typing import NamedTuple

__all__ = ["WIDTH", "Paint", "View", "plain"]

WIDTH = 100
"""Columns of a text that no terminal shows."""

Paint = Callable[[str, str], str]
"""Puts a text in a style: bold, dim, red, green, yellow or cyan."""


def plain(text: str, style: str) -> str:
    """No colour."""
    return text


class View(NamedTuple):
    """With `strict` a warning fails, too."""

    strict: bool = False
    width: int = WIDTH
    paint: Paint = plain
