"""Names of the database as SQL."""

from psycopg import sql
from psycopg.abc import AdaptContext
from sqlalchemy import Table

__all__ = ["Name", "identifier"]


class Name(sql.Composable):
    """A quoted name, qualified when there are several parts.

    `psycopg.sql.Identifier` asks for a connection before psycopg 3.2, and a script is made without one.
    """

    def __init__(self, *parts: str) -> None:
        super().__init__(parts)
        self._parts = parts

    def as_bytes(self, context: AdaptContext | None = None) -> bytes:
        """The name in the connection's encoding, in UTF-8 without one."""
        connection = context.connection if context is not None else None
        encoding = connection.info.encoding if connection is not None else "utf-8"
        return ".".join('"' + part.replace('"', '""') + '"' for part in self._parts).encode(encoding)


def identifier(table: Table) -> Name:
    """The table's name; without a schema it is found by the search path, as in the project's own code."""
    return Name(table.schema, table.name) if table.schema else Name(table.name)
