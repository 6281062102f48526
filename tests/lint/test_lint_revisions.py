"""`lint --migrations`: squawk's remarks at the lines of revisions that issue the statements."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from headworks.lint.squawk import squawk
from helpers import Headworks
from projects import Rev, env_of, sql, write_project
from repositories import repository

HELPER = """
from alembic import op

def index(table, column):
    op.create_index(f"ix_{table}_{column}", table, [column])
"""
FIRST = Rev("first", sql("CREATE TABLE users (id bigint PRIMARY KEY, name text)"), sql("DROP TABLE users"))
SECOND = Rev(
    "second",
    "\n".join(
        [
            'op.add_column("users", sa.Column("age", sa.BigInteger()))',
            'helper.index("users", "age")',
            "with op.get_context().autocommit_block():",
            '    op.create_index("ix_users_name", "users", ["name"], postgresql_concurrently=True)',
            'op.execute("ALTER TABLE users ADD CONSTRAINT grown CHECK (age > 0)")',
        ]
    ),
    head="import helper",
)

pytestmark = pytest.mark.skipif(
    not (Path(sys.executable).parent / "squawk").exists() and shutil.which("squawk") is None,
    reason="squawk is not installed (pip install squawk-cli)",
)


def found(ran: Any, *rules: str) -> list[dict[str, Any]]:
    assert ran.out, ran.err
    return [one for one in json.loads(ran.out)["findings"] if not rules or one["rule"] in rules]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write_project(tmp_path, [FIRST, SECOND])
    (tmp_path / "helper.py").write_text(HELPER)
    return tmp_path / "migrations" / "versions" / "second.py"


def line_of(file: Path, words: str) -> int:
    return next(number for number, line in enumerate(file.read_text().splitlines(), 1) if words in line)


def test_each_remark_is_at_the_revisions_own_line(project: Path, headworks: Headworks) -> None:
    ran = headworks("lint", "--migrations", "--format", "json")
    said = [(one["rule"], one["revision"], one["line"]) for one in found(ran) if one["severity"] != "note"]
    assert said == [
        # Through a helper's module, and it is the revision's line all the same.
        ("lint.squawk-require-concurrent-index-creation", "second", line_of(project, "helper.index(")),
        ("lint.squawk-constraint-missing-not-valid", "second", line_of(project, "ADD CONSTRAINT")),
    ]
    assert {one["file"] for one in found(ran)} == {"migrations/versions/second.py"}
    assert all(one["hint"] for one in found(ran))
    assert (ran.code, headworks("lint", "--migrations", "--strict").code) == (0, 1)


def test_the_config_and_the_revisions_file_have_the_last_word(
    project: Path, headworks: Headworks, tmp_path: Path
) -> None:
    text = project.read_text()
    allowed = "# headworks: allow lint.squawk-constraint-missing-not-valid - an empty table\n"
    idle = "# headworks: allow lint.squawk-ban-drop-column - none is dropped\n"
    project.write_text(text + allowed + idle)
    rules = 'squawk-require-concurrent-index-creation = "error"\nsquawk-prefer-robust-stmts = "off"\n'
    (tmp_path / "pyproject.toml").write_text(f"[tool.headworks.lint.rules]\n{rules}")
    ran = headworks("lint", "--migrations", "--format", "json")
    assert [(one["rule"], one["severity"]) for one in found(ran)] == [
        ("lint.squawk-require-concurrent-index-creation", "error"),
        ("lint.unused-allowance", "warning"),
    ]
    assert found(ran)[1]["line"] == line_of(project, "ban-drop-column")
    assert ran.code == 1
    (tmp_path / ".squawk.toml").write_text('excluded_rules = ["require-concurrent-index-creation"]\n')
    left = found(headworks("lint", "--migrations", "--format", "json"))
    assert [one["rule"] for one in left] == ["lint.unused-allowance"]


def test_a_revision_that_reads_the_database_is_said_and_the_others_go_on(tmp_path: Path, headworks: Headworks) -> None:
    reads = Rev("reads", 'op.execute("SELECT 1")\nrows = op.get_bind().execute(sa.text("SELECT 1")).fetchall()')
    write_project(tmp_path, [FIRST, reads, Rev("after", sql("ALTER TABLE users ADD CONSTRAINT c CHECK (id > 0)"))])
    ran = headworks("lint", "--migrations", "--format", "json")
    (note,) = found(ran, "lint.not-printed")
    file = tmp_path / "migrations/versions/reads.py"
    assert (note["revision"], note["severity"], note["line"]) == ("reads", "note", line_of(file, "fetchall"))
    assert [one["revision"] for one in found(ran, "lint.squawk-constraint-missing-not-valid")] == ["after"]


ONLINE = """
from alembic import context
from sqlalchemy import NullPool, create_engine

