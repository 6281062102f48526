"""The migrations: one branch a domain, every step taken back exactly, and the same catalog as the models."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory
from commerce_catalog import DOMAINS, ROOT, config_for, describe, dump, migrate, revisions
from pytest_alembic.tests import test_model_definitions_match_ddl, test_up_down_consistency, test_upgrade

from commerce.metadata import auth, core
from helpers import sqlalchemy_url

# pytest-alembic's own tests, but for the one that wants a single head: this history has one a domain.
__all__ = ["test_model_definitions_match_ddl", "test_up_down_consistency", "test_upgrade"]

NAMED = {
    "20251015_01_initial_user_table": "auth",
    "20251015_02_customer_profile_notifications": "customers",
    "20251015_03_commerce_core": "commerce",
    "20251015_04_fulfillment_tables": "fulfillment",
    "20251015_05_product_configuration": "commerce",
}


@pytest.fixture
def alembic_config() -> Config:
    return config_for()


@pytest.fixture
def alembic_engine(make_database: Callable[..., str]) -> Iterator[sa.Engine]:
    engine = sa.create_engine(sqlalchemy_url(make_database()), poolclass=sa.pool.NullPool)
    yield engine
    engine.dispose()


def domain_of(revision: object) -> str:
    return Path(revision.path).parent.name  # type: ignore[attr-defined]


def test_each_domain_has_one_base_one_head_and_its_label() -> None:
    script = ScriptDirectory.from_config(config_for())
    assert sorted(domain_of(script.get_revision(head)) for head in script.get_heads()) == sorted(DOMAINS)
    bases = {domain_of(script.get_revision(base)): script.get_revision(base) for base in script.get_bases()}
    assert sorted(bases) == sorted(DOMAINS)
    for revision in revisions():
        assert revision.branch_labels == {domain_of(revision)}


def test_the_migration_log_is_there_by_name() -> None:
    there = {revision.revision: domain_of(revision) for revision in revisions()}
    assert {name: there.get(name) for name in NAMED} == NAMED


def test_ids_are_file_names_in_one_style() -> None:
    numbers = []
    for revision in revisions():
        assert Path(revision.path).stem == revision.revision
        match = re.fullmatch(r"(2\d{7})_(\d\d)_[a-z0-9_]+", revision.revision)
        assert match, revision.revision
        numbers.append((match[2], match[1]))
    assert [int(number) for number, _ in sorted(numbers)] == list(range(1, len(numbers) + 1))
    assert [date for _, date in sorted(numbers)] == sorted(date for _, date in numbers)


def test_each_revision_says_what_it_is_and_can_be_taken_back() -> None:
    for revision in revisions():
        module = ast.parse(Path(revision.path).read_text())
        functions = {node.name: node for node in module.body if isinstance(node, ast.FunctionDef)}
        assert revision.doc
        assert set(functions) == {"upgrade", "downgrade"}
        for function in functions.values():
            assert ast.unparse(function.returns or ast.Constant(value="untyped")) == "None"
            assert not isinstance(function.body[0], ast.Pass)


def test_history_is_frozen_it_imports_nothing_of_today() -> None:
    for path in (ROOT / "migrations" / "versions").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom | ast.Import):
                names = (
                    [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
                )
                assert {name.partition(".")[0] for name in names} <= {"alembic", "sqlalchemy"}, path.name


@pytest.mark.parametrize("domain", DOMAINS)
def test_a_domain_alone_brings_what_it_depends_on(
    domain: str, make_database: Callable[..., str], pg_bindir: Path
) -> None:
    """Its head can be had on an empty database, and going back leaves nothing of it."""
    url = make_database()
    empty = dump(url, pg_bindir)
    migrate(url, f"{domain}@head")
    metadata = {**auth.tables, **core.tables}
    mine = {name for name, table in metadata.items() if table.info["domain"] == domain}
    with psycopg.connect(url) as connection:
        there = {name for (name,) in connection.execute("SELECT relname FROM pg_class WHERE relkind = 'r'")}
    assert mine <= there
    migrate(url, "-base")
    assert dump(url, pg_bindir) == empty


def test_every_downgrade_restores_the_catalog_exactly(make_database: Callable[..., str], pg_bindir: Path) -> None:
    url = make_database()
    before: dict[str, list[str]] = {}
    for revision in revisions():
        before[revision.revision] = dump(url, pg_bindir)
        migrate(url, revision.revision)
        assert dump(url, pg_bindir) != before[revision.revision], f"{revision.revision} changed nothing"
    for revision in reversed(revisions()):
        migrate(url, f"-{domain_of(revision)}@-1")
        assert dump(url, pg_bindir) == before[revision.revision], revision.revision


def test_up_down_up_gives_the_same_catalog(make_database: Callable[..., str], pg_bindir: Path) -> None:
    url = make_database()
    empty = dump(url, pg_bindir)
    migrate(url, "heads")
    first = dump(url, pg_bindir)
    migrate(url, "-base")
    assert dump(url, pg_bindir) == empty
    migrate(url, "heads")
    assert dump(url, pg_bindir) == first


def test_models_and_migrations_realise_the_same_catalog(
    make_database: Callable[..., str], commerce_database: str, pg_bindir: Path
) -> None:
    url = make_database()
    empty = dump(url, pg_bindir)
    engine = sa.create_engine(sqlalchemy_url(url), poolclass=sa.pool.NullPool)
    for _ in range(2):  # a second time over: nothing to do, and no complaint
        auth.create_all(engine)
        core.create_all(engine)
    assert describe(url).splitlines() == describe(commerce_database).splitlines()
    assert dump(url, pg_bindir) == dump(commerce_database, pg_bindir)
    core.drop_all(engine)
    auth.drop_all(engine)
    assert dump(url, pg_bindir) == empty


def test_an_index_that_was_left_invalid_is_built_again(make_database: Callable[..., str]) -> None:
    url = make_database()
    migrate(url, "20251015_02_customer_profile_notifications")
    with psycopg.connect(url, autocommit=True) as connection:
        # What an interrupted CREATE INDEX CONCURRENTLY leaves behind.
        connection.execute("CREATE INDEX ix_notifications_unread ON notifications (user_id)")
        connection.execute(
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_notifications_unread'::regclass"
        )
    migrate(url, "customers@head")
    assert [line for line in describe(url).splitlines() if "ix_notifications_unread" in line] == [
        "index CREATE INDEX ix_notifications_unread ON public.notifications "
        "USING btree (user_id, created_at DESC) WHERE (read_at IS NULL)"
    ]


def test_carts_of_before_get_their_own_expiry(make_database: Callable[..., str]) -> None:
    url = make_database()
    migrate(url, "20251101_08_carts_and_order_events")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO carts (session_id, updated_at) "
            "SELECT n::text, timestamptz '2025-11-01' + n * interval '1 day' FROM generate_series(0, 9) n"
        )
        # An attempt that was interrupted after its first steps.
        connection.execute("ALTER TABLE carts ADD COLUMN expires_at timestamptz")
        connection.execute("ALTER TABLE carts ADD CONSTRAINT ck_carts_expires_at_not_null CHECK (true) NOT VALID")
    migrate(url, "commerce@head")
    with psycopg.connect(url) as connection:
        connection.execute("INSERT INTO carts (session_id) VALUES ('new')")
        days = connection.execute(
            "SELECT (expires_at - CASE session_id WHEN 'new' THEN now() "
            "ELSE timestamptz '2025-11-01' + session_id::int * interval '1 day' END)::text FROM carts"
        ).fetchall()
    assert days == [("30 days",)] * 11
    assert "constraint carts.ck_carts_expires_at_not_null" not in describe(url)
