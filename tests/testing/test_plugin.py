"""The pytest plugin in projects of their own, each under a pytest of its own."""

import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from helpers import executed
from processes import processes_with
from projects import Rev, sql, table, write_project

pytest_plugins = ["pytester"]

HOME = os.environ.get("HOME", "/")  # what servers are made of is kept there; pytester makes an empty one
MODELS = """
from sqlalchemy import Column, Integer, MetaData, Table
a = Table("a", metadata, Column("id", Integer, primary_key=True, autoincrement=False))
"""
AT_HEADS = """
import psycopg
import pytest

@pytest.mark.parametrize("time", [1, 2])
def test_at_heads(headworks_database, time):
    with psycopg.connect(headworks_database.url) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("a",)]
        assert connection.execute("SELECT count(*) FROM a").fetchone() == (0,)
        connection.execute("INSERT INTO a VALUES (1)")
"""


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Callable[..., pytest.RunResult]:
    """Write a test file and run it in a process of its own; the current folder is that of the project."""
    monkeypatch.setenv("HOME", HOME)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    monkeypatch.delenv("HEADWORKS_TEST_URL", raising=False)
    # All the other plugins that are installed here take their time at each start.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")

    def call(text: str, *words: str) -> pytest.RunResult:
        pytester.makepyfile(textwrap.dedent(text))
        plugins = ("-p", "headworks.testing.plugin") if "PYTEST_DISABLE_PLUGIN_AUTOLOAD" in os.environ else ()
        return pytester.runpytest_subprocess("-W", "error", *plugins, *words, timeout=120)

    return call


@pytest.fixture
def project(pytester: pytest.Pytester) -> Callable[..., Path]:
    """Write a project with the revision `a` and its model."""

    def call(*revisions: Rev, **words: Any) -> Path:
        return write_project(pytester.path, revisions or (table("a"),), **{"preamble": MODELS} | words)

    return call


Suite = Callable[..., pytest.RunResult]
Write = Callable[..., Path]


