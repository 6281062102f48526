"""`lint.planned-index`"""

from collections.abc import Iterator

import msgspec

from headworks.config import PlannedIndex
from headworks.findings import ObjectRef, Severity
from headworks.lint.indexes import AnIndex, indexes_of, normal, plain_columns
from headworks.lint.patterns import named
from headworks.lint.rule import LintRule, NewIndex, Scene, Violation
from headworks.schema import Index, Relation

__all__ = ["RULE"]


def _check(scene: Scene) -> Iterator[Violation]:
    unlike: list[tuple[int, PlannedIndex, Relation]] = []
    for number, planned in enumerate(scene.settings.planned_indexes):
        tables = [one for one in scene.picture.all(Relation) if named(one, planned.table)]
        if not tables:
            yield Violation(
                object=ObjectRef(kind="table", name=planned.table),
                message=f"the {_words(planned)} is planned on {planned.table}, and there is no such table",
                hint="correct planned_indexes in [tool.headworks.lint], or make the table",
                config=("planned_indexes", number),
            )
        unlike += [
            (number, planned, table)
            for table in tables
            if not any(_is(one, planned) for one in indexes_of(scene.picture, table))
        ]
    # There is more than one way to write an index (`id desc`): what none is like to the letter, PostgreSQL prints.
    wanted = [((table.schema, table.name), planned) for _, planned, table in unlike]
    for (number, planned, table), made in zip(unlike, scene.build(wanted) if wanted else (), strict=True):
        if made.refusal is not None:
            yield Violation(
                object=table.ref,
                message=f"the {_words(planned)} is planned on {table.name}, and PostgreSQL refuses it: {made.refusal}",
                hint="correct it in planned_indexes of [tool.headworks.lint]; a key is written as in CREATE INDEX",
                config=("planned_indexes", number),
                refusal=made.refusal,
            )
        elif (found := _missing(scene, planned, table, made.index)) is not None:
            yield found


def _missing(scene: Scene, planned: PlannedIndex, table: Relation, printed: Index | None) -> Violation | None:
    as_printed = planned
    if printed is not None:
        as_printed = msgspec.structs.replace(planned, keys=printed.keys, method=printed.method, where=printed.where)
    indexes = indexes_of(scene.picture, table)
    if any(_is(one, as_printed) for one in indexes):
        return None
    there = "; ".join(map(str, indexes)) or "none"
    return Violation(
        object=table.ref,
        message=f"the {_words(planned)} of {table.name} is planned and not there (its indexes: {there})",
        hint="headworks lint --fix writes the revision; the model needs it too",
        index=NewIndex(
            table=(table.schema, table.name),
            keys=as_printed.keys,
            columns=plain_columns(as_printed.keys, table.column_order),
            unique=as_printed.unique,
            method=as_printed.method,
            where=as_printed.where,
            planned=True,
        ),
    )


def _words(planned: PlannedIndex) -> str:
    return f"{'unique ' if planned.unique else ''}index ({', '.join(planned.keys)})"


def _is(one: AnIndex, planned: PlannedIndex) -> bool:
    return (
        one.valid
        and one.keys == normal(planned.keys)
        and one.method == planned.method
        and one.where == planned.where
        and (one.unique or not planned.unique)
    )


RULE = LintRule(
    name="planned-index",
    severity=Severity.ERROR,
    problem="An index that [tool.headworks.lint] plans is not there.",
    fix="Add it, to the model too; headworks lint --fix writes the revision.",
    check=_check,
)
