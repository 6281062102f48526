"""What was seen of revisions, as bytes: a picture is what became of the one before it, as most of it is the same."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from headworks.errors import HeadworksError
from headworks.gate.walked import Walked
from headworks.migrations.errors import DowngradeMissing, RevisionFailed
from headworks.migrations.history import History
from headworks.schema import Object, QualifiedName, Schema, kinds

__all__ = ["passed", "taken"]


class _Difference(msgspec.Struct):
    gone: dict[str, msgspec.Raw]
    come: dict[str, msgspec.Raw]


class _Seen(msgspec.Struct):
    """Pictures by their number: before, upgraded, downgraded, reupgraded."""

    revision: str
    pictures: tuple[int | None, int | None, int | None, int | None]
    seconds: float | None
    named: dict[str, frozenset[QualifiedName]]
    failures: dict[str, "_Failed"]
    together: bool
    lost: bool
    skipped: str | None


class _Failed(msgspec.Struct):
    kind: str
    fields: dict[str, Any]


class _Passed(msgspec.Struct):
    major: int
    differences: list[_Difference]
    seen: list[_Seen]


_ERRORS: dict[str, type[HeadworksError]] = {kind.__name__: kind for kind in (RevisionFailed, DowngradeMissing)}
_DECODERS = {kind.kind: msgspec.msgpack.Decoder(list[kind]) for kind in kinds()}  # type: ignore[valid-type]


def passed(walked: Sequence[Walked], heads: Schema) -> bytes:
    """All that was seen, and last the picture at the heads. Of an error its fields are passed, not its cause."""
    pictures: list[Schema] = []
    numbers: dict[int, int] = {}

    def number(picture: Schema | None) -> int | None:
        if picture is None:
            return None
        if id(picture) not in numbers:
            numbers[id(picture)] = len(pictures)
            pictures.append(picture)
        return numbers[id(picture)]

    seen = [
        _Seen(
            one.revision.id,
            (number(one.before), number(one.upgraded), number(one.downgraded), number(one.reupgraded)),
            one.seconds,
            one.named,
            {step: _Failed(type(error).__name__, error.fields) for step, error in one.failures.items()},
            one.together,
            one.lost,
            one.skipped,
        )
        for one in walked
    ]
    number(heads)
    differences = []
    before: frozenset[Object] = frozenset()
    for picture in pictures:
        differences.append(_Difference(_raw(before - picture.objects), _raw(picture.objects - before)))
        before = picture.objects
    return msgspec.msgpack.encode(_Passed(heads.server_major, differences, seen))


def taken(content: bytes, history: History) -> tuple[list[Walked], Schema]:
    """The same again. Raises `msgspec.DecodeError`."""
    found = msgspec.msgpack.decode(content, type=_Passed)
    pictures: list[Schema] = []
    now = Schema.of((), server_major=found.major)
    for step in found.differences:
        now = now.with_objects((now.objects - set(_objects(step.gone))) | set(_objects(step.come)))
        pictures.append(now)
    walked = []
    for one in found.seen:
        before, upgraded, downgraded, reupgraded = (
            pictures[number] if number is not None else None for number in one.pictures
        )
        seen = Walked(history.by_id[one.revision], before, upgraded, downgraded, reupgraded)
        seen.seconds, seen.named = one.seconds, one.named
        seen.failures = {step: _ERRORS[error.kind](**error.fields) for step, error in one.failures.items()}
        seen.together, seen.lost, seen.skipped = one.together, one.lost, one.skipped
        walked.append(seen)
    return walked, pictures[-1]


def _raw(objects: Iterable[Object]) -> dict[str, msgspec.Raw]:
    groups: dict[str, list[Object]] = {}
    for item in objects:
        groups.setdefault(item.kind, []).append(item)
    return {word: msgspec.Raw(msgspec.msgpack.encode(items)) for word, items in groups.items()}


def _objects(groups: dict[str, msgspec.Raw]) -> list[Object]:
    return [item for word, raw in groups.items() for item in _DECODERS[word].decode(raw)]
