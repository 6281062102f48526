"""Realised pictures are kept: a second run starts no server, and whatever changes the DDL makes a new picture."""

import contextlib
import importlib
import os
import sys
from pathlib import Path

import pytest
from sqlalchemy import DDL, Column, Integer, MetaData, Table, event, text

from headworks.config import load
from headworks.declared import ddl_of
from headworks.drift import cache as cache_module
from headworks.drift.cache import PictureCache, fingerprint
from headworks.drift.realised import Realiser
from headworks.migrations.inputs import observed, unchanged
from headworks.migrations.project import Project
from headworks.postgres.shadow import Shadow
from headworks.postgres.url import DatabaseUrl
from headworks.schema import Column as SchemaColumn
from headworks.schema import Schema
from headworks.schema import Table as SchemaTable
from projects import Rev, make_project, table

PICTURE = Schema.of(
    [
        SchemaTable(schema="public", name="a", column_order=("x",), inherits=(("public", "b"),), comment="c'est ça"),
        SchemaColumn(schema="public", table="a", name="x", type="integer", nullable=False),
    ],
    server_major=17,
)


@pytest.fixture
def cache(tmp_path: Path) -> PictureCache:
    return PictureCache(tmp_path / "pictures")


def never() -> Schema:
    raise AssertionError("it is in the cache")


def test_what_is_kept_comes_back_equal(cache: PictureCache) -> None:
    assert cache.through("k", lambda: PICTURE) is PICTURE
    found = cache.through("k", never)
    assert (found, found.server_major) == (PICTURE, 17)


def test_without_a_key_nothing_is_kept(cache: PictureCache) -> None:
    made = [PICTURE, Schema()]
    assert cache.through(None, lambda: made.pop()) == Schema()
    assert cache.through(None, lambda: made.pop()) == PICTURE


@pytest.mark.parametrize("content", [b"", b"junk", b"\x92\x12\x81\xa7no kind\x90", b"\x92\x12\x81\xa5table\x91\x80"])
def test_a_broken_file_is_as_none(cache: PictureCache, tmp_path: Path, content: bytes) -> None:
    cache.through("k", lambda: PICTURE)
    (tmp_path / "pictures" / "k.picture").write_bytes(content)
    assert cache.through("k", Schema) == Schema()
    assert cache.through("k", never) == Schema()


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert PictureCache(tmp_path / "file" / "pictures").through("k", lambda: PICTURE) is PICTURE


def test_old_ones_and_the_most_are_forgotten(
    cache: PictureCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache_module, "_MOST", 3)
    for number, name in enumerate("abcd"):
        cache.through(name, Schema)
        os.utime(tmp_path / "pictures" / f"{name}.picture", (2e9 + number,) * 2)
    assert sorted(file.stem for file in (tmp_path / "pictures").iterdir()) == ["b", "c", "d"]
    os.utime(tmp_path / "pictures" / "d.picture", (0, 0))
    cache.through("e", Schema)
    assert sorted(file.stem for file in (tmp_path / "pictures").iterdir()) == ["b", "c", "e"]


def test_the_parts_of_a_fingerprint_are_apart() -> None:
    assert len({fingerprint("ab", "c"), fingerprint("a", "bc"), fingerprint("abc"), fingerprint("ab", "c", "")}) == 4


def models() -> MetaData:
    made = MetaData()
    Table("a", made, Column("id", Integer, primary_key=True))
    return made


class TestDdl:
    def test_the_same_models_print_the_same(self) -> None:
        assert ddl_of([models()]) == ddl_of([models()])
        other = models()
        Table("b", other, Column("x", Integer, server_default="7"))
        assert ddl_of([other]) != ddl_of([models()])
        assert "DEFAULT '7'" in (ddl_of([other]) or "")

    def test_events_are_part_of_it(self) -> None:
        made = models()
        event.listen(made, "after_create", DDL("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'"))
        assert "SELECT 1" in (ddl_of([made]) or "")

    def test_an_event_that_looks_into_the_database_has_none(self) -> None:
        made = models()

        def look(target: object, connection: object, **_: object) -> None:
            if connection.execute(text("SELECT 1")).scalar():  # type: ignore[attr-defined]
                raise AssertionError("there is no database")

        event.listen(made, "after_create", look)
        assert ddl_of([made]) is None


