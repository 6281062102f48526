"""Whose a scratch database is, on a server that others use, too: what a process that was killed left there is dropped.

Such a database says in its comment a number, of which its process holds an advisory lock as long as it lives. That is
asked of `pg_locks`, which tells the same through a pooler and from another machine.
"""

import contextlib
import secrets
from collections.abc import Iterator

import psycopg
from psycopg import sql

from headworks.postgres.connect import connect
from headworks.postgres.url import DatabaseUrl

__all__ = ["mark_of", "owned"]

_CLASS = 0x6877_6B73
_MARK = "headworks: a scratch database of process "

# Nobody is in it, and nobody holds its lock. Advisory locks are those of the maintenance database.
_STALE = """
SELECT d.datname::text
FROM pg_catalog.pg_database AS d
WHERE d.datname ~ '^headworks_'
    AND pg_catalog.shobj_description(d.oid, 'pg_database') ~ %(pattern)s
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity AS a WHERE a.datid = d.oid)
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_locks AS l
        WHERE l.locktype = 'advisory' AND l.objsubid = 2 AND l.classid = %(class)s
            AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
            AND l.objid::text = substring(pg_catalog.shobj_description(d.oid, 'pg_database') FROM '[0-9]+$')
    )
ORDER BY 1
"""

_NUMBERS: dict[str, int] = {}
"""By server: the number that this process holds."""


@contextlib.contextmanager
def owned(server: DatabaseUrl) -> Iterator[None]:
    """For the `with` block scratch databases that are made on `server` are known to be in use.

    Those of processes that are gone are dropped first.
    """
    key = _key(server)
    if key in _NUMBERS:
        yield
        return
    number = secrets.randbits(31)
    with connect(server.with_database("postgres")) as connection:
        if connection.info.server_version >= 140000:
            connection.execute("SET idle_session_timeout = 0")
        connection.execute("SELECT pg_catalog.pg_advisory_lock(%s, %s)", [_CLASS, number])
        _drop_stale(connection)
        _NUMBERS[key] = number
        try:
            yield
        finally:
            del _NUMBERS[key]


def mark_of(url: DatabaseUrl) -> str | None:
    """The comment of a scratch database on the server of `url`, where `owned` says that there is to be one."""
    number = _NUMBERS.get(_key(url))
    return None if number is None else f"{_MARK}{number}"


def _drop_stale(connection: "psycopg.Connection[tuple[str]]") -> None:
    words = {"pattern": f"^{_MARK}[0-9]+$", "class": _CLASS}
    for (name,) in connection.execute(_STALE, words).fetchall():
        with contextlib.suppress(psycopg.Error):  # another's, or somebody else was quicker
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


def _key(url: DatabaseUrl) -> str:
    return url.with_database("postgres").libpq()
