"""Where a kept server lies: `server.json` in the project's `.headworks/`, and what it points to.

The data lie in that folder, and are named relative to it, so that they move with the project and a copy of the
project has its own. What must lie outside (the data, where the server's user cannot reach the folder; the socket, where
its path would be too long) holds a file `owner` that names the folder it belongs to: a copied `server.json` points
there as well, and must not.
"""

import os
import re
import tempfile
from pathlib import Path

import msgspec

from headworks.postgres.account import Account
from headworks.postgres.folders import reachable, state_folder, temporary_folder

__all__ = ["Place", "read_place", "settle"]

_FILE = "server.json"
_SOCKET_ROOM = 90  # a unix socket's path has 104 bytes on macOS, 108 on Linux, `/.s.PGSQL.5432` included
_NAME_ROOM = 63  # bytes of an identifier


class Place(msgspec.Struct, frozen=True):
    """A kept server: its major, the folder of `data` and `log`, the folder of its socket, the project's database."""

    major: int
    home: Path
    socket: Path
    database: str


class _Pointer(msgspec.Struct, frozen=True):
    """`server.json`. Relative paths are relative to its folder."""

    major: int
    home: str
    socket: str
    database: str


def read_place(folder: Path) -> Place | None:
    """Where the server of this `.headworks/` folder is, or `None` when it has none (of its own)."""
    pointer = _pointer(folder)
    if pointer is None:
        return None
    place = Place(pointer.major, folder / pointer.home, folder / pointer.socket, pointer.database)
    return place if all(_belongs(part, folder) for part in (place.home, place.socket)) else None


def settle(folder: Path, account: Account, major: int) -> Place:
    """The place of this folder's server, chosen and written down when there is none yet or it does not do.

    `major` is for data that are still to be made. Only under the lock of the folder.
    """
    folder = folder.resolve()
    pointer = _pointer(folder)
    home = folder / pointer.home if pointer else None
    if home is None or not home.is_dir() or not _belongs(home, folder):
        home, pointer = _home(folder, account, major), None
    if pointer is not None and (home / "data").is_dir():
        major = pointer.major
    socket = folder / pointer.socket if pointer else home / "socket"
    if socket != home / "socket" and not (socket.is_dir() and _belongs(socket, folder)):
        socket = home / "socket"
    if len(os.fsencode(socket)) > _SOCKET_ROOM:
        socket = Path(tempfile.mkdtemp(prefix="headworks-", dir=temporary_folder(account.uid)))
    database = pointer.database if pointer else _database(folder.parent.name)
    place = Place(major, home, socket, database)
    for part in (home, socket):
        if not part.is_relative_to(folder) and part != home / "socket":
            (part / "owner").write_text(f"{folder}\n")
    _write(folder, _Pointer(major, _within(home, folder), _within(socket, folder), database))
    return place


def _home(folder: Path, account: Account, major: int) -> Path:
    if reachable(folder, account.uid):
        home = folder / f"pg{major}"
        home.mkdir(exist_ok=True)
    else:
        home = Path(tempfile.mkdtemp(prefix=f"{_database(folder.parent.name)}-", dir=state_folder()))
    home.chmod(0o711)
    return home


def _belongs(part: Path, folder: Path) -> bool:
    """Whether `part` is this folder's: inside it, or outside and named so; one whose owner is gone moved with us."""
    folder = folder.resolve()
    if part.resolve().is_relative_to(folder):
        return True
    named = next((place / "owner" for place in (part, part.parent) if (place / "owner").is_file()), None)
    if named is None:
        return False
    owner = Path(named.read_text().strip())
    if owner == folder:
        return True
    theirs = _pointer(owner)
    return theirs is None or part not in (owner / theirs.home, owner / theirs.socket)


def _pointer(folder: Path) -> _Pointer | None:
    try:
        return msgspec.json.decode((folder / _FILE).read_bytes(), type=_Pointer)
    except (OSError, msgspec.DecodeError):
        return None


def _write(folder: Path, pointer: _Pointer) -> None:
    if pointer != _pointer(folder):
        scratch = folder / f"{_FILE}.new"
        scratch.write_bytes(msgspec.json.format(msgspec.json.encode(pointer), indent=1) + b"\n")
        scratch.rename(folder / _FILE)


def _within(path: Path, folder: Path) -> str:
    return str(path.relative_to(folder) if path.is_relative_to(folder) else path)


def _database(name: str) -> str:
    """A folder's name as an identifier that needs no quotes."""
    text = re.sub(r"[^a-z0-9_]+", "_", name.lower()).strip("_")
    text = text if text and text[0].isalpha() else f"db_{text}".rstrip("_")
    text = text if text not in ("postgres", "template0", "template1") else f"{text}_app"
    return text[:_NAME_ROOM]
