"""What a command may import before it has anything to do, and that the tree of commands is what is there."""

import subprocess
import sys
from pathlib import Path

import headworks.cli
import pytest
from headworks.cli.app import COMMANDS

# What `--help` may load from site-packages. SQLAlchemy, Alembic, psycopg and Rich are not among them.
LIGHT = {"headworks", "typer", "typer_slim", "click", "shellingham", "typing_extensions", "annotated_doc", "colorama"}
# The commands' own frames also read settings (msgspec) and URLs, for which headworks asks libpq by psycopg: see below.
HEAVY = {"sqlalchemy", "sqlalchemy_utils", "alembic", "psycopg", "psycopg2", "asyncpg", "rich", "ruamel", "mako"}

_PROBE = """
import sys
before = set(sys.modules)
sys.argv = ["headworks", *{words!r}]
from headworks.cli import main
try:
    main()
except SystemExit:
    pass
new = {{name.partition(".")[0] for name in set(sys.modules) - before}}
print(*sorted(new - set(sys.stdlib_module_names)), file=sys.stderr)
"""


def imported(*words: str) -> set[str]:
    """The top-level modules outside the standard library that a command line loads."""
    probe = [sys.executable, "-c", _PROBE.format(words=list(words))]
    done = subprocess.run(probe, capture_output=True, text=True, check=True)
    assert done.stdout, "it must have answered"
    return {name for name in done.stderr.split() if not name.startswith("_")}


def test_version_imports_nothing() -> None:
    assert imported("--version") == {"headworks"}


def test_help_imports_the_allowed_alone() -> None:
    assert imported("--help") <= LIGHT


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_a_command_imports_the_allowed_alone(name: str) -> None:
    assert imported(name, "--help") <= LIGHT | {"msgspec"}


def test_every_module_of_a_command_is_in_the_tree() -> None:
    folder = Path(headworks.cli.__file__).parent
    modules = {file.stem for file in folder.glob("*.py") if "@app.command()" in file.read_text(encoding="utf-8")}
    assert modules == set(COMMANDS)
