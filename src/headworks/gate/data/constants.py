"""The constants in an expression that PostgreSQL printed, and the operators before them: where candidates come from."""

import datetime
import itertools
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from headworks.gate.data.patterns import like_sample, pattern_sample

__all__ = ["Constants"]

# Only what ruleutils writes must be understood: a string, a number, an operator, a word.
_TOKEN = re.compile(r"'((?:[^']|'')*)'|(?<![\w.])(-?\d+(?:\.\d+)?)\b|([~!*<>=@#%^&|?+/-]+)|(\w+)")
_PATTERNS = {"~", "~*", "!~", "!~*"}
_LIKES = {"~~", "~~*"}
_LONGEST = 300
_SAMPLES = 6


class Constants:
    """The constants of some expressions: `texts` as they stand, `patterns` and `likes` to be matched, `numbers`."""

    def __init__(self, expressions: list[str]) -> None:
        self.texts: list[str] = []
        self.patterns: list[str] = []
        self.likes: list[str] = []
        self.numbers: list[Decimal] = []
        for expression in expressions:
            self._read(expression)

    def __bool__(self) -> bool:
        return bool(self.texts or self.patterns or self.likes or self.numbers)

    def _read(self, expression: str) -> None:
        operator = ""
        for match in _TOKEN.finditer(expression):
            text, number, sign, _ = match.groups()
            if sign is not None:
                operator = sign
            elif text is not None:
                text = text.replace("''", "'")
                kind = self.patterns if operator in _PATTERNS else self.likes if operator in _LIKES else self.texts
                _add(kind, text)
                _add(self.texts, text)  # `'x' ~ column` has it the other way round, and ANY (ARRAY[...]) many
                with_number = _number(text)
                if with_number is not None:
                    _add(self.numbers, with_number)
            elif number is not None:
                _add(self.numbers, Decimal(number))

    def as_texts(self, variant: int) -> Iterator[str]:
        """Texts that these expressions may want."""
        for pattern in self.patterns:
            for step in range(_SAMPLES):
                if (sample := pattern_sample(pattern, variant + step)) is not None:
                    yield sample
        for like in (*self.likes, *(one for one in self.texts if "%" in one)):
            for step in range(_SAMPLES):
                yield like_sample(like, variant + step)
        yield from self.texts
        for number in self.numbers:
            yield str(number)
            if number == int(number):
                for length in (int(number), int(number) + 1, int(number) - 1):
                    if 0 < length <= _LONGEST:
                        yield f"sample-{variant}-".ljust(length, "x")[:length]

    def as_numbers(self) -> Iterator[Decimal]:
        """The constants, their neighbours, and what lies between two."""
        ordered = sorted(self.numbers)
        for number in ordered:
            yield from (number, number + 1, number - 1)
        for low, high in itertools.pairwise(ordered):
            yield (low + high) / 2

    def as_moments(self) -> Iterator[str]:
        """Dates and times among the constants, and a day before and after each."""
        for text in self.texts:
            yield text
            try:
                moment = datetime.datetime.fromisoformat(text)
            except ValueError:
                continue
            for days in (1, -1, 40):
                try:
                    other = moment + datetime.timedelta(days=days)
                except OverflowError:
                    continue
                yield other.date().isoformat() if len(text) == len("2024-01-01") else other.isoformat(sep=" ")


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


_T = TypeVar("_T")


def _add(found: list[_T], one: _T) -> None:
    if one not in found:
        found.append(one)
