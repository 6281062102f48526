"""`gate.dependency` names the object that the revision misses, where the server's message tells which one that is."""

import json
from pathlib import Path

import pytest

from helpers import Headworks
from projects import Rev, make_project, sql

BOTH = ["ALTER TABLE base ADD x int", "CREATE TABLE t (x int)"]
FUNCTION = "CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1'"
CHECK = "ALTER TABLE base ADD CONSTRAINT c CHECK (id > 0)"
# What the revision that is not depended on makes, what the other one does, and the object.
MISSED = {
    "a table": (["CREATE TABLE users (relation int)"], "COMMENT ON TABLE users IS 'x'", "table public.users"),
    "in a schema": (["CREATE SCHEMA crm", "CREATE TABLE crm.users ()"], "SELECT FROM crm.users", "table crm.users"),
    "a schema": (["CREATE SCHEMA crm"], "CREATE TABLE crm.bills ()", "schema crm"),
    "a column": (BOTH, "ALTER TABLE base ALTER x SET NOT NULL", "column public.base.x"),
    "a column alone": (["ALTER TABLE base ADD x int"], "SELECT x FROM base", "column public.base.x"),
    "one of two columns": (BOTH, "SELECT x FROM base", None),
    "a type": (["CREATE TYPE mood AS ENUM ('x')"], "CREATE TABLE bills (m mood)", "enum public.mood"),
    "a function": ([FUNCTION], "SELECT f(1)", "function public.f(integer)"),
    "a constraint": ([CHECK], "ALTER TABLE base DROP CONSTRAINT c", "constraint public.base.c"),
    "a row": (["INSERT INTO base VALUES (1)"], "DO $$BEGIN ASSERT (SELECT count(*) FROM base) = 1; END$$", None),
}


@pytest.mark.parametrize("what", MISSED)
def test_what_is_missed(what: str, tmp_path: Path, inside: Headworks, server_url: str) -> None:
    makes, needs, expected = MISSED[what]
    revisions = [
        Rev("o", sql("CREATE TABLE base (id int)"), after=None, label="base"),
        Rev("a", sql(*makes), after=None, label="core", depends_on="o"),
        Rev("b", sql(needs), after=None, label="bills", depends_on="o"),
    ]
    make_project(tmp_path, revisions)
    ran = inside("gate", "--checks", "branches", "--format", "json", "--shadow-url", server_url)
    (found,) = json.loads(ran.out)["findings"]
    ref = found["object"]
    path = ".".join(ref[part] for part in ("schema", "table", "name") if ref[part]) if ref else ""
    assert (found["rule"], found["revision"], ref and f"{ref['kind']} {path}") == ("gate.dependency", "b", expected)
    assert "b needs a and does not depend on it" in found["message"]
