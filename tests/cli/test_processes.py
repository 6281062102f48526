"""What only a process can show: signals, pipes, terminals, the embedded server."""

import contextlib
import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from conftest import Transcript
from helpers import Headworks, executed, picture, untouched
from projects import Rev, sql, table, write_project

ROOT = Path(__file__).parents[2]
HEADWORKS = [sys.executable, "-m", "headworks"]


@pytest.fixture
def project(tmp_path: Path, server_url: str, make_database: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> str:
    """A project in `tmp_path` with more revisions than a pipe's reader will read; its database's URL."""
    url = make_database()
    monkeypatch.setenv("HEADWORKS_URL", url)
    write_project(tmp_path, [table(f"t{number:03}") for number in range(40)], config={"shadow_url": server_url})
    return url


def through(words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A line of shell; `headworks` is ours, the exit code that of the first program of a pipe."""
    line = f'set -o pipefail; headworks() {{ {sys.executable} -m headworks "$@"; }}; {words}'
    return subprocess.run(["bash", "-c", line], cwd=folder, capture_output=True, text=True, check=False, timeout=60)


class TestPipes:
    def test_a_reader_who_has_seen_enough(self, project: str, tmp_path: Path) -> None:
        done = through("headworks history --offline | true", tmp_path)
        assert (done.returncode, done.stderr) == (0, "")

    def test_a_check_keeps_its_exit_code(self, project: str, tmp_path: Path) -> None:
        executed(project, *(f"CREATE TABLE x{number} ()" for number in range(40)))
        done = through("headworks drift --against migrations | true", tmp_path)
        assert (done.returncode, done.stderr) == (1, "")

    def test_nobody_reads_the_progress_and_the_work_is_done(self, project: str, tmp_path: Path) -> None:
        done = through("headworks upgrade 2>&1 >/dev/null | true", tmp_path)
        assert done.returncode == 0
        assert executed(project, "SELECT version_num FROM alembic_version") == [("t039",)]

    @pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
    def test_what_is_closed_is_written_to_nobody(self, closed: str, project: str, tmp_path: Path) -> None:
        done = through(f"headworks status --check {closed}", tmp_path)
        assert (done.returncode, done.stderr) == (1, "")
        assert through(f"headworks upgrade {closed}", tmp_path).returncode == 0
        assert through(f"headworks status --check {closed}", tmp_path).returncode == 0

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a device that is always full")
    @pytest.mark.parametrize(
        "words",
        ["status", "history --offline", "drift --against migrations", "--version", "erd --help", "upgrade --sql"],
    )
    def test_a_full_disk_is_said_in_one_line(self, words: str, project: str, tmp_path: Path) -> None:
        done = through(f"headworks {words} >/dev/full", tmp_path)
        assert done.returncode == 3
        assert done.stderr.startswith("error: stdout cannot be written to: No space left on device\nhint: ")
        assert done.stderr.count("\n") == 2

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a device that is always full")
    def test_a_log_on_a_full_disk_changes_nothing(self, project: str, tmp_path: Path) -> None:
        assert through("headworks nonsense 2>/dev/full", tmp_path).returncode == 2
        env = tmp_path / "migrations" / "env.py"
        env.write_text("print('a remark', flush=True)\n" + env.read_text())
        assert through("headworks upgrade 2>/dev/full", tmp_path).returncode == 0
        assert executed(project, "SELECT version_num FROM alembic_version") == [("t039",)]

    def test_stdout_is_data_and_stderr_the_rest(self, project: str, headworks: Headworks) -> None:
        ran = headworks("upgrade")
        assert ran.out.startswith("upgraded: 40 revisions in ")
        assert ran.out.count("\n") == 1
        assert ran.err.count("\nupgrade ") == 40


class TestSignals:
    @pytest.mark.parametrize("driver", ["psycopg", "psycopg2"])  # psycopg2 waits where Python hears no signal
    def test_ctrl_c(self, driver: str, project: str, tmp_path: Path) -> None:
        write_project(tmp_path / "slow", [table("a"), Rev("slow", sql("SELECT pg_sleep(60)"))])
        (tmp_path / "slow" / "pyproject.toml").write_text(f'[tool.headworks]\ndriver = "{driver}"\n')
        words = [*HEADWORKS, "upgrade"]
        pipe = subprocess.PIPE
        process = subprocess.Popen(words, cwd=tmp_path / "slow", stdout=pipe, stderr=pipe, text=True)
        deadline = time.monotonic() + 20
        asleep = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"
        while not executed(project, asleep):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
        assert process.returncode == 130
        assert out == ""
        assert err.splitlines()[-1] == "error: interrupted"
        assert "Traceback" not in err
        left = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        while executed(project, left) != [(0,)]:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert executed(project, "SELECT to_regclass('a')::text") == [(None,)], "one transaction, undone"

    def test_a_killed_drift_leaves_nothing_running(self, project: str, tmp_path: Path) -> None:
        write_project(tmp_path / "own", [table("a"), Rev("slow", sql("SELECT pg_sleep(60)"))])
        executed(
            project,
            "CREATE TABLE alembic_version (version_num varchar(32))",
            "INSERT INTO alembic_version VALUES ('slow')",
        )
        words = [*HEADWORKS, "drift", "--against", "migrations"]
        process = subprocess.Popen(words, cwd=tmp_path / "own", stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 30
        while len(running := _below(process.pid)) < 4:  # the reaper, the server, and some of its processes
            assert time.monotonic() < deadline
            time.sleep(0.02)
        process.kill()
        process.wait()
        while any(Path(f"/proc/{pid}").exists() for pid in running):
            assert time.monotonic() < deadline, "the throw-away server ends with its process"
            time.sleep(0.05)


def _below(parent: int) -> set[int]:
    """The processes that a process has started, and those that they have."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parents[int(status.parent.name)] = int(status.read_text().rpartition(")")[2].split()[1])
    found = {parent}
    while more := {pid for pid, above in parents.items() if above in found} - found:
        found |= more
    return found - {parent}


class TestColour:
    def test_a_pipe_has_none(self, project: str, headworks: Headworks) -> None:
        assert "\x1b" not in headworks("status").out
        assert "\x1b[" in headworks("status", env={"FORCE_COLOR": "1"}).out
        assert "\x1b" not in headworks("status", env={"FORCE_COLOR": "1", "NO_COLOR": "1"}).out

    @pytest.mark.parametrize(("variable", "coloured"), [("X", True), ("NO_COLOR", False)])
    def test_a_terminal_has(self, project: str, tmp_path: Path, variable: str, coloured: bool) -> None:
        ours, theirs = pty.openpty()
        environment = os.environ | {"TERM": "xterm", variable: "1"}
        subprocess.run([*HEADWORKS, "status"], cwd=tmp_path, env=environment, stdout=theirs, check=True)
        os.close(theirs)
        text = os.read(ours, 100_000).decode()
        os.close(ours)
        assert ("\x1b[33m40 pending" in text) is coloured
        assert "40 pending" in text, "colour is never the only carrier of meaning"

    def test_progress_on_a_terminal_is_taken_away(self, project: str, tmp_path: Path) -> None:
        ours, theirs = pty.openpty()
        words = [*HEADWORKS, "gate", "--revisions", "t000:t001", "--checks", "schema"]
        subprocess.run(words, cwd=tmp_path, stderr=theirs, stdout=subprocess.DEVNULL, check=True)
        os.close(theirs)
        text = os.read(ours, 100_000).decode()
        os.close(ours)
        assert re.fullmatch(r"\rgate 1/2 t000\rgate 2/2 t001\r +\r", text)


class TestInit:
    def test_an_empty_folder_becomes_a_project_that_works(
        self, tmp_path: Path, say_apart: Headworks, transcript: Transcript, snapshot: SnapshotAssertion
    ) -> None:
        assert say_apart("init").code == 0
        assert say_apart("init").code == 0
        try:
            assert say_apart("quickstart", env={"DATABASE_URL": "postgresql://localhost:1/not_this_one"}).code == 0
            assert say_apart("quickstart").code == 0
            url = say_apart("db", "url").out.strip()
            assert executed(url, "SELECT slug FROM roles ORDER BY 1") == [("admin",), ("member",)]
            say_apart("db", "url", "--driver", "psycopg")
            before = picture(url)
            say_apart("downgrade", "base")
            assert say_apart("downgrade", "base", "--allow-data-loss").code == 0
            assert say_apart("upgrade").code == 0
            assert picture(url) == before
            say_apart("db", "stop")
            say_apart("db", "stop")
            assert say_apart("status").code == 0
            assert say_apart("db", "reset").code == 2
        finally:
            say_apart("db", "reset", "--yes")
        say_apart("doctor", "--quiet")
        text = re.sub(r"(libraries: ).*", r"\1...", str(transcript))
        text = re.sub(r"(from |starts in |host=).*", r"\1...", text)
        assert re.sub(r"\(migrations/versions/\S+", "", text) == snapshot

    def test_a_project_that_does_not_begin_at_its_first_revision(self, tmp_path: Path, say_apart: Headworks) -> None:
        """Its bootstrap makes what is there before, in the embedded database, too."""
        config = {"gate": {"bootstrap": "born.sql"}}
        revision = Rev("a", sql("ALTER TABLE born ADD a int"), sql("ALTER TABLE born DROP a"))
        models = 'from sqlalchemy import Column, Integer, Table\nid = Column("id", Integer, primary_key=True)\n'
        models += 'Table("born", metadata, id, Column("a", Integer))'
        write_project(tmp_path, [revision], preamble=models, config=config)
        (tmp_path / "born.sql").write_text("CREATE TABLE born (id serial PRIMARY KEY)")
        try:
            for _ in range(2):
                said = say_apart("quickstart").out
                assert "1 domain at head" in said
                assert "1 revision up, down and up again" in said
            columns = "SELECT attname::text FROM pg_attribute WHERE attrelid = 'born'::regclass AND attnum > 0"
            assert executed(say_apart("db", "url").out.strip(), columns) == [("id",), ("a",)]
        finally:
            say_apart("db", "reset", "--yes")

    def test_nested(self, tmp_path: Path, say: Headworks, transcript: Transcript, snapshot: SnapshotAssertion) -> None:
        (tmp_path / "services").mkdir()
        write_project(tmp_path / "services" / "api", [table("a")])
        write_project(tmp_path / "services" / "web", [table("b")])
        before = '[project]\r\nname = "mine"\r\n'
        (tmp_path / "pyproject.toml").write_bytes(before.encode())
        assert say("init").code == 0
        written = (tmp_path / "pyproject.toml").read_bytes().decode()
        assert written == before + '\r\n[tool.headworks]\r\nalembic = "services/api/alembic.ini"\r\n'
        assert say("history", "--offline").code == 0
        assert say("init").code == 0
        assert (tmp_path / "pyproject.toml").read_bytes().decode() == written
        assert str(transcript) == snapshot

    @pytest.mark.parametrize("text", ["[project\n", "[tool.headworks]\nnope = 1\n"])
    def test_a_broken_pyproject_is_left_alone(self, tmp_path: Path, text: str, inside: Headworks) -> None:
        write_project(tmp_path, [table("a")])
        (tmp_path / "pyproject.toml").write_text(text)
        assert inside("init").code == 2
        assert (tmp_path / "pyproject.toml").read_text() == text

    def test_a_folder_of_somebody_else(self, tmp_path: Path, inside: Headworks) -> None:
        (tmp_path / "thesis.tex").write_text("")
        ran = inside("init")
        assert (ran.code, ran.out) == (2, "")
        assert f"error: {tmp_path} holds no Alembic project, and it is not empty: nothing was written over" in ran.err
        assert [file.name for file in tmp_path.iterdir()] == ["thesis.tex"]

    def test_a_project_whose_env_does_not_run_is_told(self, tmp_path: Path, inside: Headworks) -> None:
        write_project(tmp_path, [table("a")], env="variable")
        ran = inside("init")
        assert ran.code == 0
        assert "env.py does not run on a scratch database yet: " in ran.out
        assert "APP_DB_URL" in ran.out


class TestCommerce:
    def test_up_down_up(self, make_database: Callable[..., str], headworks: Headworks) -> None:
        url = make_database()
        assert headworks("status", "--check", "--url", url, folder=ROOT).code == 1
        assert headworks("upgrade", "--url", url, folder=ROOT).code == 0
        before = picture(url)
        assert headworks("downgrade", "base", "--url", url, folder=ROOT).code == 0
        assert headworks("upgrade", "billing", "--url", url, folder=ROOT).code == 0
        assert headworks("upgrade", "--url", url, folder=ROOT).code == 0
        assert picture(url) == before

    def test_status(
        self, commerce_database: str, say_apart: Headworks, transcript: Transcript, snapshot: SnapshotAssertion
    ) -> None:
        with untouched(commerce_database):
            for words in ("status", "history", "upgrade", "downgrade auth@-1 --dry-run"):
                assert say_apart(*words.split(), "--url", commerce_database, folder=ROOT).code == 0
        assert str(transcript).replace(commerce_database, "<database>") == snapshot

    def test_doctor(self, commerce_database: str, headworks: Headworks) -> None:
        ran = headworks("doctor", "--url", commerce_database, folder=ROOT)
        assert (ran.code, ran.err) == (0, "")
        assert "migrations: alembic.ini: 17 revisions, 9 domains, driver " in ran.out
        assert "env.py: runs on a scratch database\n" in ran.out
        assert "models: those that env.py configures have 34 tables\n" in ran.out

    def test_doctor_says_what_is_wrong(self, tmp_path: Path, inside: Headworks) -> None:
        ran = inside("doctor", "--url", "postgresql://localhost:1/none")
        assert ran.code == 1
        assert "failed  config: no project here" in ran.out
        assert "failed  database: no PostgreSQL answers at localhost:1" in ran.out
        assert ran.out.endswith("2 things to mend\n")