class TestRealiser:
    @pytest.fixture
    def started(self) -> list[str]:
        return []

    @pytest.fixture
    def shadow(self, server_url: str, server_major: int, started: list[str]) -> Shadow:
        def start() -> DatabaseUrl:
            started.append("once")
            return DatabaseUrl.parse(server_url)

        return Shadow(f"{server_major}.0", start)

    def test_models(self, tmp_path: Path, shadow: Shadow, cache: PictureCache, started: list[str]) -> None:
        project = make_project(tmp_path, [table("a")])
        first = Realiser(project, shadow, cache).models([models()])
        assert first.table("public", "a") is not None
        assert started == ["once"]
        again = Shadow(shadow.version, lambda: pytest.fail("no server is needed"))
        assert Realiser(project, again, cache).models([models()]) == first
        other = Shadow("15.3", shadow._start)
        Realiser(project, other, cache).models([models()])
        assert started == ["once", "once"], "another version may print it otherwise"

    def test_migrations(self, tmp_path: Path, shadow: Shadow, cache: PictureCache, started: list[str]) -> None:
        project = make_project(tmp_path, [table("a"), table("b")])
        first = Realiser(project, shadow, cache).migrations(["b"])
        again = Shadow(shadow.version, lambda: pytest.fail("no server is needed"))
        assert Realiser(project, again, cache).migrations(["b"]) == first
        assert Realiser(project, shadow, cache).migrations(["a"]).table("public", "b") is None
        file = next(tmp_path.rglob("versions/b*.py"))
        file.write_text(
            file.read_text().replace("CREATE TABLE b", "CREATE TABLE c").replace("DROP TABLE b", "DROP TABLE c")
        )
        changed = Realiser(project_again(tmp_path), shadow, cache).migrations(["b"])
        assert changed.table("public", "c") is not None

    def test_settings_that_matter_are_part_of_it(self, tmp_path: Path, shadow: Shadow, cache: PictureCache) -> None:
        """Two files of settings for the same revisions; the second one says nothing of a bootstrap."""
        project = make_project(tmp_path, [table("a")], config={"gate": {"bootstrap": "boot.sql"}})
        (tmp_path / "boot.sql").write_text("CREATE TABLE made_before ()")
        first = Realiser(project, shadow, cache).migrations(["a"])
        assert first.table("public", "made_before") is not None
        (tmp_path / "bare.toml").write_text('url = "postgresql://elsewhere/db"\n')
        bare = Project(load(tmp_path / "bare.toml"))
        without = Realiser(bare, shadow, cache).migrations(["a"])
        assert without.table("public", "made_before") is None
        again = Shadow(shadow.version, lambda: pytest.fail("no server is needed"))
        assert Realiser(bare, again, cache).migrations(["a"]) == without
        assert Realiser(project, again, cache).migrations(["a"]) == first

    def test_what_revisions_read_is_watched(self, tmp_path: Path, shadow: Shadow, cache: PictureCache) -> None:
        """A file of SQL, a folder of them, a module that the revision imports."""
        (tmp_path / "more").mkdir()
        (tmp_path / "made.sql").write_text("CREATE TABLE x ()")
        module = f"names_{tmp_path.name}".replace("-", "_")
        (tmp_path / f"{module}.py").write_text("NAME = 'n'\n")
        up = f"""
import pathlib, sys
sys.path.insert(0, {str(tmp_path)!r})
import {module}
here = pathlib.Path({str(tmp_path)!r})
op.execute((here / "made.sql").read_text())
for file in sorted((here / "more").iterdir()):
    op.execute(file.read_text())
op.execute(f"CREATE TABLE {{{module}.NAME}} ()")
"""
        project = make_project(tmp_path / "project", [Rev("a", up)])

        def tables() -> set[str]:
            sys.modules.pop(module, None)
            importlib.invalidate_caches()
            return {one.name for one in Realiser(project, shadow, cache).migrations(["a"]).all(SchemaTable)}

        assert tables() == {"alembic_version", "x", "n"}
        (tmp_path / "made.sql").write_text("CREATE TABLE y ()")
        assert tables() == {"alembic_version", "y", "n"}
        (tmp_path / "more" / "z.sql").write_text("CREATE TABLE z ()")
        assert tables() == {"alembic_version", "y", "z", "n"}
        (tmp_path / f"{module}.py").write_text("NAME = 'new_one'\n")
        assert tables() == {"alembic_version", "y", "z", "new_one"}
        again = Shadow(shadow.version, lambda: pytest.fail("no server is needed"))
        assert Realiser(project, again, cache).migrations(["a"]).table("public", "new_one") is not None

    def test_a_revision_that_runs_another_program_is_run_each_time(
        self, tmp_path: Path, shadow: Shadow, cache: PictureCache
    ) -> None:
        up = "import subprocess, sys\nsubprocess.run([sys.executable, '-c', ''], check=True)\n"
        project = make_project(tmp_path, [Rev("a", up)])
        made = []
        for _ in range(2):
            with observed(tmp_path) as read:
                made.append(Realiser(project, shadow, cache).migrations(["a"]))
            assert read == []
        assert not list((tmp_path / "pictures").glob("*"))

    def test_files_that_are_written_do_not_count(self, tmp_path: Path) -> None:
        with observed(tmp_path) as read:
            (tmp_path / "log").write_text("x")
            with (tmp_path / "more").open("a+") as file:
                file.write("y")
            (tmp_path / "gone").touch()
        assert not [one for one in read if one.path.startswith(str(tmp_path))]

    def test_a_file_that_was_not_there(self, tmp_path: Path) -> None:
        with observed(tmp_path) as read, contextlib.suppress(OSError):
            (tmp_path / "missing.sql").read_text()
        assert unchanged(read, tmp_path)
        (tmp_path / "missing.sql").write_text("")
        assert not unchanged(read, tmp_path)


def project_again(folder: Path) -> "object":
    from headworks import config
    from headworks.migrations.project import Project

    return Project(config.load(folder=folder))


def test_the_cache_of_a_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    PictureCache().through("k", lambda: PICTURE)
    assert (tmp_path / "headworks" / "pictures" / "k.picture").stat().st_mode & 0o077 == 0
