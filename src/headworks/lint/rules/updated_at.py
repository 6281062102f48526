"""`lint.updated-at`"""

import re
from collections.abc import Iterator
from enum import Enum

from sqlalchemy import Column as DeclaredColumn

from headworks.drift.orm_models import declared_tables
from headworks.lint.rule import LintRule, Scene, Violation
from headworks.schema import Column, Function, Table, Trigger

__all__ = ["RULE"]

_COLUMN = "updated_at"
_NAMED = re.compile(rf"\b{_COLUMN}\b")


class _Way(Enum):
    """Who writes the time of an UPDATE; in words that go on "is kept by"."""

    DATABASE = "the database"
    ORM = "the ORM"


def _check(scene: Scene) -> Iterator[Violation]:
    declared = declared_tables(scene.metadata, "public")
    functions = {(one.schema, one.name.partition("(")[0]): one.body for one in scene.picture.all(Function)}
    kept: dict[_Way, list[Column]] = {way: [] for way in _Way}
    for table in scene.tables:
        column = next((one for one in scene.columns_of(table) if one.name == _COLUMN), None)
        if column is None:
            continue
        model = declared.get((table.schema, table.name))
        said = model.columns.get(_COLUMN) if model is not None else None
        ways = _ways(scene, table, said, functions)
        if len(ways) == 1:
            kept[ways[0]].append(column)
        else:
            yield _not_one(column, said, both=bool(ways))
    usual, other = sorted(_Way, key=lambda way: -len(kept[way]))
    for column in kept[other]:
        usually = kept[usual][0]
        yield Violation(
            object=column.ref,
            message=f"{column.table}.{_COLUMN} is kept by {other.value}, and {usually.table}.{_COLUMN}"
            f" ({len(kept[usual])} of {len(kept[usual]) + len(kept[other])}) by {usual.value}",
            hint=f"keep it one way everywhere: {_ADVICE[usual]}",
        )


_ADVICE = {
    _Way.DATABASE: f"a trigger BEFORE UPDATE that sets NEW.{_COLUMN}, and server_onupdate=FetchedValue() in the model",
    _Way.ORM: "onupdate=func.now() in the model, and no trigger",
}


def _ways(
    scene: Scene, table: Table, said: "DeclaredColumn[object] | None", functions: dict[tuple[str, str], str]
) -> list[_Way]:
    by_trigger = any(_keeps(one, functions) for one in scene.picture.on(table, Trigger))
    # Models cannot declare a trigger; one that only the migrations make is said to be there by server_onupdate.
    by_word = scene.picture.source == "models" and said is not None and said.server_onupdate is not None
    by_orm = said is not None and said.onupdate is not None
    return [way for way, found in ((_Way.DATABASE, by_trigger or by_word), (_Way.ORM, by_orm)) if found]


def _keeps(one: Trigger, functions: dict[tuple[str, str], str]) -> bool:
    """Whether a trigger writes the column at each UPDATE, as far as its text says."""
    at_each = one.timing == "before" and one.for_each == "row" and "update" in one.events and not one.columns
    if not at_each or one.enabled not in ("origin", "always"):
        return False
    # The function of an extension (moddatetime) or of another schema is not in the picture: its name has to do, or an
    # argument, which names the column.
    body = functions.get(one.function)
    beside = any("updated" in name for name in (one.name, one.function[1])) if body is None else False
    return beside or any(map(_NAMED.search, (*one.arguments, body or "")))


def _not_one(column: Column, said: "DeclaredColumn[object] | None", *, both: bool) -> Violation:
    name = f"{column.table}.{_COLUMN}"
    promised = said is not None and said.server_onupdate is not None
    if both:
        text = f"{name} is written by the database and by the ORM"
    elif promised:
        text = f"{name} is not kept up to date: its server_onupdate says that the database does, and no trigger does"
    else:
        no_model = "" if said is None else ", nor has its model an onupdate"
        text = f"{name} is not kept up to date: no trigger BEFORE UPDATE writes it{no_model}"
    hint = "take onupdate out of the model, or drop the trigger" if both else " or ".join(_ADVICE.values())
    return Violation(object=column.ref, message=text, hint=hint)


RULE = LintRule(
    name="updated-at",
    severity=None,
    problem="An `updated_at` is kept by nobody, or not the same way as the others: by the database, or by the ORM.",
    fix="Keep it one way everywhere: a trigger BEFORE UPDATE for every writer, or `onupdate` for the ORM's alone.",
    check=_check,
)
