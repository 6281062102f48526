"""`lint.foreign-key-type`"""

from collections.abc import Iterator

from headworks.findings import Severity
from headworks.lint.rule import LintRule, Scene, Violation
from headworks.lint.types import Shape
from headworks.lint.words import retyped
from headworks.schema import Column

__all__ = ["RULE"]


def _check(scene: Scene) -> Iterator[Violation]:
    columns = {(one.schema, one.table, one.name): one for one in scene.picture.all(Column)}
    for table in scene.tables:
        for key in scene.constraints(table, "foreign key"):
            if key.referenced_table is None:
                continue
            for mine, theirs in zip(key.columns, key.referenced_columns, strict=False):
                found = columns.get((table.schema, table.name, mine))
                wanted = columns.get((*key.referenced_table, theirs))
                if found is None or wanted is None or found.type == wanted.type:
                    continue
                one, other = _kind(scene.shape(found)), _kind(scene.shape(wanted))
                if one == other:
                    continue
                referred = f"{key.referenced_table[1]}.{theirs}"
                yield Violation(
                    object=key.ref,
                    attribute="type",
                    # The same type with another length holds the same values, but for the longer ones.
                    severity=Severity.WARNING if one[0] == other[0] else None,
                    expected=wanted.type,
                    actual=found.type,
                    message=f"{table.name}.{mine} is {scene.shape(found).said(found.type)} and refers to {referred},"
                    f" which is {scene.shape(wanted).said(wanted.type)}",
                    hint=f"give the model's {mine} the type of {referred} (leave it out: a ForeignKey brings it);"
                    f" {retyped(scene, found, wanted.type)}",
                )


def _kind(shape: Shape) -> tuple[tuple[str, bool], str]:
    """What must be equal: the type, and the length. A varchar of any length is a text."""
    base = "text" if shape.base == "character varying" else shape.base
    return (base, shape.array), shape.modifiers


RULE = LintRule(
    name="foreign-key-type",
    severity=Severity.ERROR,
    problem="A foreign key's column has another type than the column that it refers to: some values fit in one alone.",
    fix="Give both the same type; where only their lengths differ, it is a warning.",
    check=_check,
)
