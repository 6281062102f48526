"""Rows for the tables of a scratch database that have none."""

from headworks.gate.data.fill import Filler
from headworks.gate.data.tables import read_tables
from headworks.migrations.environment import Configured
from headworks.postgres.connect import connect
from headworks.postgres.url import DatabaseUrl

__all__ = ["fill_empty"]


def fill_empty(url: DatabaseUrl, configured: Configured) -> dict[str, str]:
    """Fill them; of those that are still empty, by `schema.table`, why."""
    with connect(url) as connection:
        tables = read_tables(connection, configured.version_tables(), {})
        rows = {
            oid: connection.execute(f"SELECT count(*) FROM {table.sql}".encode()).fetchall()[0][0]  # noqa: S608 - quoted
            for oid, table in tables.items()
        }
        empty = [oid for oid, count in rows.items() if not count]
        unfilled = Filler(connection).fill(tables, empty, rows, again=())
        return {tables[oid].path: reason for oid, reason in unfilled.items()}
