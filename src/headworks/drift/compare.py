"""Two pictures -> differences, each with what a finding says of it."""

from collections.abc import Callable, Iterable, Iterator

import msgspec

from headworks.drift.renames import Rename, differences_with_renames
from headworks.findings import Finding, ObjectRef
from headworks.schema import Action, Change, Object, Schema, kinds
from headworks.schema.base import report_order
from headworks.schema.owning import alike_owned

__all__ = ["Difference", "Only", "Sees", "differences", "drift_finding"]


Sees = Callable[[Object | None, Object | None], bool]
"""Whether what tells one object from another counts; either may be missing."""

Only = Callable[[Schema, Schema], Sees | None]
"""Given the two pictures as they are compared, what says so of their objects; nothing where all counts."""


class Difference(msgspec.Struct, frozen=True):
    """A change, the SQL that shows the object, and what says that it is a rename (else nothing)."""

    change: Change
    sql: str | None
    evidence: str = ""

    @property
    def key(self) -> tuple[ObjectRef, str | None]:
        """What it is about; the same difference between two other pictures has the same."""
        return (self.change.object, self.change.attribute)


def differences(expected: Schema, actual: Schema, only: Only | None = None) -> tuple[Difference, ...]:
    """All that tells `actual` from `expected`, renames recognised, in the order of reports.

    What `only` (`Filter.between`) leaves out is not among them.
    """
    expected, actual = alike_owned(expected, actual)
    before = expected
    changes, renames, expected, actual = differences_with_renames(expected, actual)
    found = [
        *_renamed(renames, only and only(before, actual)),
        *_changed(changes, expected, actual, only and only(expected, actual)),
    ]
    ranks = {kind: rank for rank, kind in enumerate(kinds())}
    # The sort is stable: of one object the changes stay in their order.
    found.sort(key=lambda pair: report_order(ranks, pair[0]))
    return tuple(difference for _, difference in found)


def _renamed(renames: Iterable[Rename], sees: Sees | None) -> Iterator[tuple[Object, Difference]]:
    for one in renames:
        if sees is not None and not sees(one.old, one.new):
            continue
        for change in one.changes:
            yield one.new, Difference(change, one.new.shown_by, one.evidence)


def _changed(
    changes: Iterable[Change], expected: Schema, actual: Schema, sees: Sees | None
) -> Iterator[tuple[Object, Difference]]:
    for change in changes:
        before, after = expected.get(change.object), actual.get(change.object)
        item = after or before
        assert item is not None, change
        if sees is not None and not sees(before, after):
            continue
        # What is missing can be shown by the other database alone, and often there is none.
        yield item, Difference(change, None if change.action is Action.MISSING else item.shown_by)


def drift_finding(difference: Difference, expected: str, actual: str, because: str = "") -> Finding:
    """One difference as a finding of drift; `expected` and `actual` name the two sides (`the models`)."""
    change = difference.change
    if difference.evidence:
        rule, message = "drift.changed", _rename(change, actual) + f": {difference.evidence}"
    elif change.action is Action.CHANGED:
        rule, message = "drift.changed", str(change)
    elif change.action is Action.MISSING:
        rule, message = "drift.missing", f"{change.object} is missing: it is in {expected} and not in {actual}"
    else:
        rule, message = "drift.unexpected", f"{change.object} is unexpected: it is in {actual} and not in {expected}"
    return Finding(
        rule=rule,
        object=change.object,
        attribute=change.attribute,
        expected=change.expected,
        actual=change.actual,
        message=f"{message} ({because})" if because else message,
        sql=difference.sql,
    )


def _rename(change: Change, actual: str) -> str:
    if change.attribute == "values":
        pairs = [(old, new) for old, new in zip(change.expected, change.actual, strict=True) if old != new]
        olds, news = (", ".join(names) for names in zip(*pairs, strict=True))
        return f"{change.object}: {olds} {'is' if len(pairs) == 1 else 'are'} named {news} in {actual}"
    word = "was moved to schema" if change.attribute == "schema" else "is named"
    return f"{change.object} {word} {change.actual} in {actual}"
