"""The process that walks one chunk of a history: `python -m headworks.gate.chunk`, for `headworks.gate.chunks`.

It reads an order from stdin, says on stdout which revision begins, and answers with what it saw when nothing failed.
"""

import os
import sys
import threading
from pathlib import Path
from typing import IO

import msgspec

from headworks.config import load
from headworks.gate.chunks import Order, frame, framed
from headworks.gate.passed import passed
from headworks.gate.scene import Scene
from headworks.gate.walk import walk_chunk
from headworks.gate.walked import Walked
from headworks.migrations.limit import limited
from headworks.migrations.project import Project
from headworks.postgres.apart import kept_apart
from headworks.postgres.shadow import twin_server

__all__ = ["main"]


def main() -> None:
    """Do as the order says."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a revision prints is no answer
    order = msgspec.msgpack.decode(framed(sys.stdin.buffer), type=Order)
    threading.Thread(target=_leave_with_the_other, name="headworks-other", daemon=True).start()
    sys.path[:] = order.path
    project = Project(load(Path(order.config) if order.config else None))
    walked, content = _walked(project, order, answers)
    if all(_sound(seen) for seen in walked) and tuple(seen.revision.id for seen in walked) == order.chosen:
        frame(answers, b"A" + content)


def _walked(project: Project, order: Order, answers: IO[bytes]) -> tuple[list[Walked], bytes]:
    def tell(number: int, total: int, name: str) -> None:
        frame(answers, b"B" + name.encode())

    with limited(order.timeout), kept_apart(ours=True), twin_server(order.twin) as shadow:
        walked, heads = walk_chunk(Scene.of(project, shadow, frozenset(order.chosen), tell), heads=order.heads)
        return walked, passed(walked, heads)


def _sound(seen: Walked) -> bool:
    return not (seen.failures or seen.lost or seen.skipped or seen.beside or seen.apart)


def _leave_with_the_other() -> None:
    """Nobody waits for the answer any more when stdin ends; the throw-away server goes with this process."""
    sys.stdin.buffer.read()
    os._exit(1)


if __name__ == "__main__":
    main()