def test_it_is_registered_and_names_all_alike(suite: Suite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    ran = suite("", "--fixtures")
    found = [line.split()[0] for line in ran.outlines if "headworks/testing/plugin.py" in line]
    assert found
    assert all(name.startswith("headworks_") for name in found)


class TestDatabases:
    def test_each_test_has_its_own_at_heads(self, project: Write, suite: Suite) -> None:
        project()
        suite(AT_HEADS).assert_outcomes(passed=2)

    def test_an_empty_one_needs_no_project(self, suite: Suite) -> None:
        ran = suite("""
            import psycopg

            def test_empty(headworks_empty_database):
                with psycopg.connect(headworks_empty_database.url) as connection:
                    assert connection.execute("SELECT count(*) FROM pg_stat_user_tables").fetchone() == (0,)

            def test_at_heads(headworks_database):
                pass
        """)
        ran.assert_outcomes(passed=1, errors=1)
        ran.stdout.fnmatch_lines(["no project here: *", "hint: change into the project's folder, *"])

    def test_ways_to_write_where_it_is(self, project: Write, suite: Suite) -> None:
        project()
        ran = suite("""
            import asyncio
            import asyncpg
            import psycopg
            import pytest
            import sqlalchemy as sa
            from sqlalchemy.ext.asyncio import create_async_engine
            from sqlalchemy.pool import NullPool

            ASK = "SELECT current_database()"

            def test_psycopg(headworks_database):
                for connection in (
                    psycopg.connect(headworks_database.url),
                    psycopg.connect(headworks_database.conninfo),
                    psycopg.connect(**headworks_database.parameters),
                ):
                    with connection:
                        assert connection.execute(ASK).fetchone() == (headworks_database.name,)

            @pytest.mark.parametrize("words", [(), ("psycopg",), ("psycopg2",)])
            def test_sqlalchemy(headworks_database, words):
                engine = sa.create_engine(headworks_database.sqlalchemy_url(*words), poolclass=NullPool)
                with engine.connect() as connection:
                    assert connection.scalar(sa.text(ASK)) == headworks_database.name

            def test_async(headworks_database):
                async def ask():
                    engine = create_async_engine(headworks_database.sqlalchemy_url("asyncpg"), poolclass=NullPool)
                    async with engine.connect() as connection:
                        assert await connection.scalar(sa.text(ASK)) == headworks_database.name
                    connection = await asyncpg.connect(headworks_database.url)
                    assert await connection.fetchval(ASK) == headworks_database.name
                    await connection.close()

                asyncio.run(ask())

            def test_shown(headworks_database):
                assert headworks_database.name in repr(headworks_database)
        """)
        ran.assert_outcomes(passed=6)

    def test_the_template_is_there_to_be_copied(self, project: Write, suite: Suite) -> None:
        """Even when env.py keeps a connection to it."""
        env = """
            from alembic import context
            from sqlalchemy import create_engine

            engine = create_engine(context.config.get_main_option("sqlalchemy.url"))
            kept = engine.connect()
            with engine.connect() as connection:
                context.configure(connection=connection)
                with context.begin_transaction():
                    context.run_migrations()
            import builtins
            builtins.kept = getattr(builtins, "kept", []) + [kept]
        """
        project(env=env)
        ran = suite("""
            import psycopg
            import pytest

            def test_copied(headworks_database):
                pass

            def test_template(headworks_template, headworks_server):
                with pytest.raises(psycopg.OperationalError, match="not currently accepting"):
                    psycopg.connect(headworks_template.url)
                with psycopg.connect(headworks_server.url, autocommit=True) as admin:
                    admin.execute(f"CREATE DATABASE copy TEMPLATE {headworks_template.name}")
        """)
        ran.assert_outcomes(passed=2)

    def test_filled_once(self, project: Write, suite: Suite, pytester: pytest.Pytester) -> None:
        project()
        pytester.makeconftest("""
            import psycopg
            import pytest

            @pytest.fixture(scope="session")
            def headworks_prepare():
                def prepare(database):
                    with psycopg.connect(database.url) as connection:
                        connection.execute("INSERT INTO a VALUES (7)")
                return prepare
        """)
        ran = suite("""
            import psycopg
            import pytest

            @pytest.mark.parametrize("time", [1, 2])
            def test_filled(headworks_database, time):
                with psycopg.connect(headworks_database.url) as connection:
                    assert connection.execute("SELECT id FROM a").fetchall() == [(7,)]
                    connection.execute("INSERT INTO a VALUES (8)")
        """)
        ran.assert_outcomes(passed=2)

    def test_a_project_in_another_folder(self, suite: Suite, pytester: pytest.Pytester) -> None:
        write_project(pytester.mkdir("shop"), [table("a")], preamble=MODELS)
        (pytester.path / "shop" / "headworks.toml").write_text('alembic = "alembic.ini"\n')
        for named in ("shop", "shop/headworks.toml"):
            pytester.makeini(f"[pytest]\nheadworks_config = {named}\n")
            suite(AT_HEADS).assert_outcomes(passed=2)
        pytester.makeini("[pytest]\nheadworks_config = gone\n")
        ran = suite(AT_HEADS)
        ran.assert_outcomes(errors=2)
        ran.stdout.fnmatch_lines(["headworks_config = */gone: there is no such file or folder", "hint: *"])


class TestServers:
    @pytest.mark.parametrize("by", ["ini", "environment"])
    def test_one_that_somebody_named(
        self,
        by: str,
        project: Write,
        suite: Suite,
        pytester: pytest.Pytester,
        monkeypatch: pytest.MonkeyPatch,
        server_url: str,
    ) -> None:
        project()
        if by == "ini":
            pytester.makeini(f"[pytest]\nheadworks_test_url = {server_url}\n")
        else:
            pytester.makeini("[pytest]\nheadworks_test_url = postgresql://nobody@nowhere.invalid/x\n")
            monkeypatch.setenv("HEADWORKS_TEST_URL", server_url)
        ran = suite(
            AT_HEADS
            + f"""
def test_where(headworks_server, headworks_database):
    with psycopg.connect(headworks_database.url) as connection:
        started = connection.execute("SELECT pg_postmaster_start_time()").fetchone()
    with psycopg.connect({server_url!r}) as connection:
        assert connection.execute("SELECT pg_postmaster_start_time()").fetchone() == started
    print("it is", headworks_database.name)
""",
            "-s",
        )
        ran.assert_outcomes(passed=3)
        (name,) = {word for line in ran.outlines for word in re.findall(r"it is (headworks_test_\w+)", line)}
        assert executed(server_url, f"SELECT FROM pg_database WHERE datname = '{name}'") == []

    def test_a_worker_has_its_own(self, project: Write, suite: Suite) -> None:
        pytest.importorskip("xdist")
        project()
        text = """
            import os
            import time
            from pathlib import Path
            import psycopg
            import pytest

            @pytest.mark.parametrize("time_", range(4))
            def test_here(headworks_server, headworks_database, time_):
                with psycopg.connect(headworks_database.url) as connection:
                    connection.execute("INSERT INTO a VALUES (1)")
                Path(os.environ["PYTEST_XDIST_WORKER"] + ".txt").write_text(headworks_server.parameters["host"])
                time.sleep(0.3)
        """
        ran = suite(text, "-p", "xdist.plugin", "-n", "2")
        ran.assert_outcomes(passed=4)
        hosts = {file.read_text() for file in Path().glob("gw*.txt")}
        assert len(hosts) == 2
        for host in hosts:
            assert not Path(host).exists()
            assert processes_with(host) == []

    def test_none_when_nobody_asks(self, project: Write, suite: Suite) -> None:
        project()
        ran = suite("""
            import sys

            def test_nothing(request):
                heavy = {"sqlalchemy", "alembic", "psycopg", "asyncpg", "msgspec", "headworks.config"}
                assert not heavy & set(sys.modules)
                assert "headworks.testing.plugin" in sys.modules
        """)
        ran.assert_outcomes(passed=1)


class TestDrift:
    def test_none_and_some(self, project: Write, suite: Suite, pytester: pytest.Pytester) -> None:
        project()
        ran = suite("""
            import psycopg
            import pytest
            from headworks.testing import assert_no_drift

            @pytest.mark.parametrize("against", ["models", "migrations"])
            def test_none(headworks_database, against):
                assert_no_drift(headworks_database, against)

            def test_empty(headworks_empty_database):
                assert_no_drift(headworks_empty_database)

            def test_some(headworks_database):
                with psycopg.connect(headworks_database.url) as connection:
                    connection.execute("ALTER TABLE a ADD hot int")
                assert_no_drift(headworks_database.sqlalchemy_url())
        """)
        ran.assert_outcomes(passed=2, failed=2)
        ran.stdout.fnmatch_lines(["E *headworks found:", "E *not migrated yet: the database is before its first*"])
        ran.stdout.fnmatch_lines(["E *headworks found:", "E *hot*", "E *drift: failed, 1 error*"])
        assert "assertions.py" not in str(ran.stdout), "headworks' own code is none of the reader's business"

    def test_the_ready_made_tests(self, project: Write, suite: Suite, pytester: pytest.Pytester) -> None:
        path = project()
        text = "from headworks.testing.suite import *\n"
        suite(text).assert_outcomes(passed=2)
        file = path / "migrations" / "versions" / "a.py"
        file.write_text(file.read_text().replace("DROP TABLE a", "SELECT 1"))
        ran = suite(text)
        ran.assert_outcomes(passed=1, failed=1)
        ran.stdout.fnmatch_lines(["E *gate.downgrade-differs*"])


class TestBroken:
    def test_a_migration(self, project: Write, suite: Suite) -> None:
        project(table("a"), Rev("b", sql("CREATE TABLE a (id int)")))
        ran = suite(AT_HEADS)
        ran.assert_outcomes(errors=2)
        ran.stdout.fnmatch_lines(['migrations/versions/b.py, line *: *relation "a" already exists*', "hint: *"])
        assert "environment.py" not in str(ran.stdout)
        assert "Traceback" not in str(ran.stdout)
        whole = suite(AT_HEADS, "--full-trace")
        whole.assert_outcomes(errors=2)
        assert "environment.py" in str(whole.stdout)

    def test_the_server(self, suite: Suite, pytester: pytest.Pytester) -> None:
        pytester.makeini("[pytest]\nheadworks_test_url = postgresql://me:secret@localhost:1/x\n")
        ran = suite("def test_empty(headworks_empty_database):\n    pass\n")
        ran.assert_outcomes(errors=1)
        ran.stdout.fnmatch_lines(["no PostgreSQL answers at localhost:1 *", "hint: *"])
        assert "secret" not in str(ran.stdout)

    def test_the_url(self, suite: Suite, pytester: pytest.Pytester) -> None:
        pytester.makeini("[pytest]\nheadworks_test_url = mysql://me:secret@localhost/x\n")
        ran = suite("def test_empty(headworks_empty_database):\n    pass\n")
        ran.assert_outcomes(errors=1)
        ran.stdout.fnmatch_lines(["headworks_test_url: not a PostgreSQL URL: *"])
        assert "secret" not in str(ran.stdout)

    def test_a_server_that_makes_no_database(self, suite: Suite, pytester: pytest.Pytester, server_url: str) -> None:
        if "//postgres@" not in server_url:
            pytest.skip("this server asks for passwords")
        role = f"no_maker_{os.getpid()}"
        executed(server_url, f"CREATE ROLE {role} LOGIN")
        pytester.makeini(f"[pytest]\nheadworks_test_url = {server_url.replace('//postgres@', f'//{role}@')}\n")
        try:
            ran = suite("def test_empty(headworks_empty_database):\n    pass\n")
        finally:
            executed(server_url, f"DROP ROLE {role}")
        ran.assert_outcomes(errors=1)
        ran.stdout.fnmatch_lines(["*: permission denied to create database", f'hint: *ALTER ROLE "{role}" CREATEDB*'])


def test_the_plugin_loads_next_to_nothing() -> None:
    """It is imported at every start of pytest, whatever the tests are about."""
    program = (
        "import pytest, sys; before = set(sys.modules)\n"
        "import headworks.testing.plugin\n"
        "print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert {name for name in done.stdout.split() if not name.startswith("headworks.testing")} == {
        "headworks",
        "headworks._version",
        "headworks.errors",
        "headworks.redaction",
    }
