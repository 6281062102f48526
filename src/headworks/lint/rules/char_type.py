"""`lint.char-type`"""

from collections.abc import Iterator

from headworks.findings import Severity
from headworks.lint.rule import LintRule, Scene, Violation
from headworks.lint.words import quoted, retyped

__all__ = ["RULE"]


def _check(scene: Scene) -> Iterator[Violation]:
    for one in scene.columns:
        shape = scene.shape(one)
        # format_type() prints `character(2)`, and `bpchar` for one without a length.
        if shape.base in ("character", "bpchar"):
            length = shape.modifiers.strip("()")
            better = shape.in_model(f"String({length})" if length else "Text()")
            wanted = shape.like(f"character varying({length})" if length else "text")
            check = f"CHECK (length({quoted(scene, one.name)}) = {length or 'n'})"
            yield Violation(
                object=one.ref,
                attribute="type",
                expected=wanted,
                actual=one.type,
                message=f"{one.table}.{one.name} is {shape.said(one.type)}, which pads with blanks and compares without"
                " them",
                hint=f"{better} in the model; {retyped(scene, one, wanted)}"
                + ("" if shape.array else f"; where the length is a rule, a check keeps it: {check}"),
            )


RULE = LintRule(
    name="char-type",
    severity=Severity.WARNING,
    problem="A column is char(n): values are padded with blanks, take no less room, and compare in surprising ways.",
    fix="Use text or varchar(n), with a check where the length is a rule.",
    check=_check,
)
