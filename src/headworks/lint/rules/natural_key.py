"""`lint.natural-key`"""

from collections.abc import Iterator

from headworks.findings import ObjectRef, Severity
from headworks.lint.indexes import column_of, indexes_of
from headworks.lint.patterns import named
from headworks.lint.rule import LintRule, Scene, Violation

__all__ = ["RULE"]


def _check(scene: Scene) -> Iterator[Violation]:
    for key in scene.settings.natural_keys:
        columns, tables = set(key.columns), [one for one in scene.tables if named(one, key.table)]
        said = ", ".join(key.columns)
        if not tables:
            yield Violation(
                object=ObjectRef(kind="table", name=key.table),
                message=f"({said}) is the natural key of {key.table}, and there is no such table",
                hint="correct natural_keys in [tool.headworks.lint]",
            )
        for table in tables:
            unique = [one for one in indexes_of(scene.picture, table) if one.unique and one.where is None]
            if not any({column_of(one, columns) for one in index.keys} == columns for index in unique):
                yield Violation(
                    object=table.ref,
                    message=f"({said}) is the natural key of {table.name}, and nothing keeps it unique",
                    hint=f"UniqueConstraint({', '.join(map(repr, key.columns))}) in __table_args__ of the model, and a"
                    " revision with it",
                )


RULE = LintRule(
    name="natural-key",
    severity=Severity.ERROR,
    problem="Columns that `natural_keys` lists are not unique: the same thing may be there twice.",
    fix="Add a unique constraint over exactly these columns.",
    check=_check,
)
