"""From what was seen of a revision to findings."""

from collections.abc import Iterator
from typing import Any

from headworks.errors import HeadworksError
from headworks.findings import Finding, Severity
from headworks.gate.source import RevisionSource
from headworks.gate.walk import Walked
from headworks.migrations.errors import DowngradeMissing
from headworks.schema import Action, Change, diff

__all__ = ["judge"]


def judge(seen: Walked, *, downgrades_optional: bool = False) -> tuple[Finding, ...]:
    """All that is wrong with one walked revision, its own allowances applied."""
    source = RevisionSource(seen.revision)
    found = list(_judge(seen, source, Severity.WARNING if downgrades_optional else Severity.ERROR))
    allowed = {allowance.rule: allowance for allowance in source.allowances}
    rules = {finding.rule for finding in found}
    unused = [
        _finding(
            seen,
            "gate.unused-allowance",
            Severity.WARNING,
            line=one.line,
            message=f"{seen.revision.id} allows {one.rule}, and there is nothing of that kind left to allow",
            hint=f"remove the comment in line {one.line} of {seen.revision.file}",
        )
        for one in source.allowances
        if one.rule not in rules
    ]
    return (*(finding for finding in found if finding.rule not in allowed), *unused)


def _judge(seen: Walked, source: RevisionSource, missing: Severity) -> Iterator[Finding]:
    name = seen.revision.id
    if seen.skipped:
        yield _finding(
            seen,
            "gate.upgrade-failed",
            Severity.NOTE,
            direction="upgrade",
            message=f"{name} was not run: it needs {seen.skipped}, which fails",
        )
        return
    if error := seen.failures.get("upgrade"):
        text = f"upgrade of {name} fails"
        if seen.together:
            text += " when it runs alone; in one go with those before it, it runs"
        yield _failure(seen, "gate.upgrade-failed", "upgrade", error, text)
        return
    yield from _down(seen, source, missing)
    if error := seen.failures.get("reupgrade"):
        text = f"the second upgrade of {name}, after its downgrade, fails"
        yield _failure(seen, "gate.reupgrade-differs", "upgrade", error, text)
    elif seen.reupgraded is not None and seen.upgraded is not None:
        line = source.line_of("upgrade")
        for change in diff(seen.upgraded, seen.reupgraded):
            yield _difference(seen, "gate.reupgrade-differs", "upgrade", change, line, "after the second upgrade")


def _down(seen: Walked, source: RevisionSource, missing: Severity) -> Iterator[Finding]:
    name = seen.revision.id
    line = source.line_of("downgrade")
    error = seen.failures.get("downgrade")
    if isinstance(error, DowngradeMissing):
        text = f"{name} has no downgrade()"
        yield _finding(
            seen, "gate.no-downgrade", missing, direction="downgrade", line=1, message=text, hint=_ALLOW_HINT
        )
    elif error is not None and source.raises_at(error.fields.get("line") or 0):
        text = f"the downgrade of {name} raises on purpose: {error.fields.get('reason', '')}"
        at = error.fields.get("line")
        yield _finding(
            seen, "gate.no-downgrade", missing, direction="downgrade", line=at, message=text, hint=_ALLOW_HINT
        )
    elif error is not None:
        yield _failure(seen, "gate.downgrade-failed", "downgrade", error, f"downgrade of {name} fails")
    elif seen.downgraded is not None and seen.before is not None:
        idle = seen.downgraded == seen.upgraded
        for change in diff(seen.before, seen.downgraded):
            where = "after the downgrade" + (", which does nothing," if idle else "")
            yield _difference(seen, "gate.downgrade-differs", "downgrade", change, line, where)


_ALLOW_HINT = "write one, or say so in the file: # headworks: allow gate.no-downgrade - the reason"


def _difference(seen: Walked, rule: str, direction: str, change: Change, line: int, where: str) -> Finding:
    if change.action is Action.MISSING:
        text, hint = f"{change.object} is gone {where} of {seen.revision.id}", f"{direction}() must bring it back"
    elif change.action is Action.UNEXPECTED:
        text, hint = f"{change.object} is left {where} of {seen.revision.id}", f"{direction}() must remove it"
    else:
        text = f"{where} of {seen.revision.id}, {change}".removeprefix(" ")
        hint = f"{direction}() must set it back"
    return _finding(
        seen,
        rule,
        Severity.WARNING if change.attribute == "column_order" else Severity.ERROR,
        object=change.object,
        attribute=change.attribute,
        expected=change.expected,
        actual=change.actual,
        direction=direction,
        line=line,
        message=text,
        hint=hint,
    )


def _failure(seen: Walked, rule: str, direction: str, error: HeadworksError, text: str) -> Finding:
    reason = error.fields.get("reason", str(error))
    line = error.fields.get("line") or RevisionSource(seen.revision).line_of(direction)
    return _finding(
        seen,
        rule,
        Severity.ERROR,
        direction=direction,
        line=line,
        message=f"{text}: {reason}",
        hint=error.advice or None,
    )


def _finding(seen: Walked, rule: str, severity: Severity, **fields: Any) -> Finding:
    return Finding(rule=rule, severity=severity, revision=seen.revision.id, file=seen.revision.file, **fields)
