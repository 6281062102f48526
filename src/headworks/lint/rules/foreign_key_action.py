"""`lint.foreign-key-action`"""

from collections.abc import Iterator

from headworks.lint.rule import LintRule, Scene, Violation

__all__ = ["RULE"]


def _check(scene: Scene) -> Iterator[Violation]:
    for table in scene.tables:
        for key in scene.constraints(table, "foreign key"):
            # PostgreSQL has no other action for one over periods of time.
            if key.on_delete == "no action" and not key.temporal:
                referred = key.referenced_table[1] if key.referenced_table else "?"
                yield Violation(
                    object=key.ref,
                    attribute="on_delete",
                    message=f"{table.name}.{', '.join(key.columns)} does not say what becomes of it when its row of"
                    f" {referred} is deleted",
                    hint='ForeignKey(..., ondelete="CASCADE"), "SET NULL" or "RESTRICT", as it is meant',
                )


RULE = LintRule(
    name="foreign-key-action",
    severity=None,
    problem="A foreign key does not say its ON DELETE: nobody has decided what becomes of its rows.",
    fix="Say CASCADE, SET NULL or RESTRICT; NO ACTION is what PostgreSQL takes when nothing is said.",
    check=_check,
)
