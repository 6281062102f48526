"""Where a Prisma schema is: one file, or a folder of several, which Prisma reads as one."""

import contextlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from headworks.config import Settings
from headworks.owners.prisma.errors import (
    FileMissing,
    FileUnreadable,
    FileUnwritable,
    FolderEmpty,
    NamedByProgram,
    PackageUnreadable,
)

__all__ = ["SchemaFile", "place_of", "program_beside", "read", "save"]

_USUAL = "prisma/schema.prisma"
_PLACES = ("schema.prisma", _USUAL)
"""In this order Prisma itself looks for it: packages/internals/src/cli/getSchema.ts of https://github.com/prisma/prisma."""

_FOLDER = "prisma/schema"

_PROGRAMS = tuple(
    f"{stem}.{suffix}"
    for stem in ("prisma.config", ".config/prisma", ".config/prisma.config")
    for suffix in ("js", "ts", "mjs", "cjs", "mts", "cts")
)
"""packages/config/src/loadConfigFromFile.ts there."""


@dataclass(frozen=True)
class SchemaFile:
    """A file, what it is called, and its text."""

    path: Path
    name: str
    text: str


def program_beside(settings: Settings | None) -> str | None:
    """The project's prisma.config.ts, or what else it may be called: a program, in which the place may be said.

    It is asked before package.json and the usual places by Prisma, and by nobody where the config says the place.
    """
    if settings is not None and settings.keys.owners.schema is not None:
        return None
    root = settings.root if settings is not None else Path.cwd()
    return next((one for one in _PROGRAMS if (root / one).is_file()), None)


def place_of(settings: Settings | None) -> Path:
    """The file or folder that the config names, package.json does, or that Prisma looks for itself.

    The usual one where there is none. Raises `PackageUnreadable`, or `NamedByProgram` where that alone may know.
    """
    root = settings.root if settings is not None else Path.cwd()
    if settings is not None and settings.keys.owners.schema is not None:
        return root / settings.keys.owners.schema
    if (named := _of_package(root / "package.json")) is not None:
        return root / named
    places = [root / one for one in _PLACES]
    found = next((one for one in places if one.is_file()), None)
    if found is None and (root / _FOLDER).is_dir():
        return root / _FOLDER
    if found is None and (program := program_beside(settings)) is not None:
        raise NamedByProgram(program=program)
    return found or root / _USUAL


def _of_package(file: Path) -> str | None:
    """`prisma.schema` of a package.json."""
    try:
        package = json.loads(file.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise PackageUnreadable(file=file, reason=error.strerror) from None
    except ValueError as error:
        raise PackageUnreadable(file=file, reason=error) from None
    prisma = package.get("prisma") if isinstance(package, dict) else None
    schema = prisma.get("schema") if isinstance(prisma, dict) else None
    return schema if isinstance(schema, str) else None


def read(place: Path, name: str) -> tuple[SchemaFile, ...]:
    """The file, or every `*.prisma` of the folder and of those in it. `name` is what the place is called.

    Raises `FileMissing`, `FolderEmpty` or `FileUnreadable`.
    """
    if not place.is_dir():
        return (SchemaFile(place, name, _text(place)),)
    paths = sorted(_within(place, {place.resolve()}))
    if not paths:
        raise FolderEmpty(folder=name)
    return tuple(SchemaFile(one, str(PurePath(name) / one.relative_to(place)), _text(one)) for one in paths)


def _within(folder: Path, seen: set[Path]) -> Iterator[Path]:
    """Links are followed, as Prisma does, and nothing is had twice."""
    try:
        for one in sorted(folder.iterdir()):
            if (one.is_dir() or (one.suffix == ".prisma" and one.is_file())) and (real := one.resolve()) not in seen:
                seen.add(real)
                if one.is_dir():
                    yield from _within(one, seen)
                else:
                    yield one
    except OSError as error:
        raise FileUnreadable(file=folder, reason=error.strerror) from None


def _text(file: Path) -> str:
    try:
        # As it stands: Windows' line ends are to stay what they are.
        return file.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise FileMissing(file=file) from None
    except OSError as error:
        raise FileUnreadable(file=file, reason=error.strerror) from None
    except UnicodeDecodeError as error:
        raise FileUnreadable(file=file, reason=f"byte {error.start} is not UTF-8") from None


def save(files: Iterable[SchemaFile]) -> None:
    """Write the texts. Nothing is put in its place before all of it is on the disk. Raises `FileUnwritable`."""
    there: list[tuple[Path, Path]] = []
    try:
        for one in files:
            real = one.path.resolve()  # a link stays one
            beside = real.with_name(f".{real.name}.new")
            there.append((beside, real))
            beside.write_bytes(one.text.encode("utf-8"))
        for beside, real in there:
            beside.replace(real)
    except OSError as error:
        for beside, _ in there:
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)
        raise FileUnwritable(file=there[-1][1], reason=error.strerror) from None
