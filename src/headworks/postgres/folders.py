"""Folders that outlive one run, and whether the user that runs the server can reach them."""

import hashlib
import os
import shutil
import stat
import tempfile
from pathlib import Path

__all__ = [
    "cache_folder",
    "fast_folder",
    "open_for_reading",
    "reachable",
    "shared_cache_folder",
    "short_hash",
    "state_folder",
    "temporary_folder",
]

_VAR_TMP = Path("/var/tmp")  # noqa: S108 - it outlives a restart of the machine, and _usable looks whose it is
_ENOUGH_SHM = 1 << 30  # bytes free in /dev/shm below which a server would be a guest that eats the memory


def cache_folder() -> Path:
    """A private folder for what can be made again (initdb's templates)."""
    home = os.environ.get("XDG_CACHE_HOME") or os.environ.get("HOME")
    base = Path(home) if home else None
    if base and not os.environ.get("XDG_CACHE_HOME"):
        base = base / ".cache"
    return _usable(base / "headworks" if base else None, mode=0o700)


def shared_cache_folder() -> Path:
    """A folder of root's that other users may read: what the server's user needs and could not reach where it lies."""
    return _usable(Path("/var/cache/headworks"), mode=0o755, otherwise=_VAR_TMP)


def state_folder() -> Path:
    """Where the data of kept servers lie when their project's folder cannot be reached by the server's user."""
    return _usable(Path("/var/lib/headworks"), mode=0o755, otherwise=_VAR_TMP)


def fast_folder(uid: int) -> Path:
    """Where throw-away data lie: memory when there is plenty, else the folder for temporary files."""
    shm = Path("/dev/shm")  # noqa: S108 - mkdtemp makes the private folder inside
    if shm.is_dir() and os.access(shm, os.W_OK) and shutil.disk_usage(shm).free > _ENOUGH_SHM:
        return shm
    return temporary_folder(uid)


def temporary_folder(uid: int) -> Path:
    """A folder for temporary files that user `uid` can reach; what TMPDIR names may be private."""
    usual = Path(tempfile.gettempdir())
    return next((place for place in (usual, Path("/tmp"), _VAR_TMP) if reachable(place, uid)), usual)  # noqa: S108


def reachable(path: Path, uid: int) -> bool:
    """Whether user `uid` may walk down to `path` (or to where it will be made)."""
    return all(_searchable(folder, uid) for folder in (path, *path.resolve().parents) if folder.exists())


def open_for_reading(folder: Path) -> None:
    """Let everybody read (and, where the owner may, run and walk through) all that is in `folder`."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(stat.S_IMODE(mode) | 0o044 | (0o011 if mode & stat.S_IXUSR else 0))


def short_hash(text: str) -> str:
    """Twelve hex digits that stand for `text` in a file's name."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _searchable(folder: Path, uid: int) -> bool:
    if uid == os.geteuid():
        return os.access(folder, os.X_OK)
    status = folder.stat()
    bit = stat.S_IXUSR if status.st_uid == uid else stat.S_IXOTH
    return bool(status.st_mode & bit)


def _usable(wanted: Path | None, *, mode: int, otherwise: Path | None = None) -> Path:
    fallback = (otherwise or Path(tempfile.gettempdir())) / f"headworks-{os.geteuid()}-{mode:o}"
    for folder in (wanted, fallback):
        if folder is None:
            continue
        try:
            folder.mkdir(mode=mode, parents=True, exist_ok=True)
            # A folder that somebody else laid in wait under a guessable name is not ours to use.
            if folder.lstat().st_uid != os.geteuid() or not os.access(folder, os.W_OK):
                continue
            folder.chmod(mode)  # whatever the umask
        except OSError:
            continue
        return folder
    return Path(tempfile.mkdtemp(prefix="headworks-"))
