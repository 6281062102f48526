"""An end to a step that does not end: it waits for a lock that nobody lets go, sleeps, or loops."""

import contextlib
import signal
import threading
import time
from collections.abc import Callable, Iterator, MutableMapping
from contextvars import ContextVar
from types import FrameType

__all__ = [
    "Overdue",
    "forget_late",
    "heeded",
    "late_before",
    "late_memory",
    "late_steps",
    "limited",
    "on_time",
    "remember_late",
]

_SECONDS: ContextVar[float] = ContextVar("headworks_step_limit", default=0.0)


class Overdue(Exception):
    """What a step that was ended has failed with, and at which line of its revision's file; 0 where nobody says."""

    line = 0


_Late = MutableMapping[tuple[str, str], Overdue]

_LATE: ContextVar[_Late | None] = ContextVar("headworks_late_steps", default=None)
_TOLD: ContextVar[Callable[[str, str, Overdue], None] | None] = ContextVar("headworks_late_told", default=None)


@contextlib.contextmanager
def limited(seconds: float, told: Callable[[str, str, Overdue], None] | None = None) -> Iterator[None]:
    """For the `with` block, a step of a run of env.py may take so long; 0 is for ever.

    A step that did not end is not waited for again; `told` hears of it at once.
    """
    tokens = _SECONDS.set(seconds), _LATE.set({}), _TOLD.set(told)
    try:
        with _heard() if seconds > 0 else contextlib.nullcontext():
            yield
    finally:
        _SECONDS.reset(tokens[0])
        _LATE.reset(tokens[1])
        _TOLD.reset(tokens[2])


def remember_late(revision: str, direction: str, late: Overdue) -> None:
    """The step was ended: until the end of `limited` it is known not to end."""
    if (known := _LATE.get()) is not None:
        known[revision, direction] = late
    if (told := _TOLD.get()) is not None:
        told(revision, direction, late)


def late_memory() -> _Late:
    """What is remembered here, for a thread that hears of steps which others ended."""
    known = _LATE.get()
    return {} if known is None else known


def late_steps() -> frozenset[tuple[str, str]]:
    """Revisions and directions of the steps that are known not to end."""
    return frozenset(_LATE.get() or {})


def forget_late(revision: str, direction: str) -> None:
    """Where things are otherwise than when it was ended, it may be run again."""
    (_LATE.get() or {}).pop((revision, direction), None)


def late_before(revision: str, direction: str) -> Overdue | None:
    """What the step has failed with, where it was ended before."""
    return (_LATE.get() or {}).get((revision, direction))


@contextlib.contextmanager
def _heard() -> Iterator[None]:
    """Hear SIGINT where it is ignored, as it is in what a shell's script runs with `&`: but for our own it still is."""
    main = threading.current_thread() is threading.main_thread()
    if not main or signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        yield
        return
    signal.signal(signal.SIGINT, _ours_alone)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def _ours_alone(number: int, frame: FrameType | None) -> None:
    if _Watch.ending:
        _Watch.ending = False
        raise KeyboardInterrupt


def heeded() -> bool:
    """Whether a SIGINT that has just come ends what is at work."""
    return signal.getsignal(signal.SIGINT) is not _ours_alone or _Watch.ending


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
    ending = False  # a SIGINT of ours is on its way

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
                    block.overdue = cls.ending = True
                    main = threading.main_thread().ident
                    assert main is not None
                    signal.pthread_kill(main, signal.SIGINT)
            time.sleep(cls._pause)
