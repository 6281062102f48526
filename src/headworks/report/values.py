"""The two values of a finding, as people read them."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from headworks.findings import Finding

__all__ = ["NOT_SET", "Pair", "clipped", "differ_in_spaces_alone", "lines_of", "pairs", "shown"]

NOT_SET = "not set"
"""How the absence of a value is written."""


class Pair(NamedTuple):
    """One property with its two values; `label` is empty where a finding is about no one property."""

    label: str
    expected: Any
    actual: Any


def pairs(one: Finding) -> Iterator[Pair]:
    """What is to be shown side by side: the attribute, each field of a row that differs, a row that one side lacks."""
    expected, actual = one.expected, one.actual
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        for key in dict.fromkeys((*expected, *actual)):
            if expected.get(key) != actual.get(key):
                yield Pair(str(key), expected.get(key), actual.get(key))
    elif one.attribute or expected is not None or actual is not None:
        yield Pair(one.attribute or "", expected, actual)


def shown(value: Any) -> str:
    """On one line where the value has one: `not set`, `true`, `(a, b)`."""
    if value is None:
        return NOT_SET
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {shown(one)}" for key, one in value.items()) or "()"
    if isinstance(value, tuple | list):
        return f"({', '.join(map(shown, value))})"
    return str(value) or "''"


def clipped(text: str, most: int) -> str:
    """The beginning of what is longer than this, and how much longer."""
    return text if len(text) <= most else f"{text[:most]} ... and {len(text) - most:,} characters more"


def lines_of(value: Any) -> list[str]:
    """What a line-by-line comparison sees: the lines of a text, the elements of a list; nothing where it is not set."""
    if value is None:
        return []
    if isinstance(value, Mapping):
        return [f"{key}: {shown(one)}" for key, one in value.items()]
    if isinstance(value, tuple | list):
        return [shown(one) for one in value]
    # Not `splitlines`: a text that differs in its last line feed alone differs.
    return shown(value).split("\n")


def differ_in_spaces_alone(expected: Any, actual: Any) -> bool:
    """Whether two texts would look the same."""
    return (
        isinstance(expected, str)
        and isinstance(actual, str)
        and expected != actual
        and "".join(expected.split()) == "".join(actual.split())
    )
