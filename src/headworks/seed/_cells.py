"""CSV by RFC 4180, with the line and the column of each cell, and PostgreSQL's rule for null.

The standard library's reader gives neither the place of a cell nor whether it was quoted; PostgreSQL's `COPY ... CSV`
tells null (nothing) from the empty text (`""`) by the quotes (https://www.postgresql.org/docs/current/sql-copy.html).
"""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from headworks.seed.errors import CsvSyntaxError
from headworks.seed.records import Place

__all__ = ["Cell", "read"]


class Cell(msgspec.Struct, frozen=True):
    """One cell: its text (`None` when nothing stands there), and where it begins."""

    text: str | None
    place: Place


def read(path: Path, text: str) -> Iterator[tuple[Cell, ...]]:
    """Yield the records of a CSV file; an empty line is none. Raises `CsvSyntaxError` for a stray quote."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    at, line, start_of_line = 0, 1, 0
    record: list[Cell] = []
    while at < len(text):
        here = Place(str(path), line, at - start_of_line + 1)
        value: str | None
        if text[at] == '"':
            value, end = _quoted(text, at, here)
            lines = text.count("\n", at, end)
            if lines:
                line += lines
                start_of_line = text.rfind("\n", at, end) + 1
            if end < len(text) and text[end] not in ",\n":
                raise CsvSyntaxError(
                    file=here.file, line=line, column=end - start_of_line + 1, problem="text after a closing quote"
                )
        else:
            end = at
            while end < len(text) and text[end] not in ",\n":
                end += 1
            value = text[at:end] or None
            if value is not None and '"' in value:
                column = here.column + value.index('"')
                raise CsvSyntaxError(
                    file=here.file, line=line, column=column, problem="a quote inside a cell without quotes"
                )
        record.append(Cell(value, here))
        if end < len(text) and text[end] == ",":
            at = end + 1
            if at == len(text) or text[at] == "\n":  # a comma at the end of a line opens one more, empty cell
                record.append(Cell(None, Place(str(path), line, at - start_of_line + 1)))
                end = at
            else:
                continue
        if len(record) > 1 or record[0].text is not None:
            yield tuple(record)
        record = []
        at = end + 1
        line += 1
        start_of_line = at


def _quoted(text: str, at: int, here: Place) -> tuple[str, int]:
    """Read the quoted cell that begins at `at`: its text, and the index after its closing quote."""
    parts: list[str] = []
    begin = at + 1
    while True:
        quote = text.find('"', begin)
        if quote < 0:
            raise CsvSyntaxError(file=here.file, line=here.line, column=here.column, problem="a quote is never closed")
        parts.append(text[begin:quote])
        if text[quote + 1 : quote + 2] != '"':
            return "".join(parts), quote + 1
        parts.append('"')
        begin = quote + 2
