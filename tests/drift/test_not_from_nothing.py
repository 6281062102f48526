"""A history that does not start from an empty database: each command that runs it names the ways out, and they work."""

from collections.abc import Callable
from pathlib import Path

import pytest

from helpers import Headworks, executed
from projects import Rev, sql, write_project

MODELS = """
from sqlalchemy import Column, Integer, MetaData, Table
Table("a", metadata, Column("id", Integer, primary_key=True, autoincrement=False), Column("more", Integer))
"""
START = "CREATE TABLE a (id int PRIMARY KEY);"
FAILS = 'error: migrations/versions/x.py, line 10: upgrade of x failed: relation "a" does not exist'
BOOTSTRAP = '[tool.headworks.gate] bootstrap = "module:function" or "file.sql"'
FORCE = "where you know that it is at heads: headworks stamp heads"


@pytest.fixture
def url(tmp_path: Path, make_database: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> str:
    revision = Rev("x", sql("ALTER TABLE a ADD more int"), sql("ALTER TABLE a DROP more"))
    write_project(tmp_path, [revision], preamble=MODELS)
    found = make_database()
    executed(found, START, "ALTER TABLE a ADD more int")
    monkeypatch.setenv("HEADWORKS_URL", found)
    return found


def bootstrapped(folder: Path, start: str = START) -> None:
    (folder / "start.sql").write_text(start)
    (folder / "pyproject.toml").write_text('[tool.headworks.gate]\nbootstrap = "start.sql"\n')


@pytest.mark.parametrize(
    "words", ["stamp heads", "drift --against migrations", "erd --source migrations", "snapshot --source migrations"]
)
def test_bootstrap_is_named_and_helps(words: str, url: str, tmp_path: Path, inside: Headworks, server_url: str) -> None:
    ran = inside(*words.split(), "--shadow-url", server_url)
    assert ran.code == 3
    assert FAILS in ran.err
    assert BOOTSTRAP in ran.err
    assert (f"; {FORCE} --shadow-url" in ran.err, ran.err.endswith(" --force\n")) == (words == "stamp heads",) * 2
    bootstrapped(tmp_path, "CREATE TABLE other ();")
    assert (
        "it ran on an empty database and what [tool.headworks.gate] bootstrap makes"
        in inside(*words.split(), "--shadow-url", server_url).err
    )
    bootstrapped(tmp_path)
    assert inside(*words.split(), "--shadow-url", server_url).code == 0


def test_so_does_stamp_force(url: str, inside: Headworks, server_url: str) -> None:
    assert inside("stamp", "heads", "--force").code == 0
    assert executed(url, "SELECT version_num FROM alembic_version") == [("x",)]


def test_drift_does_not_lead_to_what_fails(url: str, inside: Headworks, server_url: str) -> None:
    ran = inside("drift", "--shadow-url", server_url)
    assert ran.code == 0, ran.out
    assert BOOTSTRAP in ran.out
    assert "hint: where you know which revision it is at: headworks stamp --force REVISION\n" in ran.out
    assert "--against migrations" not in ran.out
    assert inside("stamp", "--force", "x").code == 0


def test_quickstart_names_it_on_an_empty_database(
    url: str, inside: Headworks, make_database: Callable[..., str]
) -> None:
    ran = inside("quickstart", "--url", make_database())
    assert FAILS in ran.err
    assert BOOTSTRAP in ran.err
    executed(url, "ALTER TABLE a RENAME TO b")
    ran = inside("quickstart", "--url", url)  # there was something, and a revision does not fit it
    assert FAILS in ran.err
    assert BOOTSTRAP not in ran.err
    assert "headworks status" in ran.err


def test_another_mistake_is_the_revision_s(url: str, tmp_path: Path, inside: Headworks, server_url: str) -> None:
    file = tmp_path / "migrations/versions/x.py"
    file.write_text(file.read_text().replace("ALTER TABLE a ADD more int", "SELECT 1/0"))
    ran = inside("drift", "--against", "migrations", "--shadow-url", server_url)
    assert "division by zero" in ran.err
    assert ran.err.endswith("hint: mend that revision; it ran on a scratch database, and yours was not touched\n")
