"""`lint.timestamp-without-zone`"""

from collections.abc import Iterator

from headworks.findings import Severity
from headworks.lint.rule import LintRule, Scene, Violation
from headworks.lint.types import Shape
from headworks.lint.words import retyped
from headworks.schema import Column

__all__ = ["RULE"]


def _check(scene: Scene) -> Iterator[Violation]:
    for one in scene.columns:
        shape = scene.shape(one)
        if shape.base == "timestamp without time zone":
            yield Violation(
                object=one.ref,
                attribute="type",
                expected=shape.like(f"timestamp{shape.modifiers} with time zone"),
                actual=one.type,
                message=f"{one.table}.{one.name} is {shape.said(one.type)}: which moment it means depends on who reads"
                " it",
                hint=f"{shape.in_model('DateTime(timezone=True)')} in the model; with the zone that it was written in:"
                f" {_with_zone(scene, one, shape)}",
            )


def _with_zone(scene: Scene, column: Column, shape: Shape) -> str:
    wanted = shape.like(f"timestamptz{shape.modifiers}")
    if shape.array:  # AT TIME ZONE is for one moment alone
        return f"SET TimeZone = 'UTC'; {retyped(scene, column, wanted, f'::{wanted}')}"
    return retyped(scene, column, wanted, " AT TIME ZONE 'UTC'")


RULE = LintRule(
    name="timestamp-without-zone",
    severity=Severity.WARNING,
    problem="A column is a timestamp without a zone: the moment that it means depends on the session that reads it.",
    fix="Use timestamptz; convert with USING column AT TIME ZONE and the zone that was meant.",
    check=_check,
)
