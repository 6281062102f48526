"""An env.py that begins a transaction before Alembic does: what it is told works when env.py is changed so."""

from collections.abc import Callable
from pathlib import Path

import pytest

from headworks.migrations import errors
from headworks.migrations.enclosing import advice_on_enclosing, is_enclosing
from headworks.migrations.plan import plan_upgrade
from headworks.migrations.project import Project
from headworks.migrations.runner import Runner
from headworks.postgres.url import DatabaseUrl
from helpers import Headworks, sqlalchemy_url
from projects import Rev, make_project, sql, table, write_revision

HEAD = """
import asyncio
import sqlalchemy as sa
from alembic import context
from sqlalchemy.ext.asyncio import create_async_engine

url = context.config.get_main_option("sqlalchemy.url")
engine = sa.create_engine(url, poolclass=sa.pool.NullPool)

def run(connection):
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""
ENGINE = """
with engine.begin() as connection:
    run(connection)
"""
# as in arize-phoenix
CONNECTION = """
with engine.connect() as connection:
    transaction = connection.begin()
    context.configure(connection=connection, transaction_per_migration=True)
    context.run_migrations()
    transaction.commit()
"""
MENDED = """
with engine.connect() as connection:
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
"""
STATEMENT = """
with engine.connect() as connection:
    connection.execute(sa.text("SET search_path TO public"))
    run(connection)
    connection.commit()
"""
ASYNC = """
async def online():
    engine = create_async_engine(url, poolclass=sa.pool.NullPool)
    async with engine.begin() as connection:
        await connection.run_sync(run)
    await engine.dispose()

asyncio.run(online())
"""
EXECUTED = 'connection.execute(sa.text("SET search_path TO public"))'
ENVS = {
    "engine": (ENGINE, "engine.connect() instead of engine.begin()", ENGINE.replace("begin", "connect")),
    "connection": (CONNECTION, "leave that begin() out of env.py", MENDED),
    "statement": (
        STATEMENT,
        "the statement there begins it",
        STATEMENT.replace("    run", "    connection.commit(); run"),
    ),
    "async": (ASYNC, "engine.connect() instead of engine.begin()", ASYNC.replace("begin", "connect")),
}
BEGUN = {
    "engine": "with engine.begin() as connection:",
    "connection": "transaction = connection.begin()",
    "statement": EXECUTED,
    "async": "async with engine.begin() as connection:",
}
INDEX = Rev("b", sql("CREATE INDEX CONCURRENTLY ix ON a (id)", concurrently=True), sql("DROP INDEX ix"))


def upgrade(project: Project, url: str) -> None:
    parsed = DatabaseUrl.parse(url)
    Runner(project, parsed).run("upgrade", lambda rows: plan_upgrade(project.history, rows, ("heads",)))


@pytest.mark.parametrize("kind", ENVS)
def test_where_it_is_begun_and_what_helps(kind: str, tmp_path: Path, make_database: Callable[..., str]) -> None:
    text, advice, mended = ENVS[kind]
    url = sqlalchemy_url(make_database(), "psycopg")
    project = make_project(tmp_path, [table("a"), INDEX], env=HEAD + text)
    with pytest.raises(errors.RevisionFailed) as caught:
        upgrade(project, url)
    line = (HEAD + text).splitlines().index(next(one for one in text.splitlines() if one.strip() == BEGUN[kind])) + 1
    assert advice in caught.value.advice
    assert f"(migrations/env.py, line {line}: {BEGUN[kind]})" in caught.value.advice
    assert is_enclosing(project)
    (tmp_path / "migrations" / "env.py").write_text(HEAD + mended, encoding="utf-8")
    upgrade(project, url)
    assert not is_enclosing(project)


def test_where_nobody_saw_it_all_ways_are_named(tmp_path: Path) -> None:
    advice = advice_on_enclosing(make_project(tmp_path, [table("a")]))
    assert "engine.connect() instead of engine.begin(), no begin() of the connection's, commit()" in advice
    assert "line" not in advice


def test_the_gate_s_ways_begin_with_it(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    plain = Rev("b", sql("CREATE INDEX ix ON a (id)"), sql("DROP INDEX ix"))
    make_project(tmp_path, [table("a"), plain], env=HEAD + CONNECTION)
    words = ("gate", "--checks", "schema,data,locks", "--shadow-url", server_url)
    ran = inside(*words)
    said = "# env.py first, in whose own transaction autocommit_block() fails: leave that begin() out of env.py"
    assert said in ran.out
    write_revision(tmp_path, INDEX, "a")
    failed = inside(*words)
    assert "autocommit_block() cannot leave the transaction" in failed.out
    assert "leave that begin() out of env.py" in failed.out
    assert "engine.begin()" not in failed.out, "which is nowhere in it"
    (tmp_path / "migrations" / "env.py").write_text(HEAD + MENDED, encoding="utf-8")
    mended = inside(*words)
    assert (mended.code, "env.py first" in mended.out) == (0, False), mended.out
