"""The throw-away server: up, alone, and gone."""

import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import msgspec
import psycopg
import pytest

from headworks.postgres.account import server_account
from headworks.postgres.binaries import find_binaries, reachable_by
from headworks.postgres.connect import connect
from headworks.postgres.errors import BinariesMissing, ServerStartFailed
from headworks.postgres.server import ThrowawayServer
from headworks.postgres.templates import template
from processes import ordinary_user, processes_with, python, run_python, swift_folder, until

USE_ONE = """
import sys, psycopg
from headworks.postgres.server import ThrowawayServer
with ThrowawayServer() as server, psycopg.connect(server.url.conninfo) as connection:
    print(connection.execute("SELECT 6 * 7").fetchone()[0], server.folder)
"""
KEEP_ONE = """
import sys, tempfile, time
from headworks.postgres.server import ThrowawayServer
made = tempfile.mkdtemp
def announced(*words, **named):
    folder = made(*words, **named)
    print(folder, flush=True)
    return folder
tempfile.mkdtemp = announced
server = ThrowawayServer()
server.start()
print("up", flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("major", [15, 16, 17, 18])
def test_each_major_that_is_here(major: int) -> None:
    try:
        binaries = find_binaries(major=major)
    except BinariesMissing as error:
        pytest.skip(str(error))
    with ThrowawayServer(binaries) as server, psycopg.connect(server.url.conninfo) as connection:
        assert connection.info.server_version // 10000 == major
        assert connection.execute("SHOW fsync").fetchone() == ("off",)
        folder = server.folder
    assert not folder.exists()
    assert not processes_with(str(folder))


def test_eight_at_once() -> None:
    running = [python(USE_ONE) for _ in range(8)]
    answers = [process.communicate(timeout=60) for process in running]
    assert [process.returncode for process in running] == [0] * 8, answers
    folders = {out.split()[1] for out, _ in answers}
    assert [out.split()[0] for out, _ in answers] == ["42"] * 8
    assert len(folders) == 8
    assert not any(Path(folder).exists() for folder in folders)


def test_first_starts_at_once_make_one_template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With binaries of a new name there is no template yet; a private TMPDIR is in nobody's way."""
    tmp_path.chmod(0o700)
    with swift_folder() as folder:
        (folder / "bin").symlink_to(reachable_by(server_account(), find_binaries()).folder)
        monkeypatch.setenv("HEADWORKS_PGBIN", str(folder / "bin"))
        running = [python(USE_ONE, env=os.environ | {"TMPDIR": str(tmp_path)}) for _ in range(3)]
        answers = [process.communicate(timeout=60) for process in running]
        assert [out.split()[0] for out, _ in answers] == ["42"] * 3, answers
        made = template(find_binaries(), server_account())
        # Another test may be making one of its own at this moment, in the same folder.
        assert until(lambda: not list(made.parent.glob(".template-*")))
        assert list(tmp_path.iterdir()) == []
        shutil.rmtree(made)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_it_goes_with_its_process(number: signal.Signals) -> None:
    process = python(KEEP_ONE)
    assert process.stdout is not None
    folder = process.stdout.readline().strip()
    assert process.stdout.readline() == "up\n"
    assert processes_with(folder)
    process.send_signal(number)
    process.communicate()
    assert until(lambda: not Path(folder).exists() and not processes_with(folder))


def test_it_goes_with_its_process_at_any_moment() -> None:
    for _ in range(6):
        process = python(KEEP_ONE)
        assert process.stdout is not None
        folder = process.stdout.readline().strip()
        time.sleep(random.uniform(0.0, 0.12))
        process.kill()
        process.communicate()
        assert until(lambda folder=folder: not processes_with(folder)), processes_with(folder)
        # Between the folder and the reaper there is a moment in which nobody knows of the folder yet.
        assert until(lambda folder=folder: not Path(folder).exists() or not any(Path(folder).iterdir()))
        shutil.rmtree(folder, ignore_errors=True)


def test_a_forked_child_does_not_hold_it() -> None:
    script = """
    import os, sys, time
    from headworks.postgres.server import ThrowawayServer
    with ThrowawayServer() as server:
        child = os.fork()
        if not child:
            time.sleep(60)
        began = time.monotonic()
        server.stop()
        print(time.monotonic() - began < 20)
        os.kill(child, 9)
    """
    assert run_python(script) == "True"


def test_ctrl_c_is_not_for_the_server() -> None:
    """The terminal sends it to the whole process group; the server belongs to another."""
    with ThrowawayServer() as server:
        listed = subprocess.run(["ps", "-axww", "-o", "pgid=,command="], capture_output=True, text=True, check=True)
        groups = {int(line.split()[0]) for line in listed.stdout.splitlines() if str(server.folder) in line}
    assert groups
    assert os.getpgrp() not in groups


