"""The checks that need rows: what becomes of them (`data`), and what observers see while the steps run."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from headworks.findings import Finding, ObjectRef, Severity
from headworks.gate.data.judge import judge_rows
from headworks.gate.data.walk import Observer, WalkedRows, walk_with_rows
from headworks.gate.scene import Scene

__all__ = ["Filled", "Observer", "filled"]


class Filled(msgspec.Struct):
    """What the walk found. `details` is the mapping of `details["data"]`; `judged` are ids of revisions that ran.

    `seconds` is what each one took, by id.
    """

    findings: list[Finding] = msgspec.field(default_factory=list)
    details: dict[str, Any] = msgspec.field(default_factory=dict)
    judged: frozenset[str] = frozenset()
    seconds: Mapping[str, float] = msgspec.field(default_factory=dict)


def filled(scene: Scene, *, data: bool, observers: Sequence[Observer] = ()) -> Filled:
    """Walk the history with rows in its tables; judge what becomes of them when `data` is true."""
    walked = walk_with_rows(scene, observers, compared=data)
    findings: list[Finding] = []
    if data:
        findings += (finding for seen in walked.seen for finding in judge_rows(seen))
        findings += _not_filled(walked)
    unfilled = [{"table": one.table, "revision": one.revision, "reason": one.reason} for one in walked.unfilled]
    details = {
        "tables": walked.tables,
        "filled": walked.tables - len(unfilled),
        "rows": walked.rows,
        "unfilled": unfilled,
    }
    return Filled(findings, details, frozenset(seen.revision.id for seen in walked.seen), walked.seconds)


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
