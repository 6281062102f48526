"""`headworks db`: the embedded server, by hand."""

import os
import sys
from typing import Annotated

import typer

from headworks.cli import options
from headworks.cli.session import Session
from headworks.cli.terminal import note, out
from headworks.errors import UsageError

app = options.command_app()


class ResetRefused(UsageError):
    """db reset removes the embedded server of {folder} with all its data"""

    hint = "headworks db reset --yes"


@app.callback()
def _db() -> None:
    """The embedded server of this project: a real PostgreSQL, kept under .headworks/, started on demand."""


@app.command()
def start(config: options.Config = None, quiet: options.Quiet = False, debug: options.Debug = False) -> int:
    """Start it (a running one is left alone) and print its URL."""
    out(Session(config).kept.start().libpq())
    return 0


@app.command()
def stop(config: options.Config = None, quiet: options.Quiet = False, debug: options.Debug = False) -> int:
    """Stop it; the data stay."""
    out("stopped" if Session(config).kept.stop() else "it was not running")
    return 0


@app.command()
def url(
    driver: Annotated[str | None, typer.Option("--driver", metavar="DRIVER", help="A SQLAlchemy URL for it.")] = None,
    config: options.Config = None,
    quiet: options.Quiet = False,
    debug: options.Debug = False,
) -> int:
    """Print its URL, starting it if need be."""
    found = Session(config).kept.start()
    out(found.sqlalchemy(driver) if driver else found.libpq())
    return 0


@app.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
def psql(
    arguments: Annotated[list[str] | None, typer.Argument(metavar="PSQL_ARGUMENT", help="Handed to psql.")] = None,
    config: options.Config = None,
    debug: options.Debug = False,
) -> int:
    """Open psql on it."""
    from headworks.postgres.binaries import find_binaries

    kept = Session(config).kept
    found = kept.start()
    place = kept.place
    program = find_binaries(kept.pgbin, major=place.major if place else None).program("psql")
    sys.stdout.flush()
    os.execv(program, [str(program), found.libpq(), *(arguments or [])])  # noqa: S606 - it takes our terminal over


@app.command()
def reset(
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    config: options.Config = None,
    quiet: options.Quiet = False,
    debug: options.Debug = False,
) -> int:
    """Remove it with all its data; the next start makes an empty one."""
    kept = Session(config).kept
    if not yes:
        if not sys.stdin.isatty():
            raise ResetRefused(folder=kept.folder)
        typer.confirm(f"Remove the embedded server in {kept.folder} with all its data?", abort=True, err=True)
    kept.reset()
    note("the embedded server is gone; headworks upgrade makes a new one")
    return 0
