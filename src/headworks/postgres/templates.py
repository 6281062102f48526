"""Data folders in the cache that throw-away servers start as copies of: initdb's, and later states that were kept."""

import contextlib
import hashlib
import os
import shutil
import tempfile
import time
from pathlib import Path

import msgspec

from headworks.postgres.account import Account
from headworks.postgres.binaries import Binaries
from headworks.postgres.cluster import initdb, initdb_options
from headworks.postgres.folders import (
    cache_folder,
    open_for_reading,
    shared_cache_folder,
    short_hash,
    temporary_folder,
)

__all__ = ["Copies", "Copy", "template"]

_LIFE = 30 * 24 * 3600.0  # seconds since it was last used
_MOST = 4
"""States that are kept, of 30 to 100 MB each; the one used longest ago goes first."""


def template(binaries: Binaries, account: Account) -> Path:
    """A data folder made once for throw-away servers and kept in the cache, to be copied at each start."""
    cache = _cache(account)
    place = cache / f"template-{binaries.version}-{short_hash(_stamp(binaries, account))}"
    if place.is_dir():
        _touch(place)
        return place
    _forget(cache, "template-*")
    # Made where the server's user may write, then moved to where only we may, and that user may read.
    scratch = Path(tempfile.mkdtemp(prefix="headworks-initdb-", dir=temporary_folder(account.uid)))
    try:
        account.own(scratch)
        initdb(binaries, account, scratch / "data", durable=False)
        _place(scratch / "data", place, account)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return place


class Copy(msgspec.Struct, frozen=True):
    """A kept data folder, and the note that was kept with it."""

    folder: Path
    note: bytes


class Copies:
    """Kept data folders of servers of these binaries, by key; what is wrong with one makes it as if it were not there.

    A folder that is kept belongs to a server at rest: nobody is connected, and a checkpoint was just made.
    """

    def __init__(self, binaries: Binaries, account: Account) -> None:
        self._account = account
        self._stamp = _stamp(binaries, account)

    @staticmethod
    def key(*parts: str) -> str:
        """Stands for these texts."""
        digest = hashlib.sha256()
        for part in parts:
            digest.update(b"%d:" % len(part))
            digest.update(part.encode("utf-8", "surrogateescape"))
        return digest.hexdigest()

    def find(self, key: str) -> Copy | None:
        """What was kept last under this key."""
        for place in _cache(self._account).glob(f"{self._prefix(key)}-*"):
            with contextlib.suppress(OSError):
                note = place.with_name(f"note-{place.name}").read_bytes()
                _touch(place)
                return Copy(place, note)
        return None

    def keep(self, data: Path, key: str, note: bytes) -> None:
        """A copy of the data folder, in the place of those under the same key. A full disk is no reason to fail."""
        cache = _cache(self._account)
        # A new name each time: a folder that is just being copied from stays as it is.
        place = cache / f"{self._prefix(key)}-{short_hash(note.hex())}"
        with contextlib.suppress(OSError, shutil.Error):
            place.with_name(f"note-{place.name}").write_bytes(note)
            _place(data, place, self._account)
        for other in cache.glob(f"{self._prefix(key)}-*"):
            if other != place:
                _remove(other)
        _forget(cache, "state-*", most=_MOST)

    def _prefix(self, key: str) -> str:
        return f"state-{short_hash(self._stamp)}-{short_hash(key)}"


def _stamp(binaries: Binaries, account: Account) -> str:
    options = initdb_options(binaries, durable=False)
    return f"{binaries.version}:{binaries.folder}:{account.uid}:{' '.join(options)}"


def _cache(account: Account) -> Path:
    return shared_cache_folder() if account.switch else cache_folder()


def _place(data: Path, place: Path, account: Account) -> None:
    """A copy of the folder `data` appears at `place`, whole."""
    made = Path(tempfile.mkdtemp(prefix=".template-", dir=place.parent))
    try:
        shutil.copytree(data, made / "data", ignore=shutil.ignore_patterns("postmaster.pid", "postmaster.opts"))
        if account.switch:
            open_for_reading(made / "data")
        try:
            (made / "data").rename(place)
        except OSError:
            if not place.is_dir():  # else somebody else was first, and theirs is as good
                raise
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _touch(place: Path) -> None:
    with contextlib.suppress(OSError):  # one that is used is kept
        os.utime(place)


def _forget(cache: Path, pattern: str, most: int | None = None) -> None:
    """28 MB for each version of PostgreSQL and each virtual environment that ever was add up."""
    times: list[tuple[float, Path]] = []
    for place in cache.glob(pattern):
        with contextlib.suppress(OSError):
            times.append((place.stat().st_mtime, place))
    for number, (used, place) in enumerate(sorted(times, reverse=True), start=1):
        if time.time() - used > _LIFE or (most is not None and number > most):
            _remove(place)


def _remove(place: Path) -> None:
    shutil.rmtree(place, ignore_errors=True)
    with contextlib.suppress(OSError):
        place.with_name(f"note-{place.name}").unlink(missing_ok=True)
