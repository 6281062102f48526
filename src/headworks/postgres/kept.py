"""The kept server: a project's own durable PostgreSQL, started on demand, shared by every command that runs there.

Everything lies under the project's `.headworks/` (see `place.py`): the data, the socket, a log. Starts and stops are
ordered by a file lock, so that parallel commands do not race; the server itself outlives the command that started it.
"""

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg import sql

from headworks.postgres.account import Account, server_account
from headworks.postgres.binaries import Binaries, find_binaries, reachable_by
from headworks.postgres.cluster import (
    PORT,
    SUPERUSER,
    clean_environment,
    initdb,
    postmaster,
    recorded_pid,
    typed_start_errors,
    wait_until_ready,
)
from headworks.postgres.connect import connect, probe
from headworks.postgres.errors import (
    BinariesMissing,
    BinariesOfDataMissing,
    KeptFolderRefused,
    ServerDown,
    ServerStartFailed,
    ServerStopFailed,
)
from headworks.postgres.place import Place, read_place, settle
from headworks.postgres.url import DatabaseUrl
from headworks.postgres.variables import reaching

__all__ = ["FOLDER", "KeptServer"]

FOLDER = ".headworks"
_STOP_TIMEOUT = 60.0
# Everything that makes it durable is PostgreSQL's default and stays so; these make a small, private server of it.
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "64MB",
    "max_connections": "200",
    "max_locks_per_transaction": "1024",
    "dynamic_shared_memory_type": "mmap",
    "logging_collector": "off",
}


class KeptServer:
    """The development server of the project in `root`. `pgbin` is the config's folder of binaries, if any."""

    def __init__(self, root: Path, pgbin: Path | None = None) -> None:
        self.root = root
        self.folder = root / FOLDER
        self.pgbin = pgbin

    @property
    def place(self) -> Place | None:
        """Where it lives, or `None` when it was never started."""
        return read_place(self.folder)

    def url(self, place: Place | None = None) -> DatabaseUrl:
        """The URL of the project's database on it (whether or not it runs)."""
        place = place or self.place
        if place is None:
            raise ServerStartFailed(reason=f"no server has been made in {self.folder} yet")
        where = {"user": SUPERUSER, "host": str(place.socket), "port": PORT, "dbname": place.database}
        return DatabaseUrl(where, ours=True)

    def running(self) -> bool:
        """Whether it takes connections now."""
        place = self.place
        return place is not None and _answers(self.url(place))

    def start(self) -> DatabaseUrl:
        """Make it at the first call, start it when it does not run, make its database; then its URL.

        Safe to call from many processes at once. Raises `ServerStartFailed`, `BinariesMissing`, `BinariesOfDataMissing`
        or `KeptFolderRefused`.
        """
        place = self.place
        if place is not None and _answers(self.url(place)):
            return self.url(place)
        with self._lock() as lock, typed_start_errors():
            place, binaries = self._settled()
            if not _answers(self.url(place).with_database("postgres")):
                account = server_account()
                runnable = reachable_by(account, binaries)
                _make_data(place, account, runnable, lock)
                _launch(place, account, runnable)
                if isinstance(probe(self.url(place).with_database("postgres")), ServerDown):
                    _stop(place)  # it runs, and somebody swept its socket away
                    _launch(place, account, runnable)
            _make_database(self.url(place))
        return self.url(place)

    def stop(self) -> bool:
        """Shut it down (open sessions are ended, nothing is lost); False when it was not running."""
        if not self.folder.is_dir():
            return False
        with self._lock():
            place = self.place
            return place is not None and _stop(place)

    def reset(self) -> None:
        """Stop it and remove its data: the next start makes an empty one."""
        if not self.folder.is_dir():
            return
        with self._lock():
            if place := self.place:
                _stop(place)
                for part in (place.home, place.socket):
                    shutil.rmtree(part, ignore_errors=True)
            (self.folder / "server.json").unlink(missing_ok=True)

    @contextlib.contextmanager
    def _lock(self) -> Iterator[int]:
        # The kernel drops the lock when its holder dies, however it dies.
        try:
            self.folder.mkdir(exist_ok=True)
            ignore = self.folder / ".gitignore"
            if not ignore.exists():
                ignore.write_text("*\n")
            handle = (self.folder / "server.lock").open("w")
        except OSError as error:
            raise KeptFolderRefused(folder=self.folder, reason=error.strerror) from error
        with handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield handle.fileno()

    def _settled(self) -> tuple[Place, Binaries]:
        """Its place and the binaries of its data's major, or of the first major found when it has no data yet."""
        place = self.place
        if place is None or not (place.home / "data").is_dir():
            binaries = find_binaries(self.pgbin)
            return settle(self.folder, server_account(), binaries.major), binaries
        try:
            binaries = find_binaries(self.pgbin, major=place.major)
        except BinariesMissing as error:
            raise BinariesOfDataMissing(major=place.major, data=place.home, looked=error.looked) from None
        return settle(self.folder, server_account(), place.major), binaries


