"""What holds for the whole process: set by options, read where errors and notes are printed."""

debug = False
quiet = False


def reset() -> None:
    """Back to the defaults, for a process that runs several command lines."""
    global debug, quiet
    debug = quiet = False


def set_debug(value: bool) -> bool:
    """The callback of `--debug`."""
    global debug
    debug = debug or value
    return value


def set_quiet(value: bool) -> bool:
    """The callback of `--quiet`."""
    global quiet
    quiet = quiet or value
    return value
