"""A data folder and the process over it: what throw-away and kept servers share."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from headworks.postgres.account import Account
from headworks.postgres.binaries import Binaries
from headworks.postgres.errors import ServerStartFailed
from headworks.postgres.folders import cache_folder, short_hash

__all__ = ["SUPERUSER", "initdb", "initdb_options", "is_ready", "template", "wait_until_ready"]

SUPERUSER = "postgres"
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


def initdb(binaries: Binaries, account: Account, data: Path, *, durable: bool) -> None:
    """Make a cluster in the new folder `data`. Raises `ServerStartFailed` with initdb's last line."""
    command = [binaries.program("initdb"), f"--pgdata={data}", *initdb_options(binaries, durable=durable)]
    done = subprocess.run(
        command, cwd="/", stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, env=clean_environment(), **account.popen()
    )
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines()
        raise ServerStartFailed(reason=f"initdb said: {lines[-1] if lines else done.returncode}")


def template(binaries: Binaries, account: Account) -> Path:
    """A data folder made once for throw-away servers and kept in the cache, to be copied at each start."""
    options = initdb_options(binaries, durable=False)
    stamp = f"{binaries.version}:{binaries.folder}:{account.uid}:{' '.join(options)}"
    place = cache_folder() / f"template-{binaries.version}-{short_hash(stamp)}"
    if place.is_dir():
        return place
    # Made where the server's user may write, then moved to where only we may.
    scratch = Path(tempfile.mkdtemp(prefix="headworks-initdb-"))
    made = Path(tempfile.mkdtemp(prefix=".template-", dir=place.parent))
    try:
        account.own(scratch)
        initdb(binaries, account, scratch / "data", durable=False)
        shutil.copytree(scratch / "data", made / "data", copy_function=shutil.copy2)
        (made / "data").chmod(0o700)
        try:
            (made / "data").rename(place)
        except OSError:
            if not place.is_dir():  # else somebody else was first, and theirs is as good
                raise
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
        shutil.rmtree(made, ignore_errors=True)
    return place


def clean_environment() -> dict[str, str]:
    """Our environment without libpq's variables, which would reach into a server that is meant to be alone."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C"}


def is_ready(data: Path) -> bool:
    """Whether the postmaster over `data` says that it takes connections (last word of `postmaster.pid`)."""
    try:
        words = (data / "postmaster.pid").read_text().split()
    except OSError:
        return False
    return bool(words) and words[-1] == "ready"


def wait_until_ready(data: Path, log: Path, gone: Callable[[], bool]) -> None:
    """Wait for `is_ready`. Raises `ServerStartFailed` with the log's last line when the process is `gone` before."""
    deadline = time.monotonic() + START_TIMEOUT
    while not is_ready(data):
        ended = gone()
        if ended or time.monotonic() > deadline:
            lines = [line for line in _read(log).splitlines() if line.strip()]
            fatal = [line for line in lines if "FATAL" in line] or lines
            reason = fatal[-1] if fatal else "its log is empty"
            raise ServerStartFailed(reason=reason if ended else f"not ready after {START_TIMEOUT:.0f} s; {reason}")
        time.sleep(0.002)


def _read(log: Path) -> str:
    try:
        return log.read_text(errors="replace")
    except OSError:
        return ""
