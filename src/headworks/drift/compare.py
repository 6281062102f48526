"""Two pictures -> findings."""

from collections import Counter
from collections.abc import Iterable, Iterator

from headworks.findings import Finding, ObjectRef, Severity
from headworks.schema import Action, Change, Schema, diff
from headworks.words import plural

__all__ = ["DECLARABLE", "compare", "drift_finding"]

DECLARABLE = frozenset({"table", "column", "constraint", "index", "enum", "sequence", "schema", "domain"})
"""The kinds that SQLAlchemy's MetaData can declare without help."""

_IN_EVERY_DATABASE = ObjectRef(kind="extension", name="plpgsql")


def compare(expected: Schema, actual: Schema, *, source: str, partial: bool = False) -> tuple[Finding, ...]:
    """What tells `actual` (live) from `expected` (`source` names it in messages), as findings in order.

    With `partial` the expected side are models: of a kind that MetaData cannot declare (functions, triggers, ...) and
    of which these models have made none, live objects are no drift; one note a kind says that they were not compared.
    """
    changes = diff(expected, actual)
    if not partial:
        return tuple(drift_finding(change, source) for change in changes)
    declared = {item.kind for item in expected if item.ref != _IN_EVERY_DATABASE} | DECLARABLE
    compared = [change for change in changes if change.object.kind in declared]
    left = (change for change in changes if change.object.kind not in declared)
    return (*(drift_finding(change, source) for change in compared), *_notes(left, source))


def drift_finding(change: Change, source: str) -> Finding:
    """One difference as a finding of drift."""
    if change.action is Action.CHANGED:
        message = f"{change}"
        rule = "drift.changed"
    elif change.action is Action.MISSING:
        message, rule = f"{change.object} is missing: it is in {source} and not in the database", "drift.missing"
    else:
        message, rule = f"{change.object} is unexpected: it is in the database and not in {source}", "drift.unexpected"
    return Finding(
        rule=rule,
        object=change.object,
        attribute=change.attribute,
        expected=change.expected,
        actual=change.actual,
        message=message,
    )


def _notes(changes: Iterable[Change], source: str) -> Iterator[Finding]:
    for kind, count in Counter(change.object.kind for change in changes).items():
        yield Finding(
            rule="drift.unexpected",
            severity=Severity.NOTE,
            message=f"{plural(count, f'live {kind}')} not compared: {source} declare none of that kind",
            hint="headworks drift --against migrations",
        )
