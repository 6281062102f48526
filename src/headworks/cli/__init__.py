"""The command line. Only this package prints, asks or exits."""

import atexit
import contextlib
import gc
import os
import sys
from typing import NoReturn

__all__ = ["main"]


def main() -> None:
    """The `headworks` program."""
    words = sys.argv[1:]
    _open_again()
    if words == ["--version"]:  # answered before anything is imported: scripts and editors ask for it often
        from headworks._version import __version__

        with contextlib.suppress(OSError):  # what is wrong with stdout is said as for any other command
            print(f"headworks {__version__}", flush=True)
            return
    gc.disable()  # nothing that is imported is rubbish
    from headworks.cli.app import run

    gc.enable()
    _leave(run(words))


def _open_again() -> None:
    """Give a process that was started with its output closed (`>&-`) one that nobody reads, as Python gives it none."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8"))


def _leave(code: int) -> NoReturn:
    """End the process at once.

    Taking a picture of a large schema and a project's models apart, object by object, would be a tenth of a second in
    which a person waits for nothing. What was registered for the end of the program is still called.
    """
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):  # whoever read may be gone
            stream.flush()
    os._exit(code)
