"""How large the live tables are: read from a database, kept in a file, asked when a lock is judged."""

from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec
import psycopg

from headworks.errors import UsageError
from headworks.postgres.connect import connect
from headworks.postgres.url import DatabaseUrl
from headworks.words import plural

__all__ = ["SMALL", "Size", "Sizes", "SizesUnreadable", "read_sizes", "shown", "sizes_of_file"]

SMALL = 10_000
"""A table with fewer rows is scanned or rewritten before anybody has waited."""

_VERSION = 1
_COUNTED = 64 * 1024 * 1024  # bytes


class SizesUnreadable(UsageError):
    """--sizes {file}: {reason}"""

    hint = "headworks sizes --url URL -o {file} writes such a file"


class Size(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Rows (an estimate of the server's where it has one) and bytes on disk, with indexes and TOAST."""

    rows: int
    bytes: int


class Sizes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The tables of one database, by `schema.table`."""

    headworks_sizes: int
    tables: dict[str, Size]

    def encode(self) -> str:
        """The text of the file: a table a line, in order."""
        lines = (
            f"    {msgspec.json.encode(name).decode()}: {msgspec.json.encode(size).decode()}"
            for name, size in sorted(self.tables.items())
        )
        inner = ",\n".join(lines)
        return f'{{\n  "headworks_sizes": {_VERSION},\n  "tables": {{\n{inner}\n  }}\n}}\n'


def sizes_of_file(path: Path) -> Sizes:
    """Raises `SizesUnreadable`."""
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Sizes)
    except OSError as error:
        raise SizesUnreadable(file=path, reason=error.strerror or error) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SizesUnreadable(file=path, reason=f"it is no file of sizes: {error}") from error
    if found.headworks_sizes != _VERSION:
        raise SizesUnreadable(file=path, reason=f"it is of version {found.headworks_sizes}, this headworks knows 1")
    return found


def read_sizes(url: DatabaseUrl) -> Sizes:
    """Every table, partitioned table and materialized view that is not the system's; nothing is written.

    Rows are the server's estimate; of a table that was never analysed they are counted where it is small and readable.
    A partitioned table has those of its partitions.
    """
    query = (files("headworks.gate.locks") / "queries" / "sizes.sql").read_bytes()
    found: dict[str, Size] = {}
    with connect(url, read_only=True) as connection:
        for _, name, root, quoted, partitioned, rows, own, total, alive, readable in connection.execute(query):
            if partitioned:
                found.setdefault(name, Size(0, 0))
                continue
            if rows < 0:
                rows = _rows(connection, quoted, counted=own <= _COUNTED) if readable else alive
            found[name] = Size(rows, total)
            if root is not None:
                whole = found.get(root, Size(0, 0))
                found[root] = Size(whole.rows + rows, whole.bytes + total)
    return Sizes(_VERSION, found)


def _rows(connection: "psycopg.Connection[Any]", quoted: str, *, counted: bool) -> int:
    if counted:
        row = connection.execute(f"SELECT count(*) FROM {quoted}".encode()).fetchone()  # noqa: S608 - by format('%I')
        assert row is not None
        return int(row[0])
    plan = connection.execute(f"EXPLAIN (FORMAT JSON) SELECT FROM {quoted}".encode()).fetchone()
    assert plan is not None
    return int(plan[0][0]["Plan"]["Plan Rows"])


def shown(rows: int) -> str:
    """`41 M rows`, `9,999 rows`."""
    for size, letter in ((1_000_000_000, "G"), (1_000_000, "M")):
        if rows >= size:
            return f"{rows / size:.3g} {letter} rows"
    return plural(rows, "row")