def _make_data(place: Place, account: Account, binaries: Binaries, lock: int) -> None:
    data = place.home / "data"
    if data.is_dir():
        return
    for leftover in place.home.glob("initdb-*"):  # of a start that was killed half-way
        shutil.rmtree(leftover, ignore_errors=True)
    scratch = Path(tempfile.mkdtemp(prefix="initdb-", dir=place.home))
    account.own(scratch)
    # It shares the lock: should we be killed, the next start waits until it has ended.
    initdb(binaries, account, scratch / "data", durable=True, keep_open=[lock])
    (scratch / "data").rename(data)
    scratch.rmdir()


def _launch(place: Place, account: Account, binaries: Binaries) -> None:
    data, log = place.home / "data", place.home / "log"
    if postmaster(data) is not None:  # one whose starter was killed comes up by itself
        wait_until_ready(data, log, lambda: postmaster(data) is None)
        return
    place.socket.mkdir(mode=0o700, exist_ok=True)
    account.own(place.socket)
    settings = _SETTINGS | ({"io_method": "sync"} if binaries.major >= 18 else {})
    options = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
    environment = clean_environment()
    if (stale := recorded_pid(data)) is not None:
        # PostgreSQL refuses to start when the process of a leftover postmaster.pid lives, whoever that is by now. This
        # says that it is no postmaster; whether the shared memory is still in use it looks all the same (miscinit.c).
        environment["PG_GRANDPARENT_PID"] = str(stale)
    with log.open("w") as output:
        account.own(log)
        process = subprocess.Popen(
            [str(binaries.program("postgres")), "-D", str(data), "-k", str(place.socket), *options],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            env=environment,
            start_new_session=True,
            **account.popen(),
        )
    # Another one may have been on its way up, started by a command that was killed: then ours ends, and that is well.
    wait_until_ready(data, log, lambda: process.poll() is not None and postmaster(data) is None)
    process.returncode = 0  # it lives on without us: no ResourceWarning for leaving it


def _stop(place: Place) -> bool:
    data = place.home / "data"
    pid = postmaster(data)
    if pid is None:
        return False
    os.kill(pid, signal.SIGINT)  # PostgreSQL's fast shutdown
    deadline = time.monotonic() + _STOP_TIMEOUT
    while postmaster(data) == pid:
        if time.monotonic() > deadline:
            raise ServerStopFailed(seconds=_STOP_TIMEOUT, log=place.home / "log")
        time.sleep(0.01)
    return True


def _make_database(url: DatabaseUrl) -> None:
    with connect(url.with_database("postgres")) as connection:
        found = connection.execute("SELECT 1 FROM pg_catalog.pg_database WHERE datname = %s", [url.database])
        if found.fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(url.database)))


def _answers(url: DatabaseUrl) -> bool:
    """Only a connection tells."""
    try:
        with reaching(url):
            psycopg.connect(url.conninfo, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True
