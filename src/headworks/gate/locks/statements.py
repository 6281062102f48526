"""What little of a statement's text is read: where one ends and the next begins, and the words of a few commands.

No statement is parsed: these are pieces for hints, which a person reads before they are pasted.
"""

import re
from collections.abc import Iterator, Mapping

__all__ = ["renamed", "split", "using"]

# A text or a quoted name, a comment, a word, a number, any other character.
_TOKEN = re.compile(
    r"""(?P<text>[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|\$(?P<tag>\w*)\$.*?\$(?P=tag)\$)
      | (?P<quoted>"(?:[^"]|"")*") | (?P<comment>--[^\n]*|/\*.*?\*/) | (?P<word>[^\W\d][\w$]*) | \d+ | .""",
    re.DOTALL | re.VERBOSE,
)
_OPEN, _CLOSE = "([", ")]"


def split(text: str) -> list[str]:
    """The statements of a text, without their semicolons; of a function's body (BEGIN ATOMIC) nothing is known."""
    found, start = [], 0
    for depth, match in _tokens(text):
        if match[0] == ";" and depth == 0:
            found.append(text[start : match.start()])
            start = match.end()
    found.append(text[start:])
    return [one.strip() for one in found if any(_said(match) for _, match in _tokens(one))]


def using(text: str, column: str) -> str | None:
    """The expression after USING, where `text` is an ALTER TABLE that gives this column another type."""
    words: list[re.Match[str]] = []
    start: int | None = None
    for depth, match in _tokens(f"{text},"):
        if depth == 0 and match[0] in ",;":
            if start is not None:
                return text[start : match.start()].strip()
            words = []
        elif depth == 0 and _said(match):
            words.append(match)
            if start is None and match[0].upper() == "USING" and _of(words[:-1], column):
                start = match.end()
    return None


def renamed(text: str, names: Mapping[str, str]) -> str:
    """The text with other names for columns, as they are written in it; those of relations are not to be in it."""
    return "".join(
        names.get(match[0], match[0]) if match["word"] or match["quoted"] else match[0] for _, match in _tokens(text)
    )


def _of(words: list[re.Match[str]], column: str) -> bool:
    """Whether these words, of one part of an ALTER TABLE, are `ALTER COLUMN name TYPE ...`."""
    said = [one[0].upper() for one in words]
    for place in (place for place, word in enumerate(said) if word == "TYPE"):
        before = place - 2 if said[max(0, place - 2) : place] == ["SET", "DATA"] else place
        if before and _plain(words[before - 1][0]) == column and "ALTER" in said[: before - 1]:
            return True
    return False


def _said(match: re.Match[str]) -> bool:
    return not match[0].isspace() and not match["comment"]


def _plain(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name.lower()


def _tokens(text: str) -> Iterator[tuple[int, re.Match[str]]]:
    depth = 0
    for match in _TOKEN.finditer(text):
        depth -= match[0] in _CLOSE
        yield depth, match
        depth += match[0] in _OPEN
