"""Where a key stands in a TOML file: tomllib keeps no positions."""

import re
from pathlib import Path

__all__ = ["line_of"]


def line_of(file: Path, names: list[str], nth: int = 0) -> int:
    """The line of a key of `[tool.headworks]`, or of the table that holds it, looked for as a reader would.

    Of an array of tables it is the line of the `nth` one.
    """
    wanted = ["tool", "headworks", *names]
    table: list[str] = []
    nearest = 1
    lines = file.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, start=1):
        if header := re.match(r"\s*\[{1,2}([^\[\]]+)\]{1,2}\s*(?:#.*)?$", line):
            here = table = _parts(header[1])
        elif key := re.match(r"\s*([\w\"'.\s-]+?)\s*=", line):
            here = [*table, *_parts(key[1])]
        else:
            continue
        # A file of headworks' own has no [tool.headworks] in front; below a name of the user's, it is not in `names`.
        if here in (wanted, names) or (len(here) > len(wanted) and [*here[: len(wanted) - 1], here[-1]] == wanted):
            nearest = number
            if not header and line.partition("=")[2].lstrip().startswith("["):
                return number + _nth_in("\n".join([line.partition("=")[2], *lines[number:]]), nth)
            if not nth:
                return number
            nth -= 1
        if here in (wanted[:-1], wanted[: len(here)]):
            nearest = number
    return nearest


def _nth_in(array: str, nth: int) -> int:
    """How many lines into an array its `nth` table begins; 0 where it has no such one."""
    depth, found = 0, -1
    for token in re.finditer(r"#[^\n]*|\"(?:\\.|[^\"\\\n])*\"|'[^'\n]*'|[\[\]{}]", array):
        if token[0] == "{" and depth == 1:
            found += 1
            if found == nth:
                return array.count("\n", 0, token.start())
        depth += (token[0] in "[{") - (token[0] in "]}")
        if not depth:
            break
    return 0


def _parts(dotted: str) -> list[str]:
    return [part.strip().strip("\"'") for part in dotted.split(".")]
