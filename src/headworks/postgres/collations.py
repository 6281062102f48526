"""Collations of the operating system or of ICU that a schema names and a server's build lacks."""

from collections.abc import Collection

from psycopg import sql

from headworks.postgres.connect import connect
from headworks.postgres.url import DatabaseUrl

__all__ = ["make_collations"]


def make_collations(url: DatabaseUrl, names: Collection[str]) -> bool:
    """Make those that a scratch database lacks, in pg_catalog, where PostgreSQL finds its own by their bare names.

    They sort as C does: the picture of a schema holds the name of a collation, and nothing else of it. Returns whether
    there was anything to make.
    """
    if not names:
        return False
    with connect(url) as connection:
        rows = connection.execute("SELECT DISTINCT collname::text FROM pg_catalog.pg_collation").fetchall()
        lacking = sorted(set(names) - {name for (name,) in rows})
        for name in lacking:
            statement = sql.SQL("CREATE COLLATION pg_catalog.{} (provider = libc, locale = 'C')")
            connection.execute(statement.format(sql.Identifier(name)))
    return bool(lacking)
