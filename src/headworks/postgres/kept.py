"""The kept server: a project's own durable PostgreSQL, started on demand, shared by every command that runs there.

Everything lies under the project's `.headworks/`: the data, the socket, a log, and `server.json`, which says where.
Where the server's user cannot reach that folder (root in a 0700 home), the data lie in a state folder outside and
`server.json` points there. Starts and stops are ordered by a file lock, so that parallel commands do not race; the
server itself outlives the command that started it.
"""

import contextlib
import fcntl
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import psycopg

from headworks.postgres.account import Account, server_account
from headworks.postgres.binaries import Binaries, find_binaries, reachable_by
from headworks.postgres.cluster import SUPERUSER, clean_environment, initdb, is_ready, wait_until_ready
from headworks.postgres.errors import ServerStartFailed
from headworks.postgres.folders import reachable, short_hash, state_folder
from headworks.postgres.url import DatabaseUrl

__all__ = ["FOLDER", "KeptServer"]

FOLDER = ".headworks"
_SOCKET_ROOM = 90  # a unix socket's path has 104 bytes on macOS, 108 on Linux, `/.s.PGSQL.5432` included
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


class Place(msgspec.Struct, frozen=True):
    """`server.json`: where a kept server lives. `home` holds `data` and `log`; `socket` is the socket's folder."""

    major: int
    home: str
    socket: str


