"""`lint.snake-case`"""

import re
from collections.abc import Iterator

from headworks.lint.rule import LintRule, Scene, Violation
from headworks.schema import Enum

__all__ = ["RULE"]

_SNAKE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def _check(scene: Scene) -> Iterator[Violation]:
    for item in (*scene.tables, *scene.columns, *scene.picture.all(Enum)):
        if not _SNAKE.fullmatch(item.name):
            better = re.sub(r"[^A-Za-z0-9]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", item.name)).strip("_").lower()
            yield Violation(
                object=item.ref,
                expected=better,
                actual=item.name,
                message=f"{item.ref} is not in snake_case",
                hint=f"call it {better}: op.rename_table, or op.alter_column(..., new_column_name={better!r})",
            )


RULE = LintRule(
    name="snake-case",
    severity=None,
    problem="A table, a column or an enum is not named in snake_case: with capitals it must be quoted in every query.",
    fix="Rename it.",
    check=_check,
)
