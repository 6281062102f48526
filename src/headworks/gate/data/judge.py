"""From what became of the rows to findings."""

from collections.abc import Iterator
from typing import Any

from headworks.findings import Finding, ObjectRef, Severity
from headworks.gate.data.advice import culprit, safe_way
from headworks.gate.data.compare import Fate, Lost
from headworks.gate.data.walk import SeenRows
from headworks.gate.source import RevisionSource
from headworks.migrations.errors import RevisionFailed
from headworks.migrations.reasons import advice_on, first_reason, sqlstate_of
from headworks.words import plural

__all__ = ["judge_rows"]

_ALLOW = "say so in the file: # headworks: allow gate.data-lost - the reason"
_FAILS = {"upgrade": "gate.upgrade-fails-on-data", "downgrade": "gate.downgrade-fails-on-data"}
_OWN = "say so in the file: # headworks: allow {rule} - the application writes no other values"
_WARNINGS = {Fate.DROPPED, Fate.REWRITTEN}
_DOWN = {Fate.HELD, Fate.MOVED}


def judge_rows(seen: SeenRows) -> Iterator[Finding]:
    """What the rows suffered in one revision."""
    for step, error in seen.failures.items():
        yield _failure(seen, step, error)
    for lost in seen.losses:
        yield _loss(seen, lost)


def _loss(seen: SeenRows, lost: Lost) -> Finding:
    direction = "downgrade" if lost.fate in _DOWN else "upgrade"
    text, hint = _TEXTS[lost.fate](lost, seen.revision.id)
    if lost.column is None:
        place = ObjectRef("table", lost.table, lost.schema)
    else:
        place = ObjectRef("column", lost.column, lost.schema, lost.table)
    return _finding(
        seen,
        "gate.data-lost",
        direction,
        severity=Severity.WARNING if lost.fate in _WARNINGS else Severity.ERROR,
        object=place,
        line=RevisionSource(seen.revision).line_of(direction),
        message=text,
        hint=hint,
    )


def _held(lost: Lost, name: str) -> tuple[str, str]:
    text = f"the downgrade of {name} loses {_what(lost)}, which the upgrade had kept"
    return text, "downgrade() must keep what is there: alter or rename it, and do not drop it to make it anew"


def _moved(lost: Lost, name: str) -> tuple[str, str]:
    text = f"the upgrade of {name} puts {_what(lost)} into {lost.elsewhere}; the downgrade does not bring it back"
    return text, f"downgrade() must copy it back from {lost.elsewhere} before that goes"


def _destroyed(lost: Lost, name: str) -> tuple[str, str]:
    text = f"the upgrade of {name} takes {_what(lost)} away, and the {'column' if lost.column else 'table'} stays"
    return text, f"copy it to a table of its own first, or {_ALLOW}"


def _dropped(lost: Lost, name: str) -> tuple[str, str]:
    text = f"the upgrade of {name} drops {_what(lost)}; no downgrade can bring it back"
    return text, f"let a later release drop what none uses any more, or {_ALLOW}"


def _retyped(lost: Lost, name: str) -> tuple[str, str]:
    text = (
        f"{name} changes the type of column {lost.schema}.{lost.table}.{lost.column}; {_number(lost)} come back changed"
    )
    return text, f"keep the old column for a release and fill a new one from it, or {_ALLOW}"


def _rewritten(lost: Lost, name: str) -> tuple[str, str]:
    text = f"the upgrade of {name} overwrites {_what(lost)}, and the downgrade does not set it back"
    return text, f"keep the old values in a column of their own for a release, or {_ALLOW}"


_TEXTS = {
    Fate.HELD: _held,
    Fate.MOVED: _moved,
    Fate.DESTROYED: _destroyed,
    Fate.DROPPED: _dropped,
    Fate.RETYPED: _retyped,
    Fate.REWRITTEN: _rewritten,
}


def _what(lost: Lost) -> str:
    """`2 of 4 rows of table public.t`, `all 4 values of column public.t.c`"""
    if lost.column is None:
        return f"{_number(lost)} of table {lost.schema}.{lost.table}"
    return f"{_number(lost)} of column {lost.schema}.{lost.table}.{lost.column}"


def _number(lost: Lost) -> str:
    counted = plural(lost.total, "row" if lost.column is None else "value")
    if lost.count < lost.total:
        return f"{lost.count:,} of {counted}"
    return counted if lost.total == 1 else f"all {counted}"


def _failure(seen: SeenRows, step: str, error: RevisionFailed) -> Finding:
    direction = "downgrade" if step == "downgrade" else "upgrade"
    name = seen.revision.id
    what = {
        "upgrade": f"upgrade of {name} runs on empty tables and fails on rows",
        "downgrade": f"downgrade of {name} runs on empty tables and fails on rows",
        "reupgrade": f"the second upgrade of {name}, after its downgrade, runs on empty tables and fails on rows",
    }
    cause = first_reason(error.__cause__ or error)
    refused = sqlstate_of(cause) is not None
    if refused:
        hint = advice_on(cause) or safe_way(cause, seen.columns) or f"headworks gate --checks data --revisions {name}"
    else:  # Python code that reads values, JSON in a text perhaps, and that may know more of them than the schema says
        hint = f"let it pass over values that it cannot read, or {_OWN.format(rule=_FAILS[direction])}"
    return _finding(
        seen,
        _FAILS[direction],
        direction,
        severity=Severity.ERROR if refused else Severity.WARNING,
        object=culprit(cause),
        line=error.fields.get("line") or RevisionSource(seen.revision).line_of(direction),
        message=f"{what[step]}: {error.fields.get('reason', str(error))}",
        hint=hint,
    )


def _finding(seen: SeenRows, rule: str, direction: str, **fields: Any) -> Finding:
    return Finding(rule=rule, revision=seen.revision.id, file=seen.revision.file, direction=direction, **fields)
