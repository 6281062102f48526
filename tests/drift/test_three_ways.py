"""Models, migrations and the live database: who of the three is alone, and which revision is named."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from headworks.postgres.url import DatabaseUrl
from helpers import Headworks, executed
from projects import Rev, sql, table, write_project

MODELS = """
from sqlalchemy import Column, Integer, MetaData, Table, Text
a = Table("a", metadata, Column("id", Integer, primary_key=True, autoincrement=False), info={"domain": "shop"})
b = Table("b", metadata, Column("id", Integer, primary_key=True, autoincrement=False), info={"domain": "shop"})
"""
MORE = MODELS.replace(', info={"domain": "shop"})\nb', ', Column("x", Integer), info={"domain": "shop"})\nb')
A, B = table("a"), table("b")

Drift = Callable[..., list[tuple[str, str | None, str]]]


@pytest.fixture
def url(make_database: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> str:
    made = make_database()
    monkeypatch.setenv("HEADWORKS_URL", made)
    return made


@pytest.fixture
def drift(tmp_path: Path, url: str, inside: Headworks, server_url: str) -> Drift:
    """Write a project with these models, upgrade, run statements; (severity or rule, revision, message) of each."""

    def call(
        models: str, *statements: str, to: str = "heads", revisions: tuple[Rev, ...] = (A, B), **words: Any
    ) -> Any:
        write_project(tmp_path, revisions, preamble=models, **words)
        assert inside("upgrade", to).code == 0
        executed(url, *statements) if statements else None
        ran = inside("drift", "--shadow-url", server_url, "--format", "json")
        assert ran.out, ran.err
        found = json.loads(ran.out)["findings"]
        assert ran.code == (1 if any(one["severity"] == "error" for one in found) else 0)
        return [(one["rule"].removeprefix("drift."), one["revision"], one["message"]) for one in found]

    return call


def test_all_three_agree(drift: Drift) -> None:
    assert drift(MODELS) == []


def test_not_migrated_yet(drift: Drift) -> None:
    """The database is behind and is not blamed for it; nor for what only the revisions to come make."""
    assert drift(MODELS, to="a") == [("pending", "a", "not migrated yet: the database is at a; to run: b")]


def test_missing_migration(drift: Drift) -> None:
    said = "column public.a.x is missing: it is in the models and not in the migrations (missing migration)"
    assert drift(MORE) == [("missing", "b", said)]


def test_missing_migration_seen_from_behind(drift: Drift) -> None:
    found = drift(MORE, to="a")
    assert [(rule, revision) for rule, revision, _ in found] == [("pending", "a"), ("missing", "b")]


def test_hot_patched(drift: Drift) -> None:
    said = "column public.a.x is unexpected: it is in the database and not in revision b (hot-patched)"
    assert drift(MODELS, "ALTER TABLE a ADD x int") == [("unexpected", "b", said)]


def test_hot_patched_from_behind(drift: Drift) -> None:
    """It is the revision that the database claims which it differs from, not the head."""
    found = drift(MODELS, "ALTER TABLE a ADD x int", to="a")
    said = "column public.a.x is unexpected: it is in the database and not in revision a (hot-patched)"
    assert found[1:] == [("unexpected", "a", said)]


def test_made_by_hand_as_the_models_have_it(drift: Drift) -> None:
    """Models and database agree, and no revision makes it: another database would lack it. Said once."""
    (found,) = drift(MORE, "ALTER TABLE a ADD x int")
    assert found[:2] == ("missing", "b")
    assert found[2].endswith("(missing migration: the database has it by hand)")


def test_both_differ_otherwise(drift: Drift) -> None:
    """The models want one type, the migrations make none, the database has another one."""
    hot, undone = drift(MORE, "ALTER TABLE a ADD x text")
    assert hot[0] == "unexpected"
    assert "(hot-patched)" in hot[2]
    assert (undone[0], undone[2].endswith("(missing migration)")) == ("missing", True)


def test_renamed_in_the_models_and_by_hand(drift: Drift) -> None:
    renamed = MODELS.replace('"id", Integer', '"number", Integer', 1)
    (found,) = drift(renamed, "ALTER TABLE a RENAME id TO number")
    assert found[:2] == ("changed", "b")
    assert found[2].endswith("(missing migration: the database has it by hand)")


def test_an_empty_database_is_behind(drift: Drift, inside: Headworks, make_database: Callable[..., str]) -> None:
    drift(MODELS)
    ran = inside("drift", "--format", "json", "--url", make_database())
    (found,) = json.loads(ran.out)["findings"]
    assert (ran.code, found["rule"]) == (0, "drift.pending")


def test_a_search_path_that_hides_the_version_table(drift: Drift, url: str, inside: Headworks) -> None:
    """env.py's connection does not find it; the catalog does."""
    name = DatabaseUrl.parse(url).database
    drift(MODELS, f"ALTER DATABASE {name} SET search_path = elsewhere")
    executed(url, "ALTER TABLE public.a ENABLE ROW LEVEL SECURITY")
    ran = inside("drift", "--format", "json")
    said = [(one["revision"], one["message"]) for one in json.loads(ran.out)["findings"] if one["severity"] == "error"]
    assert said == [("b", "table public.a: row_security is true, expected false (hot-patched at b)")]


