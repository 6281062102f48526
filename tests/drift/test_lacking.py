"""Models that name what only a migration makes: a function, a type, a sequence, a collation."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from helpers import Headworks, executed
from projects import Rev, sql, write_project

HEAD = """
from sqlalchemy import Column, Index, Integer, MetaData, Table, Text, text
from sqlalchemy.dialects.postgresql import DOMAIN, ENUM
"""
ID = 'Column("id", Text, primary_key=True)'

CASES = {
    "a function's value": (
        ["CREATE FUNCTION gen_id() RETURNS text LANGUAGE sql AS 'SELECT ''x'''",
         "CREATE TABLE t (id text DEFAULT gen_id() PRIMARY KEY)"],
        'Table("t", metadata, Column("id", Text, primary_key=True, server_default=text("gen_id()")))',
    ),
    "a function of a type, in an index": (
        ["CREATE TYPE pair AS (a text, b text)", "CREATE DOMAIN word AS text CHECK (VALUE <> '')",
         "CREATE FUNCTION key_of(word) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1::text'",
         "CREATE TABLE t (id text PRIMARY KEY)", "CREATE INDEX ix ON t (key_of(id::word))"],
        f'Table("t", metadata, {ID}, Index("ix", text("key_of(id::word)")))',
    ),
    "an enum": (
        ["CREATE TYPE mood AS ENUM ('a', 'b')", "CREATE TABLE t (id text PRIMARY KEY, m mood)"],
        f'Table("t", metadata, {ID}, Column("m", ENUM("a", "b", name="mood", create_type=False)))',
    ),
    "a domain": (
        ["CREATE DOMAIN email AS text CHECK (VALUE ~ '@')", "CREATE TABLE t (id text PRIMARY KEY, m email)"],
        f'Table("t", metadata, {ID}, Column("m", DOMAIN("email", Text, create_type=False)))',
    ),
    "a sequence": (
        ["CREATE SEQUENCE sq START 7", "CREATE TABLE t (id int DEFAULT nextval('sq') PRIMARY KEY)"],
        """Table("t", metadata, Column("id", Integer, primary_key=True, server_default=text("nextval('sq')")))""",
    ),
    "a collation": (
        ["CREATE COLLATION own (provider = libc, locale = 'C')",
         "CREATE TABLE t (id text PRIMARY KEY, n text COLLATE own)"],
        f'Table("t", metadata, {ID}, Column("n", Text(collation="own")))',
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_it_is_there_and_so_they_are_in_step(
    name: str, tmp_path: Path, inside: Headworks, server_url: str, make_database: Callable[..., str]
) -> None:
    statements, models = CASES[name]
    write_project(tmp_path, [Rev("a", sql(*statements), "pass")], preamble=HEAD + models)
    url = make_database()
    assert inside("upgrade", "--url", url).code == 0
    words = ("--shadow-url", server_url, "--format", "json")

    def found() -> list[str]:
        ran = inside("drift", "--url", url, *words)
        assert ran.out, ran.err
        return [one["message"] for one in json.loads(ran.out)["findings"] if one["severity"] != "note"]

    assert found() == []
    ran = inside("gate", "--checks", "whole", *words)
    assert [one["rule"] for one in json.loads(ran.out)["findings"] if one["severity"] != "note"] == []
    executed(url, "ALTER TABLE t ADD extra int")
    (said,) = found()
    assert "column public.t.extra is unexpected" in said


def test_what_is_nowhere_is_still_said(
    tmp_path: Path, inside: Headworks, server_url: str, make_database: Callable[..., str]
) -> None:
    models = HEAD + f'Table("t", metadata, {ID}, Column("m", DOMAIN("email", Text, create_type=False)))'
    write_project(tmp_path, [Rev("a", sql("CREATE TABLE t (id text PRIMARY KEY)"), "pass")], preamble=models)
    url = make_database()
    assert inside("upgrade", "--url", url).code == 0
    ran = inside("drift", "--url", url, "--shadow-url", server_url)
    assert ran.code == 3
    assert 'type "email" does not exist' in ran.err
