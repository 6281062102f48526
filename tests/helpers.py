"""What several tests need that is not a fixture."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import psycopg

from headworks.catalog.reader import read_schema
from headworks.postgres.url import DatabaseUrl
from headworks.schema import Schema

__all__ = ["Headworks", "Ran", "executed", "picture", "scratch_databases_left", "sqlalchemy_url", "untouched"]


class Ran(NamedTuple):
    """What a command line left: its exit code, stdout and stderr."""

    code: int
    out: str
    err: str


Headworks = Callable[..., Ran]
"""The fixtures `headworks` (a process) and `inside` (in this process): `headworks("status", "--check")`."""


def sqlalchemy_url(url: str, driver: str = "psycopg") -> str:
    """The SQLAlchemy URL of a libpq URL."""
    return DatabaseUrl.parse(url).sqlalchemy(driver)


def executed(url: str, *statements: str) -> list[tuple[object, ...]]:
    """Run statements; the rows of the last one."""
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def picture(url: str) -> Schema:
    """The catalog of a database."""
    with psycopg.connect(url) as connection:
        return read_schema(connection)


@contextmanager
def untouched(url: str) -> Iterator[None]:
    """Within, nothing of the database's schema, version rows or row counts may change."""
    before = _state(url)
    yield
    assert _state(url) == before


def scratch_databases_left(server: str) -> list[str]:
    """The scratch databases on a server; `ours` of a test run in parallel are told by their owner's name alone."""
    rows = executed(server, "SELECT datname FROM pg_database WHERE datname ~ '^headworks_' ORDER BY 1")
    return [str(name) for (name,) in rows]


def _state(url: str) -> object:
    shape = picture(url)
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname !~ '^(pg_|information_)'"
        ).fetchall()
        counts = {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone() for (name,) in tables}
        versions = [
            connection.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall()
            for name in sorted(counts)
            if re.search(r"alembic_version", name)
        ]
    return shape, counts, versions
