"""Which revisions a database claims to have run, also where env.py's own connection cannot see its version table."""

import psycopg
from psycopg import sql

from headworks.findings import Finding, Severity
from headworks.migrations.environment import Configured
from headworks.postgres.connect import connect
from headworks.postgres.url import DatabaseUrl
from headworks.schema import Schema, Table

__all__ = ["claimed_rows"]


def claimed_rows(live: DatabaseUrl, configured: Configured, picture: Schema) -> tuple[tuple[str, ...], list[Finding]]:
    """The version rows, and a warning where there is a version table that the role of the URL may not read.

    env.py finds the table by the search_path and by what its role may see. Where it finds nothing, the catalog knows
    whether there is one, and where.
    """
    if configured.rows:
        return configured.rows, []
    wanted = configured.version_table_schema
    places = [
        (one.schema, one.name)
        for one in picture.all(Table)
        if one.name == configured.version_table and (wanted is None or one.schema == wanted)
    ]
    if len(places) != 1:
        return (), []
    with connect(live, read_only=True) as connection:
        try:
            query = sql.SQL("SELECT version_num::text FROM {} ORDER BY 1").format(sql.Identifier(*places[0]))
            return tuple(row[0] for row in connection.execute(query).fetchall()), []
        except psycopg.errors.InsufficientPrivilege:
            name = ".".join(places[0])
            role = connection.info.user
        except psycopg.errors.UndefinedColumn:  # a table of that name, and not Alembic's
            return (), []
    text = f"role {role} may not read {name}, so which revisions the database has run is not known"
    hint = f"GRANT SELECT ON {name} TO {role}"
    return (), [Finding(rule="drift.unseen", severity=Severity.WARNING, message=text, hint=hint)]
