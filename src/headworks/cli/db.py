"""`headworks db`: the embedded server, by hand."""

import os
import sys
from pathlib import Path

import click

from headworks.cli import options
from headworks.cli.hints import pasteable
from headworks.cli.session import Session
from headworks.cli.terminal import note, out
from headworks.errors import UsageError


class ResetRefused(UsageError):
    """db reset removes the embedded server of {folder} with all its data"""

    hint = "headworks db reset --yes"


@options.group()
def db() -> None:
    """The embedded server of this project: a real PostgreSQL, kept under .headworks/, started on demand."""


@db.command()
@options.config
@options.quiet
@options.debug
def start(config: Path | None) -> int:
    """Start it (a running one is left alone) and print its URL."""
    out(Session(config).kept.start().libpq())
    return 0


@db.command()
@options.config
@options.quiet
@options.debug
def stop(config: Path | None) -> int:
    """Stop it; the data stay."""
    out("stopped" if Session(config).kept.stop() else "it was not running")
    return 0


@db.command()
@click.option("--driver", metavar="DRIVER", help="A SQLAlchemy URL for it.")
@options.config
@options.quiet
@options.debug
def url(driver: str | None, config: Path | None) -> int:
    """Print its URL, starting it if need be."""
    found = Session(config).kept.start()
    out(found.sqlalchemy(driver) if driver else found.libpq())
    return 0


@db.command(context_settings=options.SETTINGS | {"ignore_unknown_options": True, "allow_extra_args": True})
@click.argument("arguments", metavar="[PSQL_ARGUMENT]...", nargs=-1, type=click.UNPROCESSED)
@options.config
@options.debug
def psql(arguments: tuple[str, ...], config: Path | None) -> int:
    """Open psql on it; PSQL_ARGUMENTs are handed to it."""
    from headworks.postgres.binaries import find_binaries
    from headworks.postgres.variables import PLACE, without_libpq_variables

    kept = Session(config).kept
    found = kept.start()
    place = kept.place
    program = find_binaries(kept.pgbin, major=place.major if place else None).program("psql")
    sys.stdout.flush()
    # By variables, so that PSQL_ARGUMENTs may name another database: psql takes no URL and a -d.
    variables = without_libpq_variables() | {name: found.parameters[keyword] for name, keyword in PLACE.items()}
    os.execve(program, [str(program), *arguments], variables)  # noqa: S606 - it takes our terminal over


@db.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
@options.config
@options.quiet
@options.debug
def reset(yes: bool, config: Path | None) -> int:
    """Remove it with all its data; the next start makes an empty one."""
    kept = Session(config).kept
    if not yes:
        if not sys.stdin.isatty():
            raise ResetRefused(folder=kept.folder)
        click.confirm(f"Remove the embedded server in {kept.folder} with all its data?", abort=True, err=True)
    kept.reset()
    note(pasteable("the embedded server is gone; headworks upgrade makes a new one"))
    return 0
