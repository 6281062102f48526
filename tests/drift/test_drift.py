"""Drift on tiny projects: what env.py leaves out, what models can and cannot declare, where the shadow is made."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from headworks.drift.compare import differences
from headworks.drift.policy import Policy
from headworks.drift.scope import of_models
from headworks.postgres.server import ThrowawayServer
from headworks.schema import Schema, Setting
from helpers import Headworks, executed, scratch_databases_left, untouched
from projects import Rev, sql, table, write_project

A = """
from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table, Text, event, DDL
a = Table("a", metadata, Column("id", Integer, primary_key=True, autoincrement=False))
"""
STRANGER = "CREATE TABLE stranger (id int)"


@pytest.fixture
def url(make_database: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> str:
    made = make_database()
    monkeypatch.setenv("HEADWORKS_URL", made)
    return made


Drift = Callable[..., list[str]]


@pytest.fixture
def drift(tmp_path: Path, url: str, inside: Headworks, server_url: str) -> Drift:
    """Write a project, upgrade, run the statements, and say in one line each what drift finds."""

    def call(
        *statements: str, against: str = "models", revisions: tuple[Rev, ...] = (table("a"),), **project: Any
    ) -> list[str]:
        write_project(tmp_path, revisions, **{"preamble": A} | project)
        upgraded = inside("upgrade")
        assert upgraded.code == 0, upgraded.err
        executed(url, *statements) if statements else None
        with untouched(url):
            ran = inside("drift", "--against", against, "--shadow-url", server_url, "--format", "json")
        assert ran.out, ran.err
        return [_line(one) for one in json.loads(ran.out)["findings"]]

    return call


def _line(one: dict[str, Any]) -> str:
    ref = one["object"]
    if ref is None:
        return f"{one['severity']}: {one['message']}"
    path = ".".join(ref[part] for part in ("schema", "table", "name") if ref[part])
    attribute = f" {one['attribute']}" if one["attribute"] else ""
    return f"{one['rule'].removeprefix('drift.')} {ref['kind']} {path}{attribute}"


class TestFilters:
    def test_without_any(self, drift: Drift) -> None:
        assert drift(STRANGER) == ["unexpected table public.stranger"]

    @pytest.mark.parametrize(
        "option",
        [
            "include_name=lambda name, kind, parents: kind != 'table' or name != 'stranger'",
            "include_name=lambda name, kind, parents: parents.get('schema_qualified_table_name') != 'stranger'",
            "include_object=lambda obj, name, kind, reflected, other: kind != 'table' or not reflected or other",
            "include_object=lambda obj, name, kind, reflected, other: obj.name != 'stranger'",
        ],
    )
    def test_a_table_that_env_leaves_out(self, drift: Drift, option: str) -> None:
        assert drift(STRANGER, "CREATE INDEX ON stranger (id)", "ALTER TABLE a ADD x int", options=option) == [
            "unexpected column public.a.x"
        ]

    def test_a_declared_table_that_env_leaves_out(self, drift: Drift) -> None:
        option = "include_object=lambda obj, name, kind, reflected, other: name != 'a'"
        assert drift("ALTER TABLE a ADD x int", options=option) == []

    def test_other_schemas_are_not_looked_at(self, drift: Drift) -> None:
        assert drift("CREATE SCHEMA theirs", "CREATE TABLE theirs.t (id int)") == []

    def test_include_schemas(self, drift: Drift) -> None:
        said = drift("CREATE SCHEMA theirs", "CREATE TABLE theirs.t (id int)", options="include_schemas=True")
        assert "unexpected schema theirs" in said

    def test_include_schemas_with_a_filter(self, drift: Drift) -> None:
        option = (
            "include_schemas=True, include_name=lambda name, kind, parents: kind != 'schema' or name in (None, 'ours')"
        )
        statements = (
            "CREATE SCHEMA theirs",
            "CREATE TABLE theirs.t ()",
            "CREATE SCHEMA ours",
            "CREATE TABLE ours.t ()",
        )
        said = drift(*statements, options=option)
        assert said == ["unexpected schema ours"] or said == ["unexpected schema ours", "unexpected table ours.t"]

    @pytest.mark.parametrize("against", ["models", "migrations"])
    def test_the_version_table(self, drift: Drift, against: str) -> None:
        assert drift(options="version_table='versions'", against=against) == []

    def test_the_version_table_in_a_schema_of_its_own(self, drift: Drift, url: str) -> None:
        executed(url, "CREATE SCHEMA apart")
        assert drift(options="version_table='versions', version_table_schema='apart'") == []

    def test_a_table_that_only_looks_like_a_version_table(self, drift: Drift) -> None:
        assert drift("CREATE TABLE versions ()") == ["unexpected table public.versions"]


class TestModels:
    def test_two_metadata_in_any_order(self, drift: Drift) -> None:
        preamble = A + (
            "other = MetaData()\n"
            'b = Table("b", other, Column("id", Integer, primary_key=True, autoincrement=False),'
            ' Column("a_id", ForeignKey(a.c.id, name="fk_b_a")))\n'
            "metadata = [other, metadata]\n"
        )
        b = Rev("b", sql("CREATE TABLE b (id int PRIMARY KEY, a_id int CONSTRAINT fk_b_a REFERENCES a)"))
        assert drift(revisions=(table("a"), b), preamble=preamble) == []

    def test_two_metadata_with_a_fault_in_each(self, drift: Drift) -> None:
        preamble = A + 'other = MetaData()\nTable("b", other, Column("id", Integer))\nmetadata = [other, metadata]\n'
        b = Rev("b", sql("CREATE TABLE b (id int)"))
        said = drift("DROP TABLE b", "ALTER TABLE a ADD x int", revisions=(table("a"), b), preamble=preamble)
        assert said == ["unexpected column public.a.x", "missing table public.b"]

    def test_named_in_the_config(self, drift: Drift, tmp_path: Path) -> None:
        name = f"models_{tmp_path.name}".replace("-", "_")
        body = A.replace("a = Table", "metadata = MetaData()\na = Table") + "def interface():\n    return Interface()\n"
        body += "class Interface:\n    class Base:\n        metadata = metadata\n"
        (tmp_path / f"{name}.py").write_text(body)
        config = {"metadata": [f"{name}:interface().Base"]}
        assert drift("ALTER TABLE a ADD x int", preamble="", config=config) == ["unexpected column public.a.x"]

    def test_what_they_cannot_declare_is_a_note(self, drift: Drift) -> None:
        function = "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"
        trigger = "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION f()"
        statements = (function, trigger, "CREATE EXTENSION citext", function.replace("f()", "g()"))
        # A database that claims no revision has only the models to be compared with.
        assert drift(*statements, "DELETE FROM alembic_version")[1:] == [
            "note: 1 live extension not compared: the models declare none of that kind (extension citext)",
            "note: 2 live functions not compared: the models declare none of that kind"
            " (function public.f(), function public.g())",
            "note: 1 live trigger not compared: the models declare none of that kind (trigger public.a.t)",
        ]

    @pytest.mark.parametrize(
        "statement", ["REVOKE ALL ON SCHEMA public FROM PUBLIC", "GRANT CREATE ON SCHEMA public TO PUBLIC"]
    )
    def test_what_both_have_otherwise_is_a_difference(self, drift: Drift, statement: str) -> None:
        assert drift(statement) == [
            "note: 1 live difference in privilege not compared: the migrations declare none of that kind"
            " (privilege PUBLIC on schema public)"
        ]

    def test_a_note_says_which_side_has_it(self) -> None:
        here, there = (Schema.of([Setting(role="", name=name, value="1")]) for name in ("a", "b"))
        scope = of_models(here, Policy())
        found = differences(here, there)
        assert [(one.rule, one.message) for one in scope.notes(found)] == [
            (
                "drift.missing",
                "1 setting that the database lacks not compared: the models declare none of that kind (setting a)",
            ),
            (
                "drift.unexpected",
                "1 live setting not compared: the models declare none of that kind (setting b)",
            ),
        ]

    def test_a_kind_that_they_make_by_ddl_events_is_compared(self, drift: Drift) -> None:
        make = "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'"
        preamble = A + f'event.listen(metadata, "after_create", DDL({make!r}))\n'
        made = Rev("f", sql(make))
        hot = make.replace("f()", "g()")
        assert drift(hot, revisions=(table("a"), made), preamble=preamble) == ["unexpected function public.g()"]

    def test_an_extension_that_they_need_and_migrations_make(self, drift: Drift) -> None:
        preamble = A + (
            'from sqlalchemy.dialects.postgresql import CITEXT\nTable("b", metadata, Column("name", CITEXT))\n'
        )
        b = Rev("b", sql("CREATE EXTENSION citext", "CREATE TABLE b (name citext)"))
        assert drift("ALTER TABLE b ADD x int", revisions=(table("a"), b), preamble=preamble) == [
            "unexpected column public.b.x"
        ]

    def test_column_order(self, drift: Drift) -> None:
        preamble = A + 'Table("b", metadata, Column("x", Integer), Column("y", Integer))\n'
        b = Rev("b", sql("CREATE TABLE b (y int, x int)"))
        assert drift(revisions=(table("a"), b), preamble=preamble) == ["changed table public.b column_order"]


class TestBehind:
    def test_a_database_that_has_not_run_all(
        self, tmp_path: Path, url: str, inside: Headworks, server_url: str
    ) -> None:
        write_project(tmp_path, [table("a"), table("b"), table("c")], preamble=A)
        assert inside("upgrade", "a").code == 0
        words = ("drift", "--against", "migrations", "--shadow-url", server_url)
        ran = inside(*words)
        assert ran.code == 0
        assert "note    drift.pending: not migrated yet: the database is at a; to run: b, c\n" in ran.out
        executed(url, STRANGER)
        assert inside(*words).code == 1


class TestShadow:
    @pytest.fixture
    def own(self) -> Iterator[str]:
        with ThrowawayServer() as server:
            executed(server.url.libpq(), "CREATE DATABASE live", "CREATE ROLE theirs")
            yield server.url.with_database("live").libpq()

    def test_no_scratch_database_is_left(self, tmp_path: Path, own: str, inside: Headworks) -> None:
        write_project(tmp_path, [table("a"), Rev("g", sql("GRANT SELECT ON a TO theirs"))], preamble=A)
        assert inside("upgrade", "--url", own).code == 0
        for words in (("--shadow-on-live",), ("--shadow-url", own), ()):  # the last: roles are made on a throw-away one
            for against in ("models", "migrations"):
                assert inside("drift", *words, "--against", against, "--url", own).code == 0
        (tmp_path / "migrations" / "versions" / "g.py").write_text(
            "revision = 'g'\ndown_revision = 'a'\ndef upgrade():\n    1 / 0\n"
        )
        for words in (("--shadow-on-live",), ("--shadow-url", own)):
            assert inside("drift", *words, "--against", "migrations", "--url", own).code == 3
        assert scratch_databases_left(own) == []
