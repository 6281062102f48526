"""A large catalog is read over two connections in one snapshot, and over one where a second cannot be had."""

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from headworks.catalog import snapshot, statements
from headworks.catalog.errors import CatalogUnreadable, ConnectionDropped
from headworks.catalog.reader import read_schema
from headworks.schema import Index, Namespace, Table
from helpers import executed


@pytest.fixture
def url(make_database: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> str:
    """However small the catalog is, it counts as a large one."""
    monkeypatch.setattr(snapshot, "_EXPORTED", "SELECT pg_export_snapshot()")
    made = make_database()
    executed(made, *(f"CREATE TABLE t{n} (id int PRIMARY KEY, x int)" for n in range(5)), "CREATE INDEX i ON t1 (x)")
    return made


@pytest.fixture
def connection(url: str) -> Iterator["psycopg.Connection[Any]"]:
    with psycopg.connect(url, autocommit=True) as made:
        yield made


def test_it_is_the_same_picture(url: str, connection: "psycopg.Connection[Any]") -> None:
    opened = []

    def another() -> "psycopg.Connection[Any]":
        opened.append(psycopg.connect(url))
        return opened[-1]

    assert read_schema(connection, another) == read_schema(connection)
    assert len(opened) == 1
    assert opened[0].closed
    assert connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE


def test_a_small_catalog_needs_no_second_connection(
    make_database: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with psycopg.connect(make_database()) as connection:
        assert read_schema(connection, lambda: pytest.fail("one is enough")).all(Namespace)


def test_it_is_one_snapshot(url: str, connection: "psycopg.Connection[Any]") -> None:
    """What is committed after the first connection has begun is seen by neither."""

    def another() -> "psycopg.Connection[Any]":
        executed(
            url, "CREATE TABLE late (id int PRIMARY KEY)", "CREATE INDEX late_index ON t1 (x)", "CREATE SCHEMA late"
        )
        return psycopg.connect(url)

    picture = read_schema(connection, another)
    assert {one.name for one in picture.all(Table)} == {f"t{n}" for n in range(5)}
    assert {one.name for one in picture.all(Index)} == {"i"}
    assert "late" not in {one.name for one in picture.all(Namespace)}


def test_a_server_that_is_full(url: str, connection: "psycopg.Connection[Any]") -> None:
    def another() -> "psycopg.Connection[Any]":
        raise psycopg.OperationalError("sorry, too many clients already")

    assert read_schema(connection, another) == read_schema(connection)


def test_another_server_behind_a_pooler(
    connection: "psycopg.Connection[Any]", make_database: Callable[..., str]
) -> None:
    """A snapshot of one database is none of another's: the one connection reads it all."""
    elsewhere = make_database()
    assert read_schema(connection, lambda: psycopg.connect(elsewhere)) == read_schema(connection)


def test_a_second_connection_that_breaks(url: str, connection: "psycopg.Connection[Any]") -> None:
    def another() -> "psycopg.Connection[Any]":
        made = psycopg.connect(url)
        executed(url, f"SELECT pg_terminate_backend({made.info.backend_pid}, 5000)")
        return made

    # It is cut before it has begun: nothing is lost. Cut later, the reading fails and says so.
    assert read_schema(connection, another) == read_schema(connection)


def test_a_second_connection_that_breaks_while_it_reads(
    url: str, connection: "psycopg.Connection[Any]", monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = statements.query

    def query(kind: type[Any]) -> str:
        if kind is Index:
            return "SELECT pg_terminate_backend(pg_backend_pid())::text AS name"
        return wanted(kind)

    monkeypatch.setattr(statements, "query", query)
    with pytest.raises(CatalogUnreadable) as caught:
        read_schema(connection, lambda: psycopg.connect(url))
    assert not isinstance(caught.value, ConnectionDropped) or connection.closed