def test_a_setting_that_it_refuses() -> None:
    server = ThrowawayServer(shared_buffers="a lot")
    began = time.monotonic()
    with pytest.raises(ServerStartFailed) as caught:
        server.start()
    assert time.monotonic() - began < 10
    assert caught.value.reason == 'invalid value for parameter "shared_buffers": "a lot"'
    assert not server.folder.exists()
    assert not processes_with(str(server.folder))


def test_a_server_that_dies_is_noticed_at_once() -> None:
    """Nothing in its log says FATAL: the end of the process does."""
    with swift_folder() as folder:
        (folder / "initdb").symlink_to(reachable_by(server_account(), find_binaries()).program("initdb"))
        (folder / "postgres").write_text("#!/bin/sh\necho out of luck\n")
        (folder / "postgres").chmod(0o755)
        binaries = msgspec.structs.replace(find_binaries(), folder=folder)
        made = template(binaries, server_account())
        began = time.monotonic()
        with pytest.raises(ServerStartFailed) as caught, ThrowawayServer(binaries):
            pass
        shutil.rmtree(made)
    assert caught.value.reason == "out of luck"
    assert time.monotonic() - began < 10


def test_variables_for_libpq_do_not_reach_it() -> None:
    variables = {"PGHOST": "nowhere", "PGPORT": "1", "PGDATA": "/nowhere", "PGOPTIONS": "-c bad=1", "LC_ALL": "xx_XX"}
    script = """
    import psycopg
    from headworks.postgres.server import ThrowawayServer
    import os
    with ThrowawayServer() as server:
        for name in [name for name in os.environ if name.startswith("PG")]:
            del os.environ[name]
        with psycopg.connect(server.url.conninfo) as connection:
            print(connection.execute("SHOW lc_messages").fetchone()[0])
    """
    assert run_python(script, env=os.environ | variables) == "C"


def test_as_an_ordinary_user() -> None:
    with swift_folder(mode=0o700, uid=_uid_of_nobody()) as home:
        assert run_python(USE_ONE, **ordinary_user(home)).startswith("42 ")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")
def test_binaries_in_a_private_folder_are_copied_once(tmp_path: Path) -> None:
    """Private are the folder above and, as under umask 077, each file of its own."""
    source = find_binaries().folder.parent
    package = tmp_path / "private" / source.parent.name
    shutil.copytree(source, package / source.name, symlinks=True)
    for libraries in source.parent.parent.glob(f"{source.parent.name}.libs"):
        shutil.copytree(libraries, package.parent / libraries.name)
    # Copies are known by the sizes of their programs: one byte more makes one of this test's own. That of the suite's
    # binaries, where they lie in a private folder too, is in use and not to be removed below.
    initdb = package / source.name / "bin" / "initdb"
    initdb.write_bytes(initdb.read_bytes() + b"\n")
    subprocess.run(["chmod", "-R", "go=", package.parent], check=True)
    variables = os.environ | {"HEADWORKS_PGBIN": str(package / source.name / "bin")}
    script = USE_ONE + "print(server.binaries.folder)"
    places = {run_python(script, env=variables).splitlines()[1] for _ in range(2)}
    assert len(places) == 1
    copy = Path(places.pop())
    assert not copy.is_relative_to(tmp_path)
    assert (package.parent.stat().st_mode & 0o777) == 0o700
    shutil.rmtree(template(find_binaries(copy), server_account()))
    shutil.rmtree(copy.parents[2])


def _uid_of_nobody() -> int | None:
    return server_account().uid if os.geteuid() == 0 else None


def test_stopping_twice_and_without_a_start() -> None:
    server = ThrowawayServer()
    server.stop()
    server.start()
    server.stop()
    server.stop()
    assert not server.folder.exists()


def test_a_folder_that_cannot_be_made_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "mkdtemp", _no_room)
    with pytest.raises(ServerStartFailed) as caught, ThrowawayServer():
        pass
    assert "No space left" in caught.value.reason


def _no_room(**_: object) -> str:
    raise OSError(28, "No space left on device")


def test_templates_that_nobody_uses_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    with swift_folder() as folder:
        binaries = reachable_by(server_account(), find_binaries())
        (folder / "bin").symlink_to(binaries.folder)
        used = template(binaries, server_account())
        old = used.parent / "template-0.0-unused"
        old.mkdir()
        os.utime(old, (0, 0))
        os.utime(used, (time.time() - 29 * 24 * 3600,) * 2)
        monkeypatch.setenv("HEADWORKS_PGBIN", str(folder / "bin"))
        shutil.rmtree(template(find_binaries(), server_account()))
        assert not old.exists()
        assert used.is_dir()


def test_it_is_found_whatever_port_the_environment_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPORT", "5999")
    with ThrowawayServer() as server, connect(server.url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
