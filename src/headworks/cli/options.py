"""The frame of commands, and the options that several of them share, each written once."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import click

from headworks.cli import state

__all__ = [
    "FILE", "NeedsCommand", "command", "config", "debug", "domain", "group", "lock_timeout", "output", "output_format",
    "quiet", "report", "shadow_on_live", "shadow_url", "strict", "url", "wait",
]  # fmt: skip

Decorator: TypeAlias = Callable[[Callable[..., Any]], Callable[..., Any]]

FILE = click.Path(path_type=Path)
"""The type of an option that names a file, which need not be there."""

SETTINGS: dict[str, Any] = {
    "help_option_names": ["-h", "--help"], "max_content_width": 110, "show_default": True,
}  # fmt: skip
"""What holds for every command."""


class NeedsCommand(click.UsageError):
    """A group was called with nothing: the answer is its help, and no success."""


def _taking(setter: Callable[[bool], None], *names: str, text: str) -> Decorator:
    """A flag that is for the whole process, and no command's own."""

    def callback(context: click.Context, parameter: click.Parameter, value: bool) -> None:
        setter(value)

    return click.option(*names, is_flag=True, expose_value=False, callback=callback, help=text)


_FORMATS = "text, json, github, sarif, junit, markdown or html."

config = click.option("--config", type=FILE, metavar="FILE", help="The project's configuration.")
url = click.option("--url", metavar="URL", help="The database (default: the embedded server).")
quiet = _taking(state.set_quiet, "--quiet", "-q", text="No progress.")
debug = _taking(state.set_debug, "--debug", text="Show the traceback of an error.")
wait = click.option(
    "--wait",
    type=click.FloatRange(min=0),
    default=300.0,
    metavar="SECONDS",
    help="How long to wait for another runner.",
)
lock_timeout = click.option(
    "--lock-timeout",
    type=click.FloatRange(min=0),
    metavar="SECONDS",
    help="How long a statement may wait for a lock (0: for ever).",
)
shadow_url = click.option(
    "--shadow-url", metavar="URL", help="A server for scratch databases (default: a throw-away one)."
)
shadow_on_live = click.option(
    "--shadow-on-live", is_flag=True, help="Make scratch databases on the server of --url itself."
)
output_format = click.option("--format", "output_format", default="text", metavar="FORMAT", help=_FORMATS)
report = click.option("--report", default="text", metavar="FORMAT", help=f"With --check: {_FORMATS}")
output = click.option("--output", "-o", type=FILE, metavar="FILE", help="Write there instead of to stdout.")
strict = click.option("--strict", is_flag=True, help="Warnings make exit 1, too.")
domain = click.option("--domain", metavar="DOMAIN", help="One domain alone.")


def command(**settings: Any) -> Callable[[Callable[..., Any]], click.Command]:
    """A command; `settings` are more of click's context settings.

    A module of a command has its name, and so has the command in it.
    """
    return click.command(context_settings=SETTINGS | settings)


class _Group(click.Group):
    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        # click itself says help and success, or help and a mistake, depending on its version.
        if not args:
            raise NeedsCommand(ctx.get_help(), ctx)
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)  # in the order of the file, which is that of use

    command = functools.partialmethod(click.Group.command, context_settings=SETTINGS)


def group() -> Callable[[Callable[..., Any]], click.Group]:
    """A command that has commands."""
    return click.group(cls=_Group, context_settings=SETTINGS)
