"""A call that runs while something else is done."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

__all__ = ["Meanwhile"]

T = TypeVar("T")


class Meanwhile(Generic[T]):
    """A call in a thread of its own; `result` waits for it, and gives what it returned or raises what it raised.

    A `daemon` is no reason for the process to stay: a server that does not answer must not outlive Ctrl-C.
    """

    def __init__(self, call: Callable[[], T], *, name: str, daemon: bool = True) -> None:
        self._call = call
        self._returned: list[T] = []  # nothing is something that a call may return
        self._raised: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name=name, daemon=daemon)
        self._thread.start()

    def result(self) -> T:
        """What the call returned."""
        self.wait()
        if self._raised is not None:
            raise self._raised
        return self._returned[0]

    def wait(self) -> None:
        """Until the call has ended, whatever became of it."""
        self._thread.join()

    def _run(self) -> None:
        try:
            self._returned.append(self._call())
        except BaseException as error:  # noqa: BLE001 - it is raised where the result is asked for
            self._raised = error
