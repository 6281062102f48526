"""Alembic's version table holds our ids from its first row on, whoever runs Alembic and however."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from alembic import command
from commerce_catalog import ROOT, config_for, dump, migrate

from helpers import sqlalchemy_url

FIRST = "20251015_01_initial_user_table"
LONG = "20251015_02_customer_profile_notifications"


def alembic(*words: str, cwd: Path, url: str | None = None) -> str:
    """Plain `alembic` as a person runs it, from another directory, with every warning of a deprecation an error."""
    environment = {**os.environ, "PYTHONWARNINGS": "error::DeprecationWarning,error::PendingDeprecationWarning"}
    environment.pop("DATABASE_URL", None)
    if url:
        environment["DATABASE_URL"] = sqlalchemy_url(url)
    done = subprocess.run(
        [sys.executable, "-m", "alembic", "-c", str(ROOT / "alembic.ini"), *words],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def version_table(url: str) -> tuple[str, str, list[str]]:
    """The column's type, the primary key's name, the rows."""
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT format_type(atttypid, atttypmod), conname "
            "FROM pg_attribute JOIN pg_constraint ON conrelid = attrelid AND contype = 'p' "
            "WHERE attrelid = 'alembic_version'::regclass AND attname = 'version_num'"
        ).fetchone()
        assert row
        rows = connection.execute("SELECT version_num FROM alembic_version ORDER BY 1").fetchall()
    return row[0], row[1], [name for (name,) in rows]


def make_narrow(url: str) -> None:
    """What Alembic makes when nobody has asked for more."""
    with psycopg.connect(url) as connection:
        connection.execute(
            "CREATE TABLE alembic_version (version_num varchar(32) NOT NULL CONSTRAINT alembic_version_pkc PRIMARY KEY)"
        )


def test_plain_alembic_makes_it_wide(make_database: Callable[..., str], tmp_path: Path) -> None:
    url = make_database()
    alembic("upgrade", LONG, cwd=tmp_path, url=url)
    assert version_table(url) == ("character varying(255)", "alembic_version_pkc", [LONG])


def test_offline_makes_it_wide_and_the_whole_script_applies(
    make_database: Callable[..., str], commerce_database: str, pg_bindir: Path, tmp_path: Path
) -> None:
    script = alembic("upgrade", "heads", "--sql", cwd=tmp_path)
    assert script.index("version_num VARCHAR(255)") < script.index("INSERT INTO alembic_version")
    url = make_database()
    words = [str(pg_bindir / "psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--file=-", url]
    subprocess.run(words, input=script, text=True, check=True, capture_output=True)
    assert version_table(url) == version_table(commerce_database)
    assert dump(url, pg_bindir) == dump(commerce_database, pg_bindir)


def test_a_narrow_one_is_widened(make_database: Callable[..., str]) -> None:
    url = make_database()
    make_narrow(url)
    migrate(url, FIRST)
    assert version_table(url) == ("character varying(255)", "alembic_version_pkc", [FIRST])
    migrate(url, LONG)
    assert version_table(url)[2] == [LONG]


def test_looking_changes_nothing(make_database: Callable[..., str], capsys: pytest.CaptureFixture[str]) -> None:
    url = make_database()
    make_narrow(url)
    config = config_for()
    config.set_main_option("sqlalchemy.url", sqlalchemy_url(url))
    command.current(config)
    assert version_table(url) == ("character varying(32)", "alembic_version_pkc", [])


def test_offline_from_a_revision_widens_first(tmp_path: Path) -> None:
    script = alembic("upgrade", f"{FIRST}:customers@head", "--sql", cwd=tmp_path)
    widened = script.index("ALTER TABLE alembic_version ALTER COLUMN version_num TYPE VARCHAR(255)")
    assert widened < script.index(f"'{LONG}'")
