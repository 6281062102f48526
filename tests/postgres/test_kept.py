"""The kept server: one for many commands, and nothing lost whatever is killed."""

import json
import os
import random
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from headworks.postgres.account import server_account
from headworks.postgres.cluster import postmaster
from headworks.postgres.errors import BinariesOfDataMissing, KeptFolderRefused, ServerStartFailed
from headworks.postgres.kept import FOLDER, KeptServer
from processes import ordinary_user, processes_with, python, run_python, swift_folder, until

START = """
import sys
from pathlib import Path
from headworks.postgres.kept import KeptServer
print(KeptServer(Path(sys.argv[1])).start().libpq(), flush=True)
"""
INSERT = (
    START
    + """
import psycopg
with psycopg.connect(KeptServer(Path(sys.argv[1])).url().conninfo, autocommit=True) as connection:
    connection.execute("CREATE TABLE IF NOT EXISTS kept (n serial)")
    while True:
        print(connection.execute("INSERT INTO kept DEFAULT VALUES RETURNING n").fetchone()[0], flush=True)
"""
)


@pytest.fixture
def folder() -> Iterator[Path]:
    with swift_folder() as made:
        yield made
        KeptServer(made).stop()


@pytest.fixture
def kept(folder: Path) -> KeptServer:
    server = KeptServer(folder)
    server.start()
    return server


def rows(server: KeptServer) -> list[int]:
    with psycopg.connect(server.start().conninfo) as connection:
        return [number for (number,) in connection.execute("SELECT n FROM kept ORDER BY n")]


def fill(server: KeptServer) -> None:
    with psycopg.connect(server.url().conninfo) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 3) n")


def pid_of(server: KeptServer) -> int:
    place = server.place
    assert place is not None
    found = postmaster(place.home / "data")
    assert found is not None
    return found


def test_first_start_from_six_processes_at_once(folder: Path) -> None:
    running = [python(START, str(folder)) for _ in range(6)]
    answers = [process.communicate(timeout=60) for process in running]
    assert [process.returncode for process in running] == [0] * 6, answers
    assert len({out for out, _ in answers}) == 1
    assert len([line for line in processes_with(str(folder)) if "-D" in line]) == 1
    assert sorted(path.name for path in (folder / FOLDER).iterdir())[:2] == [".gitignore", next(iter(pgs(folder))).name]
    assert not list((folder / FOLDER).rglob("initdb-*"))


def pgs(folder: Path) -> list[Path]:
    return list((folder / FOLDER).glob("pg*"))


def test_kill_of_a_command_at_any_moment(folder: Path) -> None:
    """From the first initdb on: what a command was told is committed is there, and the next command works."""
    told: list[int] = []
    shared = _shared_memory()
    for pause in (0.25, 0.5, 0.7, 0.9, *(random.uniform(0.2, 1.6) for _ in range(3))):
        process = python(INSERT, str(folder))
        time.sleep(pause)
        process.kill()
        out, err = process.communicate()
        assert not err
        told += [int(line) for line in out.splitlines()[1:] if out.endswith("\n") or line != out.splitlines()[-1]]
    server = KeptServer(folder)
    server.start()
    if told:
        assert set(told) <= set(rows(server))
    assert until(lambda: len(_shared_memory() - shared) == 0), "an initdb was ended without its clean-up"
    assert len([line for line in processes_with(str(folder)) if "-D" in line]) == 1


def _shared_memory() -> set[str]:
    """PostgreSQL's own segments; servers of ours have none there, initdb's for as long as it runs."""
    return {path.name for path in Path("/dev/shm").glob("PostgreSQL.*")}


def test_kill_of_the_server_itself(kept: KeptServer) -> None:
    fill(kept)
    for _ in range(2):
        os.kill(pid_of(kept), signal.SIGKILL)
        running = [python(START, str(kept.root)) for _ in range(3)]  # several find it dead at once
        answers = [process.communicate(timeout=60) for process in running]
        assert [process.returncode for process in running] == [0] * 3, answers
        assert rows(kept) == [1, 2, 3]


