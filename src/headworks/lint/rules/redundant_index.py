"""`lint.redundant-index`"""

from collections.abc import Iterator

from headworks.findings import Severity
from headworks.lint.indexes import AnIndex, indexes_of
from headworks.lint.rule import LintRule, Scene, Violation
from headworks.lint.words import called

__all__ = ["RULE"]


def _check(scene: Scene) -> Iterator[Violation]:
    for table in scene.tables:
        indexes = indexes_of(scene.picture, table)
        for one in indexes:
            # A unique index holds up a rule, whatever else has its columns.
            longer = None if one.unique else next((other for other in indexes if _serves(other, one)), None)
            if longer is not None:
                yield Violation(
                    object=one.ref,
                    message=f"{one} of {table.name} is the beginning of {longer}, which serves its lookups too",
                    hint=f"{called('drop_index', table.schema, one.name, table.name)} in a revision, and take it out of"
                    " the model",
                )


def _serves(longer: AnIndex, one: AnIndex) -> bool:
    """Whether the keys of `one`, a btree, are the first of another's, over the same rows."""
    return (
        one.method == longer.method == "btree"
        and longer.valid
        and len(longer.keys) > len(one.keys)
        and longer.keys[: len(one.keys)] == one.keys
        and longer.where == one.where
        and set(one.include) <= {*longer.keys, *longer.include}
    )


RULE = LintRule(
    name="redundant-index",
    severity=Severity.WARNING,
    problem="The keys of an index are the first ones of another index, which serves the same lookups.",
    fix="Drop the shorter one, unless it is kept for its size; then ignore the rule for it and say so.",
    check=_check,
)
