"""`lint.reserved-word`"""

from collections.abc import Iterator

from headworks.findings import Severity
from headworks.lint.rule import LintRule, Scene, Violation

__all__ = ["RULE"]


def _check(scene: Scene) -> Iterator[Violation]:
    reserved = scene.reserved
    for item in (*scene.tables, *scene.columns):
        if item.name in reserved:
            on_table = item.ref.table is not None
            better = f'mapped_column("{item.name}_", ...)' if on_table else f'__tablename__ = "{item.name}s"'
            yield Violation(
                object=item.ref,
                message=f"{item.ref}: {item.name.upper()} is reserved by PostgreSQL, a syntax error unless quoted",
                hint=f"give it another name, in the model ({better}) and in a revision"
                f" (op.{'alter_column(..., new_column_name=...)' if on_table else 'rename_table'})",
            )


RULE = LintRule(
    name="reserved-word",
    severity=Severity.WARNING,
    problem="A table or a column is named with a reserved word: every query by hand must quote it.",
    fix="Take another name.",
    check=_check,
)
