"""Which revisions a database claims to have run, also where env.py's own connection cannot see its version table."""

from typing import Any

import psycopg
from psycopg import sql

from headworks.migrations.environment import Configured
from headworks.migrations.errors import VersionTableUnreadable
from headworks.postgres.connect import connect
from headworks.postgres.url import DatabaseUrl
from headworks.schema import Schema, Table

__all__ = ["claimed_rows"]


def claimed_rows(live: DatabaseUrl, configured: Configured, picture: Schema) -> tuple[str, ...]:
    """The version rows. Raises `VersionTableUnreadable`.

    env.py finds the table by the search_path and by what its role may see. Where it finds nothing, the catalog knows
    whether there is one, and where.
    """
    if configured.rows:
        return configured.rows
    wanted = configured.version_table_schema
    places = [
        (one.schema, one.name)
        for one in picture.all(Table)
        if one.name == configured.version_table and (wanted is None or one.schema == wanted)
    ]
    if len(places) != 1:
        return ()
    (place,) = places
    with connect(live, read_only=True) as connection:
        try:
            query = sql.SQL("SELECT version_num::text FROM {} ORDER BY 1").format(sql.Identifier(*place))
            return tuple(row[0] for row in connection.execute(query).fetchall())
        except psycopg.errors.InsufficientPrivilege:
            connection.rollback()
            raise _unreadable(connection, *place) from None
        except psycopg.errors.UndefinedColumn:  # a table of that name, and not Alembic's
            return ()


def _unreadable(connection: "psycopg.Connection[Any]", schema: str, table: str) -> VersionTableUnreadable:
    """The error, with what an owner of the table has to run."""
    row = connection.execute("SELECT current_user::text, has_schema_privilege(%s, 'USAGE')", [schema]).fetchone()
    assert row is not None
    role, may_use = row
    who, place, whole = sql.Identifier(role), sql.Identifier(schema), sql.Identifier(schema, table)
    grants = [] if may_use else [sql.SQL("GRANT USAGE ON SCHEMA {} TO {};").format(place, who)]
    grants.append(sql.SQL("GRANT SELECT ON {} TO {};").format(whole, who))
    advice = sql.SQL(" ").join(grants).as_string(connection)
    return VersionTableUnreadable(role=role, table=f"{schema}.{table}", advice_text=advice)
