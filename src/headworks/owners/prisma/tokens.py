"""The words of a Prisma schema: every character of the text is in exactly one token, with its place.

Source: https://github.com/prisma/prisma-engines, psl/schema-ast/src/parser/datamodel.pest.
"""

import bisect
import re
import string
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

__all__ = ["Kind", "Lines", "Token", "tokenize"]


class Kind(StrEnum):
    """What a token is. A `broken` one is a character that begins nothing, or a string that does not end."""

    NAME = "name"
    NUMBER = "number"
    STRING = "string"
    MARK = "mark"
    NEWLINE = "newline"
    SPACE = "space"
    COMMENT = "comment"
    DOC = "doc"
    BROKEN = "broken"
    END = "end"


class Token(NamedTuple):
    """A piece of the text, from `start` to before `end`."""

    kind: Kind
    text: str
    start: int

    @property
    def end(self) -> int:
        """The place after its last character."""
        return self.start + len(self.text)


# Prisma's whitespace is Unicode's Zs and the tab; a string is JSON's, on one line.
_SHAPES = re.compile(
    r"""
    (?P<newline>\r\n|\n|\r)
    |(?P<space>[\t\u0020\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\ufeff]+)
    |(?P<doc>///[^\r\n]*)
    |(?P<comment>//[^\r\n]*|/\*.*?\*/)
    |(?P<string>"(?:\\.|[^"\\\x00-\x1f])*")
    |(?P<number>-?[0-9]+(?:\.[0-9]+)?(?![A-Za-z0-9_-]))
    |(?P<name>[A-Za-z0-9](?:[A-Za-z0-9_-])*)
    |(?P<mark>@@|[@{}()\[\],:=?!.])
    |(?P<broken>"(?:\\.|[^"\\\x00-\x1f])*|.)
    """,
    re.VERBOSE | re.DOTALL,
)


def tokenize(text: str) -> Iterator[Token]:
    """The tokens in order; joined they are the text. The last is an empty `end`."""
    for match in _SHAPES.finditer(text):
        yield Token(Kind(match.lastgroup or "broken"), match.group(), match.start())
    yield Token(Kind.END, "", len(text))


class Lines:
    """Where the lines of a text begin."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(match.end() for match in re.finditer(r"\r\n|\n|\r", text))]

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of a character, both from 1, as editors count."""
        line = bisect.bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def span(self, offset: int) -> tuple[int, int]:
        """The start of the line that a character is in, and the start of the next one."""
        line = bisect.bisect_right(self._starts, offset)
        return self._starts[line - 1], self._starts[line] if line < len(self._starts) else len(self._text)


NAME_CHARACTERS = frozenset(string.ascii_letters + string.digits + "_-")
"""What a name may hold; it begins with a letter or a digit."""
