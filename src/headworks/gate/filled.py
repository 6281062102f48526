"""The checks that need rows: what becomes of them (`data`), and what observers see while the steps run."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from headworks.findings import Finding, ObjectRef, Severity
from headworks.gate.data.judge import judge_rows
from headworks.gate.data.walk import LostRevision, Observer, SeenRows, WalkedRows, walk_with_rows
from headworks.gate.scene import Scene
from headworks.gate.source import RevisionSource
from headworks.words import plural

__all__ = ["Filled", "Observer", "filled"]


class Filled(msgspec.Struct):
    """What the walk found. `details` is the mapping of `details["data"]`; `judged` are ids of revisions that ran.

    `seconds` is what each one took, by id; `lost` are those that this walk could not run.
    """

    findings: list[Finding] = msgspec.field(default_factory=list)
    details: dict[str, Any] = msgspec.field(default_factory=dict)
    judged: frozenset[str] = frozenset()
    seconds: Mapping[str, float] = msgspec.field(default_factory=dict)
    lost: Sequence[LostRevision] = ()

    def unseen(self, known: Collection[str]) -> Iterator[Finding]:
        """A note for each revision that this walk could not run, but for those of which that is `known`."""
        for one in self.lost:
            unsaid = [need for need in one.needing if need.id not in known]
            if one.revision.id in known and not unsaid:
                continue
            name = one.revision.id
            others = f" and of that of {plural(len(unsaid), 'revision')} above it" if unsaid else ""
            yield Finding(
                rule="gate.unfilled",
                severity=Severity.NOTE,
                revision=name,
                direction="upgrade",
                file=one.revision.file,
                message=f"{name} could not be run in the walk with rows, so nothing is said of its data{others}:"
                f" {one.reason}",
            )


def filled(scene: Scene, *, data: bool, observers: Sequence[Observer] = ()) -> Filled:
    """Walk the history with rows in its tables; judge what becomes of them when `data` is true."""
    walked = walk_with_rows(scene, observers, compared=data)
    findings: list[Finding] = []
    if data:
        findings += (finding for seen in walked.seen for finding in judge_rows(seen))
        findings += _not_filled(walked)
    findings += (_ends_others(seen) for seen in walked.seen if seen.ended_others)
    unfilled = [{"table": one.table, "revision": one.revision, "reason": one.reason} for one in walked.unfilled]
    details = {
        "tables": walked.tables,
        "filled": walked.tables - len(unfilled),
        "rows": walked.rows,
        "unfilled": unfilled,
    }
    judged = frozenset(seen.revision.id for seen in walked.seen)
    return Filled(findings, details, judged, walked.seconds, walked.lost)


def _ends_others(seen: SeenRows) -> Finding:
    name = seen.revision.id
    return Finding(
        rule="gate.unfilled",
        severity=Severity.WARNING,
        revision=name,
        direction="upgrade",
        file=seen.revision.file,
        line=RevisionSource(seen.revision).line_of("upgrade"),
        message=f"{name} ends the other sessions of its database, so nobody saw what became of its rows",
        hint="let it end the sessions that it is meant for: the application's are among these",
    )


def _not_filled(walked: WalkedRows) -> list[Finding]:
    return [
        Finding(
            rule="gate.unfilled",
            severity=Severity.NOTE,
            object=ObjectRef("table", one.name, one.schema),
            revision=one.revision,
            message=f"no rows could be made for table {one.table}, so nothing is said of its data: {one.reason}",
        )
        for one in walked.unfilled
    ]
