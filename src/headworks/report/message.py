"""The parts of a difference's message: `column t.a: type is text, expected integer (hot-patched at 0002)`."""

import re

from headworks.findings import Finding

__all__ = ["cause", "values_said"]


def values_said(one: Finding) -> str:
    """What it says of the two values, as the differ says it."""
    if not one.attribute or one.object is None:
        return ""
    from headworks.schema import Action, Change

    change = Change(Action.CHANGED, one.object, one.attribute, one.expected, one.actual)
    return str(change).removeprefix(f"{one.object}")


def cause(one: Finding) -> str:
    """What it says in parentheses at its end, beyond the values: `hot-patched at 0002`."""
    said = re.search(r" \(([^()]*)\)$", one.message.removeprefix(f"{one.object}{values_said(one)}"))
    return said[1] if said else ""
