"""A revision that leaves what a deferred constraint refuses: its statements run, and COMMIT fails."""

import json
from pathlib import Path
from typing import Any

import pytest

from helpers import Headworks
from projects import Rev, make_project, sql, table

BASE = Rev(
    "a",
    sql(
        "CREATE TABLE p (id int PRIMARY KEY)",
        "CREATE TABLE c (id int PRIMARY KEY, p int NOT NULL REFERENCES p DEFERRABLE INITIALLY DEFERRED)",
    ),
    sql("DROP TABLE c", "DROP TABLE p"),
)
BREAKS = Rev("b", sql("INSERT INTO c VALUES (99999, -77)"), "pass")
STYLES: dict[str, dict[str, Any]] = {
    "psycopg": {},
    "psycopg2": {"config": {"driver": "psycopg2"}},
    "asyncpg": {"env": "async", "config": {"driver": "asyncpg"}},
    "a transaction each": {"options": "transaction_per_migration=True"},
    "a transaction of env.py's": {"env": "begin"},
}


def errors(inside: Headworks, server_url: str, *words: str) -> list[tuple[str, str]]:
    ran = inside("gate", "--format", "json", "--shadow-url", server_url, *words)
    assert ran.out, ran.err
    found = [one for one in json.loads(ran.out)["findings"] if one["severity"] == "error"]
    assert all('violates foreign key constraint "c_p_fkey"' in one["message"] for one in found)
    return [(one["rule"], one["revision"]) for one in found]


@pytest.mark.parametrize("style", STYLES)
def test_it_is_named(style: str, tmp_path: Path, inside: Headworks, server_url: str) -> None:
    make_project(tmp_path, [BASE, BREAKS, table("z")], **STYLES[style])
    # Also as one of several in a transaction, and below what is looked at.
    for words in ([], ["--checks", "whole"], ["--revisions", "z"]):
        assert errors(inside, server_url, *words) == [("gate.upgrade-failed", "b")], words


def test_where_the_domains_alone_are_run(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    two = table("x", after=None, label="two")
    make_project(tmp_path, [Rev("o", after=None, label="one"), BASE, BREAKS, table("z"), two])
    assert errors(inside, server_url, "--checks", "branches") == [("gate.upgrade-failed", "b")]


def test_a_trigger_that_refuses_it(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    refuses = (
        "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS"
        " $$BEGIN RAISE 'violates foreign key constraint \"c_p_fkey\"'; END$$"
    )
    deferred = "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION no()"
    trigger = f"CREATE CONSTRAINT TRIGGER no AFTER INSERT ON p {deferred}"
    makes = Rev("a", BASE.up + "\n" + sql(refuses, trigger), sql("DROP TABLE c, p", "DROP FUNCTION no"))
    make_project(tmp_path, [makes, Rev("b", sql("INSERT INTO p VALUES (1)")), table("z")])
    assert errors(inside, server_url) == [("gate.upgrade-failed", "b")]


@pytest.mark.parametrize("direction", ["upgrade", "downgrade"])
def test_on_rows_alone(direction: str, tmp_path: Path, inside: Headworks, server_url: str) -> None:
    update = sql("UPDATE c SET p = -1 - p")
    revision = Rev("b", update, "pass") if direction == "upgrade" else Rev("b", "pass", update)
    make_project(tmp_path, [BASE, revision, table("z")])
    assert errors(inside, server_url, "--checks", "schema,data") == [(f"gate.{direction}-fails-on-data", "b")]


def test_an_upgrade_says_which_ones(tmp_path: Path, inside: Headworks, make_database: Any) -> None:
    make_project(tmp_path, [BASE, BREAKS, table("z")])
    url = make_database()
    ran = inside("upgrade", "--url", url)
    assert ran.code == 3
    assert "the transaction of a to z could not be committed: insert or update on table" in ran.err
    assert inside("upgrade", "a", "--url", url).code == 0
    ran = inside("upgrade", "b", "--url", url)
    assert ran.code == 3
    assert "upgrade of b failed: insert or update on table" in ran.err