def test_stop_start_reset(kept: KeptServer) -> None:
    fill(kept)
    assert kept.running()
    assert kept.stop()
    assert not kept.running()
    assert not kept.stop()
    assert rows(kept) == [1, 2, 3]
    kept.reset()
    assert not kept.running()
    assert kept.place is None
    assert not processes_with(str(kept.root))
    with psycopg.connect(kept.start().conninfo) as connection:
        assert connection.execute("SELECT to_regclass('kept')").fetchone() == (None,)


def test_nothing_is_made_by_asking(tmp_path: Path) -> None:
    server = KeptServer(tmp_path)
    assert not server.running()
    assert not server.stop()
    server.reset()
    with pytest.raises(ServerStartFailed):
        server.url()
    assert list(tmp_path.iterdir()) == []


def test_reset_of_a_server_without_its_database(kept: KeptServer) -> None:
    """As it is when a start is killed between the two; whether it runs does not depend on that database."""
    with psycopg.connect(kept.url().with_database("postgres").conninfo, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {kept.url().database}")
    assert kept.stop()
    assert not processes_with(str(kept.root))


def test_the_socket_swept_away(kept: KeptServer) -> None:
    """By something that cleans up temporary files, say."""
    fill(kept)
    place = kept.place
    assert place is not None
    shutil.rmtree(place.socket)
    assert rows(kept) == [1, 2, 3]


def test_a_process_number_that_somebody_else_has_now(kept: KeptServer) -> None:
    """After a restart of the machine a leftover postmaster.pid names any process; here it is this one."""
    fill(kept)
    place = kept.place
    assert place is not None
    pid_file = place.home / "data" / "postmaster.pid"
    leftover = pid_file.read_text().split("\n", 1)[1]
    kept.stop()
    with python("import time; time.sleep(60)", **_as_the_server()) as other:
        pid_file.write_text(f"{other.pid}\n{leftover}")
        assert not kept.running()
        assert rows(kept) == [1, 2, 3]
        other.kill()


def _as_the_server() -> dict[str, object]:
    account = server_account()
    return {"interpreter": "/usr/bin/python3", **account.popen()} if account.switch else {}


@pytest.mark.parametrize("running", [False, True])
def test_a_project_that_moves(kept: KeptServer, running: bool) -> None:
    fill(kept)
    if not running:
        kept.stop()
    with swift_folder() as other:
        moved = KeptServer(other / "renamed")
        kept.root.rename(moved.root)
        assert rows(moved) == [1, 2, 3]
        moved.stop()
    kept.root.mkdir()


@pytest.mark.parametrize("running", [False, True])
def test_a_copy_of_a_project_has_its_own(kept: KeptServer, running: bool) -> None:
    fill(kept)
    if not running:
        kept.stop()
    with swift_folder() as other:
        copy = KeptServer(other / kept.root.name)
        _copy(kept.root, copy.root)
        with psycopg.connect(copy.start().conninfo) as connection:
            connection.execute("INSERT INTO kept VALUES (4)")
        assert rows(copy) == [1, 2, 3, 4]
        assert rows(kept) == [1, 2, 3]
        copy.reset()
        assert rows(kept) == [1, 2, 3]


def _copy(source: Path, target: Path) -> None:
    def sockets(folder: str, names: list[str]) -> list[str]:
        return [name for name in names if (Path(folder) / name).is_socket()]

    shutil.copytree(source, target, ignore=sockets)
    for path in target.rglob("*"):
        status = (source / path.relative_to(target)).stat()
        os.chown(path, status.st_uid, status.st_gid)


def test_data_of_a_major_that_has_no_binaries(kept: KeptServer) -> None:
    kept.stop()
    file = kept.folder / "server.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"major": 12}))
    with pytest.raises(BinariesOfDataMissing) as caught:
        kept.start()
    assert caught.value.major == 12
    assert "PostgreSQL 12" in str(caught.value)


def test_a_deep_path_has_its_socket_elsewhere() -> None:
    with swift_folder() as folder:
        deep = folder / ("d" * 60) / ("e" * 60)
        deep.mkdir(parents=True)
        server = KeptServer(deep)
        server.start()
        fill(server)
        place = server.place
        assert place is not None
        assert not place.socket.is_relative_to(folder)
        copied = folder / ("f" * 120)
        _copy(deep, copied)
        copy = KeptServer(copied)
        copy.start()
        assert copy.place is not None
        assert copy.place.socket != place.socket
        shutil.rmtree(place.socket)
        assert rows(server) == [1, 2, 3]
        for one in (server, copy):
            one.reset()
            assert not processes_with(str(one.root))
        assert not place.socket.exists()


def test_a_long_name_and_an_odd_one() -> None:
    with swift_folder() as folder:
        for name, expected in (
            ("x" * 80, "x" * 63),
            ("2 Läden & Töchter", "db_2_l_den_t_chter"),
            ("postgres", "postgres_app"),
        ):
            server = KeptServer(folder / name)
            server.root.mkdir()
            assert server.start().database == expected
            assert server.start().database == expected
            server.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")
def test_a_private_folder_of_root_stays_private() -> None:
    with swift_folder(mode=0o700) as private:
        server = KeptServer(private / "shop")
        server.root.mkdir(mode=0o755)
        before = os.umask(0o077)
        try:
            server.start()
        finally:
            os.umask(before)
        fill(server)
        place = server.place
        assert place is not None
        assert not place.home.is_relative_to(private)
        assert [path.stat().st_mode & 0o777 for path in (private, server.root)] == [0o700, 0o755]
        copy = KeptServer(private / "copy" / "shop")
        shutil.copytree(server.root, copy.root)
        copy.start()
        assert copy.place is not None
        assert copy.place.home != place.home
        copy.reset()
        server.stop()
        moved = KeptServer(private / "moved")
        server.root.rename(moved.root)
        assert rows(moved) == [1, 2, 3]
        assert moved.place == place
        moved.reset()
        assert not place.home.exists()


def test_as_an_ordinary_user() -> None:
    uid = server_account().uid if os.geteuid() == 0 else None
    with swift_folder(mode=0o700, uid=uid) as home:
        options = ordinary_user(home)
        url = run_python(START, str(home), **options)
        assert url.endswith(f"{home}/{FOLDER}/{pgs(home)[0].name}/socket&port=5432")
        stop = "print(KeptServer(Path(sys.argv[1])).stop())"
        assert run_python(START + stop, str(home), **options).endswith("True")


def test_a_folder_that_cannot_be_written() -> None:
    script = """
    import sys
    from pathlib import Path
    from headworks.postgres.errors import KeptFolderRefused
    from headworks.postgres.kept import KeptServer
    try:
        KeptServer(Path(sys.argv[1])).start()
    except KeptFolderRefused as error:
        print(error.reason)
    """
    with swift_folder(mode=0o555) as project, swift_folder(uid=_nobody()) as home:
        assert run_python(script, str(project), **ordinary_user(home)) == "Permission denied"


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / FOLDER).touch()
    with pytest.raises(KeptFolderRefused):
        KeptServer(tmp_path).start()


def _nobody() -> int | None:
    return server_account().uid if os.geteuid() == 0 else None


def test_what_stands_in_the_log_is_said(kept: KeptServer) -> None:
    kept.stop()
    place = kept.place
    assert place is not None
    settings = place.home / "data" / "postgresql.conf"
    settings.write_text(settings.read_text() + "\nwork_mem = 'a lot'\n")
    began = time.monotonic()
    with pytest.raises(ServerStartFailed) as caught:
        kept.start()
    assert time.monotonic() - began < 10
    assert "postgresql.conf" in caught.value.reason
    assert until(lambda: not processes_with(str(kept.root)))
