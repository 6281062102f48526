"""An end to a step that does not end: it waits for a lock that nobody lets go, sleeps, or loops."""

import contextlib
import signal
import threading
import time
from collections.abc import Iterator
from contextvars import ContextVar

__all__ = ["Overdue", "limited", "on_time"]

_SECONDS: ContextVar[float] = ContextVar("headworks_step_limit", default=0.0)


class Overdue(Exception):
    """What a step that was ended has failed with."""


@contextlib.contextmanager
def limited(seconds: float) -> Iterator[None]:
    """For the `with` block, a step of a run of env.py may take so long; 0 is for ever."""
    token = _SECONDS.set(seconds)
    try:
        yield
    finally:
        _SECONDS.reset(token)


class on_time:  # noqa: N801 - used as a context manager around a step
    """Interrupts the main thread when the block, which runs in it, takes longer than `limited` says.

    A real SIGINT, as from Ctrl-C: it ends a wait for the server, a sleep and a loop alike. `overdue` tells it from a
    person's.
    """

    def __init__(self) -> None:
        self.seconds = _SECONDS.get()
        self.overdue = False
        self.deadline = 0.0

    def __enter__(self) -> "on_time":
        if self.seconds > 0 and threading.current_thread() is threading.main_thread():
            self.deadline = time.monotonic() + self.seconds
            _Watch.over(self)
        return self

    def __exit__(self, *_: object) -> None:
        _Watch.leave(self)


class _Watch:
    """One thread for all steps: to start one for each would take a tenth of a short step's time."""

    _lock = threading.Lock()
    _block: on_time | None = None
    _pause = 1.0
    _running = False

    @classmethod
    def over(cls, block: on_time) -> None:
        with cls._lock:
            cls._block = block
            cls._pause = max(0.02, block.seconds / 20)
            if not cls._running:
                cls._running = True
                threading.Thread(target=cls._run, name="headworks-clock", daemon=True).start()

    @classmethod
    def leave(cls, block: on_time) -> None:
        with cls._lock:
            if cls._block is block:
                cls._block = None

    @classmethod
    def _run(cls) -> None:
        while True:
            with cls._lock:
                block = cls._block
                if block is None:
                    # Nothing has begun since the last look: whatever comes next starts a thread again.
                    cls._running = False
                    return
                late = time.monotonic() > block.deadline
                if late:
                    cls._block = None
                    block.overdue = True
                    main = threading.main_thread().ident
                    assert main is not None
                    signal.pthread_kill(main, signal.SIGINT)
            time.sleep(cls._pause)
