"""`lint --migrations`: the SQL of each revision under squawk's rules, for those who cannot run the gate."""

import bisect
import tempfile
import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from itertools import accumulate
from pathlib import Path

import msgspec

from headworks.findings import Finding, Outcome, Severity
from headworks.gate.source import RevisionSource
from headworks.lint.policy import SQUAWK, Standards
from headworks.lint.squawk import Remark, squawk, unknown_rule
from headworks.migrations.printed import Printed, printed
from headworks.migrations.project import Project

__all__ = ["RULES", "lint_revisions"]

_LEVELS = {"Warning": Severity.WARNING, "Error": Severity.ERROR}

RULES = {
    "lint.not-printed": {
        "meaning": "A revision cannot be printed without a database, so squawk has not seen all of it.",
        "advice": "headworks gate runs it, and sees what it does.",
        "severity": "note",
    },
    "lint.unused-allowance": {
        "meaning": "An allowance in a revision's file hides nothing of lint's.",
        "advice": "Remove the comment.",
        "severity": "warning",
    },
}
"""What is said of revisions beside squawk's rules."""

# `headworks upgrade` sets a lock timeout and tries again, and ends no statement that has its locks.
_OFF = frozenset({"require-lock-timeout", "require-statement-timeout", "require-timeout-settings"})

# Opinions about types are the schema's, not the revision's; this one of them is about a revision that ends half-way.
_STYLE, _ROBUST = "prefer-", "prefer-robust-stmts"


def lint_revisions(project: Project, chosen: Collection[str] | None = None) -> Outcome:
    """squawk's remarks on the upgrades, each at the line of the revision that issued the statement.

    `chosen` are the revisions to look at (`None`: all). Raises `SquawkMissing`, `SquawkFailed`,
    `CannotPrint`.
    """
    began = time.monotonic()
    standards = Standards(project.settings)
    standards.check_squawk(unknown_rule)
    seen = printed(project, chosen)
    place = {each.revision.id: number for number, each in enumerate(seen)}
    said = Counter((*_remarks(seen, project, standards), *_refused(seen)))
    found = sorted(
        (_times(one, count) for one, count in said.items()),
        key=lambda one: (place[one.revision or ""], one.line or 0, one.rule),
    )
    findings = [*_allowed(found, seen)]
    outcome = Outcome.of(
        "lint",
        findings,
        revisions=len(seen),
        statements=sum(len(one.statements) for one in seen),
        seconds=round(time.monotonic() - began, 3),
    )
    rules = {one.rule: RULES.get(one.rule) or _of_squawk(one) for one in findings}
    return msgspec.structs.replace(outcome, details={"rules": rules} if rules else {})


def _remarks(seen: Iterable[Printed], project: Project, standards: Standards) -> Iterator[Finding]:
    with tempfile.TemporaryDirectory(prefix="headworks-lint-") as name:
        of_file: dict[str, Printed] = {}
        for number, one in enumerate(seen):
            file = Path(name) / f"{number:05}.sql"
            file.write_text("".join(f"{sql}\n" for sql, _ in _script(one)), encoding="utf-8")
            of_file[str(file)] = one
        for remark in squawk([Path(file) for file in of_file], folder=project.settings.root):
            one = of_file[remark.file]
            severity = standards.named(f"{SQUAWK}{remark.rule_name}", _severity(remark))
            if severity is not None:
                yield Finding(
                    rule=f"lint.{SQUAWK}{remark.rule_name}",
                    severity=severity,
                    revision=one.revision.id,
                    direction="upgrade",
                    file=one.revision.file,
                    line=_line(one, remark),
                    message=remark.message,
                    hint=remark.help or f"https://squawkhq.com/docs/{remark.rule_name}",
                )


def _severity(remark: Remark) -> Severity | None:
    """What a remark is unless the config says otherwise."""
    name = remark.rule_name
    if name == _ROBUST:
        return Severity.NOTE
    return None if name in _OFF or name.startswith(_STYLE) else _LEVELS.get(remark.level, Severity.WARNING)


def _script(one: Printed) -> list[tuple[str, int]]:
    """The revision's SQL with its lines, in the transaction that Alembic runs it in (an autocommit block leaves it)."""
    own = [(statement.sql, statement.line) for statement in one.statements]
    return [("BEGIN;", 1), *own, ("COMMIT;", 1)]


def _line(one: Printed, remark: Remark) -> int:
    """The revision's line for a line of its SQL."""
    script = _script(one)
    ends = list(accumulate(sql.count("\n") + 1 for sql, _ in script))
    return script[min(bisect.bisect_right(ends, remark.line), len(ends) - 1)][1]


def _times(one: Finding, count: int) -> Finding:
    """One table may have the same said of each of its columns, and they all have the revision's one line."""
    return msgspec.structs.replace(one, message=f"{one.message} ({count} times)") if count > 1 else one


def _refused(seen: Iterable[Printed]) -> Iterator[Finding]:
    for one in seen:
        if one.refusal:
            yield Finding(
                rule="lint.not-printed",
                severity=Severity.NOTE,
                revision=one.revision.id,
                direction="upgrade",
                file=one.revision.file,
                line=one.line,
                message=f"the upgrade cannot be printed from here on without a database: {one.refusal}",
                hint=f"headworks gate --revisions {one.revision.id}:{one.revision.id} runs it on a scratch database",
            )


def _allowed(found: Iterable[Finding], seen: Iterable[Printed]) -> Iterator[Finding]:
    """What no file allows (`# headworks: allow lint.squawk-...`), and the allowances of lint's that hide nothing."""
    allowances = {one.revision.id: RevisionSource(one.revision).allowances for one in seen}
    used: set[tuple[str, str]] = set()
    for one in found:
        if any(each.rule == one.rule for each in allowances[one.revision or ""]):
            used.add((one.revision or "", one.rule))
        else:
            yield one
    for each in seen:
        for allowance in allowances[each.revision.id]:
            if allowance.rule.startswith(f"lint.{SQUAWK}") and (each.revision.id, allowance.rule) not in used:
                yield Finding(
                    rule="lint.unused-allowance",
                    severity=Severity.WARNING,
                    revision=each.revision.id,
                    file=each.revision.file,
                    line=allowance.line,
                    message=f"{each.revision.id} allows {allowance.rule}, and there is nothing of that kind to allow",
                    hint=f"remove the comment in line {allowance.line} of {each.revision.file}",
                )


def _of_squawk(one: Finding) -> dict[str, str]:
    name = one.rule.removeprefix(f"lint.{SQUAWK}")
    return {
        "meaning": f"squawk: {name.replace('-', ' ')}.",
        "advice": f"See https://squawkhq.com/docs/{name}",
        "severity": str(one.severity),
    }
