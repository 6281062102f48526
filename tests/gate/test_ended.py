"""A gate that is ended from outside, while a revision is at work."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from headworks.postgres.server import ThrowawayServer
from helpers import executed, scratch_databases_left
from processes import until
from projects import Rev, make_project, sql, table, write_revision
from repositories import git, repository

ASLEEP = "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'"


@pytest.mark.parametrize("driver", ["psycopg", "psycopg2", "asyncpg"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_it_leaves_nothing_on_a_named_server(number: signal.Signals, driver: str, tmp_path: Path) -> None:
    waits = Rev("b", sql("SELECT pg_sleep(600)"))
    env = "async" if driver == "asyncpg" else "generic"
    make_project(tmp_path, [table("a"), waits], env=env, config={"driver": driver})
    with ThrowawayServer() as server:
        process = subprocess.Popen(
            [sys.executable, "-m", "headworks", "gate", "-q", "--shadow-url", server.url.libpq()],
            cwd=tmp_path,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),  # under nohup it is ignored, there as here
        )
        assert until(lambda: executed(server.url.libpq(), ASLEEP), 30)
        process.send_signal(number)
        _, err = process.communicate(timeout=30)
        assert (process.returncode, err) == (130, "error: interrupted\n")
        assert scratch_databases_left(server.url.libpq()) == []


def test_what_one_that_was_killed_left_goes_with_the_next(tmp_path: Path) -> None:
    """The databases, and of the roles those that its revisions made: others' are there still, granted on or not."""
    grants = [f"GRANT SELECT ON t TO {role}" for role in ("app", "ops", "before", "busy")]
    roles = ("app", "ops", "idle")
    up = sql(*(f"CREATE ROLE {role}" for role in roles), "CREATE TABLE t (id int)", *grants)
    made = Rev("r", up, sql("DROP TABLE t", *(f"DROP ROLE {role}" for role in roles)))
    waits = Rev("b", sql("SELECT pg_sleep(600)"))
    (tmp_path / "killed").mkdir()
    (tmp_path / "next").mkdir()
    make_project(tmp_path / "killed", [made, waits])
    make_project(tmp_path / "next", [table("a")])
    others = "SELECT rolname FROM pg_roles WHERE oid >= 16384 ORDER BY 1"

    def gate(name: str) -> "subprocess.Popen[bytes]":
        words = [sys.executable, "-m", "headworks", "gate", "-q", "--checks", "data", "--shadow-url", url]
        return subprocess.Popen(words, cwd=tmp_path / name, stdout=subprocess.DEVNULL)

    with ThrowawayServer() as server:
        url = server.url.libpq()
        executed(
            url, "CREATE ROLE before", "CREATE ROLE busy", "CREATE ROLE alone", "CREATE DATABASE theirs OWNER busy"
        )
        killed = gate("killed")
        assert until(lambda: executed(url, ASLEEP), 30)
        executed(url, "ALTER DATABASE theirs OWNER TO ops")  # somebody found a use for it
        left = set(scratch_databases_left(url))
        assert left
        assert gate("next").wait(timeout=60) == 0
        assert set(scratch_databases_left(url)) == left, "it lives"
        killed.kill()
        killed.wait()
        executed(url, "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname ~ '^headworks_'")
        assert executed(url, others) == [("alone",), ("app",), ("before",), ("busy",), ("idle",), ("ops",)]
        assert gate("next").wait(timeout=60) == 0
        assert scratch_databases_left(url) == []
        assert executed(url, others) == [("alone",), ("before",), ("busy",), ("idle",), ("ops",)]


def test_a_hangup_that_is_ignored(tmp_path: Path, server_url: str) -> None:
    """As under nohup."""
    begun = tmp_path / "begun"
    waits = Rev("b", f"import time\nopen({str(begun)!r}, 'a').close()\ntime.sleep(0.5)")
    make_project(tmp_path, [table("a"), waits])
    process = subprocess.Popen(
        [sys.executable, "-m", "headworks", "gate", "-q", "--checks", "schema", "--shadow-url", server_url],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN),
    )
    assert until(begun.exists, 30)
    process.send_signal(signal.SIGHUP)
    assert process.wait(timeout=30) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_the_release_before_ends_with_it(number: signal.Signals, tmp_path: Path) -> None:
    folder, temporary = tmp_path / "project", tmp_path / "temporary"
    temporary.mkdir()
    folder.mkdir()
    with _compat(folder, temporary, timeout=0) as process:
        begun = folder / "begun"
        assert until(lambda: begun.exists() and begun.read_text(), 30)
        child = int(begun.read_text())
        process.send_signal(number)
        assert process.wait(timeout=30) == (-9 if number is signal.SIGKILL else 130)
    assert until(lambda: not _alive(child)), "the process with the old code"
    assert until(lambda: not list(temporary.iterdir())), "its files"


def test_a_release_before_that_does_not_end(tmp_path: Path) -> None:
    folder, temporary = tmp_path / "project", tmp_path / "temporary"
    temporary.mkdir()
    folder.mkdir()
    process = _compat(folder, temporary, timeout=1)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 3
    assert "upgrade of b failed: it did not end within 1 s" in err
    assert not list(temporary.iterdir())


def _compat(folder: Path, temporary: Path, *, timeout: float) -> "subprocess.Popen[str]":
    """The check `compat` of a project whose release before waits, and then says which process it is."""
    begun = f"pathlib.Path({str(folder / 'begun')!r}).write_text(str(os.getpid()))"
    waits = f"import os, pathlib, time\nif 'headworks-release' in os.getcwd():\n    {begun}\n    time.sleep(600)"
    models = "import sqlalchemy as sa\nsa.Table('a', metadata, sa.Column('id', sa.Integer, primary_key=True))"
    make_project(folder, [table("a"), Rev("b", waits)], preamble=models, config={"gate": {"timeout": timeout}})
    repository(folder)
    git(folder, "tag", "v1")
    write_revision(folder, table("c"), "b")
    return subprocess.Popen(
        [sys.executable, "-m", "headworks", "gate", "-q", "--since", "v1", "--compat", "--checks", "compat"],
        cwd=folder,
        env=os.environ | {"TMPDIR": str(temporary)},
        stderr=subprocess.PIPE,
        text=True,
    )


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
