"""The pytest plugin (entry point `headworks`): databases for tests. It does nothing until a fixture is asked for."""

import contextlib
import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

import pytest

from headworks.errors import HeadworksError
from headworks.testing import place

if TYPE_CHECKING:
    from headworks.testing.database import Database

__all__ = [
    "headworks_database",
    "headworks_empty_database",
    "headworks_prepare",
    "headworks_server",
    "headworks_template",
]

T = TypeVar("T")

_VARIABLE = "HEADWORKS_TEST_URL"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The ini's options."""
    parser.addini("headworks_config", "headworks: the project's folder or TOML file (default: pytest's root folder)")
    parser.addini(
        "headworks_test_url", f"headworks: a server to make databases on (else ${_VARIABLE}, a throw-away one)"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Remember where the project is."""
    place.begin(config.rootpath, config.getini("headworks_config"))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Forget it."""
    place.end()


@pytest.fixture(scope="session")
def headworks_server(pytestconfig: pytest.Config) -> "Iterator[Database]":
    """A throw-away PostgreSQL for this run (for this worker of pytest-xdist), or the server that somebody named."""
    from headworks.testing.database import server

    named, source = os.environ.get(_VARIABLE), f"${_VARIABLE}"
    if not named:
        named, source = pytestconfig.getini("headworks_test_url"), "headworks_test_url"
    with _entered(pytestconfig, lambda: server(place.current(), named, source)) as found:
        yield found


@pytest.fixture(scope="session")
def headworks_prepare() -> "Callable[[Database], object] | None":
    """To be overridden: a function that fills the database at heads, once, before it is copied for each test."""
    return None


@pytest.fixture(scope="session")
def headworks_template(
    pytestconfig: pytest.Config,
    headworks_server: "Database",
    headworks_prepare: "Callable[[Database], object] | None",
) -> "Iterator[Database]":
    """A database at heads, made once by the project's own env.py. It is there to be copied: nobody can connect."""
    from headworks.testing.template import migrated

    def make() -> "contextlib.AbstractContextManager[Database]":
        return migrated(place.current().project, headworks_server, headworks_prepare)

    with _entered(pytestconfig, make) as template:
        yield template


@pytest.fixture
def headworks_database(
    pytestconfig: pytest.Config, headworks_server: "Database", headworks_template: "Database"
) -> "Iterator[Database]":
    """This test's own database at heads, dropped after it."""
    from headworks.testing.database import new_database

    with _entered(pytestconfig, lambda: new_database(headworks_server, headworks_template)) as database:
        yield database


@pytest.fixture
def headworks_empty_database(pytestconfig: pytest.Config, headworks_server: "Database") -> "Iterator[Database]":
    """This test's own empty database, dropped after it."""
    from headworks.testing.database import new_database

    with _entered(pytestconfig, lambda: new_database(headworks_server)) as database:
        yield database


@contextlib.contextmanager
def _entered(config: pytest.Config, make: Callable[[], contextlib.AbstractContextManager[T]]) -> Iterator[T]:
    """What `make` makes; an error of ours is what is wrong and a hint, where the traceback would be of our insides."""
    with contextlib.ExitStack() as stack:
        try:
            made = stack.enter_context(make())
        except HeadworksError as error:
            if config.getoption("fulltrace"):
                raise
            pytest.fail(f"{error}\nhint: {error.advice}" if error.advice else str(error), pytrace=False)
        yield made
