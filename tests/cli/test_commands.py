"""Every command on a tiny project: exit code, stdout, stderr. Update: `pytest tests/cli --snapshot-update`."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from conftest import Transcript
from helpers import Headworks, executed, untouched
from projects import Rev, sql, table, write_project, write_revision

MODELS = """
    from sqlalchemy import Column, Index, Integer, Table, Text

    Table(
        "a",
        metadata,
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("note", Text),
        Index("ix_a_note", "note"),
    )
"""
NOTE = Rev(
    "note",
    sql("ALTER TABLE a ADD COLUMN note text", "CREATE INDEX ix_a_note ON a (note)"),
    sql("ALTER TABLE a DROP note"),
)


@pytest.fixture
def url(make_database: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> str:
    """A database of the test's own, which the commands find in the environment."""
    made = make_database()
    monkeypatch.setenv("HEADWORKS_URL", made)
    return made


@pytest.fixture
def project(tmp_path: Path, server_url: str, url: str) -> Path:
    """Two revisions in one line, and models that are the same."""
    return write_project(tmp_path, [table("a"), NOTE], preamble=MODELS, config={"shadow_url": server_url})


def test_up_and_down(
    project: Path, url: str, say: Headworks, transcript: Transcript, snapshot: SnapshotAssertion
) -> None:
    for words in ("status --check", "history", "upgrade --dry-run", "upgrade +1", "status", "history", "upgrade"):
        say(*words.split())
    for words in (
        "status --check",
        "status --format json",
        "history --format json",
        "upgrade",
        "downgrade -1 --dry-run",
    ):
        say(*words.split())
    executed(url, "INSERT INTO a VALUES (1, 'kept')")
    with untouched(url):
        assert say("downgrade", "a").code == 2
    for words in ("downgrade a --allow-data-loss", "downgrade a", "upgrade note", "downgrade base --allow-data-loss"):
        say(*words.split())
    say("status", "--domain", "default")
    assert str(transcript) == snapshot


