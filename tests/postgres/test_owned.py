"""Scratch databases that a killed process left on a server are dropped by the next; no others are."""

from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest

from headworks.catalog.reader import read_schema
from headworks.postgres.connect import connect
from headworks.postgres.databases import create_database, scratch_database
from headworks.postgres.owned import owned
from headworks.postgres.server import ThrowawayServer
from headworks.postgres.url import DatabaseUrl
from headworks.schema import Database
from helpers import executed, scratch_databases_left
from processes import python

MAKES = """
import sys
from headworks.postgres.databases import create_database
from headworks.postgres.owned import owned
from headworks.postgres.url import DatabaseUrl
server = DatabaseUrl.parse(sys.argv[1])
with owned(server):
    create_database(server.with_database("headworks_theirs"))
    print("made", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def server() -> Iterator[DatabaseUrl]:
    with ThrowawayServer() as server:
        yield server.url


def test_of_a_process_that_was_killed(server: DatabaseUrl) -> None:
    with python(MAKES, server.libpq(), stdin=-1) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "made\n"
        with owned(server):
            assert scratch_databases_left(server.libpq()) == ["headworks_theirs"], "nobody is in it, and it is in use"
        process.kill()
        process.wait()
        with closing(psycopg.connect(server.with_database("headworks_theirs").libpq())), owned(server):
            assert scratch_databases_left(server.libpq()) == ["headworks_theirs"], "somebody looks into it"
        with owned(server):
            assert scratch_databases_left(server.libpq()) == []


def test_what_others_made_stays(server: DatabaseUrl) -> None:
    create_database(server.with_database("headworks_by_hand"))
    create_database(server.with_database("theirs"))
    executed(server.libpq(), "COMMENT ON DATABASE theirs IS 'headworks: a scratch database of process 1'")
    with owned(server):
        pass
    names = executed(server.libpq(), "SELECT datname FROM pg_database WHERE oid >= 16384 ORDER BY 1")
    assert names == [("headworks_by_hand",), ("theirs",)]


def test_the_mark_is_in_no_picture(server: DatabaseUrl) -> None:
    with owned(server), scratch_database(server) as url, connect(url) as connection:
        assert list(read_schema(connection).all(Database)) == []
        executed(url.libpq(), f"COMMENT ON DATABASE {url.database} IS 'theirs'")
        assert [one.comment for one in read_schema(connection).all(Database)] == ["theirs"]


def test_only_where_it_is_asked_for(server: DatabaseUrl) -> None:
    comment = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname ~ '^headworks_'"
    with scratch_database(server):
        assert executed(server.libpq(), comment) == [(None,)]
    with owned(server), scratch_database(server):
        [(said,)] = executed(server.libpq(), comment)
    assert str(said).startswith("headworks: a scratch database of process ")
