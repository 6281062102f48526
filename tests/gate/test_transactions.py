"""Revisions that end the transaction that Alembic runs them in, or leave something in the session."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from headworks.postgres.server import ThrowawayServer
from helpers import Headworks, executed, sqlalchemy_url
from projects import Rev, env_of, make_project, sql, table

COMMITS = Rev("k", "op.get_bind().commit()\n" + sql("CREATE TABLE k (id int PRIMARY KEY)"), sql("DROP TABLE k"))
ROLLS_BACK = Rev("k", COMMITS.up.replace("commit", "rollback"), COMMITS.down)
THEN_COMMITS = env_of("generic").replace(
    "        run(connection)\n", "        run(connection)\n        connection.commit()\n"
)


def errors(inside: Headworks, *words: str) -> list[dict[str, Any]]:
    ran = inside("gate", "--format", "json", *words)
    assert ran.out, ran.err
    return [one for one in json.loads(ran.out)["findings"] if one["severity"] != "note"]


def by_alembic(folder: Path, server_url: str) -> list[str]:
    """What plain Alembic leaves of `upgrade head`: the tables. It must end well."""
    with ThrowawayServer() as server:
        ini = (folder / "alembic.ini").read_text(encoding="utf-8")
        (folder / "its.ini").write_text(
            ini + f"sqlalchemy.url = {sqlalchemy_url(server.url.libpq()).replace('%', '%%')}\n", encoding="utf-8"
        )
        command = [sys.executable, "-m", "alembic", "-c", "its.ini", "upgrade", "head"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        rows = executed(server.url.libpq(), "SELECT relname FROM pg_class WHERE relname IN ('a', 'k', 'c') ORDER BY 1")
    return [str(name) for (name,) in rows]


@pytest.mark.parametrize("options", ["", "transaction_per_migration=True"])
def test_what_alembic_rolls_back_without_a_word(
    options: str, tmp_path: Path, inside: Headworks, server_url: str
) -> None:
    make_project(tmp_path, [table("a"), COMMITS], options=options)
    assert by_alembic(tmp_path, server_url) == ["a"]
    found = errors(inside, "--shadow-url", server_url)
    assert [(one["rule"], one["revision"]) for one in found] == [("gate.upgrade-failed", "k")]
    assert (
        "it ended the transaction that Alembic runs it in, and what came after was rolled back" in found[0]["message"]
    )
    assert "autocommit_block" in found[0]["hint"]


def test_where_env_commits_at_its_end(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    make_project(tmp_path, [table("a"), COMMITS, table("c")], env=THEN_COMMITS)
    assert by_alembic(tmp_path, server_url) == ["a", "c", "k"]
    assert errors(inside, "--shadow-url", server_url) == []


def test_a_revision_that_rolls_back(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    make_project(tmp_path, [table("a"), ROLLS_BACK, table("c", after="a")])
    found = errors(inside, "--checks", "schema,data", "--shadow-url", server_url)
    assert [(one["rule"], one["revision"]) for one in found] == [("gate.upgrade-failed", "k")]


LEFT = {
    "a temporary table": ("CREATE TEMP TABLE left_there AS SELECT 1 AS id", "CREATE TEMP TABLE left_there ()"),
    "a search path": ("SET search_path = other, public", "CREATE TABLE c ()"),
    "a role": ("SET ROLE pg_monitor", "CREATE TABLE public.c ()"),
    "a session's user": ("SET SESSION AUTHORIZATION pg_monitor", "CREATE TABLE public.c ()"),
}


@pytest.mark.parametrize("what", LEFT)
@pytest.mark.parametrize("style", [{"env": "generic"}, {"options": "transaction_per_migration=True"}, {"env": "async"}])
def test_what_is_left_in_the_session(
    what: str, style: dict[str, str], tmp_path: Path, inside: Headworks, server_url: str
) -> None:
    first, second = LEFT[what]
    schema = Rev("s", sql("CREATE SCHEMA other", "GRANT ALL ON SCHEMA other TO PUBLIC"), sql("DROP SCHEMA other"))
    left = Rev("l", sql("GRANT ALL ON alembic_version TO PUBLIC", first))
    after = Rev("t", sql(second), sql("DROP TABLE public.c") if "c ()" in second else "pass")
    make_project(tmp_path, [schema, left, after], **style)
    found = errors(inside, "--checks", "schema,data", "--shadow-url", server_url)
    assert found == []


def test_what_env_set_is_kept(tmp_path: Path, headworks: Headworks, server_url: str) -> None:
    """In a process of its own: what env.py listens to here concerns every engine of the process."""
    kept = """
from sqlalchemy import event
from sqlalchemy.engine import Engine

@event.listens_for(Engine, "connect")
def settle(connection, record):
    connection.autocommit = True
    connection.execute("SET search_path = other, public")
    connection.autocommit = False
"""
    schema = Rev("s", sql("CREATE SCHEMA other"), sql("DROP SCHEMA other CASCADE"))
    up = sql("SET search_path = public", "CREATE TEMP TABLE x ()")
    there = Rev("t", sql("CREATE TABLE c ()"), sql("DROP TABLE other.c"))
    make_project(tmp_path, [schema, Rev("l", up), there], preamble=kept)
    assert errors(headworks, "--checks", "schema", "--shadow-url", server_url) == []
