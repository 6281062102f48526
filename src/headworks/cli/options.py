"""Options that several commands share, each written once."""

from pathlib import Path
from typing import Annotated

import typer

from headworks.cli import state

__all__ = [
    "Config", "Debug", "Domain", "Format", "LockTimeout", "Output", "Quiet", "Report", "ShadowOnLive", "ShadowUrl",
    "Strict", "Url", "Wait", "command_app",
]  # fmt: skip

Config = Annotated[Path | None, typer.Option("--config", metavar="FILE", help="The project's configuration.")]
Url = Annotated[str | None, typer.Option("--url", metavar="URL", help="The database (default: the embedded server).")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress.", callback=state.set_quiet)]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.", callback=state.set_debug)]
Wait = Annotated[float, typer.Option("--wait", metavar="SECONDS", min=0, help="How long to wait for another runner.")]
LockTimeout = Annotated[
    float | None,
    typer.Option(
        "--lock-timeout", metavar="SECONDS", min=0, help="How long a statement may wait for a lock (0: for ever)."
    ),
]
ShadowUrl = Annotated[
    str | None,
    typer.Option("--shadow-url", metavar="URL", help="A server for scratch databases (default: a throw-away one)."),
]
ShadowOnLive = Annotated[
    bool, typer.Option("--shadow-on-live", help="Make scratch databases on the server of --url itself.")
]
_FORMATS = "text, json, github, sarif, junit, markdown or html."
Format = Annotated[str, typer.Option("--format", metavar="FORMAT", help=_FORMATS)]
Report = Annotated[str, typer.Option("--report", metavar="FORMAT", help=f"With --check: {_FORMATS}")]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write there instead of to stdout.")
]
Strict = Annotated[bool, typer.Option("--strict", help="Warnings make exit 1, too.")]
Domain = Annotated[str | None, typer.Option("--domain", metavar="DOMAIN", help="One domain alone.")]


def command_app() -> typer.Typer:
    """The frame of one command's module."""
    return typer.Typer(
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    )
