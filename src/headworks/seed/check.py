"""A plan as findings: what `seed --check` reports."""

from headworks.findings import Finding
from headworks.seed.records import Action, RowChange, SeedPlan

__all__ = ["RULES", "findings"]

RULES = {
    Action.INSERT: "seed.missing-row",
    Action.UPDATE: "seed.changed-row",
    Action.DELETE: "seed.extra-row",
}


def findings(plan: SeedPlan) -> tuple[Finding, ...]:
    """One finding a row that differs, in the order of the plan.

    `expected` holds the fields as the file has them, `actual` as the database has them: those that differ, or, for a
    row that only one of the two has, all of them. `attribute` is set where a single field differs.
    """
    return tuple(_finding(change) for change in plan)


def _finding(change: RowChange) -> Finding:
    key = ", ".join(f"{field}={value}" for field, value in change.key.items())
    table = ".".join(part for part in (change.table.schema, change.table.name) if part)
    hint = "headworks seed writes it"
    match change.action:
        case Action.INSERT:
            message = f"table {table} has no row {key}"
        case Action.UPDATE:
            pairs = (f"{field} is {_shown(change.old[field])}, not {_shown(change.new[field])}" for field in change.new)
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


def _shown(value: str | None) -> str:
    return "null" if value is None else repr(value)
