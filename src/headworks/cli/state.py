"""What holds for the whole process: set by options, read where errors and notes are printed."""

import shlex

debug = False
quiet = False


words: tuple[str, ...] = ()


def begin(line: list[str]) -> None:
    """Back to the defaults, with the words of a new command line."""
    global debug, quiet, words
    debug = quiet = False
    words = tuple(line)


def again() -> str:
    """The command line, to be pasted with one more word (its URL's password is masked where it is printed)."""
    return shlex.join(["headworks", *words])


def set_debug(value: bool) -> None:
    """Whether a traceback is wanted: it stays so once it was said."""
    global debug
    debug = debug or value


def set_quiet(value: bool) -> None:
    """Whether no progress is wanted: it stays so once it was said."""
    global quiet
    quiet = quiet or value
