"""What a command may import before it has anything to do, and that the tree of commands is what is there."""

import importlib
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from headworks.cli.app import COMMANDS

HEAVY = {"sqlalchemy", "sqlalchemy_utils", "alembic", "psycopg", "psycopg2", "asyncpg", "rich", "ruamel", "mako"}

_MODULES = """
print(*{name.partition(".")[0] for name in set(sys.modules) - before}, file=sys.stderr)
"""
_COMMAND = """
import os, sys
before = set(sys.modules)
def leave(code):
    raise SystemExit(code)
os._exit = leave
sys.argv = ["headworks", *{words!r}]
from headworks.cli import main
try:
    main()
except SystemExit:
    pass
"""
_BARE = """
import sys
before = set(sys.modules)
import click
@click.command()
@click.option("--one", default=1)
def main(one):
    print(one)
main([], standalone_mode=False)
main(["--help"], standalone_mode=False)
"""


def imported(program: str, *, must_answer: bool = True) -> set[str]:
    """The top-level modules outside the standard library that a program loads."""
    done = subprocess.run([sys.executable, "-c", program + _MODULES], capture_output=True, text=True, check=True)
    assert done.stdout or not must_answer, "it must have answered"
    return {name for name in done.stderr.split() if not name.startswith("_")} - set(sys.stdlib_module_names)


@pytest.fixture(scope="module")
def clicks_own() -> set[str]:
    """What click loads by itself, whatever its version and whatever else is installed."""
    own = imported(_BARE)
    assert not own & HEAVY
    return own


def test_version_imports_nothing() -> None:
    assert imported(_COMMAND.format(words=["--version"])) == {"headworks"}


def test_help_imports_click_alone(clicks_own: set[str]) -> None:
    assert imported(_COMMAND.format(words=["--help"])) <= {"headworks"} | clicks_own


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_a_command_imports_no_more_than_the_settings_need(name: str, clicks_own: set[str]) -> None:
    assert (
        imported(_COMMAND.format(words=[name, "--help"])) <= {"headworks", "msgspec", "typing_extensions"} | clicks_own
    )


def test_a_comparison_with_a_file_needs_no_sqlalchemy(make_database: Callable[..., str], tmp_path: Path) -> None:
    """Nor Alembic: a DBA's machine pays for psycopg alone."""
    url, file = make_database(), tmp_path / "schema.json"
    imported(_COMMAND.format(words=["snapshot", "--url", url, "-o", str(file)]), must_answer=False)
    found = imported(_COMMAND.format(words=["drift", "--against", str(file), "--url", url]))
    assert "psycopg" in found
    assert not found & {"sqlalchemy", "alembic", "rich", "ruamel", "mako", "pydantic", "typer"}


def test_every_module_of_a_command_is_in_the_tree() -> None:
    folder = Path(importlib.import_module("headworks.cli").__file__ or "").parent
    modules = {
        file.stem
        for file in folder.glob("*.py")
        if re.search(r"^@options\.(command|group)\(", file.read_text("utf-8"), re.MULTILINE)
    }
    assert modules == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_line_in_the_tree_says_what_the_command_says(name: str) -> None:
    command: click.Command = getattr(importlib.import_module(f"headworks.cli.{name}"), name)
    assert command.name == name
    assert command.help
    line = COMMANDS[name]
    assert line.endswith(".")
    assert len(line) <= 90
    words = {word.strip(".,:`").lower() for word in line.split()}
    said = command.help.lower()
    assert any(word in said for word in words if len(word) > 4), f"{line!r} and {command.help!r} share no word"
