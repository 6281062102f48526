"""A plan as findings: what `seed --check` reports."""

from collections.abc import Mapping

import msgspec

from headworks.findings import Finding
from headworks.redaction import MASK, is_secret
from headworks.seed.records import Action, RowChange, SeedPlan

__all__ = ["RULES", "findings", "without_secrets"]

RULES = {
    Action.INSERT: "seed.missing-row",
    Action.UPDATE: "seed.changed-row",
    Action.DELETE: "seed.extra-row",
}


def findings(plan: SeedPlan) -> tuple[Finding, ...]:
    """One finding a row that differs, in the order of the plan.

    `expected` holds the fields as the file has them, `actual` as the database has them: those that differ, or, for a
    row that only one of the two has, all of them. `attribute` is set where a single field differs. What a column named
    like a password, a token or a key holds is shown as `***`.
    """
    return tuple(_finding(without_secrets(change)) for change in plan)


def without_secrets(change: RowChange) -> RowChange:
    """The same, with `***` for each value that nobody should read."""
    return msgspec.structs.replace(change, key=_masked(change.key), old=_masked(change.old), new=_masked(change.new))


def _masked(values: Mapping[str, str | None]) -> dict[str, str | None]:
    return {name: MASK if value and is_secret(name) else value for name, value in values.items()}


def _finding(change: RowChange) -> Finding:
    key = ", ".join(f"{field}={value}" for field, value in change.key.items())
    table = ".".join(part for part in (change.table.schema, change.table.name) if part)
    hint = "headworks seed writes it"
    match change.action:
        case Action.INSERT:
            message = f"table {table} has no row {key}"
        case Action.UPDATE:
            pairs = (_pair(field, change.old[field], change.new[field]) for field in change.new)
            message = f"table {table}, row {key}: {'; '.join(pairs)}"
        case Action.DELETE:
            message = f"table {table} has a row {key} that is not in its file"
            hint = "headworks seed --prune removes it"
    return Finding(
        rule=RULES[change.action],
        object=change.table,
        attribute=next(iter(change.new)) if change.action is Action.UPDATE and len(change.new) == 1 else None,
        expected=dict(change.new) if change.action is not Action.DELETE else None,
        actual=dict(change.old) if change.action is not Action.INSERT else None,
        file=change.file,
        line=change.line,
        message=message,
        hint=hint,
    )


def _pair(field: str, old: str | None, new: str | None) -> str:
    if old == new == MASK:
        return f"{field} is another (not shown)"
    return f"{field} is {_shown(old)}, not {_shown(new)}"


def _shown(value: str | None) -> str:
    return "null" if value is None else repr(value)
