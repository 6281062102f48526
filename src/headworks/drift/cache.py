"""Pictures of what was realised once, by a fingerprint of all that went into them.

What models make depends on their DDL, on PostgreSQL's version and on the queries that read it back; what migrations
make, on the files that they were read from. With these the same, the picture is the same, and no server has to start.
"""

import contextlib
import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path

import msgspec

from headworks._version import __version__
from headworks.migrations.inputs import Input, observed, unchanged
from headworks.postgres.folders import cache_folder
from headworks.schema import Object, Schema, kinds
from headworks.schema.codec import decode_records

__all__ = ["PictureCache", "fingerprint"]

_LIFE = 30 * 24 * 3600.0  # seconds since it was last used
_MOST = 128
"""Files that are kept, one or two a picture; the one used longest ago goes first."""

# Made before there are threads: see headworks.schema.codec.
_HEAD = msgspec.json.Decoder(tuple[int, str, dict[str, msgspec.Raw]])

_PICTURE, _INPUTS = ".picture", ".inputs"


def fingerprint(*parts: str) -> str:
    """Stands for these texts and for this version of the reader."""
    digest = hashlib.sha256(_reader().encode())
    for part in parts:
        digest.update(b"%d:" % len(part))
        digest.update(part.encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


@cache
def _reader() -> str:
    """What the version alone does not say while headworks itself is being changed: the queries and the records."""
    digest = hashlib.sha256(__version__.encode())
    folder = files("headworks.catalog") / "queries"
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        digest.update(file.name.encode() + file.read_bytes())
    for kind in kinds():
        digest.update(f"{kind.kind}{kind.__struct_fields__}{kind.__struct_defaults__}".encode())
    return digest.hexdigest()


class PictureCache:
    """Pictures in files below the user's cache folder. Whatever is wrong with a file, it is as if it were not there."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or cache_folder() / "pictures"

    def through(self, key: str | None, make: Callable[[], Schema]) -> Schema:
        """The picture of this key: from the cache, else made and kept. Without a key it is only made."""
        if key is None:
            return make()
        if (found := self._picture(key)) is not None:
            return found
        made = make()
        self._keep(key, made)
        return made

    def while_unchanged(self, key: str, make: Callable[[], Schema], root: Path, also: Iterable[Path] = ()) -> Schema:
        """The same for what files decide: it is made anew when one that was read in the making has changed.

        `root` is the folder of the project; the files `also` were read before.
        """
        inputs = self._inputs(key)
        if inputs and unchanged(inputs, root) and (found := self._picture(key)) is not None:
            return found
        with observed(root, also) as read:
            made = make()
        if read:
            self._keep(key, made)
            self._write(key + _INPUTS, msgspec.msgpack.encode(read))
        return made

    def _inputs(self, key: str) -> list[Input]:
        try:
            return msgspec.msgpack.decode((self._folder / (key + _INPUTS)).read_bytes(), type=list[Input])
        except (OSError, msgspec.DecodeError):
            return []

    def _picture(self, key: str) -> Schema | None:
        file = self._folder / (key + _PICTURE)
        by_word = {kind.kind: kind for kind in kinds()}
        try:
            major, source, groups = _HEAD.decode(file.read_bytes())
            objects: list[Object] = []
            for word, raw in groups.items():
                objects += decode_records(by_word[word], raw)
            with contextlib.suppress(OSError):
                os.utime(file)
        except (OSError, KeyError, msgspec.DecodeError):
            return None
        return Schema.of(objects, server_major=major, source=source)

    def _keep(self, key: str, picture: Schema) -> None:
        groups = {kind.kind: items for kind, items in picture.by_kind.items()}
        self._write(key + _PICTURE, msgspec.json.encode((picture.server_major, picture.source, groups)))

    def _write(self, name: str, content: bytes) -> None:
        with contextlib.suppress(OSError):  # a full disk is no reason to fail
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._forget()
            number, scratch = tempfile.mkstemp(prefix=".new-", dir=self._folder)
            with os.fdopen(number, "wb") as file:
                file.write(content)
            Path(scratch).replace(self._folder / name)

    def _forget(self) -> None:
        kept = sorted(self._folder.iterdir(), key=lambda file: file.stat().st_mtime, reverse=True)
        for place, file in enumerate(kept):
            if place >= _MOST - 1 or time.time() - file.stat().st_mtime > _LIFE:
                file.unlink(missing_ok=True)
