"""`lint.plural-table`"""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from headworks.lint.rule import LintRule, Scene, Violation
from headworks.lint.words import called
from headworks.words import plural

__all__ = ["RULE"]

_IRREGULAR = {"people", "children", "men", "women", "data", "media", "criteria", "feet", "mice", "indices"}


def _check(scene: Scene) -> Iterator[Violation]:
    for table in scene.tables:
        last = table.name.rpartition("_")[2]
        if last in _IRREGULAR or any(fnmatchcase(table.name, one) for one in scene.settings.uncountable):
            continue
        if not last.endswith("s") or last.endswith(("ss", "us")):
            better = plural(2, table.name).removeprefix("2 ")
            yield Violation(
                object=table.ref,
                expected=better,
                actual=table.name,
                message=f"table {table.name} is not named in the plural",
                hint=f"{called('rename_table', table.schema, table.name, better)} in a revision, and __tablename__ in"
                " the model; a word without a plural goes into uncountable of [tool.headworks.lint]",
            )


RULE = LintRule(
    name="plural-table",
    severity=None,
    problem="A table is not named in the plural, as the project's standard has it.",
    fix="Rename it, or list a word without a plural in `uncountable`.",
    check=_check,
)
