"""The command line. Only this package prints, asks or exits."""

import sys

__all__ = ["main"]


def main() -> None:
    """The `headworks` program."""
    words = sys.argv[1:]
    if words == ["--version"]:  # answered before anything is imported: scripts and editors ask for it often
        from headworks._version import __version__

        print(f"headworks {__version__}")
        return
    from headworks.cli.app import run

    sys.exit(run(words))
