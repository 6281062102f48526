"""What a revision leaves in its session and no catalog lists, or only with effort: the next step finds none of it."""

import json
from pathlib import Path
from typing import Any

import pytest

from helpers import Headworks
from projects import Rev, env_of, make_project, sql, table

ENVS: dict[str, dict[str, Any]] = {
    "psycopg": {},
    "psycopg2": {"config": {"driver": "psycopg2"}},
    "asyncpg": {"env": "async", "config": {"driver": "asyncpg"}},
    "a transaction each": {"options": "transaction_per_migration=True"},
}
TENANT = "SELECT current_setting('app.tenant', true)"
MAKES = "CREATE FUNCTION settle() RETURNS text LANGUAGE sql AS $$SELECT set_config('app.tenant', '7', false)$$"
# What leaves it, and what a step that finds it answers with.
LEFT = {
    "a setting": ("SET app.tenant = '7'", TENANT),
    "a setting of several parts": (
        "SET SESSION \"App\".db.tenant TO '7'",
        "SELECT current_setting('app.db.tenant', true)",
    ),
    "a setting by a function": ("SELECT set_config('app.tenant', '7', false)", TENANT),
    "a setting by a function of an earlier step": ("SELECT settle()", TENANT),
    "a setting of the transaction": ("SET LOCAL app.tenant = '7'", TENANT),
    "a lock": (
        "SELECT pg_advisory_lock(42)",
        "SELECT max(objid::int) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()",
    ),
    "a statement": ("PREPARE q AS SELECT 1", "SELECT max(name) FROM pg_prepared_statements WHERE from_sql"),
    "a cursor": ("DECLARE c CURSOR WITH HOLD FOR SELECT 1", "SELECT max(name) FROM pg_cursors WHERE is_holdable"),
}


def none_of(question: str) -> str:
    return f"assert op.get_bind().exec_driver_sql({question!r}).scalar() is None"


def found(ran: Headworks, *words: str) -> list[tuple[str, str | None, str]]:
    said = ran("gate", "--format", "json", *words)
    assert said.out, said.err
    findings = json.loads(said.out)["findings"]
    return [(one["rule"], one["revision"], one["message"]) for one in findings if one["severity"] != "note"]


@pytest.mark.parametrize("what", LEFT)
@pytest.mark.parametrize("style", ENVS)
def test_the_next_step_finds_none_of_it(
    what: str, style: str, tmp_path: Path, inside: Headworks, server_url: str
) -> None:
    """Nor does its own second upgrade, which would else fail: there is such a statement."""
    leaves, question = LEFT[what]
    revisions = [
        Rev("f", sql(MAKES), sql("DROP FUNCTION settle")),
        Rev("l", f"{none_of(question)}\n{sql(leaves)}", none_of(question)),
        Rev("n", f"{none_of(question)}\n{sql('CREATE TABLE n (id int)')}", sql("DROP TABLE n")),
    ]
    make_project(tmp_path, revisions, **ENVS[style])
    assert found(inside, "--checks", "schema,data,locks", "--shadow-url", server_url) == []


@pytest.mark.parametrize("parameter", [False, True])
def test_a_revision_that_lives_on_what_the_one_before_left(
    parameter: bool, tmp_path: Path, inside: Headworks, server_url: str
) -> None:
    """In one go with it, in one session, it runs; released by itself it does not."""
    call = "op.get_bind().execute(sa.text('SELECT set_config(:name, :to, false)'), {'name': 'app.tenant', 'to': '7'})"
    leaves = Rev("l", f"import sqlalchemy as sa\n{call}" if parameter else sql("SET app.tenant = 7"))
    lives = sql("CREATE TABLE n AS SELECT current_setting('app.tenant')::int AS id")
    make_project(tmp_path, [leaves, Rev("n", lives, sql("DROP TABLE n"))])
    (one,) = found(inside, "--checks", "schema,whole", "--shadow-url", server_url)
    assert one[:2] == ("gate.upgrade-failed", "n")
    assert "when it runs alone; in one go with those before it, it runs" in one[2]
    assert 'unrecognized configuration parameter "app.tenant"' in one[2]


@pytest.mark.parametrize("pool", ["", "pool.NullPool"])
def test_what_env_set_is_there_again(pool: str, tmp_path: Path, headworks: Headworks, server_url: str) -> None:
    """And a pool that outlives env.py's run gets no session back that a revision has left something in."""
    head = """
import builtins
from sqlalchemy import create_engine, event

engines = builtins.__dict__.setdefault("engines_of_the_test", {})

def engine_of(url):
    if url not in engines:
        engines[url] = create_engine(url$POOL)

        @event.listens_for(engines[url], "checkout")
        def settle(connection, record, proxy):
            connection.execute("SET app.tenant = '9'")
            connection.commit()

    return engines[url]
""".replace("$POOL", f", poolclass={pool}" if pool else "")
    env = env_of("generic", preamble=head).replace(
        'engine_from_config(engine_options(), prefix="sqlalchemy.", poolclass=pool.NullPool)',
        'engine_of(config.get_main_option("sqlalchemy.url"))',
    )
    assert "engine = engine_of(" in env
    nine = f"assert op.get_bind().exec_driver_sql({TENANT!r}).scalar() == '9'\n"
    lock = "SELECT max(objid::int) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
    leaves = Rev("l", nine + sql("SET app.tenant = '7'", "SELECT pg_advisory_lock(42)"), nine)
    make_project(tmp_path, [leaves, Rev("n", nine + none_of(lock)), table("z")], env=env)
    assert found(headworks, "--checks", "schema,data", "--shadow-url", server_url) == []
