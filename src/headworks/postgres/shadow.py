"""Where scratch databases are made: a throw-away server of the live one's major, or a server that somebody named."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
from psycopg import sql

from headworks.meanwhile import Meanwhile
from headworks.postgres.account import server_account
from headworks.postgres.binaries import Binaries, find_binaries
from headworks.postgres.connect import connect
from headworks.postgres.errors import BinariesMissing, ServerStartFailed
from headworks.postgres.owned import owned
from headworks.postgres.server import ThrowawayServer
from headworks.postgres.templates import Copies, Copy
from headworks.postgres.url import DatabaseUrl

__all__ = ["LiveFacts", "Shadow", "ShadowChoice", "Twin", "shadow_server", "twin_server"]

# What a schema names and does not hold: the cluster's roles and tablespaces, the operating system's collations.
_FACTS = """
SELECT
    ARRAY(SELECT rolname::text FROM pg_catalog.pg_roles WHERE rolname !~ '^pg_' AND rolname <> 'postgres' ORDER BY 1),
    ARRAY(SELECT spcname::text FROM pg_catalog.pg_tablespace WHERE spcname !~ '^pg_' ORDER BY 1),
    ARRAY(
        SELECT DISTINCT c.collname::text
        FROM pg_catalog.pg_collation AS c
        WHERE c.collnamespace = 'pg_catalog'::pg_catalog.regnamespace AND c.oid >= 12000
            AND c.oid IN (
                SELECT attcollation FROM pg_catalog.pg_attribute WHERE attrelid >= 16384
                UNION SELECT typcollation FROM pg_catalog.pg_type WHERE oid >= 16384
                UNION SELECT rngcollation FROM pg_catalog.pg_range WHERE rngtypid >= 16384
            )
        ORDER BY 1
    )
"""


class ShadowChoice(msgspec.Struct, frozen=True):
    """What the user said about it. `url`: that server; `on_live`: the live server itself; else a throw-away one."""

    url: DatabaseUrl | None = None
    on_live: bool = False
    pgbin: Path | None = None


class LiveFacts(msgspec.Struct, frozen=True):
    """What the shadow must have, too, for the live database's schema to be made there."""

    major: int | None = None
    roles: tuple[str, ...] = ()
    tablespaces: tuple[str, ...] = ()
    collations: tuple[str, ...] = ()


class Twin(msgspec.Struct, frozen=True):
    """What it takes to start another throw-away server like one: the folder of its binaries, the live one's facts."""

    folder: str
    live: LiveFacts


class Shadow:
    """A server for scratch databases, started when `url` is first asked for.

    `version` is PostgreSQL's own (`18.6`); `remark` says when it is not of the live server's major. `live` is what the
    live database needs of a server. `copies` are the states that servers like it were kept in; none of a server that
    is not a throw-away one, which has no `twin` either.
    """

    copies: Copies | None = None
    twin: Twin | None = None

    def __init__(
        self, version: str, start: Callable[[], DatabaseUrl], *, live: LiveFacts | None = None, remark: str = ""
    ) -> None:
        self.version = version
        self.live = live or LiveFacts()
        self.remark = remark
        self._start = start
        self._url: DatabaseUrl | None = None

    @property
    def major(self) -> int:
        """15, 16, ..."""
        return int(self.version.partition(".")[0])

    @property
    def url(self) -> DatabaseUrl:
        """The server's maintenance database."""
        if self._url is None:
            self._url = self._start()
        return self._url

    def soon(self) -> None:
        """Begin to start it, where it has to be, while the caller does something else; `url` waits for it."""

    def begin_as(self, copy: Copy) -> bool:
        """Start it as a copy of a kept state; false where that cannot be, or it was started before."""
        return False

    def keep_as(self, key: str, note: bytes) -> None:
        """Keep the state that it is in, where that can be: nobody else may be connected."""


