"""What env.py finds in Alembic's Config besides the URL: all that the project's own start-up code would put there."""

import contextlib
from collections.abc import Iterator
from typing import Any

import sqlalchemy
from sqlalchemy import Connection
from sqlalchemy.pool import NullPool

from headworks.migrations.project import Project
from headworks.postgres.url import DatabaseUrl

__all__ = ["AttributeMissing", "Attributes", "connection_for"]


class AttributeMissing(KeyError):
    """Nobody has put this into `config.attributes`."""


class Attributes(dict[str, Any]):
    """`config.attributes`, which remembers what was asked of it in vain."""

    def __init__(self) -> None:
        super().__init__()
        self.missed: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        """The value, or `default`."""
        return super().get(key, default) if key in self else default

    def pop(self, key: str, *default: Any) -> Any:
        """The value, which is then gone, or `default`."""
        return super().pop(key, *default) if key in self or default else self[key]

    def __contains__(self, key: object) -> bool:
        found = super().__contains__(key)
        if not found:
            self.missed.add(str(key))
        return found

    def __missing__(self, key: str) -> Any:
        self.missed.add(key)
        raise AttributeMissing(key)


@contextlib.contextmanager
def connection_for(project: Project, url: DatabaseUrl) -> Iterator[Connection]:
    """A connection for `config.attributes["connection"]`, with no transaction begun: `autocommit_block` could not leave
    that. In the driver of the project; those of an async one run in a plain connection too."""
    handed = url.sqlalchemy("psycopg") if project.driver == "asyncpg" else project.handed(url)
    with sqlalchemy.create_engine(handed, poolclass=NullPool).connect() as connection:
        yield connection
        if connection.in_transaction():  # an env.py that leaves the COMMIT to whoever hands it the connection
            connection.commit()
