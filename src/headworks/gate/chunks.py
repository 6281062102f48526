"""A long history walked side by side: the first chunk here, each other one by a process of its own.

A process, since Alembic's `op` and `context` are one for all threads; and a throw-away server of its own, since a
revision may make roles, which the databases of a server share. What lies below its chunk such a process runs without
looking. It answers when the other chunks need not know of what failed in its own; else the chunk is walked again here,
but for a step that did not end: nobody waits for that again.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import IO

import msgspec

from headworks.gate.order import Late, Order, frame, framed
from headworks.gate.scene import Scene
from headworks.meanwhile import Meanwhile
from headworks.migrations.history import Revision
from headworks.migrations.limit import Overdue, late_memory

__all__ = ["Chunk", "chunked", "sizes"]

BEGINNING = 90
"""What such a process takes before its first revision, in revisions looked at, measured."""

BELOW = 0.25
"""What a revision that is run without looking takes, in revisions looked at, measured."""

WORTH = 0.85
"""Of the time of one process: what takes longer is not worth a second core."""


def sizes(count: int, processes: int) -> list[int]:
    """How many of `count` revisions each of up to so many processes takes, so that all end at once."""
    for number in range(processes, 1, -1):
        low, high = 0.0, float(count)
        for _ in range(40):
            middle = (low + high) / 2
            low, high = (middle, high) if sum(_shares(middle, number)) < count else (low, middle)
        if high > WORTH * count:
            continue
        found = [round(share) for share in _shares(high, number)]
        found[0] += count - sum(found)
        if min(found) > 0:
            return found
    return [count]


def _shares(time: float, number: int) -> list[float]:
    """What each does in this time; a later one begins later, and has more below it."""
    shares = [time]
    for _ in range(number - 1):
        shares.append(max(0.0, time - BEGINNING - BELOW * sum(shares)))
    return shares


class Chunk:
    """A chunk of the history that another process walks. `chosen` are the ids of its revisions, in order."""

    def __init__(self, order: Order, begins: Callable[[str], None]) -> None:
        self.chosen = order.chosen
        self._late = late_memory()
        self._begins = begins
        # -P: as for the program `headworks`, the current folder is no place to import from.
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "headworks.gate.chunk"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is ours to hear; it ends when its stdin does
        )
        self._reading = Meanwhile(lambda: self._read(msgspec.msgpack.encode(order)), name="headworks-chunk")

    def answer(self) -> bytes | None:
        """What it has to say (see `headworks.gate.chunk`), or `None` where its chunk has to be walked here."""
        return self._reading.result()

    def end(self) -> None:
        """It is needed no more."""
        with suppress(OSError):
            self._stdin.close()
        self._reading.result()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()

    @property
    def _stdin(self) -> IO[bytes]:
        assert self._process.stdin is not None
        return self._process.stdin

    def _read(self, order: bytes) -> bytes | None:
        assert self._process.stdout is not None
        with suppress(OSError, EOFError):  # it may have been ended by what it ran
            frame(self._stdin, order)
            while len(said := framed(self._process.stdout)) > 0:
                word, rest = said[:1], said[1:]
                if word == b"A":
                    return rest
                if word == b"L":
                    self._remember(msgspec.msgpack.decode(rest, type=Late))
                else:
                    self._begins(rest.decode())
        return None

    def _remember(self, said: Late) -> None:
        late = Overdue(said.reason)
        late.line = said.line
        self._late[said.revision, said.direction] = late


@contextmanager
def chunked(scene: Scene, chosen: frozenset[str], begins: Callable[[Revision], None]) -> Iterator[Sequence[Chunk]]:
    """The chunks that others walk, at work; none where the history is short, or there is one core, or one server."""
    twin = scene.shadow.twin
    order = [one.id for one in scene.project.history.revisions if one.id in chosen]
    parts = sizes(len(order), _cores())
    if twin is None or len(parts) < 2:
        yield ()
        return
    settings = scene.project.settings
    others: list[Chunk] = []
    lock = threading.Lock()
    by_id = scene.project.history.by_id

    def tell(name: str) -> None:
        with lock:
            begins(by_id[name])

    try:
        start = parts[0]
        for size in parts[1:]:
            some = Order(
                config=str(settings.file.resolve()) if settings.file is not None else "",
                path=tuple(sys.path),
                twin=twin,
                chosen=tuple(order[start : start + size]),
                heads=start + size == len(order),
                timeout=settings.keys.gate.timeout,
            )
            others.append(Chunk(some, tell))
            start += size
        yield others
    finally:
        for one in others:
            one.end()


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
