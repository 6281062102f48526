"""SIGTERM and SIGHUP, taken for Ctrl-C: what was begun is cleaned up, and the exit code is 130."""

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType

__all__ = ["ended_as_interrupted"]

_SIGNALS = (signal.SIGTERM, signal.SIGHUP)


@contextlib.contextmanager
def ended_as_interrupted() -> Iterator[None]:
    """For the `with` block; a signal that is ignored (`nohup`), or that somebody else hears, is left alone."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are the main thread's
        return
    ours = [number for number in _SIGNALS if signal.getsignal(number) is signal.SIG_DFL]
    for number in ours:
        signal.signal(number, _interrupt)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
