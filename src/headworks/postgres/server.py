"""The throw-away server: up in a tenth of a second, gone with its process, even when that is killed.

A tiny `sh` stands between us and the postmaster and holds the read end of a pipe whose write end only we have. When
the pipe closes, because we said so or because we are gone, it stops the postmaster and removes the folder.
"""

import contextlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from headworks.postgres.account import server_account
from headworks.postgres.binaries import Binaries, find_binaries, reachable_by
from headworks.postgres.cluster import PORT, SUPERUSER, clean_environment, typed_start_errors, wait_until_ready
from headworks.postgres.folders import fast_folder
from headworks.postgres.templates import template
from headworks.postgres.url import DatabaseUrl

__all__ = ["ThrowawayServer"]

# $1 the template of the data, $2 the work folder, the rest the server's command line. The server alone keeps the sh's
# stdout open (as 3): its end is the server's end. A line on stdin says stop, and so does the end of stdin. QUIT is
# PostgreSQL's immediate shutdown: nothing here is worth a checkpoint. Never KILL: that leaves shared memory behind.
_REAPER = """
made=$1; work=$2; shift 2
trap '' INT HUP TERM
cp -R "$made" "$work/data" 2>"$work/log" && chmod 700 "$work/data" && {
    "$@" 3>&1 </dev/null >"$work/log" 2>&1 &
}
server=$!
exec >&-
read -r word
test -z "$server" || {
    # sh starts it with QUIT ignored: one that comes before the server has its handler is lost. Say it until it is gone.
    while kill -QUIT "$server" 2>/dev/null; do sleep 0.1; done &
    wait "$server"
    kill -KILL $! 2>/dev/null
}
rm -rf "$work"
"""

# Facts and figures: docs/postgres.md. Nothing survives this server, so nothing is synced.
_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "32MB",
    "autovacuum": "off",
    "jit": "off",
    "dynamic_shared_memory_type": "mmap",
    "max_wal_size": "1GB",
    "max_locks_per_transaction": "1024",
    "max_connections": "200",
    "listen_addresses": "",
    "logging_collector": "off",
    "log_min_messages": "fatal",
}


class ThrowawayServer:
    """A private PostgreSQL for as long as the `with` block, or the process, lasts.

    `url` is its maintenance database over a unix socket. It starts as a copy of the data folder `made`, or of what
    initdb makes. Raises `ServerStartFailed` or `BinariesMissing` on entry.
    """

    def __init__(self, binaries: Binaries | None = None, made: Path | None = None, **settings: str) -> None:
        self.account = server_account()
        self.binaries = reachable_by(self.account, binaries or find_binaries())
        self._settings = _SETTINGS | ({"io_method": "sync"} if self.binaries.major >= 18 else {}) | settings
        self._made = made
        self._reaper: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def data(self) -> Path:
        """The data folder of a server that was started."""
        return self.folder / "data"

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        with typed_start_errors():
            self._start()
        where = {"user": SUPERUSER, "host": str(self.folder), "port": PORT, "dbname": "postgres"}
        self.url = DatabaseUrl(where, ours=True)

    def _start(self) -> None:
        made = self._made or template(self.binaries, self.account)
        self.folder = Path(tempfile.mkdtemp(prefix="headworks-", dir=fast_folder(self.account.uid)))
        self.account.own(self.folder)
        data = self.data
        options = [word for key, value in self._settings.items() for word in ("-c", f"{key}={value}")]
        command = [str(self.binaries.program("postgres")), "-D", str(data), "-k", str(self.folder), *options]
        self._reaper = subprocess.Popen(
            ["/bin/sh", "-c", _REAPER, "headworks-reaper", str(made), str(self.folder), *command],
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env=clean_environment(),
            start_new_session=True,  # Ctrl-C in our terminal is for us alone
            **self.account.popen(),
        )
        try:
            self._wait(self._reaper, data)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop it and wait until its folder is gone."""
        if self._reaper is not None:
            with contextlib.suppress(BrokenPipeError):
                # A word, too: a child that was forked off us meanwhile holds the pipe open.
                self._reaper.communicate(b"stop\n")
            self._reaper = None
            shutil.rmtree(self.folder, ignore_errors=True)

    def _wait(self, reaper: "subprocess.Popen[bytes]", data: Path) -> None:
        assert reaper.stdout is not None
        os.set_blocking(reaper.stdout.fileno(), False)
        with reaper.stdout as output:
            wait_until_ready(data, self.folder / "log", lambda: output.read(1) == b"")
