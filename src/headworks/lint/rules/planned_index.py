"""`lint.planned-index`"""

from collections.abc import Iterator

from headworks.config import PlannedIndex
from headworks.findings import ObjectRef, Severity
from headworks.lint.indexes import AnIndex, indexes_of, plain_columns
from headworks.lint.patterns import named
from headworks.lint.rule import LintRule, NewIndex, Scene, Violation
from headworks.schema import Relation

__all__ = ["RULE"]


def _check(scene: Scene) -> Iterator[Violation]:
    for planned in scene.settings.planned_indexes:
        words = f"{'unique ' if planned.unique else ''}index ({', '.join(planned.keys)})"
        tables = [one for one in scene.picture.all(Relation) if named(one, planned.table)]
        if not tables:
            yield Violation(
                object=ObjectRef(kind="table", name=planned.table),
                message=f"the {words} is planned on {planned.table}, and there is no such table",
                hint="correct planned_indexes in [tool.headworks.lint], or make the table",
            )
        for table in tables:
            indexes = indexes_of(scene.picture, table)
            if any(_is(one, planned) for one in indexes):
                continue
            there = "; ".join(map(str, indexes)) or "none"
            yield Violation(
                object=table.ref,
                message=f"the {words} of {table.name} is planned and not there (its indexes: {there})",
                hint="headworks lint --fix writes the revision; the model needs it too",
                index=NewIndex(
                    table=(table.schema, table.name),
                    keys=planned.keys,
                    columns=plain_columns(planned.keys, table.column_order),
                    unique=planned.unique,
                    method=planned.method,
                    where=planned.where,
                ),
            )


def _is(one: AnIndex, planned: PlannedIndex) -> bool:
    return (
        one.valid
        and one.keys == planned.keys
        and one.method == planned.method
        and one.where == planned.where
        and (one.unique or not planned.unique)
    )


RULE = LintRule(
    name="planned-index",
    severity=Severity.ERROR,
    problem="An index that [tool.headworks.lint] plans is not there.",
    fix="Add it, to the model too; headworks lint --fix writes the revision.",
    check=_check,
)
