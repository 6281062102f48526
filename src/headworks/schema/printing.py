"""Two texts that PostgreSQL printed of one expression: as it was made, and as it is read again from what was printed.

`d IN ('a', 'b')` on a varchar column is printed with a cast of the whole array, `(ARRAY['a'::character varying,
...])::text[]`. Read again, as by a restore of a dump, the parser puts the cast of an ARRAY constructor on its elements
(`transformArrayExpr` in src/backend/parser/parse_expr.c), and it is printed `ARRAY[('a'::character varying)::text,
...]` from then on. It means the same, and nobody changed anything.
"""

import re
from typing import Any

__all__ = ["printed_alike"]

_OPENS = "(ARRAY["
_TOKEN = re.compile(r"E'(?:[^'\\]|''|\\.)*'|'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|[][(),]|[^][(),'\"E]+|.", re.DOTALL)
_CAST = re.compile(r"\)::(?P<type>(?:\"(?:[^\"]|\"\")*\"|[\w. ]|\([\d,]+\))+?)\[\]")
_RAW = ("BEGIN ATOMIC", "RETURN ")
"""How a function's body begins when it was printed and is not the text that somebody wrote."""


def printed_alike(attribute: str, one: Any, other: Any) -> bool:
    """Whether two values of a property that differ are two prints of the same: a text, or texts in a row."""
    if attribute == "comment":
        return False
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(
            a == b or printed_alike(attribute, a, b) for a, b in zip(one, other, strict=True)
        )
    if not (isinstance(one, str) and isinstance(other, str)) or (_OPENS not in one and _OPENS not in other):
        return False
    if attribute == "body" and not one.startswith(_RAW):
        return False
    return _again(one) == _again(other)


def _again(text: str) -> str:
    """The text with the cast of each ARRAY constructor on its elements; inner ones first."""
    starts = [one.start() for one in _TOKEN.finditer(text) if one[0] == "(" and text.startswith(_OPENS, one.start())]
    for start in reversed(starts):
        elements, end = _elements(text, start + len(_OPENS))
        if (cast := _CAST.match(text, end)) is not None:
            inner = ", ".join(f"({one})::{cast['type']}" for one in elements)
            text = f"{text[:start]}ARRAY[{inner}]{text[cast.end() :]}"
    return text


def _elements(text: str, start: int) -> tuple[list[str], int]:
    """The elements of the constructor whose first one begins here, and where what comes behind its bracket begins."""
    elements: list[str] = []
    depth, first = 0, start
    for one in _TOKEN.finditer(text, start):
        if one[0] in "[(":
            depth += 1
        elif one[0] in "])" and depth:
            depth -= 1
        elif one[0] in "]," and not depth:
            elements.append(text[first : one.start()].strip())
            first = one.end()
            if one[0] == "]":
                break
    return elements, first