def test_a_role_that_may_not_read_the_version_table(drift: Drift, url: str, inside: Headworks) -> None:
    """What it may not read is not guessed at, and what the hint says is enough, whatever the names are."""
    if "//postgres@" not in url:
        pytest.skip("this server asks for passwords")
    drift(MODELS, "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'")
    role = f"low-{DatabaseUrl.parse(url).database} X"
    executed(url, f'CREATE ROLE "{role}" LOGIN')
    low = url.replace("//postgres@", f"//{role.replace(' ', '%20')}@")
    select = f'GRANT SELECT ON "public"."alembic_version" TO "{role}";'
    usage = f'GRANT USAGE ON SCHEMA "public" TO "{role}";'
    try:
        for revoked, hint in (
            ("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC", select),
            ("REVOKE ALL ON SCHEMA public FROM PUBLIC", f"{usage} {select}"),
        ):
            executed(url, revoked)
            ran = inside("drift", "--format", "json", "--url", low)
            found = json.loads(ran.out)["findings"]
            assert (ran.code, [one["hint"] for one in found if one["severity"] != "note"]) == (0, [hint])
            assert not any("--against" in (one["hint"] or "") for one in found), "nobody is sent to what cannot be done"
            ran = inside("drift", "--against", "migrations", "--url", low)
            assert (ran.code, ran.out) == (3, "")
            assert "may not read public.alembic_version" in ran.err
            assert f"hint: {hint}\n" in ran.err
        executed(url, hint)
        ran = inside("drift", "--format", "json", "--url", low)
        assert "is not known" not in ran.out
        assert "(hot-patched)" in inside("drift", "--against", "migrations", "--url", low).out
    finally:
        executed(url, f'DROP OWNED BY "{role}"', f'DROP ROLE "{role}"')


def test_a_role_that_may_not_read_it_is_no_matter_to_what_an_orm_sees(
    drift: Drift, url: str, inside: Headworks
) -> None:
    if "//postgres@" not in url:
        pytest.skip("this server asks for passwords")
    drift(MODELS)
    role = f"low_{DatabaseUrl.parse(url).database}"
    executed(url, f"CREATE ROLE {role} LOGIN")
    try:
        ran = inside("drift", "--quick", "--format", "json", "--url", url.replace("//postgres@", f"//{role}@"))
        found = [one for one in json.loads(ran.out)["findings"] if one["severity"] != "note"]
        assert (ran.code, found) == (0, [])
    finally:
        executed(url, f"DROP OWNED BY {role}", f"DROP ROLE {role}")


def test_what_models_cannot_declare_is_compared_with_the_migrations(drift: Drift) -> None:
    made = Rev("c", sql("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'"))
    body = "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2'"
    found = drift(MODELS, body, "ALTER TABLE a ENABLE ROW LEVEL SECURITY", revisions=(A, B, made))
    assert found == [
        ("changed", "c", "function public.f(): body is SELECT 2, expected SELECT 1 (hot-patched at c)"),
        ("changed", "c", "table public.a: row_security is true, expected false (hot-patched at c)"),
    ]


def test_row_security_that_only_migrations_set_is_no_missing_migration(drift: Drift) -> None:
    assert drift(MODELS, revisions=(A, B, Rev("c", sql("ALTER TABLE a ENABLE ROW LEVEL SECURITY")))) == []


