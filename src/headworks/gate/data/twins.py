"""Rows that are there twice, but for what must be unique: what a new unique constraint would meet in production.

A twin is made of the row that the server took, and not of what could be drawn for it now: that is something else as
soon as the tables that it points to have more rows.
"""

from collections.abc import Iterator, Mapping, Sequence

from headworks.gate.data.choices import Choices, Option, Unit

__all__ = ["Row", "filled_up", "twin", "twins"]

Row = Mapping[int, str | None]
"""Texts, by the numbers of the columns."""

_ALIKE, _MOST = 4, 4
"""Variants in which as little differs as may be; twins of one row."""


def filled_up(choices: Choices, row: Row) -> Row | None:
    """The row with what it could not have when it was made, as the table that it points to was empty; None if it can.

    A circle of foreign keys, or a table that points to itself, begins with nulls.
    """
    found = dict(row)
    for unit in choices.units:
        now = dict(zip(unit.numbers, unit.full[0], strict=True))
        if sum(text is None for text in now.values()) < sum(row.get(number) is None for number in unit.numbers):
            found.update(now)
    return found if found != row else None


def twins(choices: Choices) -> int:
    """How many there are to make: of a unique index of several columns each may be the one that tells rows apart."""
    drawn = _drawn(choices)
    free = [columns for columns in choices.unique if drawn.issuperset(columns)]
    return min(max(map(len, free), default=1), _MOST)


def twin(choices: Choices, row: Row, place: int, variant: int) -> dict[int, str | None]:
    """The row once more; for each `place` another column of each unique index differs.

    After the first few variants all columns of unique indexes do.
    """
    differs = _differing(choices, place) if variant < _ALIKE else {n for one in choices.unique for n in one}
    found: dict[int, str | None] = {}
    for unit in choices.units:
        if mine := differs.intersection(unit.numbers):
            others = list(_others(unit, row, mine)) or [_from_third(unit.full)[0]]
            option = others[variant % len(others)]
        else:
            option = tuple(row.get(number) for number in unit.numbers)
        found.update(zip(unit.numbers, option, strict=True))
    return found


def _drawn(choices: Choices) -> set[int]:
    return {number for unit in choices.units for number in unit.numbers}


def _differing(choices: Choices, place: int) -> set[int]:
    """One column at least of each unique index, but for those that the server puts a new value into."""
    drawn = _drawn(choices)
    found: set[int] = set()
    for columns in sorted(choices.unique, key=len):
        if drawn.issuperset(columns) and not found.intersection(columns):
            found.add(columns[place % len(columns)])
    return found


def _others(unit: Unit, row: Row, differs: set[int]) -> Iterator[Option]:
    """Options whose columns in `differs` are not the row's, those first whose other columns are."""
    at = [place for place, number in enumerate(unit.numbers) if number in differs]
    mine = [row.get(number) for number in unit.numbers]

    def unlike(option: Option) -> int:
        return sum(text != mine[place] for place, text in enumerate(option) if place not in at)

    some = [one for one in _from_third(unit.full) if all(one[place] != mine[place] for place in at)]
    yield from sorted(some, key=unlike)


def _from_third(options: Sequence[Option]) -> list[Option]:
    """The first two are likely to be in the table."""
    start = 2 % len(options)
    return [*options[start:], *options[:start]]
