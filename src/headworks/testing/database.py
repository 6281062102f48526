"""`Database`: what the fixtures hand to a test. Databases made for tests, and dropped after them."""

import contextlib
import secrets
from collections.abc import Iterator
from typing import Any

import psycopg

from headworks.errors import HeadworksError
from headworks.postgres.binaries import find_binaries
from headworks.postgres.connect import probe
from headworks.postgres.databases import create_database, drop_database
from headworks.postgres.server import ThrowawayServer
from headworks.postgres.url import DatabaseUrl
from headworks.testing.place import Place

__all__ = ["Database", "DatabaseNotMade", "new_database", "place_of", "server"]


class DatabaseNotMade(HeadworksError):
    """the server at {address} makes no database for tests: {reason}"""

    hint = 'a superuser can run: ALTER ROLE "{user}" CREATEDB; or leave the server out to have a throw-away one'


class Database:
    """A database on a server for tests."""

    def __init__(self, place: DatabaseUrl) -> None:
        self._place = place

    @property
    def name(self) -> str:
        """The database's name."""
        return self._place.database

    @property
    def url(self) -> str:
        """Its URL for psycopg, asyncpg, psql and pg_dump: `postgresql://...` (with the password, if there is one)."""
        return self._place.libpq()

    @property
    def conninfo(self) -> str:
        """The same as libpq's `key=value` string."""
        return self._place.conninfo

    @property
    def parameters(self) -> dict[str, str]:
        """The same as libpq's keywords: `psycopg.connect(**database.parameters)`."""
        return dict(self._place.parameters)

    def sqlalchemy_url(self, driver: str = "psycopg") -> str:
        """Its URL for SQLAlchemy: `postgresql+DRIVER://...`; the driver is psycopg, psycopg2 or asyncpg."""
        return self._place.sqlalchemy(driver)

    def __repr__(self) -> str:
        return f"<Database {self._place}>"


def place_of(database: Any) -> DatabaseUrl:
    """Where a database is: a `Database`, a URL as text, or SQLAlchemy's URL."""
    if isinstance(database, Database):
        return database._place
    if hasattr(database, "render_as_string"):  # its str() hides the password
        database = database.render_as_string(hide_password=False)
    return database if isinstance(database, DatabaseUrl) else DatabaseUrl.parse(str(database), source="the database")


@contextlib.contextmanager
def server(place: Place, named: str | None, source: str) -> Iterator[Database]:
    """The server that somebody named, else a throw-away one on the binaries of the project's config."""
    if named:
        url = DatabaseUrl.parse(named, source=source)
        if (problem := probe(url.with_database("postgres"))) is not None:
            raise problem
        yield Database(url)
        return
    settings = place.settings_if_any
    binaries = find_binaries(settings.pgbin if settings is not None else None)
    with ThrowawayServer(binaries, allow_in_place_tablespaces="on") as own:
        yield Database(own.url)


@contextlib.contextmanager
def new_database(server: Database, template: Database | None = None) -> Iterator[Database]:
    """A new database on this server, empty or a copy of `template`, dropped at the end."""
    url = place_of(server).with_database(f"headworks_test_{secrets.token_hex(6)}")
    try:
        create_database(url, template=template.name if template is not None else None)
    except psycopg.Error as error:
        raise DatabaseNotMade(address=url.address, user=url.user, reason=str(error).splitlines()[0]) from error
    try:
        yield Database(url)
    finally:
        drop_database(url)
