"""Projects with long histories for the benchmark: the revisions, an env.py, and the models that equal their heads."""

from collections.abc import Callable
from pathlib import Path

__all__ = ["write_history"]

_ENV = """\
import os

from alembic import context
from sqlalchemy import create_engine, pool

from models import Base

connectable = context.config.attributes.get("connection") or create_engine(
    os.environ.get("DATABASE_URL") or context.config.get_main_option("sqlalchemy.url"), poolclass=pool.NullPool
)
with connectable.connect() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
"""

_PYPROJECT = """\
[project]
name = "history"
version = "1"

[tool.headworks]
alembic = "alembic.ini"
url_env = ["DATABASE_URL"]
"""

_CONFTEST = """\
import os

import pytest
import sqlalchemy


@pytest.fixture
def alembic_engine():
    url = sqlalchemy.make_url(os.environ["DATABASE_URL"])
    server = sqlalchemy.create_engine(url, isolation_level="AUTOCOMMIT")
    name = "pytest_alembic_case"
    with server.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield sqlalchemy.create_engine(url.set(database=name), poolclass=sqlalchemy.NullPool)
    with server.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
"""

_REVISION = '''\
"""{title}"""

import sqlalchemy as sa
from alembic import op

revision = "{id}"
down_revision = {below!r}


def upgrade():
    {up}


def downgrade():
    {down}
'''


def write_history(folder: Path, count: int) -> None:
    """`count` revisions in a line: of five, one makes a table and four change it."""
    versions = folder / "migrations" / "versions"
    versions.mkdir(parents=True)
    (folder / "alembic.ini").write_text("[alembic]\nscript_location = migrations\nprepend_sys_path = .\n")
    (folder / "pyproject.toml").write_text(_PYPROJECT)
    (folder / "conftest.py").write_text(_CONFTEST)
    (folder / "test_history.py").write_text("from pytest_alembic.tests import *  # noqa: F403\n")
    (folder / "migrations" / "env.py").write_text(_ENV)
    (folder / "migrations" / "script.py.mako").write_text("")
    models = [
        "import sqlalchemy as sa\nfrom sqlalchemy.orm import DeclarativeBase\n\n\n"
        "class Base(DeclarativeBase):\n    pass\n"
    ]
    for number in range(count):
        table, kind = divmod(number, len(_KINDS))
        up, down, declared = _KINDS[kind](table)
        below = f"r{number - 1:04}" if number else None
        text = _REVISION.format(title=f"Step {number}", id=f"r{number:04}", below=below, up=up, down=down)
        (versions / f"r{number:04}_step.py").write_text(text)
        models.append(declared)
    (folder / "models.py").write_text("\n".join(_gathered(models)))


def _gathered(models: list[str]) -> list[str]:
    head, *parts = models
    size = len(_KINDS)
    tables = []
    for number, start in enumerate(range(0, len(parts), size)):
        inside = "".join(f"    {line},\n" for part in parts[start : start + size] for line in part.splitlines())
        tables.append(f'sa.Table(\n    "t{number}",\n    Base.metadata,\n{inside})\n')
    return [head, *tables]


def _create(table: int) -> tuple[str, str, str]:
    columns = [
        'sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True)',
        'sa.Column("name", sa.String(50), nullable=False, server_default="")',
        'sa.Column("amount", sa.Numeric(10, 2))',
        'sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.func.now())',
        f'sa.CheckConstraint("amount > 0", name="ck_t{table}_amount")',
        f'sa.UniqueConstraint("name", name="uq_t{table}_name")',
    ]
    if table:
        columns.append(
            f'sa.Column("parent_id", sa.BigInteger, sa.ForeignKey("t{table - 1}.id", name="fk_t{table}_parent"))'
        )
    inside = "".join(f"        {column},\n" for column in columns)
    return f'op.create_table(\n        "t{table}",\n{inside}    )', f'op.drop_table("t{table}")', "\n".join(columns)


def _column(table: int) -> tuple[str, str, str]:
    column = 'sa.Column("note", sa.Text)'
    return f'op.add_column("t{table}", {column})', f'op.drop_column("t{table}", "note")', column


def _index(table: int) -> tuple[str, str, str]:
    name = f"ix_t{table}_made_at"
    return (
        f'op.create_index("{name}", "t{table}", ["made_at", "name"])',
        f'op.drop_index("{name}", "t{table}")',
        f'sa.Index("{name}", "made_at", "name")',
    )


def _check(table: int) -> tuple[str, str, str]:
    name = f"ck_t{table}_note"
    return (
        f'op.create_check_constraint("{name}", "t{table}", "note <> \'\'")',
        f'op.drop_constraint("{name}", "t{table}", type_="check")',
        f'sa.CheckConstraint("note <> \'\'", name="{name}")',
    )


def _flag(table: int) -> tuple[str, str, str]:
    column = 'sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true())'
    return f'op.add_column("t{table}", {column})', f'op.drop_column("t{table}", "active")', column


_KINDS: tuple[Callable[[int], tuple[str, str, str]], ...] = (_create, _column, _index, _check, _flag)
