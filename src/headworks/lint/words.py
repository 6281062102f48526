"""Names in statements and calls that a person pastes."""

from headworks.lint.rule import Scene
from headworks.schema import Column
from headworks.schema.quoting import as_printed, identifier

__all__ = ["called", "in_sql", "quoted", "retyped"]


def quoted(scene: Scene, name: str) -> str:
    """A name as SQL takes it: in quotes where it must be, as PostgreSQL's own words must."""
    return identifier(name) if name in scene.reserved else as_printed(name)


def in_sql(scene: Scene, schema: str, name: str) -> str:
    """A table's name as SQL has it, with its schema where that is not the usual one."""
    return quoted(scene, name) if schema == "public" else f"{quoted(scene, schema)}.{quoted(scene, name)}"


def called(operation: str, schema: str, *names: str) -> str:
    """A call of Alembic's on what lies in a schema, as a revision has it."""
    words = [*map(repr, names), *([f"schema={schema!r}"] if schema != "public" else [])]
    return f"op.{operation}({', '.join(words)})"


def retyped(scene: Scene, column: Column, type_: str, using: str = "") -> str:
    """The statement that gives a column another type."""
    name = quoted(scene, column.name)
    more = f" USING {name}{using}" if using else ""
    return f"ALTER TABLE {in_sql(scene, column.schema, column.table)} ALTER COLUMN {name} TYPE {type_}{more}"
