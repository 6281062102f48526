"""`lint.timestamp-without-zone`"""

from collections.abc import Iterator

from headworks.findings import Severity
from headworks.lint.rule import LintRule, Scene, Violation
from headworks.lint.words import retyped

__all__ = ["RULE"]


def _check(scene: Scene) -> Iterator[Violation]:
    for one in scene.columns:
        if one.type.startswith("timestamp") and one.type.endswith(" without time zone"):
            yield Violation(
                object=one.ref,
                attribute="type",
                expected=one.type.replace("without", "with"),
                actual=one.type,
                message=f"{one.table}.{one.name} is {one.type}: which moment it means depends on who reads it",
                hint="DateTime(timezone=True) in the model; with the zone that it was written in: "
                + retyped(one, "timestamptz", " AT TIME ZONE 'UTC'"),
            )


RULE = LintRule(
    name="timestamp-without-zone",
    severity=Severity.WARNING,
    problem="A column is a timestamp without a zone: the moment that it means depends on the session that reads it.",
    fix="Use timestamptz; convert with USING column AT TIME ZONE and the zone that was meant.",
    check=_check,
)
