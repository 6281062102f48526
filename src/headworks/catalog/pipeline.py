"""Several questions in one round trip."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

__all__ = ["pipeline"]


@contextmanager
def pipeline(connection: "psycopg.Connection[Any]") -> Iterator[None]:
    """psycopg's pipeline, where the libpq has it. That it cannot be ended on a connection that is lost is not logged.

    The loss itself is raised by the question that met it.
    """
    if not psycopg.Pipeline.is_supported():
        yield
        return
    logger = logging.getLogger("psycopg")
    logger.addFilter(_of_nobody)
    try:
        with connection.pipeline():
            yield
    finally:
        logger.removeFilter(_of_nobody)


def _of_nobody(record: logging.LogRecord) -> bool:
    words = record.args if isinstance(record.args, tuple) else ()
    return not (words and isinstance(words[0], psycopg.Pipeline))
