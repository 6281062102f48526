"""libpq's variables ($PGSERVICE, $PGOPTIONS, ...) belong to the databases that a user names, not to our own servers.

psycopg, psycopg2 and asyncpg all read them whenever they connect, and a URL has no words against most of them, so they
are hidden while a server of ours is connected to: by us, for the moment that it takes, or by other people's code, for
as long as that runs.
"""

import contextlib
import functools
import os
import threading
from collections.abc import Iterator

from psycopg import pq

from headworks.postgres.url import DatabaseUrl

__all__ = ["PLACE", "hidden_from", "libpq_variables", "reaching", "variables", "without_libpq_variables"]

# https://www.postgresql.org/docs/current/libpq-envars.html: those that are no parameter of a connection.
_NO_PARAMETERS = {"PGSERVICEFILE", "PGSYSCONFDIR", "PGREQUIRESSL", "PGDATESTYLE", "PGTZ", "PGGEQO"}
PLACE = {"PGHOST": "host", "PGPORT": "port", "PGUSER": "user", "PGDATABASE": "dbname"}
"""Those that say where a database is, and libpq's keyword for the same."""

_HARMLESS = {"PGPASSWORD"}  # our servers ask for none, and the project's settings may insist on it

_LOCK = threading.RLock()
_HIDDEN: list[dict[str, str]] = []
"""What the user has and is hidden now, the first one first."""


@functools.cache
def libpq_variables() -> frozenset[str]:
    """The variables that may reach into a connection."""
    known = {option.envvar.decode() for option in pq.Conninfo.get_defaults() if option.envvar}
    return frozenset((known | _NO_PARAMETERS) - _HARMLESS)


def without_libpq_variables() -> dict[str, str]:
    """The environment of a program that is to connect to a server of ours."""
    return {name: value for name, value in os.environ.items() if name not in libpq_variables()}


@contextlib.contextmanager
def variables(values: dict[str, str]) -> Iterator[None]:
    """For the `with` block, these variables of the environment."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextlib.contextmanager
def reaching(url: DatabaseUrl) -> Iterator[None]:
    """For the `with` block, in which a connection to `url` is made, what that one is meant to see.

    Another thread may be connecting elsewhere, or run an env.py: each waits for the other, or is not disturbed by it.
    """
    if not any(name in os.environ for name in libpq_variables()) and not _HIDDEN:  # in this order: see `hidden_from`
        yield
        return
    with _LOCK, hidden_from(url) if url.ours else _shown():
        yield


@contextlib.contextmanager
def hidden_from(url: DatabaseUrl) -> Iterator[None]:
    """For the `with` block, in which other people's code may connect to `url`: no such variables if that is ours.

    Those that say where a database is then say it of `url`, where they are set: code that reads one of them still
    finds it. What the code sets itself stays.
    """
    if not url.ours:
        yield
        return
    with _LOCK:
        theirs = {name: os.environ[name] for name in libpq_variables() if name in os.environ}
        places = {name: url.parameters[keyword] for name, keyword in PLACE.items() if name in theirs}
        _HIDDEN.append(theirs)  # before they go, and until they are back: whoever sees neither has none to see
        for name in theirs:
            del os.environ[name]
        os.environ.update(places)
    try:
        yield
    finally:
        with _LOCK:
            for name, value in theirs.items():
                if os.environ.get(name) == places.get(name):
                    os.environ[name] = value
            _HIDDEN.pop()


@contextlib.contextmanager
def _shown() -> Iterator[None]:
    """What is hidden, shown for the moment; under the lock."""
    theirs: dict[str, str] = {}
    for one in reversed(_HIDDEN):
        theirs |= one
    with variables(theirs):
        yield
