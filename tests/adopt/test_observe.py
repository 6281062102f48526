"""What each revision touches, as PostgreSQL shows it while the history runs."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from headworks.adopt.observe import Observed
from headworks.adopt.run import Adoption, adopt
from headworks.migrations.environment import look_apart
from headworks.migrations.errors import RevisionFailed
from headworks.postgres.shadow import ShadowChoice, shadow_server
from headworks.postgres.url import DatabaseUrl
from helpers import scratch_databases_left
from projects import Rev, make_project, sql, table


@pytest.fixture
def adopted(tmp_path: Path, server_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """Call it with revisions and options of `make_project`; nothing may be left on the server."""
    own, token = f"{os.getpid()}_{tmp_path.name}", secrets.token_hex
    monkeypatch.setattr(secrets, "token_hex", lambda size: f"{own[:30]}_{token(size)}")

    def call(revisions: list[Rev], **options: object) -> Adoption:
        with shadow_server(ShadowChoice(DatabaseUrl.parse(server_url))) as shadow:
            project = make_project(tmp_path, revisions, **options)
            return adopt(project, shadow, look_apart(project, shadow.url))

    yield call
    assert [one for one in scratch_databases_left(server_url) if own[:30] in one] == []


def names(observed: Observed) -> dict[str, tuple[list[str], list[str]]]:
    return {
        one.revision.id: (
            sorted(".".join(name).removeprefix("public.") for name in one.changed),
            sorted(".".join(name).removeprefix("public.") for name in one.wrote),
        )
        for one in observed.seen
    }


HISTORY = [
    table("users"),
    Rev("orders", sql("CREATE TABLE orders (id int PRIMARY KEY, by int REFERENCES users)")),
    Rev("column", sql("ALTER TABLE users ADD COLUMN name text")),
    Rev("index", sql("CREATE INDEX ON orders (by)"), head="# UPDATE users SET name = NULL; DROP TABLE users"),
    Rev("rows", sql("UPDATE users SET name = 'x'", "INSERT INTO orders (id) SELECT id FROM users")),
    Rev("reads", sql("SELECT * FROM users JOIN orders ON true")),
    Rev("renames", sql("ALTER TABLE orders RENAME TO purchases")),
    Rev("moves", sql("CREATE SCHEMA shop", "ALTER TABLE purchases SET SCHEMA shop")),
    Rev("gone", sql("CREATE TABLE gone (id int)", "INSERT INTO gone VALUES (1)")),
    Rev("drops", sql("DROP TABLE gone")),
    Rev(
        "parts",
        sql("CREATE TABLE parts (id int) PARTITION BY LIST (id)", "CREATE TABLE p1 PARTITION OF parts DEFAULT"),
    ),
    Rev("part", sql("CREATE INDEX ON p1 (id)", "INSERT INTO parts VALUES (1)")),
    Rev("function", sql("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'")),
    Rev("python", "op.get_bind().execute(sa.text('DELETE FROM ' + 'sresu'[::-1]))"),
]  # fmt: skip


@pytest.mark.parametrize("env", ["generic", "begin", "async"])
def test_what_each_revision_touches(adopted: object, env: str) -> None:
    found = adopted(HISTORY, env=env)  # type: ignore[operator]
    observed = found.observed
    assert names(observed) == {
        "users": (["users"], []),
        "orders": (["shop.purchases"], []),
        "column": (["users"], []),
        "index": (["shop.purchases"], []),
        "rows": ([], ["shop.purchases", "users"]),
        "reads": ([], []),
        "renames": (["shop.purchases"], []),
        "moves": (["shop.purchases"], []),
        "gone": (["gone"], []),
        "drops": (["gone"], []),
        "parts": (["parts"], []),
        "part": (["parts"], []),
        "function": ([], []),
        "python": ([], ["users"]),
    }
    assert {".".join(name) for name in observed.tables} == {"public.users", "shop.purchases", "public.parts"}
    assert (observed.ran, observed.failed, observed.given) == (len(HISTORY), (), frozenset())
    assert observed.stepwise is (env == "begin")
    around = [one.hint for one in found.quirks if "transaction around all" in one.text]
    assert ["with engine.begin() as connection:" in hint for hint in around] == [True] * (env == "begin")


def test_a_revision_that_fails_takes_those_above_it_along(adopted: object) -> None:
    revisions = [
        table("a"),
        Rev("bad", sql("ALTER TABLE never_made ADD COLUMN x int")),
        table("above", after="bad"),
        table("b", after="a"),
    ]
    found = adopted(revisions)  # type: ignore[operator]
    (failed,) = found.observed.failed
    assert failed.revision.id == "bad"
    assert isinstance(failed.failure, RevisionFailed)
    assert [(one.revision.id, one.ran, one.skipped) for one in found.observed.seen] == [
        ("a", True, None), ("bad", False, None), ("above", False, "bad"), ("b", True, None)
    ]  # fmt: skip
    assert found.proposal is None
    (quirk,) = [one for one in found.quirks if one.text.startswith("bad does not run, so 1 revision after it")]
    assert "bootstrap" in quirk.hint


def test_a_revision_that_ends_other_sessions(adopted: object) -> None:
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    ends = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"
    revisions = [table("a"), Rev("ends", sql(ends)), table("b")]
    found = adopted(revisions)  # type: ignore[operator]
    assert names(found.observed) == {"a": (["a"], []), "ends": ([], []), "b": (["b"], [])}


def test_a_role_is_made_again_where_a_later_revision_fails(adopted: object) -> None:
    role = f"app_{os.getpid()}"
    makes = Rev("r", sql(f"CREATE ROLE {role}", "CREATE TABLE t ()", f"GRANT SELECT ON t TO {role}"))
    found = adopted([makes, Rev("bad", "1 / 0"), table("c", after="r")])  # type: ignore[operator]
    assert [one.revision.id for one in found.observed.failed] == ["bad"]
    assert found.observed.ran == 2


def test_what_no_event_trigger_hears_of(adopted: object) -> None:
    hidden = "UPDATE pg_class SET reloptions = '{fillfactor=70}' WHERE relname = 'a'"
    revisions = [table("a"), Rev("catalog", f"exec({sql(hidden)!r})"), table("b")]
    found = adopted(revisions)  # type: ignore[operator]
    assert names(found.observed)["catalog"] == (["a"], [])


def test_one_that_runs_only_with_those_before_it(adopted: object) -> None:
    # Alembic's memo has it that the type is there already, as long as both run in one go.
    column = "op.create_table('{0}', sa.Column('id', sa.Integer, primary_key=True), sa.Column('k', {1}))"
    enum = "sa.Enum('x', name='kind')"
    revisions = [
        Rev("one", column.format("one", enum)),
        Rev("two", column.format("two", enum)),
        table("three"),
    ]
    found = adopted(revisions)  # type: ignore[operator]
    ways = {one.revision.id: (one.together, one.failure is not None) for one in found.observed.seen}
    assert ways == {"one": (False, False), "two": (True, True), "three": (False, False)}
    assert found.observed.ran == 3
    assert names(found.observed)["two"] == (["two"], [])


def test_what_the_bootstrap_makes_was_given(adopted: object, tmp_path: Path) -> None:
    (tmp_path / "born.sql").write_text("CREATE TABLE born (id int PRIMARY KEY)")
    revisions = [Rev("one", sql("ALTER TABLE born ADD COLUMN x int")), table("two")]
    found = adopted(revisions, config={"gate": {"bootstrap": "born.sql"}})  # type: ignore[operator]
    assert found.observed.given == {("public", "born")}
    assert names(found.observed) == {"one": (["born"], []), "two": (["two"], [])}
    assert any("1 table there before the first revision: born" in one.text for one in found.quirks)


def test_branches_are_domains_already(adopted: object) -> None:
    revisions = [
        table("users", label="auth"),
        table("orders", after=None, label="shop"),
        Rev("both", sql("ALTER TABLE orders ADD COLUMN x int", "ALTER TABLE users ADD COLUMN x int"), after="orders",
            depends_on="users"),
    ]  # fmt: skip
    found = adopted(revisions)  # type: ignore[operator]
    assert (found.source, found.proposal) == ("branches", None)
    assert [(one.name, one.tables, one.alone, one.shared) for one in found.reading.domains] == [
        ("shop", (("public", "orders"),), 1, 1),
        ("auth", (("public", "users"),), 1, 1),
    ]
    assert [(seen.revision.id, domains) for seen, domains in found.reading.several] == [("both", ("auth", "shop"))]


def test_quirks_of_downgrades_and_models(adopted: object) -> None:
    models = "from sqlalchemy import Column, Integer, Table\nTable('only_here', metadata, Column('id', Integer))"
    revisions = [
        Rev("nothing", sql("CREATE TABLE a (id int)"), None),
        Rev("refuses", sql("ALTER TABLE a ADD COLUMN b int"), "raise NotImplementedError('no')"),
        Rev("empty", sql("ALTER TABLE a ADD COLUMN c int"), "pass"),
        Rev("both_empty", "pass", "pass"),
    ]
    found = adopted(revisions, preamble=models)  # type: ignore[operator]
    assert [one.text for one in found.quirks] == [
        "no downgrade() in 1 revision: nothing",
        "a downgrade() that refuses in 1 revision: refuses",
        "an empty downgrade() in 1 revision that changed something: empty",
        "1 table of the models that no revision makes: only_here",
        "1 table of the history that no model has: a",
    ]
