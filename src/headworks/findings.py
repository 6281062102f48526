"""`Finding`: all that drift, gate, lint, seed and owners have to say, and all that reports can show."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

import msgspec

__all__ = ["Finding", "ObjectRef", "Outcome", "Severity"]


class Severity(StrEnum):
    """How much a finding matters; only an error makes exit 1 (`--strict`: a warning too)."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class ObjectRef(msgspec.Struct, frozen=True, order=True):
    """Names one database object. `kind` is the catalog's word; `table` is set for what lives on a table."""

    kind: str
    name: str
    schema: str | None = None
    table: str | None = None

    def __str__(self) -> str:
        path = ".".join(part for part in (self.schema, self.table, self.name) if part)
        return f"{self.kind} {path}"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is wrong, or worth knowing. A field that does not apply is `None`.

    `sql` is a statement that shows the object in its database.
    """

    rule: str
    severity: Severity = Severity.ERROR
    object: ObjectRef | None = None
    attribute: str | None = None
    expected: Any = None
    actual: Any = None
    revision: str | None = None
    direction: str | None = None
    file: str | None = None
    line: int | None = None
    message: str
    hint: str | None = None
    sql: str | None = None


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What a check command found: the value every report is made from (`docs/cli.md`, "Output").

    `stats` are figures, for the last line of a report; `details` is what was looked at, piece by piece, as plain
    values: `details["revisions"]` of the gate is a list with a mapping for each revision.
    """

    command: str
    findings: tuple[Finding, ...] = ()
    stats: dict[str, Any] = msgspec.field(default_factory=dict)
    details: dict[str, Any] = msgspec.field(default_factory=dict)

    def ok(self, *, strict: bool = False) -> bool:
        """Whether nothing here makes exit 1."""
        bad = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
        return not any(finding.severity in bad for finding in self.findings)

    def count(self, severity: Severity) -> int:
        """How many findings have this severity."""
        return sum(finding.severity is severity for finding in self.findings)

    @classmethod
    def of(cls, command: str, findings: Iterable[Finding], **stats: Any) -> "Outcome":
        """Build one from any iterable of findings, keeping its order."""
        return cls(command=command, findings=tuple(findings), stats=stats)
