"""What the docs show of commands is what they print."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from generated import ROOT, writing
from shop import write_shop
from transcripts import alike, commands, played, project_of, published

from helpers import executed

PAGES = [page for page in sorted(ROOT.glob("docs/**/*.md")) if project_of(page.read_text(encoding="utf-8"))]
PROJECTS = {"shop": write_shop}
SHOWN = 18
"""The major that the pages were written with; others list other objects."""


@pytest.fixture
def reader(server_url: str, page: Path) -> Iterator[str]:
    """A role that may connect, and nothing else; it is the server's, so only the page that names it makes one."""
    if "READER" not in page.read_text(encoding="utf-8"):
        yield "nobody"
        return
    executed(server_url, "DROP ROLE IF EXISTS runbook_reader", "CREATE ROLE runbook_reader LOGIN")
    yield "runbook_reader"
    executed(server_url, "DROP ROLE runbook_reader")


@pytest.mark.skipif(
    os.environ.get("HEADWORKS_TEST_SERVER", "embedded") != "embedded",
    reason="the docs show the embedded server, which wants no password",
)
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT / "docs").as_posix())
def test_transcripts(
    page: Path, tmp_path: Path, make_database: Callable[..., str], reader: str, pg_bindir: Path, server_major: int
) -> None:
    if server_major != SHOWN:
        pytest.skip(f"the docs show PostgreSQL {SHOWN}")
    text = page.read_text(encoding="utf-8")
    PROJECTS[project_of(text) or ""](tmp_path)
    live, staging = make_database(), make_database()
    environment = {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), str(pg_bindir), os.environ["PATH"]]),
        "HEADWORKS_URL": live,
        "STAGING": staging,
        "READER": live.replace("//postgres@", f"//{reader}@"),
        "COLUMNS": "110",
    }
    now = published(played(text, tmp_path, environment), tmp_path)
    if not writing():
        assert alike(now) == alike(text), "what is shown is not what is printed: nox -s docs -- --write"
    elif alike(now) != alike(text):
        page.write_text(now, encoding="utf-8")


def test_what_differs_is_seen(tmp_path: Path) -> None:
    page = "```console\n$ echo one \\\n  two\none two\n$ false\n$ echo $?\n0\n```\n"
    assert [one.line for one in commands(page)] == ["echo one \\\n  two", "false", "echo $?"]
    assert played(page, tmp_path, {}) == page.replace("$?\n0", "$?\n1")
    hidden = "<!-- $ echo 3 > kept -->\n```console\n$ cat kept; echo took 0.31 s\n3\ntook 2 ms\n```\n"
    assert played(hidden, tmp_path, {}) != hidden
    assert alike(played(hidden, tmp_path, {})) == alike(hidden)
    assert alike("ok  a  1.2 s\nin 3 s.\n") == alike("ok  a\nin 4 s.\n") != alike("ok  b\nin 4 s.\n")
