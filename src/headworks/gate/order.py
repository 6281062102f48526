"""What the process that walks a chunk of a history is told, and how the two talk: over pipes, in frames of bytes."""

from typing import IO

import msgspec

from headworks.postgres.shadow import Twin

__all__ = ["Late", "Order", "frame", "framed"]


class Order(msgspec.Struct, frozen=True):
    """What such a process is told: the project's configuration file (`""`: none), a server like ours, the revisions.

    With `heads` it goes on to the heads.
    """

    config: str
    path: tuple[str, ...]
    twin: Twin
    chosen: tuple[str, ...]
    heads: bool
    timeout: float


class Late(msgspec.Struct, frozen=True):
    """What such a process says of a step that did not end, as soon as it has ended it."""

    revision: str
    direction: str
    reason: str
    line: int


def frame(stream: IO[bytes], content: bytes) -> None:
    """Write bytes that `framed` reads."""
    stream.write(len(content).to_bytes(4, "big") + content)
    stream.flush()


def framed(stream: IO[bytes]) -> bytes:
    """Read what `frame` wrote; nothing at the end. Raises `EOFError` in the middle of it."""
    head = stream.read(4)
    if not head:
        return b""
    content = stream.read(int.from_bytes(head, "big"))
    if len(head) < 4 or len(content) < int.from_bytes(head, "big"):
        raise EOFError
    return content
