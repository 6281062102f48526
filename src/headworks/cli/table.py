"""Columns of text, as wide as what is in them; no Rich, which would double the time of a small command."""

from collections.abc import Sequence

from headworks.cli.terminal import coloured, uncoloured

__all__ = ["table"]


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Rows under a head; the last column may be of any length."""
    lines = [head, *rows]
    widths = [max(_width(line[column]) for line in lines) for column in range(len(head))]
    made = [
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
    return "\n".join([coloured(made[0], "dim"), *made[1:]])


def _width(cell: str) -> int:
    return len(uncoloured(cell))
