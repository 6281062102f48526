"""The words that PostgreSQL reserves: asked of a server, and kept by its version."""

import contextlib
import os
from pathlib import Path

from headworks.postgres.connect import connect
from headworks.postgres.folders import cache_folder
from headworks.postgres.shadow import Shadow
from headworks.postgres.url import DatabaseUrl

__all__ = ["reserved_at", "reserved_words"]

# `R` cannot be a column or a table, `T` can be a function or a type alone, neither without quotes.
_RESERVED = "SELECT word::text FROM pg_catalog.pg_get_keywords() WHERE catcode IN ('R', 'T') ORDER BY 1"


def reserved_at(url: DatabaseUrl) -> frozenset[str]:
    """The reserved words of the server at `url`."""
    with connect(url, read_only=True) as connection:
        return frozenset(word for (word,) in connection.execute(_RESERVED).fetchall())


def reserved_words(shadow: Shadow) -> frozenset[str]:
    """Those of the shadow's version; the server is not started when they were asked for before."""
    file = Path(cache_folder()) / f"keywords-{shadow.version}"
    try:
        if words := file.read_text(encoding="utf-8").split():
            return frozenset(words)
    except OSError:
        pass
    words = sorted(reserved_at(shadow.url))
    with contextlib.suppress(OSError):  # a full disk is no reason to fail
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        scratch = file.with_name(f".{file.name}.{os.getpid()}")
        scratch.write_text("\n".join(words), encoding="utf-8")
        scratch.replace(file)
    return frozenset(words)
