"""The process that walks one chunk of a history: `python -m headworks.gate.chunk`, for `headworks.gate.chunks`.

It reads an order from stdin, says on stdout which revision begins and which step did not end, and answers with what it
saw: of the last chunk all, of another one when all its upgrades run, as the chunks after it take them for granted.
"""

import os
import sys
import threading
from pathlib import Path
from typing import IO

import msgspec

from headworks.gate.order import Late, Order, frame, framed
from headworks.postgres.shadow import Shadow, twin_server

__all__ = ["main"]


def main() -> None:
    """Do as the order says."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a revision prints is no answer
    order = msgspec.msgpack.decode(framed(sys.stdin.buffer), type=Order)
    threading.Thread(target=_leave_with_the_other, name="headworks-other", daemon=True).start()
    with twin_server(order.twin) as shadow:
        shadow.soon()  # the rest of us is loaded meanwhile
        answer = _walked(order, shadow, answers)
    if answer is not None:
        frame(answers, b"A" + answer)


def _walked(order: Order, shadow: Shadow, answers: IO[bytes]) -> bytes | None:
    """What was seen of all revisions; `None` when that is not all that there is to it."""
    sys.path[:] = order.path

    from headworks.config import load
    from headworks.gate.passed import passed
    from headworks.gate.scene import Scene
    from headworks.gate.walk import walk_chunk
    from headworks.migrations.limit import Overdue, limited
    from headworks.migrations.project import Project
    from headworks.postgres.apart import kept_apart

    def tell(number: int, total: int, name: str) -> None:
        frame(answers, b"B" + name.encode())

    def ended(revision: str, direction: str, late: Overdue) -> None:
        frame(answers, b"L" + msgspec.msgpack.encode(Late(revision, direction, str(late), late.line)))

    project = Project(load(Path(order.config) if order.config else None))
    with limited(order.timeout, ended), kept_apart(ours=True):
        walked, heads = walk_chunk(Scene.of(project, shadow, frozenset(order.chosen), tell), heads=order.heads)
        ours = tuple(seen.revision.id for seen in walked) == order.chosen  # else something below failed, too
        sound = all(seen.upgrades or (order.heads and not (seen.beside or seen.apart)) for seen in walked)
        return passed(walked, heads) if ours and sound else None


def _leave_with_the_other() -> None:
    """Nobody waits for the answer any more when stdin ends; the throw-away server goes with this process."""
    # Not sys.stdin's own read: its lock would be waited for, a second long, when this process ends first.
    while os.read(0, 1):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
