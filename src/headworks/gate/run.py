"""The gate over a history: which checks, which revisions, one outcome."""

import time
from typing import Any

import msgspec

from headworks.drift.filters import Filter
from headworks.errors import UsageError
from headworks.findings import Finding, Outcome, Severity
from headworks.gate.allow import without_allowed
from headworks.gate.judge import judge, not_run
from headworks.gate.scene import Scene, Tell
from headworks.gate.walk import Walked, walk
from headworks.gate.whole import branches_alone, in_one_go, models_against, models_of, several_heads
from headworks.migrations.environment import look_apart
from headworks.migrations.history import Revision
from headworks.migrations.project import Project
from headworks.postgres.shadow import Shadow

__all__ = ["CHECKS", "GateChoice", "NoSuchCheck", "NoSuchRange", "choose", "gate"]

RULES = {
    "schema": frozenset(
        f"gate.{name}"
        for name in ("upgrade-failed", "downgrade-failed", "downgrade-differs", "no-downgrade", "reupgrade-differs")
    ),
    "branches": frozenset({"gate.dependency"}),
    "whole": frozenset({"gate.heads", "gate.models-differ"}),
}
"""The checks, in the order in which they are named, and the rules that are theirs."""

CHECKS = tuple(RULES)


class NoSuchCheck(UsageError):
    """--checks: there is no check {name!r}; the checks are {known}"""

    hint = "headworks gate --checks {known}"


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
    """Run it on scratch databases of the shadow server.

    Findings come in the order of the history, and last those about no one revision.
    """
    began = time.monotonic()
    history = project.history
    configured = look_apart(project, shadow.url)
    scene = Scene(
        project=project,
        shadow=shadow,
        configured=configured,
        only=Filter(configured, ()),
        chosen=choice.revisions if choice.revisions is not None else frozenset(history.by_id),
        tell=tell,
    )
    findings, walked, failing = _schema_and_whole(scene, choice.checks)
    if "branches" in choice.checks:
        findings += branches_alone(project, shadow.url, failing)

    details = {"revisions": [_detail(one) for one in scene.revisions]}
    ran = {rule for check in choice.checks for rule in RULES[check]}
    sound = {seen.revision.id for seen in walked if not seen.skipped and "upgrade" not in seen.failures}

    def judged(revision: Revision, rule: str) -> bool:
        return rule in ran and (rule not in RULES["schema"] or revision.id in sound)

    findings = list(without_allowed(findings, history.revisions, frozenset().union(*RULES.values()), judged))
    place = {revision.id: number for number, revision in enumerate(history.revisions)}
    findings.sort(key=lambda one: place.get(one.revision or "", len(place)))
    if shadow.remark:
        findings.insert(0, Finding(rule="gate.shadow", severity=Severity.NOTE, message=shadow.remark))
    outcome = Outcome.of(
        "gate",
        findings,
        revisions=len(walked),
        checks=list(choice.checks),
        postgresql=shadow.major,
        seconds=round(time.monotonic() - began, 3),
    )
    return msgspec.structs.replace(outcome, details=details)


def _detail(revision: Revision) -> dict[str, Any]:
    return {"revision": revision.id, "domain": revision.domain, "file": revision.file}


def _schema_and_whole(scene: Scene, checks: tuple[str, ...]) -> tuple[list[Finding], list[Walked], frozenset[str]]:
    """The walk, what the whole adds to it, and the revisions that are known not to run."""
    project, server = scene.project, scene.shadow.url
    if not {"schema", "whole"} & set(checks):
        return [], [], frozenset()
    models = models_of(project, scene.configured)  # a word of the config that is wrong is said before a long walk
    walked, heads = walk(
        project,
        server,
        scene.chosen if "schema" in checks else frozenset(),
        begins=scene.counted(),
        forget=lambda picture: picture.without(scene.only.version_table),
    )
    optional = project.settings.keys.gate.downgrades == "optional"
    findings = [finding for seen in walked for finding in judge(seen, downgrades_optional=optional)]
    findings += not_run(walked)
    failing = frozenset(seen.revision.id for seen in walked if "upgrade" in seen.failures and not seen.together)
    if "whole" in checks:
        findings += (together := tuple(in_one_go(project, server, failing)))
        findings += several_heads(project.history)
        if isinstance(models, Finding):
            findings.append(models)
        else:
            findings += models_against(project, server, scene.configured, models, heads, failing)
        failing |= {one.revision for one in together if one.revision}
    return findings, walked, failing


def choose(project: Project, checks: str | None, revisions: str | None) -> GateChoice:
    """From the words of the command line. Raises `NoSuchCheck`, `NoSuchRange`."""
    names = tuple(part.strip() for part in checks.split(",")) if checks is not None else CHECKS
    for name in names:
        if name not in CHECKS:
            raise NoSuchCheck(name=name, known=",".join(CHECKS))
    return GateChoice(
        tuple(name for name in CHECKS if name in names), _range(project, revisions) if revisions else None
    )


def _range(project: Project, text: str) -> frozenset[str]:
    from headworks.migrations.plan import closure, find_revision

    history = project.history
    first, colon, last = text.partition(":")
    if not colon:
        return frozenset({find_revision(history, text).id})
    upper = closure(history, [find_revision(history, last).id]) if last else set(history.by_id)
    if not first:
        return frozenset(upper)
    start = find_revision(history, first).id
    if start not in upper:
        raise NoSuchRange(text=text, reason=f"{last} does not come after {first}")
    return frozenset(upper - closure(history, [start]) | {start})
