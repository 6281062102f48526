"""`assert_no_drift` and `assert_gate`: what passes, what fails, and what a failure says."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from headworks.migrations.errors import RevisionFailed
from headworks.testing import assert_gate, assert_no_drift
from helpers import Headworks, executed, sqlalchemy_url, untouched
from projects import table, write_project

MODELS = """
from sqlalchemy import Column, Integer, MetaData, Table
a = Table("a", metadata, Column("id", Integer, primary_key=True, autoincrement=False))
"""


@pytest.fixture
def url(make_database: Callable[..., str]) -> str:
    return make_database()


@pytest.fixture
def folder(tmp_path: Path, url: str, inside: Headworks) -> Path:
    """A project whose database is at heads."""
    write_project(tmp_path, [table("a")], preamble=MODELS, env="async", config={"driver": "asyncpg"})
    assert inside("upgrade", "--url", url).code == 0
    return tmp_path


@pytest.mark.parametrize("against", ["models", "migrations"])
def test_drift(folder: Path, url: str, against: str) -> None:
    with untouched(url):
        assert_no_drift(url, against, config=folder)
    executed(url, "ALTER TABLE a ADD hot int")
    with pytest.raises(AssertionError) as caught:
        assert_no_drift(url, against, config=folder)
    said = str(caught.value)
    assert said.startswith("headworks found:\n\n")
    assert "hot" in said
    assert said.splitlines()[-1].startswith("drift: failed, 1 error")


def test_any_url(folder: Path, url: str) -> None:
    for one in (sqlalchemy_url(url), sqlalchemy_url(url, "asyncpg"), sa.make_url(sqlalchemy_url(url))):
        assert_no_drift(one, config=folder)


def test_against_a_file_or_a_url(folder: Path, url: str, inside: Headworks, make_database: Callable[..., str]) -> None:
    """These need no project."""
    snapshot = folder / "schema.json"
    assert inside("snapshot", "--url", url, "-o", str(snapshot)).code == 0
    other = make_database()
    executed(other, "CREATE TABLE a (id int PRIMARY KEY)")
    nowhere = folder / "elsewhere"
    nowhere.mkdir()
    (nowhere / ".git").touch()
    for against in (snapshot, str(snapshot), other):
        assert_no_drift(url, against, config=nowhere)
    executed(other, "ALTER TABLE a ADD cold int")
    executed(url, "ALTER TABLE a ADD hot int")
    with pytest.raises(AssertionError, match="hot"):
        assert_no_drift(url, snapshot, config=nowhere)
    with pytest.raises(AssertionError, match="cold"):
        assert_no_drift(url, other, config=nowhere)


def test_within_a_coroutine(folder: Path, url: str) -> None:
    """The project's env.py runs a loop of its own."""

    async def test() -> None:
        assert_no_drift(url, config=folder)
        executed(url, "ALTER TABLE a ADD hot int")
        with pytest.raises(AssertionError, match="hot"):
            assert_no_drift(url, config=folder)

    asyncio.run(test())


def test_strict(folder: Path, url: str) -> None:
    with (folder / "pyproject.toml").open("a") as file:
        file.write('[tool.headworks.drift]\nignore = ["never_seen"]\n')
    assert_no_drift(url, config=folder)
    with pytest.raises(AssertionError, match="never_seen"):
        assert_no_drift(url, config=folder, strict=True)


def test_an_error_says_what_to_do_and_not_how_it_came(folder: Path, url: str) -> None:
    (folder / "migrations" / "versions" / "a.py").write_text(
        "revision = 'a'\ndown_revision = None\ndef upgrade():\n    1 / 0\ndef downgrade():\n    pass\n"
    )
    with pytest.raises(RevisionFailed) as caught:
        assert_no_drift(url, "migrations", config=folder)
    assert caught.value.__notes__ == [f"hint: {caught.value.advice}"]
    frames = [Path(entry.path).parent.name for entry in caught.traceback]
    assert set(frames) == {"testing"}, "this test, and headworks.testing"


def test_gate(folder: Path, server_url: str) -> None:
    assert_gate(server_url, config=folder)
    file = folder / "migrations" / "versions" / "a.py"
    file.write_text(file.read_text().replace("DROP TABLE a", "SELECT 1"))
    with pytest.raises(AssertionError, match=r"gate\.downgrade-differs"):
        assert_gate(config=folder)


def test_a_missing_migration(folder: Path, url: str) -> None:
    """A model that no revision makes yet."""
    env = folder / "migrations" / "env.py"
    env.write_text(env.read_text().replace("a = Table", 'b = Table("b", metadata, Column("id", Integer))\na = Table'))
    with pytest.raises(AssertionError, match="table b"):
        assert_no_drift(url, config=folder)
    with pytest.raises(AssertionError, match=r"gate\.models-differ"):
        assert_gate(config=folder)
