"""What env.py is handed besides a URL: a connection where it asks for one, and what the project's start-up sets."""

import importlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from headworks.migrations import errors
from headworks.migrations.environment import look
from headworks.migrations.plan import plan_upgrade
from headworks.migrations.project import Project
from headworks.migrations.runner import Runner
from headworks.postgres.url import DatabaseUrl
from helpers import Headworks, executed, sqlalchemy_url
from projects import Rev, make_project, sql, table, write_project

ENV = """
import os
from alembic import context
from sqlalchemy import create_engine, pool

config = context.config

def run(connection, **options):
    context.configure(connection=connection, **options)
    with context.begin_transaction():
        context.run_migrations()
"""
# Alembic's cookbook, "Sharing a Connection across one or more programmatic migration commands"
ONLY_HANDED = """
connection = config.attributes.get("connection")
if connection is None:
    raise RuntimeError("a connection is expected")
run(connection)
"""
BY_NAME = 'run(config.attributes["connection"])'
ELSE_ITS_OWN = """
connection = config.attributes.get("connection", None)
if connection is None:
    connection = create_engine(os.environ["ELSEWHERE"], poolclass=pool.NullPool).connect()
run(connection)
"""
# as in keystone: an engine is meant by that name, and the URL does without
ENGINE = """
engine = config.attributes.get("connection")
if engine is None:
    engine = create_engine(config.get_main_option("sqlalchemy.url"), poolclass=pool.NullPool)
with engine.connect() as connection:
    run(connection)
"""
ENGINE_ELSEWHERE = ENGINE.replace('config.get_main_option("sqlalchemy.url")', 'os.environ["ELSEWHERE"]')
# as in aiida: whoever hands it the connection ends its transaction
NO_COMMIT = """
connection = config.attributes["connection"]
context.configure(connection=connection, transaction_per_migration=False)
connection.begin()
context.run_migrations()
"""


def upgrade(project: Project, url: str) -> list[str]:
    ran = Runner(project, DatabaseUrl.parse(url)).run(
        "upgrade", lambda rows: plan_upgrade(project.history, rows, ["heads"])
    )
    return [one.revision.id for one in ran]


