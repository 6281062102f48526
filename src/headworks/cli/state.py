"""What holds for the whole process: set by options, read where errors and notes are printed."""

from pathlib import Path

debug = False
quiet = False


words: tuple[str, ...] = ()
named: dict[str, str] = {}
"""The options that say where the project and the database are, as they were given; a flag's value is empty."""
root: Path | None = None
_kept: list[object] = []


def begin(line: list[str]) -> None:
    """Back to the defaults, with the words of a new command line."""
    global debug, quiet, words, root
    debug = quiet = False
    root = None
    named.clear()
    _kept.clear()
    words = tuple(line)


def set_debug(value: bool) -> None:
    """Whether a traceback is wanted: it stays so once it was said."""
    global debug
    debug = debug or value


def set_quiet(value: bool) -> None:
    """Whether no progress is wanted: it stays so once it was said."""
    global quiet
    quiet = quiet or value


def set_named(**options: object) -> None:
    """Where the project and the database are, as somebody said on the command line."""
    for name, value in options.items():
        if value:
            named[f"--{name.replace('_', '-')}"] = "" if value is True else str(value)


def set_root(folder: Path) -> None:
    """The project's folder, once it is found: what the names of files in findings are relative to."""
    global root
    root = folder


def keep(*large: object) -> None:
    """Hold these as long as the process lasts: to take a large picture apart, object by object, takes time."""
    _kept.extend(large)
