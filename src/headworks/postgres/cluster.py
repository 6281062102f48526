"""A data folder and the process over it: what throw-away and kept servers share."""

import contextlib
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from headworks.postgres.account import Account
from headworks.postgres.binaries import Binaries
from headworks.postgres.errors import ServerStartFailed

__all__ = [
    "PORT",
    "SUPERUSER",
    "clean_environment",
    "initdb",
    "initdb_options",
    "is_ready",
    "postmaster",
    "recorded_pid",
    "typed_start_errors",
    "wait_until_ready",
]

SUPERUSER = "postgres"
PORT = "5432"
"""Of our own servers, in whose socket's name it is: said, lest $PGPORT be taken for it."""

START_TIMEOUT = 60.0
"""Seconds for a server to come up; crash recovery of a kept one is within it."""


def initdb_options(binaries: Binaries, *, durable: bool) -> list[str]:
    """The options of `initdb`. C locale: the same order on every machine, and the wheel has no ICU."""
    options = [f"--username={SUPERUSER}", "--auth=trust", "--encoding=UTF8", "--locale=C"]
    if binaries.major >= 17:
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    if not durable:
        options += ["--no-sync", "--wal-segsize=1"]
        if binaries.major >= 18:
            options += ["--no-data-checksums"]
    return options


def initdb(binaries: Binaries, account: Account, data: Path, *, durable: bool, keep_open: Sequence[int] = ()) -> None:
    """Make a cluster in the new folder `data`. Raises `ServerStartFailed` with what initdb said.

    initdb holds the files `keep_open` to its end, also when we are gone by then.
    """
    command = [str(binaries.program("initdb")), f"--pgdata={data}", *initdb_options(binaries, durable=durable)]
    # Into a file: a pipe that breaks when we are killed would end the backend in there without its clean-up.
    with tempfile.TemporaryFile("w+") as said:
        done = subprocess.run(
            command,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
            check=False,
            env=clean_environment(),
            pass_fds=keep_open,
            **account.popen(),
        )
        if done.returncode:
            said.seek(0)
            lines = said.read().strip().splitlines()
            errors = [line for line in lines if "error:" in line or "FATAL:" in line] or lines[-1:]
            raise ServerStartFailed(reason=f"initdb said: {errors[0] if errors else done.returncode}")


@contextlib.contextmanager
def typed_start_errors() -> Iterator[None]:
    """A full disk, a folder that cannot be written, a program that cannot be run: `ServerStartFailed`."""
    try:
        yield
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        raise ServerStartFailed(reason=f"{where}{error.strerror or error}") from error


def clean_environment() -> dict[str, str]:
    """Our environment without libpq's variables, which would reach into a server that is meant to be alone."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C"}


def is_ready(data: Path) -> bool:
    """Whether there is a postmaster over `data` that says it takes connections (last word of `postmaster.pid`)."""
    return _read(data / "postmaster.pid").split()[-1:] == ["ready"] and postmaster(data) is not None


def recorded_pid(data: Path) -> int | None:
    """The process that `postmaster.pid` names, whatever became of it."""
    first = _read(data / "postmaster.pid").partition("\n")[0].strip()
    return int(first) if first.isdecimal() else None


def postmaster(data: Path) -> int | None:
    """The process id of the living postmaster over `data`.

    The file alone does not tell: after a crash it names nobody, or whoever has that number now; in a copied folder it
    names the postmaster of the original. A postmaster's working directory is its data folder.
    """
    pid = recorded_pid(data)
    if pid is None or not _alive(pid):
        return None
    process = Path(f"/proc/{pid}")
    if not Path("/proc/self").exists():  # macOS
        return pid
    try:
        return pid if (process / "cwd").samefile(data) else None
    except PermissionError:  # root without CAP_SYS_PTRACE, as in a container
        return pid if str(data) in _read(process / "cmdline") else None
    except OSError:
        return None


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def wait_until_ready(data: Path, log: Path, gone: Callable[[], bool]) -> None:
    """Wait for `is_ready`. Raises `ServerStartFailed` with the log's last line when the process is `gone` before."""
    deadline = time.monotonic() + START_TIMEOUT
    while not is_ready(data):
        ended = gone() and not is_ready(data)
        if ended or time.monotonic() > deadline:
            lines = [line for line in _read(log).splitlines() if line.strip()]
            fatal = [line.partition("FATAL:")[2].strip() for line in lines if "FATAL:" in line] or lines
            reason = fatal[-1] if fatal else "its log is empty"
            raise ServerStartFailed(reason=reason if ended else f"not ready after {START_TIMEOUT:.0f} s; {reason}")
        time.sleep(0.002)


def _read(log: Path) -> str:
    try:
        return log.read_text(errors="replace")
    except OSError:
        return ""
