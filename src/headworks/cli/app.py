"""The tree of commands, loaded one at a time, and the one place where an error becomes an exit code."""

import contextlib
import sys
import traceback
from typing import Any

import click

from headworks._version import __version__
from headworks.cli import state
from headworks.cli.commands import COMMANDS, command_of
from headworks.cli.ending import ended_as_interrupted
from headworks.cli.hints import pasteable
from headworks.cli.options import SETTINGS, NeedsCommand
from headworks.cli.terminal import Stdout, complain, nobody_reads
from headworks.errors import ExitCode, HeadworksError

__all__ = ["COMMANDS", "program", "run"]


class Interrupted(HeadworksError):
    """interrupted"""

    exit_code = ExitCode.INTERRUPTED


class _ReaderGone(Exception):
    """A pipe that we wrote to has been closed at its other end."""


class _Commands(click.Group):
    """A group that imports a command's module when that command is called."""

    def invoke(self, ctx: click.Context) -> Any:
        # Left to itself, click makes exit codes of these: 1 for a closed pipe, which means findings here.
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as error:
            raise Interrupted from error
        except BrokenPipeError as error:
            raise _ReaderGone from error

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return command_of(cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=_Commands,
    context_settings=SETTINGS,
    epilog="Exit codes: 0 done or clean, 1 findings, 2 wrong usage or configuration, 3 could not do it.",
)
@click.version_option(__version__, is_eager=False, message="headworks %(version)s", help="Show the version and exit.")
def program() -> None:
    """Schema management and migrations for PostgreSQL, proven on a real server."""


def run(words: list[str]) -> int:
    """Run one command line; the exit code. Nothing escapes: an unexpected exception is one line, too."""
    state.begin(words)
    try:
        return _run(words)
    finally:
        state.named.clear()  # whoever reports something afterwards in this process has named nothing


def _run(words: list[str]) -> int:
    if not words:  # not a mistake, and no answer either: help, where it is in no pipe's way
        with contextlib.redirect_stdout(sys.stderr):
            run(["--help"])
        return ExitCode.USAGE
    try:
        with ended_as_interrupted(), contextlib.redirect_stdout(Stdout(sys.stdout)):
            code = program.main(args=words, prog_name="headworks", standalone_mode=False)
            sys.stdout.flush()
    except HeadworksError as error:
        return _say(str(error), pasteable(error.advice), error.exit_code)
    except click.ClickException as error:
        return _usage(error)
    except (KeyboardInterrupt, click.Abort):
        return _say(str(Interrupted()), "", ExitCode.INTERRUPTED)
    except (_ReaderGone, BrokenPipeError):  # `headworks history | head`: whoever read has seen enough
        nobody_reads()
        return ExitCode.DONE
    except SystemExit as error:
        text = f"some of the project's code ended the program: sys.exit({error.code!r})"
        return _say(text, "run it again with --debug to see which", ExitCode.FAILED)
    except Exception as error:  # noqa: BLE001 - the last net
        text = f"unexpected {type(error).__name__}: {error}"
        return _say(text, "run it again with --debug and report the traceback", ExitCode.FAILED)
    return int(code) if isinstance(code, int) else ExitCode.DONE


def _usage(error: click.ClickException) -> int:
    message = error.format_message()
    if isinstance(error, NeedsCommand):  # not a mistake: it was asked nothing
        complain(message)
        return ExitCode.USAGE
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "headworks"
    return _say(message.rstrip("."), f"{path} --help", ExitCode.USAGE)


def _say(message: str, hint: str, code: ExitCode) -> int:
    if state.debug and sys.exc_info()[0] is not None:
        complain(traceback.format_exc())
    complain(f"error: {' '.join(message.split())}")
    if hint:
        complain(f"hint: {hint}")
    return code
