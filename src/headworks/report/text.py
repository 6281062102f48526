"""Findings for a person: grouped by what they are about, both values side by side, what to do under each group."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from headworks.findings import Finding, Outcome, Severity
from headworks.redaction import redact
from headworks.words import plural

__all__ = ["render_text", "verdict"]

_SIGNS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def render_text(outcome: Outcome, strict: bool = False) -> str:
    """Groups of findings and, last, the verdict in one line."""
    lines: list[str] = []
    for title, group in groupby(outcome.findings, _title):
        members = list(group)
        lines.append(title)
        for one in members:
            lines += _lines(one)
        hints = list(dict.fromkeys(one.hint for one in members if one.hint))
        lines += [f"    hint: {hint}" for hint in hints]
        lines.append("")
    lines.append(verdict(outcome, strict=strict))
    return redact("\n".join(lines)) + "\n"


def verdict(outcome: Outcome, *, strict: bool = False) -> str:
    """`drift: ok (26 tables, 0.8 s)`, or `failed` and how many findings of each severity."""
    counts = [(severity, outcome.count(severity)) for severity in Severity]
    said = ", ".join(plural(count, str(severity)) for severity, count in counts if count)
    numbers = {key: value for key, value in outcome.stats.items() if type(value) is int and key != "postgresql"}
    facts = [plural(value, key.removesuffix("s"), key) for key, value in numbers.items()]
    facts += [f"PostgreSQL {outcome.stats['postgresql']}"] if "postgresql" in outcome.stats else []
    facts += [f"{outcome.stats['seconds']:.1f} s"] if "seconds" in outcome.stats else []
    word = "ok" if outcome.ok(strict=strict) else "failed"
    return f"{outcome.command}: {word}" + (f", {said}" if said else "") + (f" ({', '.join(facts)})" if facts else "")


def _title(one: Finding) -> str:
    if one.revision:
        return f"{one.revision}" + (f"  {one.file}:{one.line}" if one.file and one.line else "")
    if one.object is None:
        return "in general"
    schema, table = one.object.schema, one.object.table
    if table or one.object.kind == "table":
        return f"table {'.'.join(part for part in (schema, table or one.object.name) if part)}"
    return f"schema {schema}" if schema else "database"


def _lines(one: Finding) -> Iterator[str]:
    first, *more = one.message.splitlines() or [""]
    yield f"  {_SIGNS[one.severity]:<7} {one.rule}: {first}"
    yield from (f"          {line}" for line in more)
    if one.attribute and len(f"{one.expected}{one.actual}") > 60:
        yield from _beside("expected", one.expected)
        yield from _beside("actual", one.actual)


def _beside(word: str, value: Any) -> Iterator[str]:
    lines = ("not set" if value is None else str(value)).splitlines() or [""]
    yield f"          {word:<9}{lines[0]}"
    for line in lines[1:]:
        yield f"          {'':<9}{line}"
