"""env.py: whose connection, which driver, and what it leaves alone."""

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from commerce_catalog import ROOT, config_for, describe, migrate
from sqlalchemy.ext.asyncio import create_async_engine

from commerce.database_url import database_url
from helpers import sqlalchemy_url


@pytest.mark.parametrize("driver", ["psycopg", "psycopg2", "asyncpg"])
def test_every_driver_goes_up_and_down(driver: str, make_database: Callable[..., str], commerce_database: str) -> None:
    url = make_database()
    empty = describe(url)
    migrate(url, "heads", driver=driver)
    assert describe(url) == describe(commerce_database)
    migrate(url, "-base", driver=driver)
    assert describe(url) == empty


def test_a_connection_that_is_handed_over_is_used_with_its_transaction(make_database: Callable[..., str]) -> None:
    url = make_database()
    empty = describe(url)
    engine = sa.create_engine(sqlalchemy_url(url), poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        transaction = connection.begin()
        command.upgrade(config_for(connection), "auth@head")
        assert sa.inspect(connection).has_table("users")
        transaction.rollback()
    assert describe(url) == empty


def test_an_async_engine_that_is_handed_over_is_used(make_database: Callable[..., str]) -> None:
    url = make_database()
    engine = create_async_engine(sqlalchemy_url(url, "asyncpg"), poolclass=sa.pool.NullPool)
    config = config_for()
    config.attributes["connection"] = engine
    command.upgrade(config, "auth@head")
    asyncio.run(engine.dispose())
    assert "table users" in describe(url)


def test_without_a_database_it_says_what_to_set() -> None:
    with pytest.raises(CommandError, match="DATABASE_URL"):
        command.upgrade(config_for(), "heads")


def test_database_url_of_the_web_app_is_understood(
    make_database: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = make_database()
    separator = "&" if "?" in url else "?"
    monkeypatch.setenv("DATABASE_URL", f"{url}{separator}schema=public&connection_limit=5")
    command.upgrade(config_for(), "auth@head")
    assert "table users" in describe(url)


def test_other_programs_tables_are_left_alone(commerce_database: str, capsys: pytest.CaptureFixture[str]) -> None:
    config = config_for()
    config.set_main_option("sqlalchemy.url", sqlalchemy_url(commerce_database))
    with psycopg.connect(commerce_database, autocommit=True) as connection:
        connection.execute("CREATE TABLE accounts (id text PRIMARY KEY, user_id uuid REFERENCES users)")
        connection.execute("CREATE TABLE verification_tokens (token text PRIMARY KEY)")
        connection.execute("CREATE TABLE _prisma_migrations (id text PRIMARY KEY)")
        connection.execute("CREATE TABLE headworks_history (id bigint PRIMARY KEY)")
        command.check(config)
        connection.execute("CREATE TABLE nobodys (id text PRIMARY KEY)")
    with pytest.raises(CommandError, match="nobodys"):
        command.check(config)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("postgres://u:p@h:1/d", "postgresql+psycopg://u:p@h:1/d"),
        ("postgresql://u@/d?host=/run", "postgresql+psycopg://u@/d?host=%2Frun"),
        ("postgresql+asyncpg://h/d?sslmode=require", "postgresql+asyncpg://h/d?ssl=require"),
        ("postgresql+psycopg2://h/d?sslmode=require", "postgresql+psycopg2://h/d?sslmode=require"),
        ("postgresql://h/d?schema=public&sslmode=require", "postgresql+psycopg://h/d?sslmode=require"),
    ],
)
def test_database_url(address: str, expected: str) -> None:
    assert database_url(address).render_as_string(hide_password=False) == expected


def test_a_new_revision_is_typed_plain_and_runs(commerce_database: str, tmp_path: Path) -> None:
    """The template and the rendering: what `alembic revision --autogenerate` writes can be run as it is."""
    shutil.copytree(ROOT / "migrations", tmp_path / "migrations", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "alembic.ini", tmp_path)
    config = Config(str(tmp_path / "alembic.ini"), attributes={"configure_logger": False})
    config.set_main_option("sqlalchemy.url", sqlalchemy_url(commerce_database))
    with psycopg.connect(commerce_database, autocommit=True) as connection:
        connection.execute("ALTER TABLE users DROP COLUMN email")
    command.revision(
        config,
        "emails again",
        autogenerate=True,
        head="auth@head",
        rev_id="20270101_99_emails_again",
        version_path=str(tmp_path / "migrations" / "versions" / "auth"),
    )
    written = (tmp_path / "migrations" / "versions" / "auth" / "20270101_99_emails_again.py").read_text()
    assert 'sa.Column("email", sa.String(255)' in written.replace("'", '"')
    assert "sqlalchemy_utils" not in written
    assert "def upgrade() -> None:" in written
    assert "def downgrade() -> None:" in written
    command.upgrade(config, "auth@head")
    command.check(config)
