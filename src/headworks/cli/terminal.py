"""stdout is data, stderr is progress; colour on a terminal alone, and never the only carrier of meaning."""

import contextlib
import os
import re
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self, TextIO

from headworks.cli import state
from headworks.errors import HeadworksError
from headworks.redaction import redact
from headworks.words import plural

__all__ = [
    "OutputLost",
    "Progress",
    "Stdout",
    "bold",
    "coloured",
    "complain",
    "nobody_reads",
    "note",
    "out",
    "plural",
    "uncoloured",
]

_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}
_COLOUR = re.compile(r"\x1b\[\d+m")


def out(text: str = "") -> None:
    """A line of data."""
    print(redact(text))


def note(text: str) -> None:
    """A line for the person who watches; nothing under --quiet."""
    if not state.quiet:
        _to_stderr(redact(text) + "\n")


def complain(text: str) -> None:
    """A line on what is wrong, also under --quiet."""
    _to_stderr(redact(text) + "\n")


def nobody_reads() -> None:
    """Whoever read stdout has gone (`headworks history | head`), or where it goes is full: what is still buffered goes
    nowhere, silently."""
    with contextlib.suppress(OSError, ValueError), Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


def _to_stderr(text: str) -> None:
    # A watcher who has gone, or a log on a full disk, must not stop the work half-way, nor change how it ends.
    with contextlib.suppress(OSError):
        sys.stderr.write(text)
        sys.stderr.flush()


class OutputLost(HeadworksError):
    """stdout cannot be written to: {reason}"""

    hint = "make room where it goes, or send it elsewhere; the work itself may be done: headworks status"


class Stdout:
    """The stream in its place that says what is wrong with it, which an OSError does not: it may be of any file."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """As the stream does. Raises `OutputLost`."""
        with _told():
            return self._stream.write(text)

    def flush(self) -> None:
        """As the stream does. Raises `OutputLost`."""
        with _told():
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextlib.contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:  # whoever read has seen enough
        raise
    except OSError as error:
        raise OutputLost(reason=error.strerror or error) from error


def coloured(text: str, style: str, stream: TextIO | None = None) -> str:
    """`text` in a style where the stream is a terminal that wants colour (NO_COLOR, FORCE_COLOR)."""
    stream = stream or sys.stdout
    wanted = stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    if not (wanted or (os.environ.get("FORCE_COLOR") and not os.environ.get("NO_COLOR"))):
        return text
    return f"\x1b[{_CODES[style]}m{text}\x1b[0m"


def uncoloured(text: str) -> str:
    """The text without what `coloured` put in."""
    return _COLOUR.sub("", text)


def bold(text: str) -> str:
    """A heading."""
    return coloured(text, "bold")


class Progress:
    """One line on stderr for what takes longer than a second: rewritten on a terminal, else one a second.

    It is there for a `with` block, and taken away at its end.
    """

    def __init__(self, what: str) -> None:
        self._what = what
        self._live = sys.stderr.isatty() and not state.quiet
        self._said = time.monotonic()
        self._width = 0

    def step(self, number: int, total: int, name: str) -> None:
        """`number` of `total` begins: `name`."""
        now = time.monotonic()
        if self._live:
            room = shutil.get_terminal_size().columns - 1  # a line that wraps could not be rewritten
            text = f"{self._what} {number}/{total} {name}"[:room]
            _to_stderr("\r" + text.ljust(self._width))
            self._width = len(text)
        elif now - self._said > 1.0:
            note(f"{self._what} {number}/{total} {name}")
            self._said = now

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._live and self._width:
            _to_stderr("\r" + " " * self._width + "\r")
