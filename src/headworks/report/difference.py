"""Two values line by line, or word by word: what both have, and what differs."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

__all__ = ["Row", "blocks", "side_by_side", "unified"]

_MOST = 2000
"""Lines of one side up to which they are matched one by one; of longer values the middle is shown as replaced."""


class Row(NamedTuple):
    """A line of each side; `None` where that side has none."""

    expected: str | None
    actual: str | None

    @property
    def same(self) -> bool:
        """Whether both sides have it."""
        return self.expected == self.actual


def blocks(expected: Sequence[str], actual: Sequence[str]) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Runs of lines, in turn the same on both sides and different."""
    head = _common(expected, actual)
    rest = min(len(expected), len(actual)) - head
    tail = min(_common(expected[::-1], actual[::-1]), rest)
    before, after = expected[head : len(expected) - tail], actual[head : len(actual) - tail]
    if head:
        yield expected[:head], actual[:head]
    if before or after:
        yield from _matched(before, after)
    if tail:
        yield expected[len(expected) - tail :], actual[len(actual) - tail :]


def side_by_side(expected: Sequence[str], actual: Sequence[str]) -> Iterator[Row]:
    """All lines of both, the same ones beside each other."""
    for before, after in blocks(expected, actual):
        if before == after:
            yield from map(Row, before, after)
        else:
            paired = min(len(before), len(after))
            yield from map(Row, before[:paired], after[:paired])
            yield from (Row(line, None) for line in before[paired:])
            yield from (Row(None, line) for line in after[paired:])


def unified(expected: Sequence[str], actual: Sequence[str], *, context: int = 2) -> Iterator[str]:
    """`-` is expected, `+` is there; lines that both have come as far as they are next to others. `@@` says where."""
    parts = list(blocks(expected, actual))
    before = after = 1
    for place, (old, new) in enumerate(parts):
        if old != new:
            lead = parts[place - 1][0][-context:] if place and context else ()
            if place < 2 or len(parts[place - 1][0]) > 2 * context:
                yield f"@@ {before - len(lead)} | {after - len(lead)} @@"
                yield from (f" {line}" for line in lead)
            yield from (f"-{line}" for line in old)
            yield from (f"+{line}" for line in new)
        elif place:
            last = place == len(parts) - 1
            # Between two changes that are near each other all of it is shown, and no new place is named.
            yield from (f" {line}" for line in (old[:context] if last or len(old) > 2 * context else old))
        before += len(old)
        after += len(new)


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def _matched(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    if not before or not after or len(before) + len(after) == 2 or max(len(before), len(after)) > _MOST:
        yield before, after
        return
    import difflib

    for _, a, b, c, d in difflib.SequenceMatcher(None, before, after).get_opcodes():
        yield before[a:b], after[c:d]
