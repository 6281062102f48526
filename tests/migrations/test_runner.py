"""The runner under load: many at once, killed, kept from its locks, failing half-way."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from headworks.migrations.errors import DowngradeMissing, LockNotHad, RevisionFailed, UnknownRow
from headworks.migrations.lock import LOCK_KEY, WORK_KEY, one_runner
from headworks.migrations.plan import plan_downgrade, plan_upgrade
from headworks.migrations.project import Project
from headworks.migrations.runner import Runner
from headworks.postgres.url import DatabaseUrl
from helpers import Headworks, executed, picture, untouched
from processes import python
from projects import Rev, env_of, make_project, sql, table, write_project

PER_REVISION = "transaction_per_migration=True"
COMMAND = "import sys; from headworks.cli.app import run; sys.exit(run(sys.argv[1:]))"


def upgrade(project: Project, url: str, *targets: str, **options: float) -> list[str]:
    def plan(rows: tuple[str, ...]) -> tuple[object, ...]:
        return plan_upgrade(project.history, rows, targets or ["heads"])

    return [ran.revision.id for ran in Runner(project, DatabaseUrl.parse(url), **options).run("upgrade", plan)]


def downgrade(project: Project, url: str, target: str) -> list[str]:
    runner = Runner(project, DatabaseUrl.parse(url))
    return [
        ran.revision.id for ran in runner.run("downgrade", lambda rows: plan_downgrade(project.history, rows, target))
    ]


def rows(url: str) -> list[str]:
    if executed(url, "SELECT to_regclass('alembic_version')::text") == [(None,)]:
        return []
    return [str(row) for (row,) in executed(url, "SELECT version_num FROM alembic_version ORDER BY 1")]


def tables(url: str) -> set[str]:
    found = executed(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename !~ '^alembic'")
    return {str(name) for (name,) in found}


def slow(name: str, seconds: float = 0.05) -> Rev:
    return table(name, up=sql(f"CREATE TABLE {name} (id int)", f"SELECT pg_sleep({seconds})"))


@contextmanager
def holding(url: str, statement: str, seconds: float | None = None) -> Iterator[None]:
    """Another session runs a statement in a transaction that stays open, for so long or for the whole block."""
    with psycopg.connect(url) as session:
        session.execute(statement)
        timer = threading.Timer(seconds, session.rollback) if seconds is not None else None
        if timer:
            timer.start()
        try:
            yield
        finally:
            if timer:
                timer.join()
            session.rollback()


def test_ten_at_once(tmp_path: Path, make_database: Callable[..., str]) -> None:
    """Half of what they run builds an index concurrently, which must not wait for those who wait for the lock."""
    url = make_database()
    index = Rev("i", sql("CREATE INDEX CONCURRENTLY i ON a (id)", concurrently=True), sql("DROP INDEX i"))
    write_project(tmp_path, [slow("a"), index, slow("b"), table("c")], options=PER_REVISION)
    running = [python(COMMAND, "upgrade", "--url", url, cwd=tmp_path) for _ in range(10)]
    answers = [process.communicate(timeout=90) for process in running]
    assert [process.returncode for process in running] == [0] * 10, answers
    said = [out.split(" in ")[0].strip() for out, _ in answers]
    assert said.count("upgraded: 4 revisions") == 1
    assert all(line.startswith("nothing to do") for line in said if line != "upgraded: 4 revisions")
    assert rows(url) == ["c"]
    assert executed(url, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass") == [(True,)]


@pytest.mark.parametrize("options", ["", PER_REVISION])
def test_killed_at_any_moment(tmp_path: Path, make_database: Callable[..., str], options: str) -> None:
    """It is at a whole revision, and the next run, started at once, ends the work."""
    url = make_database()
    names = [f"t{number}" for number in range(8)]
    index = "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t7 (n)"
    filled = table("t7", up=sql("CREATE TABLE t7 AS SELECT generate_series(1, 200000) n"))
    revisions: list[Rev] = [slow(name, 0.02) for name in names[:-1]] + [filled]
    if options:
        revisions.append(Rev("i", sql(index, concurrently=True), sql("DROP INDEX i")))
    project = make_project(tmp_path, revisions, options=options)
    order = [one.id for one in project.history.revisions]
    for _ in range(10):
        process = python(COMMAND, "upgrade", "--url", url, cwd=tmp_path)
        time.sleep(random.uniform(0.45, 1.1))
        process.kill()
        process.communicate()
        with one_runner(DatabaseUrl.parse(url), wait=30):  # its backend may be at it for a moment yet
            at = rows(url)
            done = order[: order.index(at[0]) + 1] if at else []
            assert tables(url) == {*done} - {"i"}
        assert upgrade(project, url) == order[len(done) :]
        assert rows(url) == [order[-1]]
        if options:
            assert executed(url, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass") == [(True,)]
        downgrade(project, url, "base")
        assert tables(url) == set()


def test_a_backend_that_still_works_for_a_killed_runner(tmp_path: Path, make_database: Callable[..., str]) -> None:
    url = make_database()
    project = make_project(tmp_path, [table("a")])
    with holding(url, f"SELECT pg_advisory_xact_lock_shared({WORK_KEY})"):
        with untouched(url), pytest.raises(LockNotHad) as caught:
            upgrade(project, url, wait=0.2)
        assert "backend" in caught.value.holder
    with holding(url, f"SELECT pg_advisory_xact_lock_shared({WORK_KEY})", seconds=0.4):
        assert upgrade(project, url, wait=20) == ["a"]


def test_another_runner(tmp_path: Path, make_database: Callable[..., str], headworks: Headworks) -> None:
    url = make_database()
    write_project(tmp_path, [table("a")])
    with one_runner(DatabaseUrl.parse(url), wait=0), untouched(url):
        ran = headworks("upgrade", "--url", url, "--wait", "0.3")
    assert ran.code == 3
    assert "another headworks works on this database" in ran.err
    assert headworks("upgrade", "--url", url, "--wait", "0").code == 0


def test_the_lock_is_given_back_and_is_one_a_database(make_database: Callable[..., str]) -> None:
    first, second = DatabaseUrl.parse(make_database()), DatabaseUrl.parse(make_database())
    with one_runner(first, wait=0), one_runner(second, wait=0), pytest.raises(LockNotHad), one_runner(first, wait=0):
        pass
    with pytest.raises(ZeroDivisionError), one_runner(first, wait=0):
        raise ZeroDivisionError
    with one_runner(first, wait=0):
        held = executed(first.libpq(), "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = "
                        "(SELECT oid FROM pg_database WHERE datname = current_database())")  # fmt: skip
        assert held == [(1,)]
        assert LOCK_KEY != WORK_KEY


@pytest.mark.parametrize("options", ["", PER_REVISION])
def test_a_lock_that_comes_late(tmp_path: Path, make_database: Callable[..., str], options: str) -> None:
    url = make_database()
    executed(url, "CREATE TABLE busy (id int)")
    alter = Rev("busy2", sql("ALTER TABLE busy ADD COLUMN x int"), sql("ALTER TABLE busy DROP COLUMN x"))
    project = make_project(tmp_path, [table("a"), alter, table("b")], options=options)
    with holding(url, "LOCK TABLE busy IN ACCESS EXCLUSIVE MODE", seconds=0.8):
        assert upgrade(project, url, lock_timeout=0.2) == ["a", "busy2", "b"]


def test_a_retry_does_not_count_anew(tmp_path: Path, make_database: Callable[..., str]) -> None:
    """+2 is two revisions, also when the first was done before the second had to be tried again."""
    url = make_database()
    executed(url, "CREATE TABLE busy (id int)")
    alter = Rev("busy2", sql("ALTER TABLE busy ADD COLUMN x int"))
    project = make_project(tmp_path, [table("a"), alter, table("b"), table("c")], options=PER_REVISION)
    with holding(url, "LOCK TABLE busy IN ACCESS EXCLUSIVE MODE", seconds=0.8):
        assert upgrade(project, url, "+2", lock_timeout=0.2) == ["a", "busy2"]
    assert rows(url) == ["busy2"]


def test_a_lock_that_never_comes(tmp_path: Path, make_database: Callable[..., str], headworks: Headworks) -> None:
    url = make_database()
    executed(url, "CREATE TABLE busy (id int)")
    write_project(tmp_path, [Rev("a", sql("CREATE TABLE a ()", "ALTER TABLE busy ADD COLUMN x int"))])
    with holding(url, "LOCK TABLE busy IN ACCESS SHARE MODE"):
        before = picture(url)
        ran = headworks("upgrade", "--url", url, "--lock-timeout", "0.05")
        assert picture(url) == before
    assert ran.code == 3
    assert "4 times" in ran.err
    assert "Traceback" not in ran.err


def test_an_index_that_waits_for_an_older_transaction(tmp_path: Path, make_database: Callable[..., str]) -> None:
    """It keeps nobody waiting, so it may wait; a lock timeout would leave an invalid index."""
    url = make_database()
    executed(url, "CREATE TABLE busy (id int)")
    index = Rev("i", sql("CREATE INDEX CONCURRENTLY i ON busy (id)", concurrently=True))
    checked = Rev("checked", "assert op.get_bind().exec_driver_sql('SHOW lock_timeout').scalar() == '100ms'")
    project = make_project(tmp_path, [index, checked], options=PER_REVISION)
    with holding(url, "LOCK TABLE busy IN ROW EXCLUSIVE MODE", seconds=0.8):
        assert upgrade(project, url, lock_timeout=0.1) == ["i", "checked"]
    assert executed(url, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass") == [(True,)]
    held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = "
    held += "(SELECT oid FROM pg_database WHERE datname = current_database())"
    assert executed(url, held) == [(0,)]


@pytest.mark.parametrize(("options", "kept"), [("", []), (PER_REVISION, ["a"])])
def test_a_revision_that_fails(
    tmp_path: Path, make_database: Callable[..., str], options: str, kept: list[str]
) -> None:
    url = make_database()
    broken = Rev("b", sql("CREATE TABLE b ()", "SELECT 1 / 0"))
    project = make_project(tmp_path, [table("a"), broken, table("c")], options=options)
    with pytest.raises(RevisionFailed) as caught:
        upgrade(project, url)
    assert (caught.value.file, caught.value.revision, caught.value.line) == ("migrations/versions/b.py", "b", 11)
    assert caught.value.reason == "division by zero in: SELECT 1 / 0"
    assert (rows(url), sorted(tables(url))) == (kept, kept)


def test_a_revision_that_ends_the_process(tmp_path: Path, make_database: Callable[..., str]) -> None:
    """Nobody would hear of it; what it has forked may leave as it likes."""
    url = make_database()
    forks = "import os\npid = os.fork()\nif pid == 0:\n    os._exit(7)\nassert os.waitpid(pid, 0)[1] >> 8 == 7"
    project = make_project(tmp_path, [Rev("a", forks), Rev("b", "import os\nos._exit(0)")], options=PER_REVISION)
    with pytest.raises(RevisionFailed) as caught:
        upgrade(project, url)
    assert (caught.value.revision, caught.value.line, caught.value.reason) == ("b", 11, "SystemExit: 0")
    assert rows(url) == ["a"]


def test_up_and_down(tmp_path: Path, make_database: Callable[..., str]) -> None:
    url = make_database()
    revisions = [table("a"), table("b"), Rev("c", down=None), table("x1", after=None, label="x", depends_on="a")]
    project = make_project(tmp_path, revisions)
    empty = tables(url)
    assert upgrade(project, url, "a", "x") == ["a", "x1"]
    assert upgrade(project, url) == ["b", "c"]
    assert upgrade(project, url) == []
    with untouched(url), pytest.raises(DowngradeMissing):
        downgrade(project, url, "base")
    executed(url, "UPDATE alembic_version SET version_num = 'b' WHERE version_num = 'c'")
    assert downgrade(project, url, "base") == ["x1", "b", "a"]
    assert tables(url) == empty
    assert rows(url) == []


def test_stamp(tmp_path: Path, make_database: Callable[..., str]) -> None:
    url = make_database()
    long = "l" * 50
    project = make_project(tmp_path, [table("a"), Rev(long), table("x1", after=None, label="x")])
    runner = Runner(project, DatabaseUrl.parse(url))
    runner.stamp((long, "x1"))
    assert rows(url) == [long, "x1"]
    runner.stamp(("a",))
    assert rows(url) == ["a", "x1"]
    runner.stamp(())
    assert (rows(url), tables(url)) == ([], set())
    executed(url, "INSERT INTO alembic_version VALUES ('gone')")
    with pytest.raises(UnknownRow):
        runner.stamp(("a",))


COMMITS = "op.get_bind().commit()\n"


@pytest.mark.parametrize("options", ["", PER_REVISION])
def test_what_alembic_rolls_back_without_a_word(
    options: str, tmp_path: Path, make_database: Callable[..., str]
) -> None:
    """Plain Alembic ends well; of b, and of all that comes after it, nothing is there."""
    revisions = [table("a"), table("b", up=COMMITS + sql("CREATE TABLE b (id int)"))]
    project = make_project(tmp_path, revisions, options=options)
    url = make_database()
    with pytest.raises(RevisionFailed, match="what came after was rolled back") as caught:
        upgrade(project, url)
    assert (caught.value.revision, rows(url), tables(url)) == ("b", ["a"], {"a"})
    assert "autocommit_block" in caught.value.advice


def test_what_env_commits_at_its_end_is_there(tmp_path: Path, make_database: Callable[..., str]) -> None:
    env = env_of("generic").replace(
        "        run(connection)\n", "        run(connection)\n        connection.commit()\n"
    )
    project = make_project(tmp_path, [table("a"), table("b", up=COMMITS + sql("CREATE TABLE b (id int)"))], env=env)
    url = make_database()
    assert upgrade(project, url) == ["a", "b"]
    assert tables(url) == {"a", "b"}


def test_rows_are_looked_for_where_env_keeps_them(tmp_path: Path, make_database: Callable[..., str]) -> None:
    """It may set a search_path: its version table is not where a connection of ours would find it."""
    env = env_of("generic").replace(
        "        run(connection)\n",
        "        connection.exec_driver_sql('SET search_path TO tenant')\n"
        "        connection.commit()\n        run(connection)\n        connection.commit()\n",
    )
    project = make_project(tmp_path, [table("a"), table("b", up=COMMITS + sql("CREATE TABLE b (id int)"))], env=env)
    url = make_database()
    executed(url, "CREATE SCHEMA tenant")
    assert upgrade(project, url) == ["a", "b"]
    assert executed(url, "SELECT version_num FROM tenant.alembic_version") == [("b",)]
