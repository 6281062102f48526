"""What ran on a database, when, by whom, how long: the table `headworks_history` beside the version table.

Kept where the project asks for it (`[tool.headworks] log = true`): Alembic's autogenerate takes a table that no model
declares for one to drop, unless env.py's `include_name` leaves `headworks_*` alone.
"""

import datetime
import getpass
import socket
import time
from typing import Any

import msgspec
import sqlalchemy
from alembic.runtime.migration import MigrationContext
from psycopg import sql
from psycopg.rows import class_row

from headworks import __version__
from headworks.migrations.environment import Configured
from headworks.postgres.connect import connect
from headworks.postgres.url import DatabaseUrl

__all__ = ["LOG_TABLE", "Entry", "keep_log", "read_log"]

LOG_TABLE = "headworks_history"

_CREATE = """
CREATE TABLE IF NOT EXISTS {table} (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    revision text NOT NULL,
    direction text NOT NULL CHECK (direction IN ('upgrade', 'downgrade')),
    ended_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    seconds double precision NOT NULL,
    role text NOT NULL DEFAULT current_user,
    client text NOT NULL,
    headworks text NOT NULL
)
"""
_INSERT = (
    "INSERT INTO {table} (revision, direction, seconds, client, headworks)"
    " VALUES (:revision, :direction, :seconds, :client, :headworks)"
)


class Entry(msgspec.Struct, frozen=True):
    """One revision that was run. `client` is who ran it where, as their machine says; `role` is the database's."""

    revision: str
    direction: str
    ended_at: datetime.datetime
    seconds: float
    role: str
    client: str
    headworks: str


def keep_log(context: MigrationContext) -> None:
    """Have each step of this context write its entry in its own transaction: what is undone is not logged."""
    assert context.connection is not None  # run_env has looked
    preparer = context.connection.dialect.identifier_preparer
    schema = context.version_table_schema
    table = (f"{preparer.quote_schema(schema)}." if schema else "") + preparer.quote(LOG_TABLE)
    context.connection.execute(sqlalchemy.text(_CREATE.format(table=table)))
    statement = sqlalchemy.text(_INSERT.format(table=table))
    began = time.monotonic()

    def write(*, ctx: MigrationContext, step: Any, **_: Any) -> None:
        nonlocal began
        now = time.monotonic()
        assert ctx.connection is not None
        facts = {
            "revision": step.up_revision_id,
            "direction": "upgrade" if step.is_upgrade else "downgrade",
            "seconds": now - began,
            "client": _client(),
            "headworks": __version__,
        }
        ctx.connection.execute(statement, facts)
        began = now

    context.on_version_apply_callbacks = (*context.on_version_apply_callbacks, write)


def read_log(url: DatabaseUrl, configured: Configured) -> list[Entry] | None:
    """The entries, oldest first; `None` where no log is kept."""
    table = sql.Identifier(*(part for part in (configured.version_table_schema, LOG_TABLE) if part))
    with connect(url, read_only=True) as connection:
        name = table.as_string(connection)
        found = connection.execute("SELECT to_regclass(%s) IS NOT NULL", [name]).fetchone()
        if found is None or not found[0]:
            return None
        columns = sql.SQL(", ").join(map(sql.Identifier, Entry.__struct_fields__))
        with connection.cursor(row_factory=class_row(Entry)) as cursor:
            return cursor.execute(sql.SQL("SELECT {} FROM {} ORDER BY id").format(columns, table)).fetchall()


def _client() -> str:
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a container's user need not have a name
        user = "?"
    return f"{user}@{socket.gethostname()}"
