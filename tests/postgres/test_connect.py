"""Connecting over every driver, and why it fails when it does."""

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from headworks.postgres import errors
from headworks.postgres.connect import connect, probe
from headworks.postgres.server import ThrowawayServer
from headworks.postgres.url import DRIVERS, DatabaseUrl

ODD = "p@s:s/w?o#r[d]% &+'\"\\ü€"


def free_port() -> int:
    with socket.socket() as probe_socket:
        probe_socket.bind(("127.0.0.1", 0))
        return int(probe_socket.getsockname()[1])


@pytest.fixture(scope="module")
def guarded() -> Iterator[DatabaseUrl]:
    """A server that wants passwords, over TCP and over its socket; the URL is of its superuser, by TCP."""
    port = free_port()
    with ThrowawayServer(listen_addresses="127.0.0.1", port=str(port), password_encryption="scram-sha-256") as server:
        url = DatabaseUrl(server.url.parameters | {"port": str(port)})
        with psycopg.connect(url.conninfo, autocommit=True) as connection:
            for role in ("postgres", "me"):
                name = psycopg.sql.Identifier(role)
                if role != "postgres":
                    connection.execute(psycopg.sql.SQL("CREATE ROLE {} LOGIN").format(name))
                connection.execute(psycopg.sql.SQL("ALTER ROLE {} PASSWORD {}").format(name, ODD))
            connection.execute("CREATE DATABASE shop")
            connection.execute("CREATE DATABASE closed")
            connection.execute("REVOKE CONNECT ON DATABASE closed FROM public")
            (server.folder / "data" / "pg_hba.conf").write_text(
                "local all all scram-sha-256\nhost all all all scram-sha-256\n"
            )
            connection.execute("SELECT pg_reload_conf()")
        yield DatabaseUrl(
            {"user": "postgres", "password": ODD, "host": "127.0.0.1", "port": str(port), "dbname": "shop"},
            extra=(("socket", str(server.folder)),),
        )


def changed(url: DatabaseUrl, **parameters: str | None) -> DatabaseUrl:
    merged = {**url.parameters, **parameters}
    return DatabaseUrl({key: value for key, value in merged.items() if value is not None})


@pytest.mark.parametrize("over", ["tcp", "socket", "several"])
@pytest.mark.parametrize("driver", DRIVERS)
def test_every_driver_connects(guarded: DatabaseUrl, driver: str, over: str) -> None:
    hosts = {
        "tcp": {},
        "socket": {"host": dict(guarded.extra)["socket"]},
        "several": {"host": "127.0.0.1,127.0.0.1", "port": f"{free_port()},{guarded.port}"},
    }
    text = changed(guarded, **hosts[over]).sqlalchemy(driver)
    assert DatabaseUrl.parse(text).parameters == changed(guarded, **hosts[over]).parameters
    query = sa.text("SELECT current_user || ' ' || current_database()")
    if driver != "asyncpg":
        engine = sa.create_engine(text, poolclass=sa.pool.NullPool)
        with engine.connect() as connection:
            assert connection.execute(query).scalar() == "postgres shop"
    if driver != "psycopg2":
        assert asyncio.run(_asked(text, query)) == "postgres shop"


async def _asked(text: str, query: sa.TextClause) -> object:
    engine = create_async_engine(text, poolclass=sa.pool.NullPool)
    async with engine.connect() as connection:
        return (await connection.execute(query)).scalar()


def test_a_connection_says_who_it_is(guarded: DatabaseUrl) -> None:
    with connect(guarded) as connection:
        assert connection.autocommit
        assert connection.info.parameter_status("application_name") == "headworks"
    with connect(changed(guarded, application_name="mine")) as connection:
        assert connection.info.parameter_status("application_name") == "mine"


def test_read_only_is_read_only(guarded: DatabaseUrl) -> None:
    with connect(guarded, read_only=True) as connection:
        for _ in range(2):
            with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
                connection.execute("CREATE TABLE t ()")
            connection.rollback()
        assert connection.execute("SELECT 1").fetchone() == (1,)


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"password": "s3cr3t"}, errors.PasswordWrong),
        ({"user": "nobody_at_all", "password": "s3cr3t"}, errors.PasswordWrong),
        ({"password": None, "passfile": "/dev/null"}, errors.PasswordMissing),
        ({"dbname": "no such"}, errors.DatabaseMissing),
        ({"dbname": "closed", "user": "me"}, errors.DatabaseRefused),
        ({"host": "no-such-host.invalid"}, errors.UnknownHost),
        ({"port": "1"}, errors.ServerDown),
        ({"host": "/no/such/folder"}, errors.ServerDown),
        ({"host": "@no-such-name"}, errors.ServerDown),
        ({"sslmode": "require"}, errors.ConnectionFailed),
        ({"sslmode": "nonsense"}, errors.ConnectionFailed),
        ({"host": "127.0.0.1,127.0.0.1", "port": "1,1"}, errors.ConnectionFailed),
    ],
)
def test_why_it_fails(
    guarded: DatabaseUrl,
    parameters: dict[str, str | None],
    expected: type[errors.ConnectionFailed],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("PGPASSWORD", raising=False)
    url = changed(guarded, **parameters)
    error = probe(url)
    assert type(error) is expected, error
    said = f"{error} {error.advice} {error!r} {error.__cause__}"
    assert ODD not in said
    assert "s3cr3t" not in said
    assert "\n" not in str(error)


def test_the_reason_is_the_servers_own(guarded: DatabaseUrl) -> None:
    error = probe(changed(guarded, dbname="closed", user="me"))
    assert isinstance(error, errors.DatabaseRefused)
    assert error.reason == 'permission denied for database "closed" DETAIL: User does not have CONNECT privilege.'
    assert probe(guarded) is None


def test_a_socket_that_nobody_listens_on(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(tmp_path / ".s.PGSQL.5432"))
        assert isinstance(probe(DatabaseUrl({"host": str(tmp_path)})), errors.ServerDown)