class _Throwaway(Shadow):
    def __init__(self, binaries: Binaries, stack: contextlib.ExitStack, live: LiveFacts) -> None:
        super().__init__(binaries.version, self._begin, live=live, remark=_remark(live.major, binaries.major))
        self._binaries = binaries
        self._stack = stack
        self._server: ThrowawayServer | None = None
        self._coming: Meanwhile[None] | None = None
        self.copies = Copies(binaries, server_account())
        self.twin = Twin(str(binaries.folder), live)

    def soon(self) -> None:
        if self._server is None:
            self._server = server = self._like(None)
            self._stack.callback(server.stop)
            self._coming = Meanwhile(server.start, name="headworks-server")
            self._stack.callback(self._coming.wait)  # what is about to come cannot be stopped yet

    def begin_as(self, copy: Copy) -> bool:
        if self._server is not None:
            return False
        try:
            self._server = self._stack.enter_context(self._like(copy.folder))
        except ServerStartFailed:  # somebody removed half of it
            return False
        self._url = self._server.url
        return True

    def keep_as(self, key: str, note: bytes) -> None:
        assert self.copies is not None
        assert self._server is not None
        with connect(self._server.url) as connection:
            # What is in memory alone goes to the files: then they are what a restart would find, and nobody writes.
            connection.execute("CHECKPOINT")
        self.copies.keep(self._server.data, key, note)

    def _begin(self) -> DatabaseUrl:
        self.soon()
        assert self._server is not None
        assert self._coming is not None
        self._coming.result()
        _furnish(self._server.url, self.live)
        return self._server.url

    def _like(self, made: Path | None) -> ThrowawayServer:
        return ThrowawayServer(self._binaries, made, allow_in_place_tablespaces="on")


@contextlib.contextmanager
def shadow_server(
    choice: ShadowChoice, live: DatabaseUrl | None = None, *, major: int | None = None
) -> Iterator[Shadow]:
    """A server to make scratch databases on, for the `with` block; of this major, where there is no live one to go by.

    With `live` given, a throw-away one runs the same major where its binaries can be had, and has the same role names
    (NOLOGIN) and tablespaces, so that a revision that names them runs.
    """
    facts = _live_facts(live) if live is not None else LiveFacts(major)
    named = live if choice.on_live else choice.url
    if named is not None:
        with connect(named) as connection:
            number = connection.info.server_version
        version = f"{number // 10000}.{number % 10000}"
        with contextlib.ExitStack() as stack:

            def start() -> DatabaseUrl:
                stack.enter_context(owned(named))
                return named

            yield Shadow(version, start, live=facts, remark=_remark(facts.major, number // 10000))
        return
    try:
        binaries = find_binaries(choice.pgbin, major=facts.major)
    except BinariesMissing:
        binaries = find_binaries(choice.pgbin)
    with contextlib.ExitStack() as stack:
        yield _Throwaway(binaries, stack, facts)


@contextlib.contextmanager
def twin_server(twin: Twin) -> Iterator[Shadow]:
    """A throw-away server like that one, for the `with` block."""
    with contextlib.ExitStack() as stack:
        yield _Throwaway(find_binaries(Path(twin.folder)), stack, twin.live)


def _furnish(server: DatabaseUrl, facts: LiveFacts) -> None:
    if not facts.roles and not facts.tablespaces:
        return
    with connect(server) as connection:
        for role in facts.roles:
            connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(role)))
        for name in facts.tablespaces:
            # An empty location is one inside of the data folder.
            connection.execute(sql.SQL("CREATE TABLESPACE {} LOCATION ''").format(sql.Identifier(name)))


def _live_facts(live: DatabaseUrl) -> LiveFacts:
    with connect(live, read_only=True) as connection:
        row = connection.execute(_FACTS).fetchone()
        assert row is not None
        return LiveFacts(connection.info.server_version // 10000, *(tuple(names) for names in row))


def _remark(wanted: int | None, major: int) -> str:
    if wanted is None or wanted == major:
        return ""
    return (
        f"the live server is PostgreSQL {wanted} and the shadow is {major}: compared in their common form; "
        f"for an exact one name PostgreSQL {wanted} binaries in HEADWORKS_PGBIN, or use --shadow-on-live"
    )
