"""`lint.timestamps`"""

from collections.abc import Iterator

from headworks.lint.rule import LintRule, Scene, Violation
from headworks.schema import Column

__all__ = ["RULE"]


def _check(scene: Scene) -> Iterator[Violation]:
    for table in scene.tables:
        columns = {one.name: one for one in scene.columns_of(table)}
        for name in ("created_at", "updated_at"):
            column = columns.get(name)
            if (text := _against(scene, column)) is not None:
                yield Violation(
                    object=column.ref if column else table.ref,
                    message=f"{table.name}.{name} {text}",
                    hint=f"{name}: Mapped[datetime] = mapped_column(DateTime(True), server_default=func.now())",
                )


def _against(scene: Scene, column: Column | None) -> str | None:
    if column is None:
        return "is not there"
    shape = scene.shape(column)
    if shape.base != "timestamp with time zone" or shape.array:
        return f"is {shape.said(column.type)}, not timestamptz"
    if column.nullable:
        return "may be null"
    return None if column.default else "has no default: rows that others write have none"


RULE = LintRule(
    name="timestamps",
    severity=None,
    problem="A table lacks `created_at` or `updated_at`, or they are not timestamptz, not null, with a default.",
    fix="Add them, with a server default, so that every writer's rows have them.",
    check=_check,
)
