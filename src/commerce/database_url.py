"""One URL for every program that shares the database: libpq's, Prisma's and SQLAlchemy's spellings."""

from importlib.util import find_spec

from sqlalchemy import URL, make_url

__all__ = ["database_url"]

#: In order of preference; a bare `postgresql://` means the first that is installed. (SQLAlchemy 2.0 would take it for
#: psycopg2, 2.1 for psycopg.)
_DRIVERS = ("psycopg", "psycopg2", "asyncpg")

#: Prisma's own parameters: it reads them from the same $DATABASE_URL, and no PostgreSQL driver knows them.
_PRISMA_PARAMETERS = ("schema", "connection_limit", "pool_timeout", "socket_timeout", "pgbouncer")


def database_url(address: str) -> URL:
    """The SQLAlchemy URL for an address as it is found in $DATABASE_URL.

    `postgres://` and a missing driver are filled in, Prisma's parameters are left out, and `sslmode` is spelt `ssl` for
    asyncpg.
    """
    url = make_url(address.replace("postgres://", "postgresql://", 1) if address.startswith("postgres://") else address)
    if url.drivername == "postgresql":
        driver = next((name for name in _DRIVERS if find_spec(name)), _DRIVERS[0])
        url = url.set(drivername=f"postgresql+{driver}")
    if url.get_backend_name() != "postgresql":
        return url
    url = url.difference_update_query(_PRISMA_PARAMETERS)
    if url.get_driver_name() == "asyncpg" and "sslmode" in url.query:
        mode = url.query["sslmode"]
        url = url.difference_update_query(["sslmode"]).update_query_dict({"ssl": mode})
    return url
