"""Where scratch databases are made: a throw-away server of the live one's major, or a server that somebody named."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import msgspec
from psycopg import sql

from headworks.postgres.binaries import find_binaries
from headworks.postgres.connect import connect
from headworks.postgres.errors import BinariesMissing
from headworks.postgres.server import ThrowawayServer
from headworks.postgres.url import DatabaseUrl

__all__ = ["Shadow", "ShadowChoice", "shadow_server"]


class ShadowChoice(msgspec.Struct, frozen=True):
    """What the user said about it. `url`: that server; `on_live`: the live server itself; else a throw-away one."""

    url: DatabaseUrl | None = None
    on_live: bool = False
    pgbin: Path | None = None


class Shadow(msgspec.Struct, frozen=True):
    """A server for scratch databases. `remark` says when it is not of the live server's major."""

    url: DatabaseUrl
    major: int
    remark: str = ""


@contextlib.contextmanager
def shadow_server(choice: ShadowChoice, live: DatabaseUrl | None = None) -> Iterator[Shadow]:
    """A server to make scratch databases on, for the `with` block.

    With `live` given, a throw-away one runs the same major where its binaries can be had, and has the same role names
    (NOLOGIN), so that a revision that grants to them runs.
    """
    wanted, roles = _live_facts(live) if live is not None else (None, [])
    named = live if choice.on_live else choice.url
    if named is not None:
        with connect(named) as connection:
            major = connection.info.server_version // 10000
        yield Shadow(named, major, _remark(wanted, major))
        return
    try:
        binaries = find_binaries(choice.pgbin, major=wanted)
    except BinariesMissing:
        binaries = find_binaries(choice.pgbin)
    with ThrowawayServer(binaries) as server:
        if roles:
            with connect(server.url) as connection:
                for role in roles:
                    connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(role)))
        yield Shadow(server.url, binaries.major, _remark(wanted, binaries.major))


def _live_facts(live: DatabaseUrl) -> tuple[int, list[str]]:
    with connect(live, read_only=True) as connection:
        rows = connection.execute(
            "SELECT rolname FROM pg_catalog.pg_roles WHERE rolname !~ '^pg_' AND rolname <> 'postgres' ORDER BY rolname"
        ).fetchall()
        return connection.info.server_version // 10000, [name for (name,) in rows]


def _remark(wanted: int | None, major: int) -> str:
    if wanted is None or wanted == major:
        return ""
    return (
        f"the live server is PostgreSQL {wanted} and the shadow is {major}: compared in their common form; "
        f"for an exact one name PostgreSQL {wanted} binaries in HEADWORKS_PGBIN, or use --shadow-on-live"
    )
