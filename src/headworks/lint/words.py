"""Names in statements that a person pastes."""

from headworks.schema import Column
from headworks.schema.quoting import as_printed

__all__ = ["in_sql", "retyped"]


def in_sql(schema: str, name: str) -> str:
    """A table's name as SQL has it, with its schema where that is not the usual one."""
    return as_printed(name) if schema == "public" else f"{as_printed(schema)}.{as_printed(name)}"


def retyped(column: Column, type_: str, using: str = "") -> str:
    """The statement that gives a column another type."""
    name = as_printed(column.name)
    more = f" USING {name}{using}" if using else ""
    return f"ALTER TABLE {in_sql(column.schema, column.table)} ALTER COLUMN {name} TYPE {type_}{more}"
