"""`lint.id-uuid7`"""

from collections.abc import Iterator

from headworks.lint.rule import LintRule, Scene, Violation
from headworks.schema import Column, Table

__all__ = ["RULE"]


def _check(scene: Scene) -> Iterator[Violation]:
    functions = set(scene.settings.uuid7)
    for table in scene.tables:
        found = _against(scene, table, functions)
        if found is not None:
            text, column = found
            yield Violation(
                object=column.ref if column else table.ref,
                message=f"{table.name}: {text}",
                hint="id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=text"
                f'("{scene.settings.uuid7[0] if scene.settings.uuid7 else "uuidv7()"}"))',
            )


def _against(scene: Scene, table: Table, functions: set[str]) -> tuple[str, Column | None] | None:
    keys = scene.constraints(table, "primary key")
    if not keys:
        return "there is no primary key", None
    if keys[0].columns != ("id",):
        return f"the primary key is ({', '.join(keys[0].columns)}), not (id)", None
    column = next(one for one in scene.columns_of(table) if one.name == "id")
    if scene.shape(column)[:3] != ("uuid", "", False):
        return f"id is {column.type}, not uuid", column
    # A function is printed with its schema unless that is the system's.
    if column.default not in functions and (column.default or "").partition(".")[2] not in functions:
        return f"the default of id is {column.default or 'not set'}, not {' or '.join(sorted(functions))}", column
    return None


RULE = LintRule(
    name="id-uuid7",
    severity=None,
    problem="A primary key is not one column `id` of type uuid whose server default makes ordered ids (UUIDv7).",
    fix="Use such an id; `uuid7` in the config lists the functions that make them.",
    check=_check,
)
