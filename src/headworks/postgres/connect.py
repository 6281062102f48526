"""Open a psycopg connection; when that fails, look at why instead of reading (translated) messages."""

import socket
from contextlib import closing
from typing import Any

import psycopg

from headworks.errors import HeadworksError
from headworks.postgres.errors import (
    ConnectionFailed,
    DatabaseMissing,
    DatabaseRefused,
    PasswordMissing,
    PasswordWrong,
    ServerDown,
    UnknownHost,
)
from headworks.postgres.url import DatabaseUrl
from headworks.postgres.variables import reaching

__all__ = ["CONNECT_TIMEOUT", "connect", "probe"]

CONNECT_TIMEOUT = 10
"""Seconds to wait for a server, unless the URL says otherwise."""


def connect(url: DatabaseUrl, *, autocommit: bool = True, read_only: bool = False) -> "psycopg.Connection[Any]":
    """Connect over psycopg 3, named `headworks` in pg_stat_activity.

    `read_only` makes every transaction READ ONLY, with no autocommit then. Raises one of `headworks.postgres.errors`.
    """
    settings = {"connect_timeout": str(CONNECT_TIMEOUT), "application_name": "headworks"} | url.parameters
    # Server-side prepared statements break behind a transaction pooler and gain nothing for reads that run once.
    try:
        with reaching(url):
            connection = psycopg.connect(
                psycopg.conninfo.make_conninfo("", **settings),
                autocommit=autocommit and not read_only,  # in autocommit psycopg begins nothing that could be READ ONLY
                prepare_threshold=None,
            )
    except psycopg.OperationalError as error:
        raise diagnose(url, error) from error
    connection.read_only = True if read_only else None
    return connection


def probe(url: DatabaseUrl) -> HeadworksError | None:
    """Why `url` cannot be connected to, or `None` when it can."""
    try:
        connect(url).close()
    except HeadworksError as error:
        return error
    return None


def diagnose(url: DatabaseUrl, error: psycopg.OperationalError) -> HeadworksError:
    """The typed error for a failed connection, found by trying: the socket first, then the maintenance databases."""
    if problem := _unreachable(url):
        return problem
    where = {"address": url.address, "user": url.user, "database": url.database}
    for name in ("postgres", "template1"):
        if name == url.database:
            continue
        try:
            settings = {"connect_timeout": "5"} | url.with_database(name).parameters
            with reaching(url):
                connection = psycopg.connect(psycopg.conninfo.make_conninfo("", **settings))
        except psycopg.OperationalError:
            continue
        with closing(connection):
            found = connection.execute("SELECT 1 FROM pg_catalog.pg_database WHERE datname = %s", [url.database])
            if found.fetchone() is None:
                return DatabaseMissing(**where)
            return DatabaseRefused(**where, reason=_reason(error))
    failed = error.pgconn
    if failed is not None and failed.needs_password:
        return PasswordMissing(**where)
    if failed is not None and failed.used_password:
        return PasswordWrong(**where)
    return ConnectionFailed(address=url.address, reason=_reason(error))


def _reason(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    said = [line.partition("FATAL:")[2] for line in lines if "FATAL:" in line] or lines[:1]
    detail = [line for line in lines if line.startswith("DETAIL:")]
    return " ".join(" ".join([said[-1], *detail]).split()) if said else type(error).__name__


def _unreachable(url: DatabaseUrl) -> HeadworksError | None:
    host = url.parameters.get("hostaddr") or url.host
    if not host or "," in host:
        return None
    port = int(url.port) if url.port.isdigit() else 5432
    try:
        if host.startswith(("/", "@")):
            with socket.socket(socket.AF_UNIX) as unix:
                unix.settimeout(CONNECT_TIMEOUT)
                unix.connect(f"{host}/.s.PGSQL.{port}".replace("@", "\0", 1 if host.startswith("@") else 0))
        else:
            socket.create_connection((host, port), timeout=CONNECT_TIMEOUT).close()
    except socket.gaierror as error:
        return UnknownHost(host=host, reason=error.strerror)
    except OSError as error:
        return ServerDown(address=url.address, reason=error.strerror or str(error))
    return None
