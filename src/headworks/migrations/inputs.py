"""The files that decide what revisions make: those that were read while they ran, and the modules that were loaded.

Python tells an audit hook of every file that is opened (https://docs.python.org/3/library/audit_events.html), so this
is observed and not guessed: the models that a revision imports, the SQL file that it reads, the folder that it lists.
"""

import hashlib
import importlib.util
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import msgspec

__all__ = ["Input", "observed", "unchanged"]

_HASHED = 1 << 20
"""Bytes up to which a file is known by its content; beyond it by its size and time, as is what is installed."""

_WATCHED: list[set[str]] = []
_LISTING = {"os.listdir", "os.scandir"}
_ELSEWHERE = {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn"}
_UNKNOWN = "\0"
"""Stands for what another program has read."""


class Input(msgspec.Struct, frozen=True, array_like=True):
    """A file or folder and what it was like: its content's hash, or size and time; empty when it was not there."""

    path: str
    mark: str


@contextmanager
def observed(root: Path, also: Iterable[Path] = ()) -> Iterator[list[Input]]:
    """What is read within the block, all modules that are loaded at its end, and the files `also`.

    `root` is the project's folder. The list is filled when the block ends; it stays empty when another program was run,
    which may have read anything.
    """
    found: list[Input] = []
    seen: set[str] = set()
    _hook()
    _WATCHED.append(seen)
    try:
        yield found
    finally:
        _WATCHED.remove(seen)
    if _UNKNOWN not in seen:
        loaded = {file for module in list(sys.modules.values()) if (file := getattr(module, "__file__", None))}
        paths = {_source(path) for path in {*seen, *loaded, *map(str, also)} if path.startswith(os.sep)}
        found += [Input(path, _mark(path, root)) for path in sorted(paths) if not path.startswith(("/proc/", "/dev/"))]


def unchanged(inputs: Iterable[Input], root: Path) -> bool:
    """Whether every one of them is as it was."""
    return all(_mark(one.path, root) == one.mark for one in inputs)


@cache
def _hook() -> None:
    """Once and for good: a hook cannot be taken back. It does nothing while nobody watches."""
    sys.addaudithook(_listen)


def _listen(event: str, arguments: tuple[object, ...]) -> None:
    if not _WATCHED:
        return
    path: object = None
    if (event == "open" and _reads(*arguments[1:3])) or event in _LISTING:
        path = arguments[0]
        if event in _LISTING and sys._getframe(1).f_code.co_filename.startswith("<frozen importlib"):
            return  # looking for a module is no reading: the module that it found is
    elif event in _ELSEWHERE:
        path = _UNKNOWN
    if isinstance(path, (str, bytes, os.PathLike)):
        text = os.fsdecode(path)
        for seen in _WATCHED:
            seen.add(text if text == _UNKNOWN else os.path.abspath(text))  # noqa: PTH100 - a link may be turned


def _reads(mode: object = None, flags: object = 0) -> bool:
    if isinstance(mode, str):
        return not set(mode) & set("wax+")
    return not (isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR))


def _source(path: str) -> str:
    """A module's source for its compiled form, which Python writes at any time."""
    try:
        return importlib.util.source_from_cache(path) if path.endswith(".pyc") else path
    except ValueError:
        return path


def _mark(path: str, root: Path) -> str:
    try:
        status = os.stat(path)  # noqa: PTH116 - thousands of them, before each comparison
        if os.path.isdir(path):  # noqa: PTH112
            # Python itself keeps its compiled files in folders of the project: a folder is what it lists.
            names = sorted(name for name in os.listdir(path) if name != "__pycache__")  # noqa: PTH208
            return hashlib.sha256("\0".join(names).encode("utf-8", "surrogateescape")).hexdigest()
        own = path.startswith(f"{root}{os.sep}") and f"{os.sep}site-packages{os.sep}" not in path
        if own and status.st_size <= _HASHED:
            return hashlib.sha256(Path(path).read_bytes()).hexdigest()
    except OSError:
        return ""
    return f"{status.st_size} {status.st_mtime_ns}"
