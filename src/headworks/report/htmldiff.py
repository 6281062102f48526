"""Two values side by side as an HTML table, with what differs marked in both."""

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from headworks.report.difference import Row, blocks, side_by_side
from headworks.report.values import NOT_SET, Pair, differ_in_spaces_alone, lines_of, shown
from headworks.words import plural

__all__ = ["compared"]

_INLINE = 100
"""Characters up to which a list stands on one line."""

_CONTEXT = 3
"""Lines shown around each change of a long text."""

_WORDS = re.compile(r"\w+|\s+|.", re.DOTALL)

_LONGEST = 5000
"""Characters of a line up to which the words that differ are looked for."""


def compared(found: Sequence[Pair]) -> str:
    """A table of all properties of one object; empty where there is none."""
    if not found:
        return ""
    named = any(pair.label for pair in found)
    head = '<th class="property"></th>' if named else ""
    rows = "".join(_pair(pair, named) for pair in found)
    return f'<table class="sides"><tr>{head}<th>expected</th><th>actual</th></tr>{rows}</table>'


def _pair(pair: Pair, named: bool) -> str:
    rows = list(_rows(pair))
    remark = ""
    if differ_in_spaces_alone(pair.expected, pair.actual):
        remark = (
            f'<tr>{"<td></td>" if named else ""}<td colspan="2" class="skipped">differ in white space alone</td></tr>'
        )
    name = f'<th class="property" rowspan="{len(rows)}">{escape(pair.label)}</th>' if named else ""
    lines = (f"<tr>{name if place == 0 else ''}{cells}</tr>" for place, cells in enumerate(rows))
    return "".join(lines) + remark


def _rows(pair: Pair) -> Iterator[str]:
    """The cells of each line."""
    before, after = _lines(pair.expected), _lines(pair.actual)
    if before is None or after is None:
        yield _whole(before, "gone") + _whole(after, "come")
        return
    rows = list(side_by_side(before, after))
    near = {place + step for place, row in enumerate(rows) if not row.same for step in range(-_CONTEXT, _CONTEXT + 1)}
    place = 0
    while place < len(rows):
        end = next((one for one in range(place, len(rows)) if one in near), len(rows))
        if end - place > 1:
            yield f'<td colspan="2" class="skipped">{plural(end - place, "line")} the same</td>'
            place = end
        else:
            yield _cells(rows[place])
            place += 1


def _lines(value: Any) -> list[str] | None:
    if value is None:
        return None
    text = shown(value)
    return [text] if not isinstance(value, str) and len(text) <= _INLINE else lines_of(value)


def _whole(lines: list[str] | None, side: str) -> str:
    if lines is None:
        return f'<td class="absent">{NOT_SET}</td>'
    return f'<td class="{side}">{escape(chr(10).join(lines))}</td>'


def _cells(row: Row) -> str:
    if row.same:
        return f"<td>{escape(row.expected or '')}</td>" * 2
    if row.expected is None or row.actual is None:
        return _side(row.expected, "gone") + _side(row.actual, "come")
    before, after = _marked(row.expected, row.actual)
    return f'<td class="gone">{before}</td><td class="come">{after}</td>'


def _marked(before: str, after: str) -> tuple[str, str]:
    """Both lines, with the words that the other one has not."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if len(before) + len(after) > _LONGEST:
        return f"<mark>{escape(before)}</mark>", f"<mark>{escape(after)}</mark>"
    sides: tuple[list[str], list[str]] = ([], [])
    for row in blocks(old, new):
        for side, words in zip(sides, row, strict=True):
            text = escape("".join(words))
            side.append(text if row[0] == row[1] else f"<mark>{text}</mark>" if text else "")
    return "".join(sides[0]), "".join(sides[1])


def _side(line: str | None, side: str) -> str:
    return "<td></td>" if line is None else f'<td class="{side}"><mark>{escape(line)}</mark></td>'