class KeptServer:
    """The development server of the project in `root`. `pgbin` is the config's folder of binaries, if any."""

    def __init__(self, root: Path, pgbin: Path | None = None) -> None:
        self.root = root
        self.folder = root / FOLDER
        self.pgbin = pgbin

    @property
    def place(self) -> Place | None:
        """Where it lives, or `None` when it was never started."""
        try:
            return msgspec.json.decode((self.folder / "server.json").read_bytes(), type=Place)
        except (OSError, msgspec.DecodeError):
            return None

    @property
    def database(self) -> str:
        """The name of the project's database: its folder's name, as an identifier that needs no quotes."""
        name = re.sub(r"[^a-z0-9_]+", "_", self.root.resolve().name.lower()).strip("_")
        name = name if name and name[0].isalpha() else f"db_{name}".rstrip("_")
        return name if name not in ("postgres", "template0", "template1") else f"{name}_app"

    def url(self, place: Place | None = None) -> DatabaseUrl:
        """The URL of the project's database on it (whether or not it runs)."""
        place = place or self.place
        if place is None:
            raise ServerStartFailed(reason=f"no server has been made in {self.folder} yet")
        return DatabaseUrl({"user": SUPERUSER, "host": place.socket, "dbname": self.database})

    def running(self) -> bool:
        """Whether it takes connections now."""
        place = self.place
        return place is not None and is_ready(Path(place.home) / "data") and _answers(self.url(place))

    def start(self) -> DatabaseUrl:
        """Make it at the first call, start it when it does not run, make its database; then its URL.

        Safe to call from many processes at once. Raises `ServerStartFailed` or `BinariesMissing`.
        """
        place = self.place
        if place is not None and is_ready(Path(place.home) / "data") and _answers(self.url(place)):
            return self.url(place)
        with self._lock():
            account = server_account()
            place = self._place(account)
            home = Path(place.home)
            binaries = reachable_by(account, find_binaries(self.pgbin, major=place.major))
            self._make_data(home, account, binaries)
            if not (is_ready(home / "data") and _answers(self.url(place).with_database("postgres"))):
                self._launch(place, account, binaries)
            self._make_database(self.url(place))
        return self.url(place)

    def stop(self) -> bool:
        """Shut it down (open sessions are ended, nothing is lost); False when it was not running."""
        with self._lock():
            return self._stop()

    def reset(self) -> None:
        """Stop it and remove its data: the next start makes an empty one."""
        with self._lock():
            self._stop()
            if place := self.place:
                shutil.rmtree(place.home, ignore_errors=True)
                if not Path(place.socket).is_relative_to(place.home):
                    shutil.rmtree(place.socket, ignore_errors=True)
            (self.folder / "server.json").unlink(missing_ok=True)

    def _stop(self) -> bool:
        place = self.place
        if place is None or not is_ready(Path(place.home) / "data") or not _answers(self.url(place)):
            return False
        pid_file = Path(place.home) / "data" / "postmaster.pid"
        os.kill(int(pid_file.read_text().split()[0]), signal.SIGINT)  # PostgreSQL's fast shutdown
        deadline = time.monotonic() + _STOP_TIMEOUT
        while pid_file.exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        if pid_file.exists():
            raise ServerStartFailed(reason=f"it is still shutting down after {_STOP_TIMEOUT:.0f} s; see {place.home}/log")
        return True

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        self.folder.mkdir(exist_ok=True)
        ignore = self.folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n")
        # The kernel drops the lock when its holder dies, however it dies.
        with (self.folder / "server.lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def _place(self, account: Account) -> Place:
        if (place := self.place) is not None and (Path(place.home) / "data").is_dir():
            return place
        major = find_binaries(self.pgbin).major
        home = self.folder.resolve() / f"pg{major}"
        if not reachable(home.parent, account.uid):
            home = state_folder() / short_hash(str(self.folder.resolve())) / f"pg{major}"
        socket = home / "socket"
        if len(str(socket)) > _SOCKET_ROOM:
            socket = Path(tempfile.mkdtemp(prefix="headworks-"))
        place = Place(major, str(home), str(socket))
        scratch = self.folder / f"server.json.{os.getpid()}"
        scratch.write_bytes(msgspec.json.format(msgspec.json.encode(place), indent=1) + b"\n")
        scratch.rename(self.folder / "server.json")
        return place

    def _make_data(self, home: Path, account: Account, binaries: Binaries) -> None:
        data = home / "data"
        if data.is_dir():
            return
        home.mkdir(mode=0o711, parents=True, exist_ok=True)
        for leftover in home.glob("initdb-*"):  # of a start that was killed half-way
            shutil.rmtree(leftover, ignore_errors=True)
        scratch = Path(tempfile.mkdtemp(prefix="initdb-", dir=home))
        account.own(scratch)
        initdb(binaries, account, scratch / "data", durable=True)
        (scratch / "data").rename(data)
        scratch.rmdir()

    def _launch(self, place: Place, account: Account, binaries: Binaries) -> None:
        home, socket = Path(place.home), Path(place.socket)
        socket.mkdir(mode=0o700, parents=True, exist_ok=True)
        account.own(socket)
        log = home / "log"
        settings = _SETTINGS | ({"io_method": "sync"} if binaries.major >= 18 else {})
        options = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        if not _starting(home / "data"):  # one whose starter was killed comes up by itself
            with log.open("w") as output:
                account.own(log)
                process = subprocess.Popen(
                    [binaries.program("postgres"), "-D", home / "data", "-k", socket, *options],
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    cwd="/",
                    env=clean_environment(),
                    start_new_session=True,
                    **account.popen(),
                )
            wait_until_ready(home / "data", log, lambda: process.poll() is not None)
            process.returncode = 0  # it lives on without us: no ResourceWarning for leaving it
        else:
            wait_until_ready(home / "data", log, lambda: not _starting(home / "data"))

    def _make_database(self, url: DatabaseUrl) -> None:
        with psycopg.connect(url.with_database("postgres").conninfo, autocommit=True) as connection:
            found = connection.execute("SELECT 1 FROM pg_catalog.pg_database WHERE datname = %s", [url.database])
            if found.fetchone() is None:
                name = psycopg.sql.Identifier(url.database)
                connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(name))


def _answers(url: DatabaseUrl) -> bool:
    """A leftover `postmaster.pid` says `ready` too; only a connection tells."""
    try:
        psycopg.connect(url.conninfo, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def _starting(data: Path) -> bool:
    """Whether the process named in `postmaster.pid` is alive and is a postgres over this folder."""
    try:
        pid = int((data / "postmaster.pid").read_text().split()[0])
        os.kill(pid, 0)
    except (OSError, ValueError, IndexError):
        return False
    command = Path(f"/proc/{pid}/cmdline")
    return not command.exists() or str(data) in command.read_text(errors="replace")