@pytest.mark.parametrize("driver", ["psycopg", "psycopg2", "asyncpg"])
@pytest.mark.parametrize("body", [ONLY_HANDED, BY_NAME, ELSE_ITS_OWN, ENGINE], ids=["only", "name", "own", "engine"])
def test_a_connection_for_those_who_ask(
    body: str, driver: str, tmp_path: Path, make_database: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if body is ENGINE and driver == "asyncpg":
        pytest.skip("a plain engine has no asyncpg")
    url = make_database()
    monkeypatch.setenv("ELSEWHERE", sqlalchemy_url(make_database()))
    index = Rev(
        "i",
        sql("CREATE INDEX CONCURRENTLY ix ON a (id)", concurrently=True),
        sql("DROP INDEX CONCURRENTLY ix", concurrently=True),
    )
    project = make_project(tmp_path, [table("a"), index, table("b")], env=ENV + body, config={"driver": driver})
    assert upgrade(project, url) == ["a", "i", "b"]
    assert executed(url, "SELECT version_num FROM alembic_version") == [("b",)]
    assert executed(url, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix'::regclass") == [(True,)]
    assert upgrade(project, url) == []


def test_who_hands_a_connection_commits(tmp_path: Path, make_database: Callable[..., str]) -> None:
    url = make_database()
    project = make_project(tmp_path, [table("a"), table("b")], env=ENV + NO_COMMIT)
    assert upgrade(project, url) == ["a", "b"]
    assert executed(url, "SELECT version_num FROM alembic_version") == [("b",)]


def test_an_engine_asked_for_in_vain_leaves_the_first_error(
    tmp_path: Path, make_database: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = make_database()
    monkeypatch.setenv("ELSEWHERE", sqlalchemy_url(make_database()))
    project = make_project(tmp_path, [table("a")], env=ENV + ENGINE_ELSEWHERE)
    for _ in range(2):
        with pytest.raises(errors.DatabaseElsewhere, match="nothing was run"):
            upgrade(project, url)


@pytest.mark.parametrize("ask", ['config.attributes.pop("connection", None)', '"connection" in config.attributes'])
def test_a_revision_that_fails_is_run_once(ask: str, tmp_path: Path, make_database: Callable[..., str]) -> None:
    runs = tmp_path / "runs"
    body = f"""
with open({str(runs)!r}, "a") as file:
    file.write("x")
{ask}
with create_engine(config.get_main_option("sqlalchemy.url"), poolclass=pool.NullPool).connect() as connection:
    run(connection)
"""
    project = make_project(tmp_path / "project", [Rev("a", "raise RuntimeError")], env=ENV + body)
    with pytest.raises(errors.RevisionFailed):
        upgrade(project, make_database())
    assert runs.read_text() == "x"


def test_the_gate_walks_a_handed_connection(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    left = Rev("b", sql("CREATE TABLE b ()"), "pass")
    write_project(tmp_path, [table("a"), left, table("c")], env=ENV + ONLY_HANDED)
    ran = inside("gate", "--checks", "schema", "--format", "github", "--shadow-url", server_url)
    assert ran.code == 1, ran.err
    assert ran.out.count("::error") == 1
    assert "table public.b is left after the downgrade of b" in ran.out


class TestConfigure:
    BODY = """
with create_engine(config.app["url"], poolclass=pool.NullPool).connect() as connection:
    run(connection, version_table=config.attributes["table"])
"""

    def test_it_sets_what_env_reads(self, tmp_path: Path, make_database: Callable[..., str]) -> None:
        start = """
            def configure(config):
                config.app = {"url": config.get_main_option("sqlalchemy.url")}
                config.attributes["table"] = "versions"
        """
        url = make_database()
        config = {"configure": "hw_start_here:configure"}
        project = make_project(tmp_path, [table("a")], env=ENV + self.BODY, config=config)
        (tmp_path / "hw_start_here.py").write_text("\n".join(line[12:] for line in start.splitlines()))
        assert upgrade(project, url) == ["a"]
        assert look(project, DatabaseUrl.parse(url)).version_table == "versions"

    ELSEWHERE = """
import os
from pathlib import Path
here, seen = Path(__file__).resolve().parent, []

def configure(config):
    seen.append((config.get_main_option("sqlalchemy.url"), os.environ["HW_ANY_URL"]))
    print("configured")
    config.set_main_option("script_location", str(here / "migrations"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("version_path_separator", "os")  # before Alembic 1.16
    config.set_main_option("version_locations", os.pathsep.join([f"{here}/migrations/versions", f"{here}/extra"]))
"""

    @pytest.mark.parametrize("known", [True, False])
    def test_it_says_where_the_history_is(
        self, known: bool, tmp_path: Path, inside: Headworks, make_database: Callable[..., str]
    ) -> None:
        start, url = f"hw_start_{tmp_path.name}", make_database()
        config = {"configure": f"{start}:configure", "url_env": ["HW_ANY_URL"], "driver": "psycopg"}
        write_project(tmp_path, [table("a"), table("b")], config=config)
        (tmp_path / "extra").mkdir()
        (tmp_path / "migrations/versions/b.py").rename(tmp_path / "extra/b.py")
        (tmp_path / f"{start}.py").write_text(self.ELSEWHERE)
        if not known:
            (tmp_path / "alembic.ini").write_text("[alembic]\n")
        history = inside("history")
        assert history.code == 0, history.err
        assert "configured" not in history.out
        assert " b " in history.out
        assert inside("status", "--check", "--url", url).code == 1
        assert inside("upgrade", "--url", url).code == 0
        assert inside("status", "--check", "--url", url).code == 0
        assert executed(url, "SELECT to_regclass('b')::text") == [("b",)]
        seen = importlib.import_module(start).seen
        # Before a database is chosen it is called as in Alembic's offline mode.
        assert seen[0] == ("postgresql+psycopg://localhost/offline",) * 2
        assert "HW_ANY_URL" not in os.environ

    @pytest.mark.parametrize("driver", ["asyncpg", "psycopg2"])
    def test_early_too_it_gets_a_driver_that_fits_env(self, driver: str, tmp_path: Path) -> None:
        start = f"hw_start_{tmp_path.name}"
        env = "create_async_engine()" if driver == "asyncpg" else "create_engine()"
        project = make_project(tmp_path, [table("a")], env=env, config={"configure": f"{start}:configure"})
        body = "def configure(config):\n    seen.append(config.get_main_option('sqlalchemy.url'))\n"
        (tmp_path / f"{start}.py").write_text(f"seen = []\n{body}")
        assert list(project.history.by_id) == ["a"]
        assert project.driver == importlib.import_module(start).seen[0].partition("+")[2].partition(":")[0]

    @pytest.mark.parametrize("asks", ['config.attributes["tenant"]', "config.tenant"])
    @pytest.mark.parametrize("first", ["", 'config.attributes.get("connection")\n'])
    def test_what_nobody_has_set_is_named(
        self, asks: str, first: str, tmp_path: Path, make_database: Callable[..., str]
    ) -> None:
        project = make_project(
            tmp_path, [table("a")], env=f"from alembic import context\nconfig = context.config\n{first}{asks}\n"
        )
        with pytest.raises(errors.EnvFailed) as caught:
            upgrade(project, make_database())
        assert "start-up code" in caught.value.advice
        assert "tenant" in caught.value.advice
        assert 'configure = "module:function"' in caught.value.advice

    @pytest.mark.parametrize(
        ("name", "reason"),
        [
            ("configure", "it is no module:function"),
            ("no_such_module_at_all:configure", "ModuleNotFoundError: No module named 'no_such_module_at_all'"),
            ("json:configure", "AttributeError: module 'json' has no attribute 'configure'"),
            ("json:dumps", "TypeError: Object of type Config is not JSON serializable"),
        ],
    )
    def test_what_is_wrong_with_it(
        self, name: str, reason: str, tmp_path: Path, make_database: Callable[..., str]
    ) -> None:
        project = make_project(tmp_path, [table("a")], config={"configure": name})
        with pytest.raises(errors.ConfigureBroken) as caught:
            upgrade(project, make_database())
        assert str(caught.value) == f"[tool.headworks] configure = {name!r}: {reason}"


def test_an_autocommit_block_inside_a_transaction_of_env(
    tmp_path: Path, make_database: Callable[..., str], inside: Headworks, server_url: str
) -> None:
    url = make_database()
    index = Rev("b", sql("CREATE INDEX CONCURRENTLY ix ON a (id)", concurrently=True), sql("DROP INDEX ix"))
    project = make_project(tmp_path, [table("a"), index], env="begin")
    with pytest.raises(errors.RevisionFailed) as caught:
        upgrade(project, url)
    said = "autocommit_block() cannot leave the transaction that env.py has begun around all revisions"
    assert said in str(caught.value)
    assert "let env.py use engine.connect() instead of engine.begin()" in caught.value.advice
    ran = inside("gate", "--checks", "schema", "--shadow-url", server_url)
    assert said in ran.out
    assert "engine.connect() instead of engine.begin()" in " ".join(ran.out.split())


def test_an_assert_of_a_revision_is_its_own(tmp_path: Path, make_database: Callable[..., str]) -> None:
    project = make_project(tmp_path, [Rev("a", "assert False, 'mine'")])
    with pytest.raises(errors.RevisionFailed, match="AssertionError: mine"):
        upgrade(project, make_database())
