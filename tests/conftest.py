"""One server for the whole run, one database for each test.

HEADWORKS_TEST_SERVER chooses the server: `embedded` (default), `url:postgresql://...` (any server whose user may make
databases) or `docker` (testcontainers). The session that starts pytest owns it; xdist's workers are told where it is.
"""

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from headworks.cli.app import run
from headworks.postgres.binaries import find_binaries
from headworks.postgres.databases import create_database, drop_database
from headworks.postgres.server import ThrowawayServer
from headworks.postgres.url import DatabaseUrl
from helpers import Headworks, Ran

ROOT = Path(__file__).parents[1]
_OWNED: list[contextlib.ExitStack] = []


def pytest_configure(config: pytest.Config) -> None:
    # A shell's `&` has SIGINT ignored, and every process that a test starts to interrupt it would inherit that.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if hasattr(config, "workerinput"):
        config.headworks_server = config.workerinput["headworks_server"]  # type: ignore[attr-defined]
        return
    # The suite must not see the developer's own settings.
    for name in ("DATABASE_URL", "HEADWORKS_URL", "HEADWORKS_CONFIG", "NO_COLOR", "FORCE_COLOR"):
        os.environ.pop(name, None)
    if config.option.collectonly:
        config.headworks_server = ""  # type: ignore[attr-defined]
        return
    stack = contextlib.ExitStack()
    _OWNED.append(stack)
    config.headworks_server = stack.enter_context(_server())  # type: ignore[attr-defined]


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """Called by xdist in the controller for each worker."""
    node.workerinput["headworks_server"] = node.config.headworks_server  # type: ignore[attr-defined]


def pytest_unconfigure(config: pytest.Config) -> None:
    while _OWNED:
        _OWNED.pop().close()


@contextlib.contextmanager
def _server() -> Iterator[str]:
    choice = os.environ.get("HEADWORKS_TEST_SERVER", "embedded")
    if choice == "embedded":
        major = os.environ.get("HEADWORKS_TEST_MAJOR")
        with ThrowawayServer(find_binaries(major=int(major) if major else None)) as server:
            yield server.url.libpq()
    elif choice.startswith("url:"):
        yield DatabaseUrl.parse(choice.removeprefix("url:"), source="HEADWORKS_TEST_SERVER").libpq()
    elif choice == "docker":
        from testcontainers.postgres import PostgresContainer

        image = f"postgres:{os.environ.get('HEADWORKS_TEST_MAJOR', '18')}"
        with PostgresContainer(image, driver=None) as container:
            yield container.get_connection_url()
    else:
        raise pytest.UsageError(f"HEADWORKS_TEST_SERVER={choice}: use embedded, docker or url:postgresql://...")


@pytest.fixture(scope="session")
def server_url(pytestconfig: pytest.Config) -> str:
    """The test server's maintenance database, as a libpq URL."""
    return pytestconfig.headworks_server  # type: ignore[attr-defined,no-any-return]


@pytest.fixture(scope="session")
def server_major(server_url: str) -> int:
    with psycopg.connect(server_url) as connection:
        return connection.info.server_version // 10000


@pytest.fixture(scope="session")
def pg_bindir(server_major: int) -> Path:
    """A folder with psql and pg_dump of the test server's major."""
    return find_binaries(major=server_major).folder


@pytest.fixture
def make_database(server_url: str, request: pytest.FixtureRequest) -> Iterator[Callable[..., str]]:
    """Call it for a new empty database (or a copy of `template`): its libpq URL. Dropped after the test."""
    made: list[DatabaseUrl] = []
    server = DatabaseUrl.parse(server_url)

    def make(template: str | None = None) -> str:
        url = server.with_database(f"t{os.getpid()}_{os.urandom(4).hex()}")
        create_database(url, template=template)
        made.append(url)
        return url.libpq()

    yield make
    for url in made:
        drop_database(url)


@pytest.fixture(scope="session")
def commerce_template(server_url: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> str:
    """The name of a database with commerce at heads, made once for all workers by plain Alembic."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    shared = tmp_path_factory.getbasetemp().parent if worker else tmp_path_factory.getbasetemp()
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    name = f"commerce_template_{run[:12]}"
    with (shared / "commerce-template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = shared / "commerce-template.done"
        if not done.exists():
            url = DatabaseUrl.parse(server_url).with_database(name)
            create_database(url)
            subprocess.run(
                [sys.executable, "-m", "alembic", "upgrade", "heads"],
                cwd=ROOT,
                env=os.environ | {"DATABASE_URL": url.sqlalchemy("psycopg")},
                check=True,
                capture_output=True,
            )
            done.touch()
    return name


@pytest.fixture
def commerce_database(make_database: Callable[..., str], commerce_template: str) -> str:
    """This test's own database with commerce at heads."""
    return make_database(commerce_template)


@pytest.fixture
def headworks(tmp_path: Path) -> Headworks:
    """Run `headworks WORDS...` as a process: in `tmp_path`, or in `folder=`; `env=` adds variables."""

    def call(*words: str, folder: Path = tmp_path, env: dict[str, str] | None = None, **options: object) -> Ran:
        variables = os.environ | {"COLUMNS": "110", "PYTHONWARNINGS": "error"} | (env or {})
        done = subprocess.run(
            [sys.executable, "-m", "headworks", *words],
            cwd=folder,
            env=variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            **options,  # type: ignore[call-overload]
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    return call


@pytest.fixture
def inside(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Headworks:
    """The same in this process, which is quicker: for the many variants of a command."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setenv("COLUMNS", "110")

    def call(*words: str, folder: Path = tmp_path, env: dict[str, str] | None = None) -> Ran:
        capsys.readouterr()
        with monkeypatch.context() as patch:
            patch.chdir(folder)
            for name, value in (env or {}).items():
                patch.setenv(name, value)
            code = run(list(words))
        return Ran(code, *capsys.readouterr())

    return call
