"""Allowances: findings that a revision's own file accepts, and allowances that hide nothing (any more)."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from headworks.findings import Finding, Severity
from headworks.gate.source import Allowance, RevisionSource
from headworks.migrations.history import Revision

__all__ = ["without_allowed"]

Judged = Callable[[Revision, str], bool]
"""Whether this run could have found the rule in the revision."""


def without_allowed(
    findings: Sequence[Finding], revisions: Iterable[Revision], rules: frozenset[str], judged: Judged
) -> Iterator[Finding]:
    """The findings that no file allows, and a warning for each allowance that had nothing to allow.

    `rules` are all that there are. What a run did not look at (`judged`) says nothing about an allowance.
    """
    found = {(one.revision, one.rule) for one in findings}
    hidden: set[tuple[str | None, str]] = set()
    idle: list[Finding] = []
    for revision in revisions:
        for allowance in RevisionSource(revision).allowances:
            hidden.add((revision.id, allowance.rule))
            if not _ours(allowance.rule):
                continue
            if allowance.rule not in rules:
                known = ", ".join(sorted(rules))
                reason = f"allows {allowance.rule}, and the gate has no such rule"
                idle.append(_unused(revision, allowance, reason, f"the rules are {known}"))
            elif (revision.id, allowance.rule) not in found and judged(revision, allowance.rule):
                reason = f"allows {allowance.rule}, and there is nothing of that kind left to allow"
                hint = f"remove the comment in line {allowance.line} of {revision.file}"
                idle.append(_unused(revision, allowance, reason, hint))
    yield from (one for one in findings if (one.revision, one.rule) not in hidden)
    yield from idle


def _ours(rule: str) -> bool:
    """`lint.naming` is for others to judge."""
    return rule.startswith("gate.") or "." not in rule


def _unused(revision: Revision, allowance: Allowance, reason: str, hint: str) -> Finding:
    return Finding(
        rule="gate.unused-allowance",
        severity=Severity.WARNING,
        revision=revision.id,
        file=revision.file,
        line=allowance.line,
        message=f"{revision.id} {reason}",
        hint=hint,
    )
