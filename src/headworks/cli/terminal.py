"""stdout is data, stderr is progress; colour on a terminal alone, and never the only carrier of meaning."""

import os
import sys
import time
from typing import TextIO

from headworks.cli import state
from headworks.redaction import redact

__all__ = ["Progress", "bold", "coloured", "note", "out", "plural"]

_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}


def out(text: str = "") -> None:
    """A line of data."""
    print(redact(text))


def note(text: str) -> None:
    """A line for the person who watches; nothing under --quiet."""
    if not state.quiet:
        print(redact(text), file=sys.stderr, flush=True)


def coloured(text: str, style: str, stream: TextIO | None = None) -> str:
    """`text` in a style where the stream is a terminal that wants colour (NO_COLOR, FORCE_COLOR)."""
    stream = stream or sys.stdout
    wanted = stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    if not (wanted or (os.environ.get("FORCE_COLOR") and not os.environ.get("NO_COLOR"))):
        return text
    return f"\x1b[{_CODES[style]}m{text}\x1b[0m"


def bold(text: str) -> str:
    """A heading."""
    return coloured(text, "bold")


def plural(count: int, word: str, words: str | None = None) -> str:
    """`1 revision`, `2 revisions`."""
    return f"{count:,} {word if count == 1 else words or word + 's'}"


class Progress:
    """One line on stderr for what takes longer than a second: rewritten on a terminal, else one a second."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._live = sys.stderr.isatty() and not state.quiet
        self._said = time.monotonic()
        self._width = 0

    def step(self, number: int, total: int, name: str) -> None:
        """`number` of `total` begins: `name`."""
        now = time.monotonic()
        if self._live:
            text = f"{self._what} {number}/{total} {name}"
            sys.stderr.write("\r" + text.ljust(self._width))
            sys.stderr.flush()
            self._width = len(text)
        elif now - self._said > 1.0:
            note(f"{self._what} {number}/{total} {name}")
            self._said = now

    def done(self) -> None:
        """Take the line away."""
        if self._live and self._width:
            sys.stderr.write("\r" + " " * self._width + "\r")
            sys.stderr.flush()