def test_a_database_that_claims_nothing_is_compared_with_the_models(drift: Drift, url: str) -> None:
    found = drift(MODELS, "DELETE FROM alembic_version", "ALTER TABLE a ADD x int")
    said = "column public.a.x is unexpected: it is in the database and not in the models"
    assert ("unexpected", None, said) in found


@pytest.mark.parametrize("lost", ["DELETE FROM alembic_version", "DROP TABLE alembic_version"])
def test_a_database_that_lost_its_revision_is_to_be_stamped(
    drift: Drift, url: str, inside: Headworks, lost: str
) -> None:
    """An upgrade, which would make its tables again, is not what anybody is sent to."""
    ((rule, _, said),) = drift(MODELS, lost)
    claims = "the database claims no revision though it has tables of the project"
    assert (rule, said) == ("unclaimed", f"{claims}; it is what the heads make (b)")
    executed(url, "ALTER TABLE a ADD x int")
    assert "hint: headworks drift --against migrations " in inside("drift").out
    ran = inside("drift", "--against", "migrations", "--format", "json")
    note, extra = json.loads(ran.out)["findings"]
    assert (ran.code, note["rule"], extra["object"]["name"]) == (1, "drift.unclaimed", "x")
    assert extra["message"] == "column public.a.x is unexpected: it is in the database and not in the heads"
    executed(url, "ALTER TABLE a DROP x")
    ran = inside("drift", "--against", "migrations", "--format", "json")
    (note,) = json.loads(ran.out)["findings"]
    assert (ran.code, note["hint"]) == (0, "headworks stamp heads")
    assert inside(*note["hint"].split()[1:]).code == 0
    ran = inside("drift", "--format", "json")
    assert (ran.code, json.loads(ran.out)["findings"]) == (0, [])


def test_a_stranger_to_the_project_is_not_migrated_yet(
    drift: Drift, inside: Headworks, make_database: Callable[..., str]
) -> None:
    drift(MODELS)
    other = make_database()
    executed(other, "CREATE TABLE stranger (id int)")
    for words in ((), ("--against", "migrations")):
        rules = [
            one["rule"]
            for one in json.loads(inside("drift", *words, "--format", "json", "--url", other).out)["findings"]
        ]
        assert "drift.pending" in rules
        assert "drift.unclaimed" not in rules
    assert inside("upgrade", "--url", other).code == 0


def test_a_history_that_does_not_run_is_a_warning(drift: Drift, tmp_path: Path, inside: Headworks) -> None:
    drift(MODELS)
    file = next(tmp_path.rglob("versions/b*.py"))
    file.write_text(file.read_text().replace("def upgrade():", "def upgrade():\n    1 / 0\n"))
    ran = inside("drift", "--format", "json")
    (found,) = json.loads(ran.out)["findings"]
    assert (ran.code, found["rule"], found["severity"]) == (0, "drift.migrations", "warning")
    assert "the migrations do not run on the shadow: " in found["message"]


def test_a_row_of_another_history_is_a_warning(drift: Drift, url: str, inside: Headworks) -> None:
    drift(MODELS)
    executed(url, "UPDATE alembic_version SET version_num = 'elsewhere'")
    ran = inside("drift", "--format", "json")
    (found,) = json.loads(ran.out)["findings"]
    assert (found["rule"], found["severity"]) == ("drift.migrations", "warning")
    assert "elsewhere" in found["message"]


def test_each_domain_names_its_own_revision(drift: Drift) -> None:
    models = MODELS.replace('b = Table("b"', 'c = Table("c"')
    shop, stock = models.rsplit('"shop"', 1)
    revisions = (table("a", after=None, label="shop"), table("c", after=None, label="stock"))
    patches = ("ALTER TABLE a ADD x int", "ALTER TABLE c ADD x int")
    found = drift(f'{shop}"stock"{stock}', *patches, revisions=revisions)
    assert [(rule, revision) for rule, revision, _ in found] == [("unexpected", "a"), ("unexpected", "c")]


def test_a_missing_migration_says_the_command_that_writes_it(drift: Drift, inside: Headworks) -> None:
    drift(MORE)
    assert 'hint: headworks revision --autogenerate -m "..."\n' in inside("drift").out
