"""Two values beside each other as text: in two columns, under each other, or as a diff, by what fits."""

from collections.abc import Iterator, Sequence

from headworks.report.columns import padded, width_of, wrapped
from headworks.report.difference import unified
from headworks.report.values import Pair, clipped, differ_in_spaces_alone, lines_of, shown
from headworks.report.view import View
from headworks.words import plural

__all__ = ["beside"]

_HIGHEST = 3
"""Lines that a value may take in its column."""

_NARROWEST = 12
"""Columns that a value needs to be read."""

_MOST = 40
"""Lines of a diff that are shown."""

_LONGEST = 2000
"""Characters of a line that are shown."""


def beside(found: Sequence[Pair], indent: str, view: View) -> Iterator[str]:
    """Lines for all properties of one object, their columns aligned."""
    names = max((width_of(pair.label) + 2 for pair in found if pair.label), default=0)
    room = view.width - len(indent) - names - len("expected  | actual ")
    columns = [pair for pair in found if _fits(pair, room // 2)]
    left, right = _widths(columns, room)
    for pair in found:
        if pair in columns:
            name = padded(f"{pair.label}:" if pair.label else "", names)
            yield from _in_columns(pair, indent + name, left, right)
        elif _lined(pair):
            yield from _as_diff(pair, indent, view)
        else:
            yield f"{indent}{pair.label}:" if pair.label else f"{indent}values:"
            yield f"{indent}  expected {clipped(shown(pair.expected), _LONGEST)}"
            yield f"{indent}  actual   {clipped(shown(pair.actual), _LONGEST)}"
        if differ_in_spaces_alone(pair.expected, pair.actual):
            yield f"{indent}{' ' * names}(the two differ in white space alone)"


def _fits(pair: Pair, half: int) -> bool:
    """Whether both values can stand in columns of this width."""
    if half < _NARROWEST or any(isinstance(value, str) and "\n" in value for value in pair[1:]):
        return False
    cells = [_cell(value) for value in pair[1:]]
    return all(width_of(cell) <= half * _HIGHEST and len(list(wrapped(cell, half))) <= _HIGHEST for cell in cells)


def _widths(columns: Sequence[Pair], room: int) -> tuple[int, int]:
    """Of both columns: what the values need, and half of the room each where that is too much."""
    needed = [max((width_of(_cell(pair[side])) for pair in columns), default=0) for side in (1, 2)]
    left = min(needed[0], max(room // 2, room - needed[1]))
    return left, room - left


def _cell(value: object) -> str:
    # A tab is as wide as the terminal likes.
    return shown(value).replace("\t", "\\t")


def _in_columns(pair: Pair, lead: str, left: int, right: int) -> Iterator[str]:
    before, after = list(wrapped(_cell(pair.expected), left)), list(wrapped(_cell(pair.actual), right))
    for place in range(max(len(before), len(after))):
        old = before[place] if place < len(before) else ""
        new = after[place] if place < len(after) else ""
        if place == 0:
            yield f"{lead}expected {padded(old, left)} | actual {new}".rstrip(" ")
        else:
            yield f"{' ' * width_of(lead)}         {padded(old, left)} |        {new}".rstrip(" ")


def _lined(pair: Pair) -> bool:
    """Whether there are lines, or elements, to be compared one by one."""
    return any(len(lines_of(value)) > 1 for value in (pair.expected, pair.actual))


def _as_diff(pair: Pair, indent: str, view: View) -> Iterator[str]:
    sides = [
        f"{sign} {word}" + (f" ({shown(None)})" if value is None else "")
        for sign, word, value in (("---", "expected", pair.expected), ("+++", "actual", pair.actual))
    ]
    yield f"{indent}{pair.label}: {', '.join(sides)}" if pair.label else f"{indent}{', '.join(sides)}"
    lines = list(unified(lines_of(pair.expected), lines_of(pair.actual)))
    styles = {"-": "red", "+": "green", "@": "cyan"}
    for line in (clipped(line, _LONGEST) for line in lines[:_MOST]):
        yield f"{indent}  " + (view.paint(line, styles[line[0]]) if line[0] in styles else line)
    if len(lines) > _MOST:
        yield f"{indent}  ... and {plural(len(lines) - _MOST, 'line')} more"
