"""`lint.duplicate-index`"""

from collections.abc import Iterator

from headworks.findings import Severity
from headworks.lint.indexes import AnIndex, indexes_of
from headworks.lint.rule import LintRule, Scene, Violation
from headworks.lint.words import called

__all__ = ["RULE"]


def _check(scene: Scene) -> Iterator[Violation]:
    for table in scene.tables:
        kept: dict[tuple[object, ...], AnIndex] = {}
        # The one that says most is kept: a primary key before a unique constraint, that before a unique index.
        for one in sorted(indexes_of(scene.picture, table), key=_rank):
            same = kept.setdefault((one.method, one.keys, frozenset(one.include), one.where), one)
            if same is one or (one.unique and one.nulls_not_distinct != same.nulls_not_distinct):
                continue
            drop = called(f"drop_{'constraint' if one.constraint else 'index'}", table.schema, one.name, table.name)
            yield Violation(
                object=one.ref,
                message=f"{one} of {table.name} is the same as {same}: each INSERT writes both",
                hint=f"{drop} in a revision, and take it out of the model; {same.name} stays",
            )


def _rank(one: AnIndex) -> tuple[bool, bool, bool, str]:
    return (one.constraint != "primary key", one.constraint is None, not one.unique, one.name)


RULE = LintRule(
    name="duplicate-index",
    severity=Severity.WARNING,
    problem="Two indexes of a table have the same keys: every write pays for both, and reads use one.",
    fix="Drop one of them; where one belongs to a constraint, the other.",
    check=_check,
)
