"""Allowances: findings that a revision's own file accepts, and allowances that hide nothing (any more)."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec

from headworks.findings import Finding, Severity
from headworks.gate.source import Allowance, RevisionSource
from headworks.migrations.history import Revision

__all__ = ["Accepted", "without_allowed"]

_UNUSED, _NO_REASON = "gate.unused-allowance", "gate.no-reason"

Judged = Callable[[Revision, str], bool]
"""Whether this run could have found the rule in the revision."""


class Accepted(msgspec.Struct, frozen=True):
    """A finding, and the allowance that accepts it."""

    finding: Finding
    allowance: Allowance

    @property
    def detail(self) -> dict[str, Any]:
        """For `details["accepted"]`: the finding in short, and where and why it is accepted."""
        one = self.finding
        return {
            "rule": one.rule,
            "severity": str(one.severity),
            "revision": one.revision,
            "direction": one.direction,
            "file": one.file,
            "line": self.allowance.line,
            "message": one.message,
            "reason": self.allowance.reason,
        }


def without_allowed(
    findings: Sequence[Finding], revisions: Iterable[Revision], rules: frozenset[str], judged: Judged
) -> tuple[list[Finding], list[Accepted]]:
    """The findings that no file allows, and those that one does.

    Among the first is a warning for each allowance that had nothing to allow, or that gives no reason. `rules` are all
    that there are. What a run did not look at (`judged`) says nothing about an allowance.
    """
    found = {(one.revision, one.rule) for one in findings}
    allowed: dict[tuple[str | None, str], Allowance] = {}
    idle: list[Finding] = []
    for revision in revisions:
        for allowance in RevisionSource(revision).allowances:
            allowed.setdefault((revision.id, allowance.rule), allowance)
            if not _ours(allowance.rule):
                continue
            if allowance.rule not in rules:
                known = ", ".join(sorted(rules))
                reason = f"allows {allowance.rule}, and the gate has no such rule"
                idle.append(_warning(_UNUSED, revision, allowance, reason, f"the rules are {known}"))
            elif (revision.id, allowance.rule) not in found and judged(revision, allowance.rule):
                reason = f"allows {allowance.rule}, and there is nothing of that kind left to allow"
                hint = f"remove the comment in line {allowance.line} of {revision.file}"
                idle.append(_warning(_UNUSED, revision, allowance, reason, hint))
            elif not allowance.reason:
                hint = f"# headworks: allow {allowance.rule} - the reason"
                reason = f"allows {allowance.rule}, and does not say why"
                idle.append(_warning(_NO_REASON, revision, allowance, reason, hint))
    kept = [one for one in findings if (one.revision, one.rule) not in allowed]
    accepted = [
        Accepted(one, allowed[one.revision, one.rule]) for one in findings if (one.revision, one.rule) in allowed
    ]
    return kept + idle, accepted


def _ours(rule: str) -> bool:
    """`lint.naming` is for others to judge."""
    return rule.startswith("gate.") or "." not in rule


def _warning(rule: str, revision: Revision, allowance: Allowance, reason: str, hint: str) -> Finding:
    return Finding(
        rule=rule,
        severity=Severity.WARNING,
        revision=revision.id,
        file=revision.file,
        line=allowance.line,
        message=f"{revision.id} {reason}",
        hint=hint,
    )
