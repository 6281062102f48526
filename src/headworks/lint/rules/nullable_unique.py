"""`lint.nullable-unique`"""

from collections.abc import Iterator

from headworks.findings import Severity
from headworks.lint.indexes import column_of, indexes_of
from headworks.lint.rule import LintRule, Scene, Violation

__all__ = ["RULE"]


def _check(scene: Scene) -> Iterator[Violation]:
    for table in scene.tables:
        nullable = [one.name for one in scene.columns_of(table) if one.nullable]
        for one in indexes_of(scene.picture, table):
            if not one.unique or one.where is not None or one.nulls_not_distinct:
                continue
            found = [name for key in one.keys if (name := column_of(key, nullable)) is not None]
            if found:
                which = ", ".join(found)
                yield Violation(
                    object=one.ref,
                    message=f"{one} of {table.name} lets any number of rows have no {which}: two nulls are not equal",
                    hint=f"nullable=False for {which}, or postgresql_nulls_not_distinct=True where one row alone may"
                    " have none; ignore the rule where many may",
                )


RULE = LintRule(
    name="nullable-unique",
    severity=Severity.NOTE,
    problem="A unique key has a column that may be null, and two nulls are not equal: such rows may be there twice.",
    fix="Make the column NOT NULL, or the key NULLS NOT DISTINCT; where many may have none, this is right as it is.",
    check=_check,
)
