"""Text in columns: how wide it is on a terminal, and how it is broken to fit."""

import unicodedata
from collections.abc import Iterator

__all__ = ["padded", "width_of", "wrapped"]


def width_of(text: str) -> int:
    """Columns on a terminal: two for East Asian wide characters and emoji, none for what combines."""
    return len(text) if text.isascii() else sum(map(_cells, text))


def padded(text: str, width: int) -> str:
    """With spaces to its right."""
    return text + " " * (width - width_of(text))


def wrapped(text: str, width: int) -> Iterator[str]:
    """Lines of at most this width; after a space where there is one in the line's second half."""
    rest = text
    while width_of(rest) > width and len(rest) > 1:
        place = _fitting(rest, width)
        space = rest.rfind(" ", place // 2, place)
        place = space + 1 if space > 0 else place
        yield rest[:place].rstrip(" ")
        rest = rest[place:]
    yield rest


def _fitting(text: str, width: int) -> int:
    """How many characters fit, at least one."""
    used = 0
    for place, character in enumerate(text):
        used += _cells(character)
        if used > width:
            return max(place, 1)
    return len(text)


def _cells(character: str) -> int:
    # Zero width joiner and variation selectors are of category Cf and Mn.
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