with create_engine(context.config.get_main_option("sqlalchemy.url"), poolclass=NullPool).connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""


def test_an_env_without_an_offline_mode_is_said(tmp_path: Path, headworks: Headworks) -> None:
    write_project(tmp_path, [FIRST], env=ONLINE)
    ran = headworks("lint", "--migrations")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: env.py has no offline mode, in which SQL is printed and nothing connects: ")
    assert ran.err.endswith("context.is_offline_mode(); headworks gate runs the revisions instead\n")


@pytest.mark.parametrize("driver", ["psycopg", "asyncpg"])
def test_an_async_env_without_an_offline_mode_is_said(driver: str, tmp_path: Path, inside: Headworks) -> None:
    env = env_of("async").replace("if context.is_offline_mode():", "if False:")
    write_project(tmp_path, [FIRST], env=env, config={"driver": driver})
    ran = inside("lint", "--migrations")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: env.py has no offline mode, in which SQL is printed and nothing connects: ")


def test_an_env_that_is_broken_is_not_told_of_offline_modes(tmp_path: Path, inside: Headworks) -> None:
    write_project(tmp_path, [FIRST], preamble="import no_such_module")
    ran = inside("lint", "--migrations")
    assert ran.code == 2
    assert ran.err.startswith("error: migrations/env.py, line ")
    assert "offline" not in ran.err


def test_since_looks_at_new_revisions_alone(project: Path, tmp_path: Path, headworks: Headworks) -> None:
    text = project.read_text()
    project.unlink()
    repository(tmp_path)
    project.write_text(text)
    ran = headworks("lint", "--migrations", "--since", "HEAD", "--format", "json")
    assert json.loads(ran.out)["stats"]["revisions"] == 1


@pytest.mark.parametrize("path", [None, "nothing"])
def test_without_a_repository_or_git_since_says_what_lint_can_do(
    path: str | None, project: Path, headworks: Headworks, tmp_path: Path
) -> None:
    env = {} if path is None else {"PATH": str(tmp_path / path)}
    ran = headworks("lint", "--migrations", "--since", "main", env=env | {"GIT_CEILING_DIRECTORIES": str(tmp_path)})
    assert (ran.code, ran.out) == (2, "")
    hint = ran.err.splitlines()[1]
    assert hint.endswith("leave --since out, and every revision is looked at")
    assert "--revisions" not in hint
    assert headworks("lint", "--migrations").code == 0


def test_a_rule_that_squawk_has_not_is_refused(project: Path, headworks: Headworks, tmp_path: Path) -> None:
    file = tmp_path / "pyproject.toml"
    file.write_text('[tool.headworks.lint.rules]\nsquawk-ban-drop-column = "error"\nsquawk-bogus = "error"\n')
    ran = headworks("lint", "--migrations")
    assert (ran.code, ran.out) == (2, "")
    assert "pyproject.toml, line 3: [tool.headworks] lint.rules.squawk-bogus: squawk has no rule 'bogus'\n" in ran.err
    file.write_text('[tool.headworks.lint.rules]\nsquawk-ban-drop-column = "error"\n')
    assert headworks("lint", "--migrations").code == 0


def test_without_squawk_there_is_one_line(project: Path, headworks: Headworks, tmp_path: Path) -> None:
    # An interpreter beside which no squawk lies, and a PATH without one.
    code = "import sys; sys.executable = sys.argv.pop(1); from headworks.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "bin" / "python"), "lint", "--migrations"],
        cwd=tmp_path,
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    error, hint = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (2, "")
    assert error.startswith("error: lint --migrations hands")
    assert hint == "hint: python -m pip install squawk-cli"


def test_more_files_than_a_command_line_takes(tmp_path: Path) -> None:
    files = [tmp_path / f"{number}.sql" for number in range(401)]
    for file in files:
        file.write_text("ALTER TABLE a ADD CONSTRAINT c CHECK (b > 0);\n")
    said = [one.file for one in squawk(files, folder=tmp_path) if one.rule_name == "constraint-missing-not-valid"]
    assert sorted(said) == sorted(map(str, files))
