"""Findings as blocks of Markdown: a list, or a table with both values beside each other; each block can be cut."""

import bisect
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from headworks.findings import Finding, Severity
from headworks.report.difference import unified
from headworks.report.markup import code, fenced, inline, summary
from headworks.report.remarks import remark
from headworks.report.tree import Branch, Item, Mark, Section, by_hint, is_row, tally, worst
from headworks.report.values import Pair, clipped, lines_of, pairs, shown
from headworks.words import plural

__all__ = ["LIMIT", "OPEN", "Block", "blocks", "filled", "left_out", "listed", "sign"]

LIMIT = 65_000
"""Bytes of a report; GitHub counts characters, of which there are no more."""

OPEN = 20
"""Findings up to which the blocks are unfolded."""

_LONG = 120
"""Characters of a value from which on it stands under the table."""

_LINES = 80
"""Lines of a diff that are shown."""

_WIDEST = 400
"""Characters of each of them."""

_MESSAGE = 2000
"""Characters of a message."""


class Block(NamedTuple):
    """What can be cut: how many findings each of its members stands for, and what writes the first so many members."""

    weights: list[int]
    write: Callable[[int], str]

    def size(self, count: int) -> int:
        """Bytes of that."""
        return len(self.write(count).encode())


def filled(found: Iterable[Block], room: int) -> tuple[str, int]:
    """As much of them as there is room for, and the weight of that. What is too large does not hide the rest."""
    text, weight = "", 0
    for block in found:
        if not block.weights or block.size(1) > room:
            continue
        fits = bisect.bisect(range(1, len(block.weights) + 1), room, key=block.size)
        written = block.write(fits)
        text += written
        room -= len(written.encode())
        weight += sum(block.weights[:fits])
    return text, weight


def left_out(count: int) -> str:
    """The last line, where findings had no room."""
    if not count:
        return ""
    return f"\n... and {plural(count, 'finding')} more, for which there is no room; the html report has them all.\n"


def blocks(parts: Sequence[Section | Branch], agreed: dict[Mark, str], opened: str) -> Iterator[Block]:
    """One for each section and for each table."""
    for part in parts:
        if isinstance(part, Section):
            yield listed(part.title, part.findings, opened)
            continue
        members = [part.items] if part.items else []
        members += [leaf.items for leaf in part.leaves.values()]
        for (name, _), items in zip(part.places, members, strict=True):
            yield _tabled(name, items, agreed, opened)


def listed(title: str, findings: Sequence[Finding], opened: str) -> Block:
    """Findings in their own words."""

    def write(count: int) -> str:
        points = "\n".join("".join(map(_point, group)) + _hints(group) for group in by_hint(findings[:count]))
        return f"\n<details{opened}>{summary(title)}\n\n{points}\n</details>\n"

    return Block([1] * len(findings), write)


def _tabled(title: str, members: Sequence[Item], agreed: dict[Mark, str], opened: str) -> Block:
    counts = str(tally(one for item in members for one in item.findings))

    def write(count: int) -> str:
        items = members[:count]
        findings = [one for item in items for one in item.findings]
        head = f"\n<details{opened}>{summary(title, f': {counts}' if counts else '')}\n\n"
        rows = "".join(row for item in items if item.mark for row in _rows(item, agreed))
        table = f"| | | | expected | actual |\n|---|---|---|---|---|\n{rows}" if rows else ""
        points = "".join(_point(one) for item in items if not item.mark for one in item.findings)
        gap = "\n" if table and points else ""
        below = "".join(_diffs(item) for item in items if item.mark)
        sql = "\n".join(dict.fromkeys(f"{one.sql.rstrip(';')};" for one in findings if one.sql))
        look = f"\n{fenced(sql, 'sql')}\n" if sql else ""
        return f"{head}{table}{gap}{points}{below}{look}{_hints(findings)}\n</details>\n"

    return Block([len(item.findings) for item in members], write)


def _rows(item: Item, agreed: dict[Mark, str]) -> Iterator[str]:
    """A row for each property; the first one says of what."""
    assert item.mark is not None
    what = _object(item)
    if item.mark not in agreed or is_row(item.findings[0]):
        said = dict.fromkeys(text for text in map(remark, item.findings) if text)
        what = "<br>".join(filter(None, (what, *(inline(clipped(text, _MESSAGE)) for text in said))))
    severity = worst(item.findings)
    mark = sign(item.mark) + ("" if severity is Severity.ERROR else f" ({severity})")
    found = [pair for one in item.findings for pair in pairs(one)]
    for place, pair in enumerate(found or [Pair("", None, None)]):
        values = ("", "") if not found else ("below", "below") if _below(pair) else map(_value, pair[1:])
        yield f"| {' | '.join((*((mark, what) if place == 0 else ('', '')), inline(pair.label), *values))} |\n"


def _object(item: Item) -> str:
    return "" if is_row(item.findings[0]) else f"{inline(item.object.kind)} {code(item.object.name)}"


def sign(mark: Mark) -> str:
    """As code, so that it begins no list."""
    return f"`{mark.sign}` {mark.word}"


def _value(value: object) -> str:
    return "not set" if value is None else code(shown(value))


def _below(pair: Pair) -> bool:
    return any("\n" in text or len(text) > _LONG for text in map(shown, pair[1:]))


def _diffs(item: Item) -> str:
    found = [pair for one in item.findings for pair in pairs(one) if _below(pair)]
    what = _object(item)
    return "".join(f"\n{what}{', ' if what else ''}{inline(pair.label)}:\n\n{_diff(pair)}\n" for pair in found)


def _diff(pair: Pair, indent: str = "") -> str:
    lines = list(unified(lines_of(pair.expected), lines_of(pair.actual)))
    more = [f"... and {plural(len(lines) - _LINES, 'line')} more"] if len(lines) > _LINES else []
    sides = [f"{sign} {name}" for sign, name in (("---", "expected"), ("+++", "actual"))]
    sides = [side + (" (not set)" if value is None else "") for side, value in zip(sides, pair[1:], strict=True)]
    return fenced("\n".join([*sides, *(clipped(line, _WIDEST) for line in lines[:_LINES]), *more]), "diff", indent)


def _point(one: Finding) -> str:
    """A finding in its own words."""
    where = f" ({code(f'{one.file}:{one.line}')})" if one.file and one.line else ""
    text = f"- **{one.severity}** {code(one.rule)}: {inline(clipped(one.message, _MESSAGE))}{where}\n"
    for pair in pairs(one):
        if _below(pair) or any(value is not None and shown(value) not in one.message for value in pair[1:]):
            text += f"\n{_diff(pair, '  ')}\n"
    return text


def _hints(findings: Sequence[Finding]) -> str:
    return "".join(map(_hint, dict.fromkeys(one.hint for one in findings if one.hint)))


def _hint(hint: str) -> str:
    """Code that it goes on with is to be pasted."""
    first, _, rest = hint.partition("\n")
    code = f"\n{fenced(textwrap.dedent(rest), 'python')}\n" if rest else ""
    return f"\nhint: {inline(first)}\n{code}"
