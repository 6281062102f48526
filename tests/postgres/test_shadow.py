"""Where scratch databases are made, and that nothing is left of them."""

from collections.abc import Callable

import pytest

from headworks.postgres.binaries import find_binaries
from headworks.postgres.connect import connect, probe
from headworks.postgres.databases import create_database, drop_database, scratch_database
from headworks.postgres.errors import BinariesMissing, DatabaseMissing, ServerStartFailed
from headworks.postgres.server import ThrowawayServer
from headworks.postgres.shadow import ShadowChoice, shadow_server
from headworks.postgres.url import DatabaseUrl
from helpers import executed


def test_a_shadow_of_its_own() -> None:
    with shadow_server(ShadowChoice()) as shadow:
        with scratch_database(shadow.url) as url:
            executed(url.libpq(), "CREATE TABLE t ()")
        assert isinstance(probe(url), DatabaseMissing)
        assert shadow.remark == ""
    assert probe(shadow.url) is not None


def test_one_that_is_begun_and_never_asked_for_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    began: list[ThrowawayServer] = []
    start = ThrowawayServer.start

    def started(self: ThrowawayServer) -> None:
        start(self)
        began.append(self)

    monkeypatch.setattr(ThrowawayServer, "start", started)
    with shadow_server(ShadowChoice()) as shadow:
        shadow.soon()
        shadow.soon()
    (server,) = began
    assert not server.folder.exists()
    assert probe(server.url) is not None


def test_one_that_cannot_be_begun_says_so_where_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: ThrowawayServer) -> None:
        raise ServerStartFailed(reason="no room")

    monkeypatch.setattr(ThrowawayServer, "start", broken)
    with shadow_server(ShadowChoice()) as shadow:
        shadow.soon()
        with pytest.raises(ServerStartFailed, match="no room"):
            _ = shadow.url


def test_a_named_server_and_the_live_one(server_url: str, make_database: Callable[..., str]) -> None:
    server, live = DatabaseUrl.parse(server_url), DatabaseUrl.parse(make_database())
    with shadow_server(ShadowChoice(url=server), live) as shadow:
        assert (shadow.url, shadow.remark) == (server, "")
    with shadow_server(ShadowChoice(on_live=True), live) as shadow, scratch_database(shadow.url) as scratch:
        assert scratch.host == live.host
        assert scratch.database != live.database


def test_the_major_and_the_roles_of_the_live_server() -> None:
    try:
        older = find_binaries(major=15)
    except BinariesMissing as error:
        pytest.skip(str(error))
    with ThrowawayServer(older) as live:
        executed(live.url.libpq(), 'CREATE ROLE "Odd ""one""" LOGIN')
        with shadow_server(ShadowChoice(), live.url) as shadow:
            assert (shadow.major, shadow.remark) == (15, "")
            found = executed(
                shadow.url.libpq(), "SELECT rolname, rolcanlogin FROM pg_roles WHERE rolname !~ '^(pg_|post)'"
            )
            assert found == [('Odd "one"', False)]
        if (newer := find_binaries()).major == 15:
            return  # there is no other to be remarked on
        with ThrowawayServer(newer) as other, shadow_server(ShadowChoice(url=other.url), live.url) as shadow:
            assert "15" in shadow.remark


def test_a_scratch_database_goes_when_its_block_fails(server_url: str) -> None:
    scratch = scratch_database(DatabaseUrl.parse(server_url))
    url = scratch.__enter__()
    with connect(url):  # whoever is connected to it
        assert not scratch.__exit__(ZeroDivisionError, ZeroDivisionError(), None)
    assert isinstance(probe(url), DatabaseMissing)


def test_odd_names_and_templates(server_url: str) -> None:
    url = DatabaseUrl.parse(server_url).with_database('odd "name"; %s {x}')
    create_database(url)
    try:
        executed(url.libpq(), "CREATE TABLE t ()")
        with scratch_database(url, template=url.database) as copy:
            assert executed(copy.libpq(), "SELECT to_regclass('t')::text") == [("t",)]
    finally:
        drop_database(url)
        drop_database(url)
    assert isinstance(probe(url), DatabaseMissing)
