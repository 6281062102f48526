"""`lint.money-type`"""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from headworks.findings import Severity
from headworks.lint.rule import LintRule, Scene, Violation
from headworks.lint.words import retyped

__all__ = ["RULE"]

_INEXACT = ("real", "double precision")


def _check(scene: Scene) -> Iterator[Violation]:
    for one in scene.columns:
        shape = scene.shape(one)
        if shape.base == "money":
            why = "its number of decimals and its symbol are the server's lc_monetary, which may change"
        elif shape.base in _INEXACT and any(fnmatchcase(one.name, pattern) for pattern in scene.settings.money):
            why = "it cannot hold 0.10 exactly, and sums of it are off"
        else:
            continue
        yield Violation(
            object=one.ref,
            attribute="type",
            expected=shape.like("numeric"),
            actual=one.type,
            message=f"{one.table}.{one.name} is {shape.said(one.type)}: {why}",
            hint=f"{shape.in_model('Numeric(12, 2)')} in the model, or whole cents in a BigInteger;"
            f" {retyped(scene, one, shape.like('numeric(12,2)'))}",
        )


RULE = LintRule(
    name="money-type",
    severity=Severity.WARNING,
    problem="An amount of money is kept in a type that is not exact, or in `money`, which depends on the server.",
    fix="Use numeric with its precision, or whole cents as bigint, and keep the currency beside it.",
    check=_check,
)
