"""`lint.json-type`"""

from collections.abc import Iterator

from headworks.findings import Severity
from headworks.lint.rule import LintRule, Scene, Violation
from headworks.lint.words import retyped

__all__ = ["RULE"]


def _check(scene: Scene) -> Iterator[Violation]:
    for one in scene.columns:
        shape = scene.shape(one)
        if shape.base == "json":
            better = shape.like("jsonb")
            yield Violation(
                object=one.ref,
                attribute="type",
                expected=better,
                actual=one.type,
                message=f"{one.table}.{one.name} is {shape.said(one.type)}: it has no equality (so no DISTINCT) and no"
                " index",
                hint=f"{shape.in_model('JSONB')} in the model; {retyped(scene, one, better, f'::{better}')}",
            )


RULE = LintRule(
    name="json-type",
    severity=Severity.WARNING,
    problem="A column is json: it is parsed at each access, has no equality and cannot be indexed.",
    fix="Use jsonb, unless the very text (white space, order of keys, keys that are there twice) must be kept.",
    check=_check,
)
