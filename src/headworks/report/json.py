"""JSON, the same for every check command (`docs/cli.md`, "Output")."""

from typing import Any

import msgspec

from headworks.findings import Finding, Outcome
from headworks.redaction import redact

__all__ = ["render_json"]


def render_json(outcome: Outcome, strict: bool = False) -> str:
    """One object; a key that does not apply is null."""
    document = {
        "headworks": 1,
        "command": outcome.command,
        "ok": outcome.ok(strict=strict),
        "findings": [_finding(one) for one in outcome.findings],
        "stats": outcome.stats,
    }
    return redact(msgspec.json.format(msgspec.json.encode(document), indent=1).decode()) + "\n"


def _finding(one: Finding) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(one)
    if one.object is not None:
        ref = one.object
        found["object"] = {"kind": ref.kind, "schema": ref.schema, "table": ref.table, "name": ref.name}
    return found
