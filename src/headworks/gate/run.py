"""The gate over a history: which checks, which revisions, one outcome."""

import time
from collections.abc import Callable, Sequence

import msgspec

from headworks.drift.filters import Filter
from headworks.errors import UsageError
from headworks.findings import Finding, Outcome, Severity
from headworks.gate.judge import judge
from headworks.gate.walk import Walked, walk
from headworks.gate.whole import branches_alone, models_against, several_heads
from headworks.migrations.environment import look
from headworks.migrations.history import Revision
from headworks.migrations.project import Project
from headworks.postgres.databases import scratch_database
from headworks.postgres.shadow import Shadow

__all__ = ["CHECKS", "GateChoice", "NoSuchCheck", "NoSuchRange", "Tell", "choose", "gate"]

CHECKS = ("schema", "branches", "whole")
"""The checks that there are, in the order in which they run."""

Tell = Callable[[int, int, str], None]


class NoSuchCheck(UsageError):
    """--checks: there is no check {name!r}; the checks are {known}"""


class NoSuchRange(UsageError):
    """--revisions {text}: {reason}"""

    hint = "write A:B with two revision ids; headworks history lists them"


class GateChoice(msgspec.Struct, frozen=True):
    """What to run: the checks, and the revisions to walk down and up again (`None`: all)."""

    checks: tuple[str, ...] = CHECKS
    revisions: frozenset[str] | None = None


def gate(
    project: Project, shadow: Shadow, choice: GateChoice, tell: Tell = lambda number, total, name: None
) -> Outcome:
    """Run it on scratch databases of the shadow server. Findings come in the order of the history."""
    began = time.monotonic()
    history = project.history
    chosen = choice.revisions if choice.revisions is not None else frozenset(history.by_id)
    findings: list[Finding] = []
    with scratch_database(shadow.url) as empty:
        configured = look(project, empty)
    only = Filter(configured, ())
    walked: list[Walked] = []
    if shadow.remark:
        findings.append(Finding(rule="gate.shadow", severity=Severity.NOTE, message=shadow.remark))
    if "schema" in choice.checks or "whole" in choice.checks:
        number = iter(range(1, len(chosen) + 1))
        walked, heads = walk(
            project,
            shadow.url,
            chosen if "schema" in choice.checks else frozenset(),
            begins=lambda revision: tell(next(number), len(chosen), revision.id),
            forget=lambda picture: picture.without(only.version_table),
        )
        optional = project.settings.keys.gate.downgrades == "optional"
        for seen in walked:
            findings += judge(seen, downgrades_optional=optional)
    if "branches" in choice.checks:
        findings += branches_alone(project, shadow.url)
    if "whole" in choice.checks:
        findings += several_heads(history)
        findings += models_against(project, shadow.url, configured, heads)
    return Outcome.of(
        "gate",
        findings,
        revisions=len(walked),
        checks=list(choice.checks),
        postgresql=shadow.major,
        seconds=round(time.monotonic() - began, 3),
    )


def choose(project: Project, checks: str | None, revisions: str | None) -> GateChoice:
    """From the words of the command line. Raises `NoSuchCheck`, `NoSuchRange`."""
    names = tuple(part.strip() for part in checks.split(",") if part.strip()) if checks else CHECKS
    for name in names:
        if name not in CHECKS:
            raise NoSuchCheck(name=name, known=", ".join(CHECKS))
    return GateChoice(
        tuple(name for name in CHECKS if name in names), _range(project, revisions) if revisions else None
    )


def _range(project: Project, text: str) -> frozenset[str]:
    from headworks.migrations.plan import closure, find_revision

    history = project.history
    first, colon, last = text.partition(":")
    if not colon:
        return frozenset({find_revision(history, text).id})
    upper = closure(history, [find_revision(history, last).id] if last else list(history.by_id))
    order: Sequence[Revision] = history.revisions
    if not first:
        return frozenset(upper)
    lower = closure(history, [find_revision(history, first).id])
    start = find_revision(history, first).id
    found = frozenset(one.id for one in order if one.id in upper and (one.id not in lower or one.id == start))
    if start not in upper:
        raise NoSuchRange(text=text, reason=f"{last} does not come after {first}")
    return found
