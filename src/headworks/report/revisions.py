"""The gate's outcome by revision: what each came to, and what is about the history as a whole."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

import msgspec

from headworks.findings import Finding, Outcome, Severity
from headworks.words import plural

__all__ = ["WHOLE", "History", "Seen", "Status", "by_revision", "counted"]

WHOLE = ("gate.heads", "gate.models-differ", "gate.history-changed")
"""Rules about the history as a whole, also where a finding names a revision's file."""


class Status(StrEnum):
    """What a revision came to."""

    FAILED = "failed"
    WARNING = "warning"
    SKIPPED = "not run"
    OK = "ok"


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """A revision and its findings; `skipped` names the revision whose failure kept this one from running."""

    id: str
    domain: str
    file: str
    findings: tuple[Finding, ...] = ()
    seconds: float | None = None
    skipped: str | None = None
    tables: tuple[str, ...] = ()

    @property
    def status(self) -> Status:
        """By the worst of its findings; a note alone is nothing wrong."""
        found = {one.severity for one in self.findings}
        if Severity.ERROR in found:
            return Status.FAILED
        if Severity.WARNING in found:
            return Status.WARNING
        return Status.SKIPPED if self.skipped else Status.OK

    @property
    def line(self) -> int | None:
        """Where the first finding is."""
        return next((one.line for one in self.findings if one.line), None)

    @property
    def said(self) -> str:
        """What it came to, in some words: `2 errors, 1 note`, `needs 0002_x`; empty where all is well."""
        return ", ".join(filter(None, (counted(self.findings), f"needs {self.skipped}" if self.skipped else "")))


class History(msgspec.Struct, frozen=True, kw_only=True):
    """The revisions in their order, and the findings that are about none of them."""

    revisions: tuple[Seen, ...]
    whole: tuple[Finding, ...] = ()

    @property
    def domains(self) -> tuple[str, ...]:
        """In the order in which they begin."""
        return tuple(dict.fromkeys(one.domain for one in self.revisions))

    def count(self, status: Status) -> int:
        """How many revisions came to this."""
        return sum(one.status is status for one in self.revisions)


def counted(findings: Iterable[Finding]) -> str:
    """`2 errors, 1 note`."""
    found = [one.severity for one in findings]
    return ", ".join(plural(found.count(one), str(one)) for one in Severity if one in found)


def by_revision(outcome: Outcome) -> History | None:
    """Of an outcome that lists revisions in its details (that of the gate); `None` for any other."""
    listed = outcome.details.get("revisions")
    if not listed:
        return None
    found: dict[str, list[Finding]] = {one["revision"]: [] for one in listed}
    whole: list[Finding] = []
    for one in outcome.findings:
        (whole if one.rule in WHOLE else found.get(one.revision or "", whole)).append(one)
    # Notes come last: what has to be done stands first.
    whole.sort(key=lambda one: one.severity is Severity.NOTE)
    return History(revisions=tuple(_seen(one, found[one["revision"]]) for one in listed), whole=tuple(whole))


def _seen(one: Mapping[str, Any], findings: Iterable[Finding]) -> Seen:
    return Seen(
        id=one["revision"],
        domain=one.get("domain") or "",
        file=one.get("file") or "",
        findings=tuple(findings),
        seconds=one.get("seconds"),
        skipped=one.get("skipped"),
        tables=tuple(one.get("tables") or ()),
    )
