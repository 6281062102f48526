"""The gate over a history: which checks, which revisions, one outcome."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from headworks.errors import UsageError
from headworks.findings import Finding, Outcome, Severity
from headworks.gate.allow import without_allowed
from headworks.gate.base import base_of
from headworks.gate.compat.check import compatible
from headworks.gate.filled import Filled, filled
from headworks.gate.interleaved import interleaved
from headworks.gate.judge import judge, not_run
from headworks.gate.locks.judge import listed, lock_findings
from headworks.gate.locks.sizes import Sizes, sizes_of_file
from headworks.gate.locks.watch import LockWatch
from headworks.gate.manifest import history_changed, unrecorded
from headworks.gate.picture import drawn_of
from headworks.gate.policy import misnamed
from headworks.gate.scene import Scene, Tell
from headworks.gate.since import Since, new_since
from headworks.gate.trespass import trespasses
from headworks.gate.walk import walk
from headworks.gate.walked import Walked
from headworks.gate.whole import branches_alone, in_one_go, models_against, models_of, several_heads
from headworks.migrations.history import Revision
from headworks.migrations.limit import limited
from headworks.migrations.project import Project
from headworks.owners.manifest import Manifest
from headworks.postgres.apart import kept_apart
from headworks.postgres.shadow import Shadow
from headworks.schema import Schema

__all__ = [
    "CHECKS",
    "DEFAULT_CHECKS",
    "ChosenTwice",
    "GateChoice",
    "NoSuchCheck",
    "NoSuchRange",
    "NothingBefore",
    "choose",
    "gate",
]

RULES = {
    "schema": frozenset(
        f"gate.{name}"
        for name in ("upgrade-failed", "downgrade-failed", "downgrade-differs", "no-downgrade", "reupgrade-differs")
    ),
    "branches": frozenset({"gate.dependency"}),
    "whole": frozenset({"gate.heads", "gate.models-differ", "gate.history-changed", "gate.naming"}),
    "data": frozenset(
        f"gate.{name}" for name in ("data-lost", "upgrade-fails-on-data", "downgrade-fails-on-data", "unfilled")
    ),
    "locks": frozenset({"gate.observed-lock", "gate.table-rewrite", "gate.full-scan"}),
    "compat": frozenset({"gate.incompatible"}),
}
"""The checks, in the order in which they are named, and the rules that are theirs."""

TRESPASS = "gate.trespass"
"""Found by all checks that look at single revisions: `schema` sees DDL, `data` and `locks` see rows written."""

CHECKS = tuple(RULES)

DEFAULT_CHECKS = tuple(name for name in CHECKS if name != "compat")


class NoSuchCheck(UsageError):
    """--checks: there is no check {name!r}; the checks are {known}"""

    hint = "headworks gate --checks {known}"


class NoSuchRange(UsageError):
    """--revisions {text}: {reason}"""

    hint = "write A:B with two revision ids; headworks history lists them"


class NothingBefore(UsageError):
    """the check compat tries the release before, and nobody says which one that is"""

    hint = "headworks gate --compat --since REF, with the tag of that release, or origin/main"


class ChosenTwice(UsageError):
    """--revisions and --since exclude each other"""

    hint = "leave one of them out"


class GateChoice(msgspec.Struct, frozen=True):
    """What to run: the checks, and the revisions to walk down and up again (`None`: all), of `since` or as named.

    `sizes` are those of the live tables, for `locks`.
    """

    checks: tuple[str, ...] = DEFAULT_CHECKS
    revisions: frozenset[str] | None = None
    since: Since | None = None
    sizes: Sizes | None = None


def gate(
    project: Project, shadow: Shadow, choice: GateChoice, tell: Tell = lambda number, total, name: None
) -> Outcome:
    """Run it on scratch databases of the shadow server.

    Findings come in the order of the history, and last those about no one revision.
    """
    began = time.monotonic()
    chosen = choice.revisions if choice.revisions is not None else frozenset(project.history.by_id)
    ours = shadow.twin is not None
    with limited(project.settings.keys.gate.timeout), kept_apart(ours=ours), base_of(project, shadow, chosen) as base:
        scene = Scene.of(project, shadow, chosen, tell, base)
        return _gate(scene, choice, began)


def _gate(scene: Scene, choice: GateChoice, began: float) -> Outcome:
    project, shadow, configured, history = scene.project, scene.shadow, scene.configured, scene.project.history
    # First what needs no server: a manifest that cannot be read is said before a long walk.
    said = _said(scene, choice) if "whole" in choice.checks else []
    findings, walked, failing, heads = _schema_and_whole(scene, choice.checks)
    findings += said
    compat = None
    if "compat" in choice.checks and choice.since is not None:
        models = models_of(project, configured)
        compat = compatible(scene, choice.since, None if isinstance(models, Finding) else models)
        findings += compat.findings
    if "branches" in choice.checks:
        findings += (alone := tuple(branches_alone(scene, failing)))
        if not failing and not alone and scene.chosen:
            findings += interleaved(project, shadow.url, scene.forget, heads)

    rows, watch = Filled(), LockWatch()
    manifest = Manifest(project.settings.keys.owners)
    if {"data", "locks"} & set(choice.checks):
        watched = "locks" in choice.checks or bool(manifest)
        rows = filled(scene, data="data" in choice.checks, observers=[watch] if watched else [])
    findings += rows.findings
    findings += rows.unseen(
        {seen.revision.id for seen in walked if seen.skipped or seen.lost or "upgrade" in seen.failures}
    )
    findings += lock_findings(watch.steps, scene, choice.sizes) if "locks" in choice.checks else []
    findings += trespasses(scene, manifest, walked, watch.steps) if manifest else []

    pictures = drawn_of(walked)
    skipped = {seen.revision.id: seen.skipped for seen in walked if seen.skipped}
    apart = {seen.revision.id: seen.apart for seen in walked if seen.apart}
    seconds = dict(rows.seconds)
    for seen in walked:
        if seen.seconds is not None:
            seconds[seen.revision.id] = seconds.get(seen.revision.id, 0.0) + seen.seconds
    details: dict[str, Any] = {
        "revisions": [_detail(one, skipped, apart, pictures.tables, seconds) for one in scene.revisions],
        **pictures.details,
    }
    if "whole" in choice.checks and (new := unrecorded(project)) is not None:
        details["manifest"] = {"recorded": len(history.revisions) - len(new), "unrecorded": [one.id for one in new]}
    if "data" in choice.checks:
        details["data"] = rows.details
    if "locks" in choice.checks:
        details["locks"] = [lock for step in watch.steps for lock in listed(step, choice.sizes)]
    if compat is not None:
        details["compat"] = compat.details
    ran = {rule for check in choice.checks for rule in RULES[check]}
    sound = {seen.revision.id for seen in walked if not seen.skipped and "upgrade" not in seen.failures}

    def judged(revision: Revision, rule: str) -> bool:
        if rule == TRESPASS:
            return "schema" in choice.checks and revision.id in sound & rows.judged
        if rule in RULES["locks"] and choice.sizes is not None:
            return False  # a table that is small today needs no allowance, and may grow
        if rule in RULES["data"] | RULES["locks"]:
            return rule in ran and revision.id in rows.judged
        looked_at = revision.id in (sound if rule in RULES["schema"] else scene.chosen)
        return rule in ran and (looked_at or rule not in RULES["schema"] | RULES["compat"] | {"gate.naming"})

    rules = frozenset({TRESPASS}).union(*RULES.values())
    findings, accepted = without_allowed(findings, history.revisions, rules, judged)
    if accepted:
        details["accepted"] = [one.detail for one in accepted]
    place = {revision.id: number for number, revision in enumerate(history.revisions)}
    findings.sort(key=lambda one: place.get(one.revision or "", len(place)))
    if shadow.remark:
        findings.insert(0, Finding(rule="gate.shadow", severity=Severity.NOTE, message=shadow.remark))
    outcome = Outcome.of(
        "gate",
        findings,
        revisions=len(scene.revisions),
        **({"accepted": len(accepted)} if accepted else {}),
        checks=list(choice.checks),
        postgresql=shadow.major,
        seconds=round(time.monotonic() - began, 3),
    )
    return msgspec.structs.replace(outcome, details=details)


def _detail(
    revision: Revision,
    skipped: Mapping[str, str],
    apart: Mapping[str, str],
    tables: Mapping[str, list[str]],
    seconds: Mapping[str, float],
) -> dict[str, Any]:
    found: dict[str, Any] = {"revision": revision.id, "domain": revision.domain, "file": revision.file}
    found |= {"seconds": round(seconds[revision.id], 3)} if revision.id in seconds else {}
    found |= {"skipped": skipped[revision.id]} if revision.id in skipped else {}
    found |= {"apart": apart[revision.id]} if revision.id in apart else {}
    return found | ({"tables": tables[revision.id]} if tables.get(revision.id) else {})


def _said(scene: Scene, choice: GateChoice) -> list[Finding]:
    """What the files alone say."""
    return [*history_changed(scene.project, choice.since), *misnamed(scene.project, scene.revisions)]


def _schema_and_whole(
    scene: Scene, checks: tuple[str, ...]
) -> tuple[list[Finding], list[Walked], frozenset[str], Schema | None]:
    """The walk, what the whole adds to it, the revisions that are known not to run, and the picture at the heads."""
    project, server = scene.project, scene.shadow.url
    if not {"schema", "whole"} & set(checks):
        return [], [], frozenset(), None
    models = models_of(project, scene.configured)  # a word of the config that is wrong is said before a long walk
    walked, heads = walk(scene, looking="schema" in checks)
    optional = project.settings.keys.gate.downgrades == "optional"
    findings = [finding for seen in walked for finding in judge(seen, downgrades_optional=optional)]
    findings += not_run(walked)
    failing = frozenset(
        seen.revision.id
        for seen in walked
        if seen.lost or seen.beside is not None or ("upgrade" in seen.failures and not seen.together)
    )
    if "whole" in checks:
        findings += (together := tuple(in_one_go(scene, failing)))
        findings += several_heads(project.history)
        if isinstance(models, Finding):
            findings.append(models)
        else:
            findings += models_against(project, server, scene.configured, models, heads, failing)
        failing |= {one.revision for one in together if one.revision}
    return findings, walked, failing, heads


def choose(
    project: Project,
    checks: str | None,
    revisions: str | None,
    since: str | None = None,
    *,
    compat: bool = False,
    sizes: Path | None = None,
) -> GateChoice:
    """From the words of the command line.

    Raises `NoSuchCheck`, `NoSuchRange`, `ChosenTwice`, `NothingBefore`, what `new_since` does, `SizesUnreadable`.
    """
    if revisions and since is not None:
        raise ChosenTwice
    names = tuple(part.strip() for part in checks.split(",")) if checks is not None else DEFAULT_CHECKS
    names += ("compat",) if compat else ()
    for name in names:
        if name not in CHECKS:
            raise NoSuchCheck(name=name, known=",".join(CHECKS))
    if "compat" in names and since is None:
        raise NothingBefore
    new = new_since(project, since) if since is not None else None
    chosen = _range(project, revisions) if revisions else new.revisions if new else None
    known = sizes_of_file(sizes) if sizes is not None else None
    return GateChoice(tuple(name for name in CHECKS if name in names), chosen, new, known)


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
