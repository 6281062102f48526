"""stdout is data, stderr is progress; colour on a terminal alone, and never the only carrier of meaning."""

import contextlib
import os
import re
import shutil
import sys
import time
from pathlib import Path
from typing import Self, TextIO

from headworks.cli import state
from headworks.redaction import redact
from headworks.words import plural

__all__ = ["Progress", "bold", "coloured", "nobody_reads", "note", "out", "plural", "uncoloured"]

_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}
_COLOUR = re.compile(r"\x1b\[\d+m")


def out(text: str = "") -> None:
    """A line of data."""
    print(redact(text))


def note(text: str) -> None:
    """A line for the person who watches; nothing under --quiet."""
    if not state.quiet:
        _to_stderr(redact(text) + "\n")


def nobody_reads() -> None:
    """Whoever read stdout has gone (`headworks history | head`): what is still buffered goes nowhere, silently."""
    with contextlib.suppress(OSError, ValueError), Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


def _to_stderr(text: str) -> None:
    # A watcher who has gone must not stop the work half-way.
    with contextlib.suppress(BrokenPipeError):
        sys.stderr.write(text)
        sys.stderr.flush()


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
