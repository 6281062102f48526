"""`lint.char-type`"""

from collections.abc import Iterator

from headworks.findings import Severity
from headworks.lint.rule import LintRule, Scene, Violation
from headworks.lint.words import retyped
from headworks.schema.quoting import as_printed

__all__ = ["RULE"]


def _check(scene: Scene) -> Iterator[Violation]:
    for one in scene.columns:
        # format_type() prints `character(2)`, and `bpchar` for one without a length.
        if one.type.startswith("character(") or one.type == "bpchar":
            length = one.type.partition("(")[2].rstrip(")")
            better = f"String({length})" if length else "Text()"
            wanted = f"character varying({length})" if length else "text"
            yield Violation(
                object=one.ref,
                attribute="type",
                expected=wanted,
                actual=one.type,
                message=f"{one.table}.{one.name} is {one.type}, which pads with blanks and compares without them",
                hint=f"{better} in the model; {retyped(one, wanted)}; where the length is a rule, a check keeps it:"
                f" CHECK (length({as_printed(one.name)}) = {length or 'n'})",
            )


RULE = LintRule(
    name="char-type",
    severity=Severity.WARNING,
    problem="A column is char(n): values are padded with blanks, take no less room, and compare in surprising ways.",
    fix="Use text or varchar(n), with a check where the length is a rule.",
    check=_check,
)
