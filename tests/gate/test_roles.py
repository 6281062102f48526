"""Roles that revisions make: all databases of a server share them, and each scratch database begins without."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from headworks.postgres.server import ThrowawayServer
from helpers import Headworks, executed
from projects import Rev, make_project, sql, table, write_project, write_revision
from repositories import git, repository

ROLE = Rev(
    "r",
    sql("CREATE ROLE app NOLOGIN", "CREATE TABLE t (id int PRIMARY KEY)", "GRANT SELECT ON t TO app"),
    sql("DROP TABLE t", "DROP ROLE app"),
    label="one",
)
MODELS = """
import sqlalchemy as sa
sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True, autoincrement=False))
"""


@pytest.fixture
def named() -> Iterator[str]:
    """A server for --shadow-url that nobody else uses meanwhile."""
    with ThrowawayServer() as server:
        yield server.url.libpq()


def gate(inside: Headworks, *words: str) -> tuple[int, list[tuple[str, str | None, str]], dict[str, Any]]:
    ran = inside("gate", "--format", "json", *words)
    assert ran.out, ran.err
    report = json.loads(ran.out)
    said = [(one["rule"], one["revision"], one["message"]) for one in report["findings"] if one["severity"] != "note"]
    return ran.code, said, report["details"]


@pytest.mark.parametrize("checks", ["schema,branches,whole,data,locks", "branches", "data"])
@pytest.mark.parametrize("where", ["throw-away", "named"])
def test_a_history_that_makes_a_role(checks: str, where: str, tmp_path: Path, inside: Headworks, named: str) -> None:
    other = table("x", after=None, depends_on="r", label="two")
    make_project(tmp_path, [ROLE, table("b"), other, table("y")])
    words = ["--shadow-url", named] if where == "named" else []
    code, said, details = gate(inside, "--checks", checks, *words)
    assert (code, said) == (0, [])
    if "data" in checks:
        assert (details["data"]["tables"], details["data"]["filled"]) == (4, 4)
    assert executed(named, "SELECT rolname FROM pg_roles WHERE oid >= 16384") == [], "none is left there"


def test_the_walk_goes_on_in_a_new_database(tmp_path: Path, inside: Headworks) -> None:
    make_project(tmp_path, [ROLE, Rev("b", sql("CREATE TABLE b ()"), "pass"), table("c")])
    code, said, _ = gate(inside)
    assert (code, [one[:2] for one in said]) == (1, [("gate.downgrade-differs", "b")])


def test_above_a_base_that_makes_a_role(tmp_path: Path, inside: Headworks, named: str) -> None:
    write_project(tmp_path, [ROLE, table("x", after=None, depends_on="r", label="two")], preamble=MODELS)
    repository(tmp_path)
    git(tmp_path, "tag", "v1")
    write_revision(
        tmp_path,
        Rev("s", sql("CREATE ROLE ops", "GRANT SELECT ON t TO ops"), sql("REVOKE ALL ON t FROM ops", "DROP ROLE ops")),
        "x",
    )
    write_revision(tmp_path, table("y"), "s")
    for words in ([], [], ["--shadow-url", named]):  # the second time the base is a kept one
        checks = ["--checks", "schema,branches,data,compat"]
        code, said, details = gate(inside, "--since", "v1", "--compat", *checks, *words)
        assert (code, said) == (0, []), words
        assert details["compat"]["release"]["inserted"] == 1
    assert executed(named, "SELECT rolname FROM pg_roles WHERE oid >= 16384") == []


def test_models_that_name_a_role(tmp_path: Path, inside: Headworks) -> None:
    grants = MODELS + 'sa.event.listen(metadata, "after_create", sa.DDL("GRANT SELECT ON t TO app"))\n'
    make_project(tmp_path, [ROLE], preamble=grants)
    assert gate(inside)[:2] == (0, [])


def test_roles_that_somebody_else_makes_meanwhile(tmp_path: Path, inside: Headworks, named: str) -> None:
    """On a server that is not ours: they stay, whether something refers to them or not."""
    begun = tmp_path / "begun"
    meanwhile = f"""
import pathlib, psycopg
if not pathlib.Path({str(begun)!r}).exists():
    pathlib.Path({str(begun)!r}).touch()
    with psycopg.connect({named!r}, autocommit=True) as theirs:
        theirs.execute("CREATE ROLE idle")
        theirs.execute("CREATE ROLE busy")
        theirs.execute("CREATE DATABASE theirs OWNER busy")
"""
    up, down = meanwhile + sql("GRANT SELECT ON t TO busy"), sql("REVOKE ALL ON t FROM busy")
    make_project(tmp_path, [ROLE, Rev("m", up, down), table("b")])
    code, said, _ = gate(inside, "--shadow-url", named)
    assert (code, said) == (0, [])
    left = executed(named, "SELECT rolname FROM pg_roles WHERE oid >= 16384 ORDER BY 1")
    assert left == [("busy",), ("idle",)]


def test_a_tablespace(tmp_path: Path, inside: Headworks) -> None:
    make = sql("CREATE TABLESPACE swift LOCATION ''", concurrently=True)
    up = f"{make}\n{sql('CREATE TABLE t (id int) TABLESPACE swift')}"
    down = f"{sql('DROP TABLE t')}\n{sql('DROP TABLESPACE swift', concurrently=True)}"
    make_project(tmp_path, [Rev("s", up, down), table("b")])
    assert gate(inside)[:2] == (0, [])


def test_what_the_walk_with_rows_cannot_run_is_said(tmp_path: Path, inside: Headworks) -> None:
    """Here it is a revision that looks where it runs."""
    up = f"if '_rows_' in op.get_bind().engine.url.database: 1 / 0\n{sql('CREATE TABLE a ()')}"
    make_project(tmp_path, [Rev("a", up, sql("DROP TABLE a")), table("b")])
    ran = inside("gate", "--checks", "schema,data", "--format", "json")
    notes = [one for one in json.loads(ran.out)["findings"] if one["rule"] == "gate.unfilled"]
    assert [(one["revision"], one["severity"]) for one in notes] == [("a", "note")]
    assert "nothing is said of its data and of that of 1 revision above it: ZeroDivisionError" in notes[0]["message"]
