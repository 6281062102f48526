"""Whose a scratch database is, on a server that others use, too: what a process that was killed left there is dropped.

Such a database says in its comment a number, of which its process holds an advisory lock as long as it lives. That is
asked of `pg_locks`, which tells the same through a pooler and from another machine. It also says which was the last
role before it: a role with a higher number that its objects refer to, and nothing else, was made by what ran in it.
"""

import contextlib
import secrets
from collections.abc import Iterator
from typing import Any

import psycopg
from psycopg import sql

from headworks.postgres.connect import connect
from headworks.postgres.url import DatabaseUrl

__all__ = ["mark_of", "owned"]

_CLASS = 0x6877_6B73
_MARK = "headworks: a scratch database of process "

_ROLES = ", roles after "

# Numbers of roles begin again at 16384 when they have come to four thousand million: a later one is not taken for ours.
_LAST_ROLE = "SELECT max(oid::int8)::text FROM pg_catalog.pg_roles"

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
            AND l.objid::text = substring(pg_catalog.shobj_description(d.oid, 'pg_database') FROM 'process ([0-9]+)')
    )
ORDER BY 1
"""

# Not in use, and made in one of these databases, to which alone something refers to it. What all databases share
# (a database that it owns) is in none; a membership refers to its roles, too, and goes with them.
_THEIR_ROLES = """
SELECT r.rolname::text
FROM pg_catalog.pg_roles AS r
WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity AS a WHERE a.usesysid = r.oid)
    AND r.oid IN (
        SELECT s.refobjid
        FROM pg_catalog.pg_shdepend AS s LEFT JOIN pg_catalog.pg_database AS d ON d.oid = s.dbid
        WHERE s.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass
            AND s.classid <> 'pg_catalog.pg_auth_members'::pg_catalog.regclass
        GROUP BY s.refobjid
        HAVING bool_and(coalesce(d.datname = ANY(%(stale)s), false))
            AND bool_or(s.refobjid::int8 > substring(
                pg_catalog.shobj_description(d.oid, 'pg_database') FROM %(roles)s || '([0-9]+)$')::int8)
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


def mark_of(url: DatabaseUrl, admin: "psycopg.Connection[Any]") -> str | None:
    """The comment of a scratch database on the server of `url`, where `owned` says that there is to be one.

    To be asked before anything is run in it, over a connection to that server.
    """
    number = _NUMBERS.get(_key(url))
    if number is None:
        return None
    last = admin.execute(_LAST_ROLE).fetchone()
    return f"{_MARK}{number}{_ROLES}{last[0] if last else 0}"


def _drop_stale(connection: "psycopg.Connection[Any]") -> None:
    words = {"pattern": f"^{_MARK}[0-9]+({_ROLES}[0-9]+)?$", "class": _CLASS}
    stale = [name for (name,) in connection.execute(_STALE, words).fetchall()]
    if not stale:
        return
    roles = connection.execute(_THEIR_ROLES, {"stale": stale, "roles": _ROLES}).fetchall()
    for name in stale:
        with contextlib.suppress(psycopg.Error):  # another's, or somebody else was quicker
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
    for (name,) in roles:
        with contextlib.suppress(psycopg.Error):  # as its database: then something refers to it still
            connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(name)))


def _key(url: DatabaseUrl) -> str:
    return url.with_database("postgres").libpq()
