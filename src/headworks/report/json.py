"""JSON, the same for every check command (`docs/cli.md`, "Output")."""

from typing import Any

import msgspec

from headworks.findings import Finding, Outcome
from headworks.report.view import View

__all__ = ["render"]

_KEYS = (
    "rule", "severity", "object", "attribute", "expected", "actual", "revision", "direction", "file", "line", "message",
    "hint",
)  # fmt: skip
"""A contract: programs rely on these, and on no others."""


def render(outcome: Outcome, view: View) -> str:
    """One object; a key that does not apply is null."""
    document = {
        "headworks": 1,
        "command": outcome.command,
        "ok": outcome.ok(strict=view.strict),
        "findings": [_finding(one) for one in outcome.findings],
        "stats": outcome.stats,
    } | ({"details": outcome.details} if outcome.details else {})
    return msgspec.json.format(msgspec.json.encode(document, enc_hook=str), indent=1).decode() + "\n"


def _finding(one: Finding) -> dict[str, Any]:
    found = {key: getattr(one, key) for key in _KEYS}
    if (ref := one.object) is not None:
        found["object"] = {"kind": ref.kind, "schema": ref.schema, "table": ref.table, "name": ref.name}
    return found
