"""What other people's code finds around it while it runs: a stdout that is ours, logs without noise, no way out."""

import contextlib
import io
import logging
import os
import sys
import threading
from collections.abc import Iterator
from typing import NoReturn, TextIO

from headworks.redaction import redact

__all__ = ["RedactedStream", "exits_raised", "quiet_logging", "stdout_aside"]


@contextlib.contextmanager
def stdout_aside() -> Iterator[None]:
    """For the `with` block, what goes to the descriptor of stdout goes to stderr: a program that they run has it.

    `contextlib.redirect_stdout` is for what Python prints alone.
    """
    with contextlib.suppress(OSError, ValueError):  # nobody reads it any more, or it is closed
        sys.stdout.flush()
    try:
        ours = os.dup(1)
    except OSError:
        yield
        return
    try:
        with contextlib.suppress(OSError):  # there is no stderr
            os.dup2(2, 1)
        yield
    finally:
        os.dup2(ours, 1)
        os.close(ours)


@contextlib.contextmanager
def exits_raised() -> Iterator[None]:
    """For the `with` block, `os._exit` in this thread is a `SystemExit`.

    Else a revision that has it would end us with its own exit code, 0 perhaps, and without a word. A process that the
    revision has forked may leave.
    """
    leave, process, thread = os._exit, os.getpid(), threading.get_ident()

    def raised(status: int) -> NoReturn:
        if (os.getpid(), threading.get_ident()) == (process, thread):
            raise SystemExit(status)
        leave(status)

    os._exit = raised
    try:
        yield
    finally:
        os._exit = leave


class _RedactedRecord(logging.LogRecord):
    """Drivers and engines log what they connect to."""

    def getMessage(self) -> str:  # noqa: N802 - logging's name
        return redact(super().getMessage())


@contextlib.contextmanager
def quiet_logging() -> Iterator[None]:
    """Our own progress says what runs; Alembic's notes of the same would double it; nor do its parts matter.

    Warnings come through, and what autogenerate detects.
    """
    loggers = [logging.getLogger(f"alembic.runtime.{name}") for name in ("migration", "plugins")]

    def only_warnings(record: logging.LogRecord) -> bool:
        return record.levelno >= logging.WARNING

    factory = logging.getLogRecordFactory()
    logging.setLogRecordFactory(_RedactedRecord)
    for logger in loggers:
        logger.addFilter(only_warnings)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeFilter(only_warnings)
        logging.setLogRecordFactory(factory)


class RedactedStream(io.TextIOBase):
    """Passes on what is written, without passwords."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        # Nobody watches any more, or the disk is full: that is no reason for a migration to fail.
        with contextlib.suppress(OSError):
            self._stream.write(redact(text))
        return len(text)

    def flush(self) -> None:
        if not self._stream.closed:  # its own end, when it is collected, flushes once more
            with contextlib.suppress(OSError):
                self._stream.flush()

    def writable(self) -> bool:
        return True
