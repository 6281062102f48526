"""A revision that ends all other sessions of its database, or of its server."""

import gc
import json
from pathlib import Path

import pytest

from helpers import Headworks
from projects import Rev, make_project, sql, table

ENDS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
ENDS_ALL = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


@pytest.fixture
def project(tmp_path: Path) -> None:
    make_project(tmp_path, [table("a"), Rev("k", sql(ENDS)), table("c"), Rev("d", sql("DELETE FROM c"))])


def test_the_schema_is_looked_at_all_the_same(project: None, inside: Headworks, server_url: str) -> None:
    ran = inside("gate", "--checks", "schema,whole", "--quiet", "--shadow-url", server_url)
    assert ran.code == 0, ran.out + ran.err


@pytest.mark.parametrize("checks", ["data", "locks", "schema,data,locks"])
def test_the_walk_with_rows_goes_on_behind_it(checks: str, project: None, inside: Headworks, server_url: str) -> None:
    ran = inside("gate", "--checks", checks, "--format", "json", "--shadow-url", server_url)
    found = [(one["rule"], one["severity"], one["revision"]) for one in json.loads(ran.out)["findings"]]
    lost = [("gate.data-lost", "error", "d")] if "data" in checks else []
    assert found == [("gate.unfilled", "warning", "k"), *lost]
    assert ran.code == (1 if lost else 0)
    assert "WARNING" not in ran.err


def test_one_that_is_only_run(project: None, inside: Headworks, server_url: str) -> None:
    """What is below the revisions that are looked at ends sessions, too."""
    ran = inside("gate", "--revisions", "c:d", "--checks", "data", "--format", "json", "--shadow-url", server_url)
    found = [(one["rule"], one["revision"]) for one in json.loads(ran.out)["findings"]]
    assert found == [("gate.data-lost", "d")]


def test_nothing_else_is_said_of_it(tmp_path: Path, headworks: Headworks) -> None:
    """Not even the drivers' own remarks; on a throw-away server, where nobody else has a session to lose."""
    make_project(tmp_path, [table("a"), Rev("k", sql(ENDS_ALL)), table("c")])
    ran = headworks("gate", "--quiet")
    assert (ran.code, ran.err) == (0, "")
    assert "k ends the other sessions of its database, so nobody saw what became of its rows" in ran.out


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # psycopg's, of a connection left open
@pytest.mark.parametrize("driver", ["psycopg", "psycopg2"])
@pytest.mark.parametrize("how", ["time.sleep(600)", "theirs.exec_driver_sql('SELECT pg_sleep(600)')", "1 / 0"])
def test_a_connection_that_a_revision_leaves_open(
    how: str, driver: str, tmp_path: Path, inside: Headworks, server_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    """It is closed before its database is dropped: the pool logs nothing."""
    up = f"""
import time
theirs = sa.create_engine(op.get_bind().engine.url).connect()
theirs.exec_driver_sql("SELECT 1")
{how}
"""
    config = {"driver": driver, "gate": {"timeout": 1}}
    make_project(tmp_path, [table("a"), Rev("b", up), table("c", after="a")], config=config)
    ran = inside("gate", "--checks", "schema", "--format", "json", "--shadow-url", server_url)
    assert [one["rule"] for one in json.loads(ran.out)["findings"]] == ["gate.upgrade-failed"]
    gc.collect()
    assert caplog.records == []
