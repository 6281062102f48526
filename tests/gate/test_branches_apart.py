"""Branches that cannot live in one database: the first is walked, and each other one in a database of its own."""

import json
from pathlib import Path
from typing import Any

import pytest

from helpers import Headworks
from projects import Rev, sql, table, write_project

LEAVES = Rev("b2", sql("ALTER TABLE t ADD n int", "CREATE INDEX ix ON t (n)"), sql("ALTER TABLE t DROP n"), "b1")
EMPTIES = Rev("b3", sql("DELETE FROM t"), "pass", "b2")
FIRST = [table("t", id="a1", after=None, label="old"), Rev("a2", sql("ALTER TABLE t ADD m int"), "pass", "a1")]
SECOND = [table("t", id="b1", after=None, label="new"), LEAVES, EMPTIES]


def report(inside: Headworks, server_url: str, *words: str) -> dict[str, Any]:
    ran = inside("gate", "--format", "json", "--shadow-url", server_url, *words)
    assert ran.code == 1, ran.err
    return json.loads(ran.out)  # type: ignore[no-any-return]


def said(report: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["rule"], one["revision"]) for one in report["findings"] if one["revision"]]


@pytest.mark.parametrize("env", ["generic", "begin"])
def test_each_is_walked(env: str, tmp_path: Path, inside: Headworks, server_url: str) -> None:
    write_project(tmp_path, [*FIRST, *SECOND], env=env)
    found = report(inside, server_url, "--checks", "schema,branches,whole,data")
    assert said(found) == [
        ("gate.downgrade-differs", "a2"),
        ("gate.upgrade-failed", "b1"),
        ("gate.data-lost", "b3"),
    ]
    beside = found["findings"][1]
    assert beside["message"].startswith(
        "upgrade of b1 fails where those before it have been run, and runs alone, so its branch was walked in a"
        ' database of its own: relation "t" already exists'
    )
    assert beside["line"] == 10
    assert "allow gate.upgrade-failed" in beside["hint"]
    places = {one["revision"]: one.get("apart") for one in found["details"]["revisions"]}
    assert places == {"a1": None, "a2": None, "b1": "b1", "b2": "b1", "b3": "b1"}
    assert found["details"]["data"]["filled"] == 1
    assert set(found["details"]["erd_tables"]["new"]) == {"t"}


def test_what_is_wrong_in_the_second_is_found(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    leaves = Rev("b2", sql("ALTER TABLE t ADD n int"), "pass", "b1")
    fails = Rev("b3", sql("ALTER TABLE nope ADD n int"), "pass", "b2")
    write_project(tmp_path, [*FIRST, SECOND[0], leaves, fails, Rev("b4", after="b3")])
    found = report(inside, server_url, "--checks", "schema")
    assert said(found)[1:] == [
        ("gate.upgrade-failed", "b1"),
        ("gate.downgrade-differs", "b2"),
        ("gate.upgrade-failed", "b3"),
        ("gate.upgrade-failed", "b3"),  # the note of what needs it
    ]
    assert found["details"]["revisions"][-1]["skipped"] == "b3"


def test_a_revision_that_needs_both_is_not_run(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    write_project(tmp_path, [*FIRST, *SECOND, Rev("both", after=("a2", "b3"))])
    found = report(inside, server_url, "--checks", "schema")
    assert {one["revision"]: one.get("skipped") for one in found["details"]["revisions"]}["both"] == "b1"
    assert "1 revision that needs b1 was not run: both" in [one["message"] for one in found["findings"]]


def test_a_base_that_fails_alone_as_well_is_lost(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    fails = Rev("b1", sql("CREATE TABLE t (id nope)"), "pass", None)
    write_project(tmp_path, [*FIRST, fails, LEAVES])
    found = report(inside, server_url, "--checks", "schema")
    assert found["findings"][1]["message"].startswith('upgrade of b1 fails: type "nope" does not exist')
    assert found["details"]["revisions"][-1]["skipped"] == "b1"


def test_a_part_of_the_second(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    write_project(tmp_path, [*FIRST, *SECOND])
    found = report(inside, server_url, "--checks", "data", "--revisions", "b3")
    assert said(found) == [("gate.data-lost", "b3")]
    assert found["details"]["data"]["filled"] == 1


def test_an_allowance_for_it_is_no_idle_one(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    allowed = Rev(
        "b1",
        sql("CREATE TABLE t (id int PRIMARY KEY)"),
        sql("DROP TABLE t"),
        None,
        label="new",
        head="# headworks: allow gate.upgrade-failed - no database has both",
    )
    write_project(tmp_path, [FIRST[0], allowed, LEAVES])
    ran = inside("gate", "--checks", "schema", "--strict", "--format", "json", "--shadow-url", server_url)
    assert (ran.code, json.loads(ran.out)["findings"]) == (0, [])
