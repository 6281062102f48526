"""`lint.soft-delete`"""

from collections.abc import Iterator

from headworks.findings import ObjectRef, Severity
from headworks.lint.patterns import named
from headworks.lint.rule import LintRule, Scene, Violation
from headworks.schema import Column

__all__ = ["RULE"]

_COLUMN = "deleted_at"


def _check(scene: Scene) -> Iterator[Violation]:
    patterns = scene.settings.soft_delete
    if not patterns:  # nothing is declared, so a `deleted_at` is anybody's
        return
    for table in scene.tables:
        declared = any(named(table, one) for one in patterns)
        column = next((one for one in scene.columns_of(table) if one.name == _COLUMN), None)
        text = None
        if declared and column is None:
            text = f"{table.name} is declared to be soft-deleted and has no {_COLUMN}"
        elif declared and column is not None and not _is_moment_or_null(scene, column):
            text = f"{table.name}.{_COLUMN} is not a timestamptz that may be null"
        elif not declared and column is not None:
            text = f"{table.name} has {_COLUMN} and is not declared to be soft-deleted"
        if text:
            yield Violation(
                object=column.ref if column else table.ref,
                message=text,
                hint=f"{_COLUMN}: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))"
                if declared
                else f'add "{table.name}" to soft_delete in [tool.headworks.lint], or drop the column',
            )
    for one in patterns:
        if not any(named(table, one) for table in scene.tables):
            yield Violation(
                object=ObjectRef(kind="table", name=one),
                message=f"{one} is declared to be soft-deleted, and there is no such table",
                hint="correct soft_delete in [tool.headworks.lint]",
            )


def _is_moment_or_null(scene: Scene, column: Column) -> bool:
    shape = scene.shape(column)
    return shape.base == "timestamp with time zone" and not shape.array and column.nullable


RULE = LintRule(
    name="soft-delete",
    severity=Severity.ERROR,
    problem="A table that `soft_delete` lists has no nullable timestamptz `deleted_at`, or has one unlisted.",
    fix="Add the column, or bring the list up to date.",
    check=_check,
)