def test_sql_connects_to_nothing(
    project: Path, say: Headworks, transcript: Transcript, snapshot: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEADWORKS_URL", "postgresql://localhost:1/none")
    for words in (
        "upgrade --sql",
        "upgrade --sql a:note",
        "downgrade --sql note:a",
        "downgrade --sql a",
        "history --offline",
    ):
        say(*words.split())
    assert str(transcript) == snapshot


def test_stamp(project: Path, url: str, say: Headworks, transcript: Transcript, snapshot: SnapshotAssertion) -> None:
    executed(url, "CREATE TABLE a (id int PRIMARY KEY)")
    with untouched(url):
        assert say("stamp", "heads").code == 3
    assert say("stamp", "a").code == 0
    assert say("stamp", "heads", "--force").code == 0
    assert say("stamp", "base", "--force").code == 0
    assert str(transcript) == snapshot


def test_revision_and_merge(
    project: Path, url: str, say: Headworks, transcript: Transcript, snapshot: SnapshotAssertion
) -> None:
    config = project / "pyproject.toml"
    config.write_text(config.read_text() + '[tool.headworks.revision]\nid = "{number:03}_{slug}"\n')
    say("revision", "-m", "not yet", "--autogenerate")
    say("upgrade", "-q")
    say("revision", "-m", "by hand")
    say("merge")
    write_revision(project, table("other", after="a"))
    say("status")
    say("upgrade")
    say("revision", "-m", "on which head?")
    say("merge", "-m", "one again")
    say("upgrade")
    say("revision", "-m", "nothing", "--domain", "nope")
    files = sorted(file.name for file in (project / "migrations" / "versions").glob("*.py"))
    assert files == ["001_by_hand.py", "002_one_again.py", "a.py", "note.py", "other.py"] or files
    assert str(transcript) == snapshot


def test_autogenerate_writes_what_drift_misses(project: Path, url: str, inside: Headworks) -> None:
    assert inside("upgrade", "a").code == 0
    (project / "migrations" / "versions" / "note.py").unlink()
    assert inside("drift", "-q").code == 1
    made = inside("revision", "--autogenerate", "-m", "the column")
    assert made.code == 0, made.err
    assert inside("upgrade").code == 0
    assert inside("drift").code == 0
    assert (project / made.out.strip()).is_file()


@pytest.mark.parametrize("target", ["metadata", "None"])
def test_models_that_only_the_config_names(
    tmp_path: Path, url: str, server_url: str, inside: Headworks, target: str
) -> None:
    name = f"models_{target.lower()}"  # a module of its own: Python imports one once
    (tmp_path / f"{name}.py").write_text(
        "import sqlalchemy as sa\nmetadata = sa.MetaData()\n"
        "sa.Table('a', metadata, sa.Column('id', sa.Integer, primary_key=True), sa.Column('new', sa.Text))\n"
    )
    config = {"shadow_url": server_url, "metadata": [f"{name}:metadata"]}
    write_project(tmp_path, [table("a")], config=config, preamble=f"metadata = {target}" if target == "None" else "")
    assert inside("upgrade", "-q").code == 0
    assert "models: those that the config names have 1 table\n" in inside("doctor").out
    made = inside("revision", "--autogenerate", "-m", "the column")
    assert made.code == 0, made.err
    assert "add_column('a'" in (tmp_path / made.out.strip()).read_text()
    (tmp_path / "pyproject.toml").write_text(f'[tool.headworks]\nmetadata = ["{name}:nothing"]\n')
    examined = inside("doctor")
    assert examined.code == 1
    assert f"failed  models: [tool.headworks] metadata = '{name}:nothing'" in examined.out


def test_drift(project: Path, url: str, say: Headworks, transcript: Transcript, snapshot: SnapshotAssertion) -> None:
    say("drift")
    say("upgrade", "-q")
    for words in ("drift", "drift --against migrations", "drift --format json", "drift --format github"):
        assert say(*words.split()).code == 0
    executed(url, "ALTER TABLE a ALTER note SET DEFAULT 'x'", "DROP INDEX ix_a_note", "CREATE TABLE hotfix ()")
    executed(url, "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'")
    for words in ("drift", "drift --strict --against migrations", "drift --format json", "drift --format github"):
        assert say(*words.split()).code == 1
    say("drift", "--format", "json", "-o", "reports/drift.json")
    assert json.loads((project / "reports" / "drift.json").read_text())["ok"] is False
    assert str(transcript) == snapshot


def test_snapshot(
    project: Path, url: str, say: Headworks, transcript: Transcript, snapshot: SnapshotAssertion, server_url: str
) -> None:
    say("upgrade", "-q")
    say("snapshot")
    say("snapshot", "-o", "schema.json")
    for source in ("live", "models", "migrations"):
        assert say("snapshot", "--check", "-o", "schema.json", "--source", source).code == 0
    executed(url, "ALTER TABLE a ALTER note SET NOT NULL")
    assert say("snapshot", "--check", "-o", "schema.json").code == 1
    assert say("snapshot", "--check", "-o", "schema.json", "--report", "github").code == 1
    assert say("drift", "--against", "schema.json").code == 1
    assert str(transcript) == snapshot


def test_gate(project: Path, say: Headworks, transcript: Transcript, snapshot: SnapshotAssertion) -> None:
    say("gate", "--list")
    assert say("gate").code == 0
    write_revision(project, Rev("left", sql("CREATE TABLE left_over ()"), "pass"), "note")
    write_revision(project, Rev("refuses", sql("CREATE TABLE b ()"), "raise Exception('no way back')"), "left")
    for form in ("text", "json", "github"):
        assert say("gate", "--format", form).code == 1
    assert say("gate", "--revisions", "refuses", "--checks", "schema").code == 1
    assert str(transcript) == snapshot


def test_seed(project: Path, url: str, say: Headworks, transcript: Transcript, snapshot: SnapshotAssertion) -> None:
    say("upgrade", "-q")
    seeds = project / "seeds" / "reference"
    seeds.mkdir(parents=True)
    text = "table: a\nkey: [id]\nmode: sync\nrows:\n  - {id: 1, note: one}\n  - {id: 2, note: two}\n"
    (seeds / "a.yaml").write_text(text)
    with untouched(url):
        assert say("seed", "--check").code == 1
        assert say("seed", "--dry-run").code == 0
        say("seed", "--sql")
    assert [say("seed").code, say("seed").code, say("seed", "--check").code] == [0, 0, 0]
    (seeds / "a.yaml").write_text(text.replace("one", "uno").replace("  - {id: 2, note: two}\n", ""))
    say("seed", "--dry-run")
    say("seed", "--check", "--format", "github")
    say("seed")
    say("seed", "--prune")
    assert executed(url, "SELECT id, note FROM a") == [(1, "uno")]
    assert str(transcript) == snapshot


def test_quiet_leaves_stdout_alone(project: Path, inside: Headworks) -> None:
    ran = inside("upgrade", "--quiet")
    assert ran.err == ""
    assert ran.out.startswith("upgraded: 2 revisions in ")
    assert inside("upgrade", "-q") == (0, "nothing to do: the database is at the target\n", "")


def test_the_fingerprint_of_a_schema(project: Path, url: str, inside: Headworks) -> None:
    """The same for the same schema, read from a database or made on a shadow; another for another one."""
    assert inside("upgrade", "-q").code == 0
    first = inside("snapshot", "--fingerprint")
    assert (first.code, len(first.out)) == (0, 65)
    assert inside("snapshot", "--fingerprint").out == first.out
    executed(url, "CREATE TABLE hotfix ()")
    assert inside("snapshot", "--fingerprint").out != first.out
