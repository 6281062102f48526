"""What lies below the first revision that is looked at is run once, and kept while nothing that decides it changes."""

import json
import secrets
from pathlib import Path

import psycopg
import pytest

from helpers import Headworks
from projects import Rev, make_project, sql, table, write_project


class Counted:
    """A project whose first two revisions write down that they ran; `c` alone is looked at."""

    def __init__(self, folder: Path, first: str = "pass", last: Rev | None = None, **revision: str) -> None:
        self.folder = folder
        self.marks = folder / "marks"
        (folder / "rows.txt").write_text("1")
        (folder / "counted_wares.py").write_text("SIZE = 1\n")
        mark = f"with open({str(self.marks)!r}, 'a') as marks:\n    marks.write('x')"
        up = f"{mark}\n{first}\n" + sql("CREATE TABLE a (id int)")
        make_project(folder, [Rev("a", up, sql("DROP TABLE a"), **revision), table("b"), last or table("c")])

    @property
    def runs(self) -> int:
        return len(self.marks.read_text()) if self.marks.exists() else 0

    def change(self, name: str) -> None:
        file = self.folder / name
        file.write_text(file.read_text() + "\n# changed\n")


@pytest.fixture
def gate(inside: Headworks) -> Headworks:
    """The gate over `c`, on a throw-away server."""
    return lambda *words: inside("gate", "--revisions", "c:", "--quiet", *words)  # type: ignore[return-value]


def test_kept_from_run_to_run(tmp_path: Path, gate: Headworks) -> None:
    project = Counted(tmp_path)
    for _ in range(2):
        ran = gate()
        assert (ran.code, ran.err) == (0, ""), ran.out
        assert project.runs == 1
    project.change("migrations/versions/b.py")
    assert gate().code == 0
    assert project.runs == 2


def test_made_anew_when_a_file_that_it_reads_has_changed(tmp_path: Path, gate: Headworks) -> None:
    project = Counted(tmp_path, f"import pathlib\npathlib.Path({str(tmp_path / 'rows.txt')!r}).read_text()")
    gate()
    project.change("counted_wares.py")  # nobody imports it
    gate()
    assert project.runs == 1
    project.change("rows.txt")
    gate()
    assert project.runs == 2


def test_made_anew_when_a_module_that_it_imports_has_changed(
    tmp_path: Path, gate: Headworks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    project = Counted(tmp_path, "import counted_wares")
    gate()
    gate()
    assert project.runs == 1
    project.change("counted_wares.py")
    gate()
    assert project.runs == 2


def test_what_lies_outside_of_the_database_is_there_too(tmp_path: Path, gate: Headworks) -> None:
    role = f"headworks_case_{secrets.token_hex(3)}"
    grant = Rev("c", sql(f"GRANT SELECT ON a TO {role}"), sql(f"REVOKE SELECT ON a FROM {role}"))
    project = Counted(tmp_path, sql(f"CREATE ROLE {role}"), grant)
    for _ in range(2):
        ran = gate("--checks", "schema,whole,data,locks")
        assert (ran.code, ran.err) == (0, ""), ran.out
    assert project.runs == 1


def test_a_fault_is_found_on_a_kept_base_as_on_a_new_one(tmp_path: Path, gate: Headworks) -> None:
    forgets = Rev("c", sql("ALTER TABLE a ADD x int", "CREATE INDEX ix ON b (id)"), sql("ALTER TABLE a DROP x"))
    Counted(tmp_path, last=forgets)
    first, second = (gate("--format", "github") for _ in range(2))
    assert first.code == second.code == 1
    assert first.out == second.out
    assert "ix" in first.out


def test_a_base_that_does_not_run_in_one_go(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    """A new value of an enum cannot be used in the transaction that adds it."""
    make_project(
        tmp_path,
        [
            Rev("e", sql("CREATE TYPE mood AS ENUM ('sad')"), sql("DROP TYPE mood")),
            Rev("v", sql("ALTER TYPE mood ADD VALUE 'ok'"), None),
            Rev("u", sql("CREATE TABLE t (m mood DEFAULT 'ok')"), sql("DROP TABLE t")),
            table("c"),
        ],
    )
    ran = inside("gate", "--revisions", "c:", "--checks", "schema,data", "--quiet", "--shadow-url", server_url)
    assert ran.code == 0, ran.out + ran.err


def test_nothing_stays_on_a_named_server(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    make_project(tmp_path, [table("a"), table("b"), table("c")])
    assert inside("gate", "--revisions", "c:", "--quiet", "--shadow-url", server_url).code == 0
    with psycopg.connect(server_url) as connection:
        row = connection.execute("SELECT count(*) FROM pg_database WHERE datname LIKE 'headworks_base%'").fetchone()
    assert row == (0,)


def test_the_report_says_how_long_each_revision_took(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    slow = Rev("c", "import time\ntime.sleep(0.05)\n" + sql("CREATE TABLE c (id int)"), sql("DROP TABLE c"))
    make_project(tmp_path, [table("a"), table("b"), slow])
    words = ("--checks", "schema,data", "--format", "json", "--shadow-url", server_url)
    revisions = json.loads(inside("gate", "--revisions", "b:", *words).out)["details"]["revisions"]
    assert [one["revision"] for one in revisions] == ["b", "c"]
    assert revisions[0]["seconds"] > 0
    assert revisions[1]["seconds"] > 4 * 0.05  # up and up again, in both walks


POOLED = """
import os
import sqlalchemy as sa
from alembic import context

url = context.config.get_main_option("sqlalchemy.url")
import builtins
kept = getattr(builtins, "_kept_engines", None)
if kept is None:
    kept = builtins._kept_engines = {}
engine = kept.setdefault(url, sa.create_engine(url))  # with SQLAlchemy's pool, as an application makes it, once
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=sa.MetaData())
    with context.begin_transaction():
        context.run_migrations()
"""


def test_an_engine_that_keeps_its_connections(tmp_path: Path, headworks: Headworks) -> None:
    """They are in the base, which is copied for each scratch database."""
    write_project(tmp_path, [table("a"), table("b"), table("c")], env=POOLED)
    ran = headworks("gate", "--revisions", "b:c", "--checks", "schema,whole,data", "--quiet")
    assert (ran.code, ran.err) == (0, "")
