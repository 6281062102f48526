"""A revision that does not end is ended, named, and hides none of the others."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from helpers import Headworks
from processes import until
from projects import Rev, make_project, sql, table

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # a connection left open

HANGS = {
    "the server sleeps": 'op.execute("SELECT pg_sleep(600)")',
    "Python sleeps": "import time\ntime.sleep(600)",
    "Python loops": "while True:\n    pass",
    "it waits for itself": """\
import sqlalchemy as sa
op.execute("LOCK TABLE a IN ACCESS EXCLUSIVE MODE")
sa.create_engine(op.get_bind().engine.url).connect().exec_driver_sql("SELECT * FROM a")""",
}


@pytest.mark.parametrize("direction", ["upgrade", "downgrade"])
@pytest.mark.parametrize("how", HANGS)
def test_a_revision_that_hangs(how: str, direction: str, tmp_path: Path, inside: Headworks, server_url: str) -> None:
    make_project(
        tmp_path,
        [
            table("a"),
            Rev("b", **{"up" if direction == "upgrade" else "down": HANGS[how]}),
            Rev("c", sql("CREATE TABLE c (id int)"), after="a"),
        ],
        config={"gate": {"timeout": 1}},
    )
    ran = inside("gate", "--checks", "schema", "--format", "json", "--shadow-url", server_url)
    found = {(one["rule"], one["revision"]): one for one in json.loads(ran.out)["findings"]}
    late = found[f"gate.{direction}-failed", "b"]
    assert "did not end within 1 s" in late["message"]
    assert late["line"] > 1
    assert ("gate.downgrade-differs", "c") in found
    assert ran.code == 1


@pytest.mark.parametrize("direction", ["upgrade", "downgrade"])
def test_it_is_waited_for_once(direction: str, tmp_path: Path, inside: Headworks, server_url: str) -> None:
    begun = tmp_path / "begun"
    hangs = f"with open({str(begun)!r}, 'a') as file:\n    file.write('x')\n{HANGS['the server sleeps']}"
    up = sql("CREATE TABLE b (id int)")
    revisions = [
        table("a", label="one"),
        Rev("b", up, hangs) if direction == "downgrade" else Rev("b", hangs),
        table("c", after="a"),
        table("x", after=None, depends_on="a", label="two"),
    ]
    make_project(tmp_path, revisions, config={"gate": {"timeout": 1}})
    ran = inside("gate", "--format", "json", "--shadow-url", server_url)
    found = [(one["rule"], one["revision"]) for one in json.loads(ran.out)["findings"] if one["severity"] == "error"]
    assert found == [(f"gate.{direction}-failed", "b"), ("gate.heads", "c")]
    assert begun.read_text() == "x"


def test_one_that_does_not_end_on_rows(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    up = sql("SELECT pg_sleep(600) FROM a")
    make_project(tmp_path, [table("a"), Rev("b", up), table("c")], config={"gate": {"timeout": 1}})
    ran = inside("gate", "--checks", "schema,data", "--format", "json", "--shadow-url", server_url)
    found = [(one["rule"], one["revision"]) for one in json.loads(ran.out)["findings"]]
    assert found == [("gate.upgrade-fails-on-data", "b")]


@pytest.mark.parametrize("driver", ["psycopg", "psycopg2", "asyncpg"])
@pytest.mark.parametrize("how", ["the server sleeps", "Python loops"])
def test_where_interrupts_are_ignored(how: str, driver: str, tmp_path: Path, server_url: str) -> None:
    """As in what a script runs with `&`: it is ended all the same, and an interrupt from elsewhere does nothing."""
    begun = tmp_path / "begun"
    hangs = Rev("b", f"open({str(begun)!r}, 'a').close()\n{HANGS[how]}")
    config = {"driver": driver, "gate": {"timeout": 2}}
    env = "async" if driver == "asyncpg" else "generic"
    make_project(tmp_path, [table("a"), hangs, table("c", after="a")], config=config, env=env)
    process = subprocess.Popen(
        [sys.executable, "-m", "headworks", "gate", "-q", "--checks", "schema", "--shadow-url", server_url],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    )
    assert until(begun.exists, 30)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 1, err
    assert "upgrade of b fails: it did not end within 2 s" in out
    assert err == ""


def test_another_connection_of_its_own_waits(tmp_path: Path, headworks: Headworks) -> None:
    """psycopg2 waits in C, and the statement to be cancelled is none of env.py's connection."""
    config = {"driver": "psycopg2", "gate": {"timeout": 1}}
    make_project(tmp_path, [table("a"), Rev("b", HANGS["it waits for itself"])], config=config)
    ran = headworks("gate", "-q", "--checks", "schema")
    assert "upgrade of b fails: it did not end within 1 s" in ran.out
    assert (ran.code, ran.err) == (1, "")


def test_a_server_that_is_gone_half_way(tmp_path: Path, inside: Headworks) -> None:
    """It is said with the revision that was at work, and nothing is left of the throw-away server."""
    kill = """\
import os, signal
pid = op.get_bind().exec_driver_sql("SELECT split_part(pg_read_file('postmaster.pid'), chr(10), 1)").scalar()
os.kill(int(pid), signal.SIGKILL)"""
    make_project(tmp_path, [table("a"), Rev("b", kill), table("c")])
    ran = inside("gate", "--checks", "schema")
    assert ran.code == 3
    assert "the server was lost while" in ran.err
    assert "Traceback" not in ran.err
