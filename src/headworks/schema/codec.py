"""`Schema` as canonical JSON, and its fingerprint.

The file is sorted and indented, one value a line, so that git shows a changed property as a changed line. A property
that has its default is left out: a property that headworks learns later does not change the files of those who do not
use it. Of the server only the major is kept: a minor update is no change.
"""

import contextlib
import hashlib
import json
from typing import Annotated, Any, cast

import msgspec

from headworks.schema.base import Object, kind_named, kinds, properties
from headworks.schema.errors import (
    DuplicateObject,
    InvalidObject,
    NewerFormat,
    NotAPicture,
    PictureSyntax,
    UnknownKind,
)
from headworks.schema.model import Schema

__all__ = ["FORMAT", "decode", "decode_records", "encode", "fingerprint"]

FORMAT = 1
"""The number of the file format. A file of a higher number is refused, one of a lower number is read."""


def encode(schema: Schema) -> str:
    """The picture as JSON text that ends in a newline. Equal pictures of one major give equal text."""
    whole: dict[str, Any] = {"headworks_schema": FORMAT, "postgresql": schema.server_major}
    if schema.source:
        whole["source"] = schema.source
    elif schema.owner:
        whole["owner"] = schema.owner
    whole["objects"] = _content(schema)
    return msgspec.json.format(msgspec.json.encode(whole), indent=2).decode() + "\n"


def decode(text: str | bytes, *, source: str = "snapshot") -> Schema:
    """The picture in `text`; `source` is the file's name for messages.

    Raises a `headworks.schema.errors.PictureError`.
    """
    try:
        major, owner, origin, groups = _quickly(text)
    except (msgspec.MsgspecError, UnicodeError, LookupError):
        major, owner, origin, groups = _carefully(text, source)
    objects: dict[Any, Object] = {}
    for group in groups:
        for item in group:
            if objects.setdefault(item.key, item) is not item:
                raise DuplicateObject(source=source, object=item.ref)
    return Schema.of(objects.values(), server_major=major, owner=owner, source=origin)


class _File(msgspec.Struct):
    headworks_schema: Annotated[int, msgspec.Meta(le=FORMAT)]
    objects: dict[str, msgspec.Raw]
    postgresql: int = 0
    owner: str = ""
    source: str = ""


# msgspec describes a type to itself when it is first used, and crashes when two threads do that at once: pictures are
# read in several threads, and modules are imported in one.
_FILE = msgspec.json.Decoder(_File)
_DECODERS = {kind: msgspec.json.Decoder(list[kind]) for kind in kinds()}  # type: ignore[valid-type]


def decode_records(kind: type[Object], text: bytes | msgspec.Raw) -> list[Object]:
    """The records of a kind in a JSON array. Raises `msgspec.ValidationError`, `msgspec.DecodeError`."""
    return _DECODERS[kind].decode(text)


def _quickly(text: str | bytes) -> tuple[int, str, str, list[list[Object]]]:
    """A sound file, straight into records."""
    whole = _FILE.decode(text)
    words = {kind.kind: kind for kind in kinds()}
    groups = [decode_records(words[word], raw) for word, raw in whole.objects.items()]
    return whole.postgresql, whole.owner, whole.source, groups


def _list_of(kind: type[Object]) -> Any:
    return list[kind]  # type: ignore[valid-type]


def _carefully(text: str | bytes, source: str) -> tuple[int, str, str, list[list[Object]]]:
    """The same step by step, to say what is wrong and where."""
    whole = _parse(text, source)
    if not isinstance(whole, dict) or "headworks_schema" not in whole:
        raise NotAPicture(source=source, reason='there is no "headworks_schema" at the top')
    number, major, groups = whole["headworks_schema"], whole.get("postgresql", 0), whole.get("objects")
    owner, origin = whole.get("owner", ""), whole.get("source", "")
    if (
        type(number) is not int
        or type(major) is not int
        or not isinstance(groups, dict)
        or not isinstance(owner, str)
        or not isinstance(origin, str)
    ):
        raise NotAPicture(
            source=source, reason='"headworks_schema", "postgresql" and "objects" are not as they should be'
        )
    if number > FORMAT:
        raise NewerFormat(source=source, found=number, supported=FORMAT)
    return major, owner, origin, [_objects(word, group, source) for word, group in groups.items()]


def fingerprint(schema: Schema) -> str:
    """64 hexadecimal digits: the SHA-256 of the picture's content. The server's major has no part in it."""
    return hashlib.sha256(msgspec.json.encode([FORMAT, _content(schema)])).hexdigest()


def _content(schema: Schema) -> dict[str, list[dict[str, Any]]]:
    return {
        kind.kind: [_row(item, fields) for item in sorted(schema.by_kind[kind], key=lambda item: item.key)]
        for kind, fields in sorted(((kind, _fields(kind)) for kind in schema.by_kind), key=lambda pair: pair[0].kind)
    }


def _fields(kind: type[Object]) -> tuple[tuple[str, Any], ...]:
    """Names first, then the properties by name: the order of fields in the code is no part of the format."""
    compared = {one.name for one in properties(kind)}
    found = [(field.name, field.default) for field in msgspec.structs.fields(kind)]
    return tuple(sorted(found, key=lambda field: (field[0] in compared, field[0])))


def _row(item: Object, fields: tuple[tuple[str, Any], ...]) -> dict[str, Any]:
    return {name: value for name, default in fields if (value := getattr(item, name)) != default}


def _parse(text: str | bytes, source: str) -> Any:
    with contextlib.suppress(msgspec.DecodeError, UnicodeError):
        return msgspec.json.decode(text)
    try:
        return json.loads(text)  # slower, but its errors know the line
    except json.JSONDecodeError as error:
        raise PictureSyntax(source=source, line=error.lineno, reason=error.msg) from None
    except UnicodeDecodeError as error:
        raise PictureSyntax(
            source=source, line=error.object[: error.start].count(b"\n") + 1, reason="not UTF-8"
        ) from None


def _objects(word: str, group: Any, source: str) -> list[Object]:
    kind = kind_named(word)
    if kind is None:
        raise UnknownKind(source=source, kind=word)
    if not isinstance(group, list):
        raise NotAPicture(source=source, reason=f'"{word}" is not a list')
    try:
        return cast("list[Object]", msgspec.convert(group, _list_of(kind)))
    except msgspec.ValidationError:
        for number, row in enumerate(group, start=1):
            try:
                msgspec.convert(row, kind)
            except msgspec.ValidationError as error:
                raise InvalidObject(source=source, kind=word, number=number, reason=str(error)) from None
        raise
