"""A Prisma schema in several files, and where it is looked for."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from headworks.config import load, unwritten
from headworks.owners.prisma.check import Against, check, write
from headworks.owners.prisma.errors import FileUnwritable, FolderEmpty, NamedByProgram, PackageUnreadable
from headworks.owners.prisma.files import place_of, program_beside
from headworks.owners.prisma.parser import parse_files
from headworks.postgres.shadow import Shadow
from helpers import Headworks, executed, picture

SQL = """
CREATE TYPE mood AS ENUM ('ok', 'so so');
CREATE TABLE users (id integer PRIMARY KEY, name text, mood mood NOT NULL);
CREATE TABLE posts (id integer PRIMARY KEY, author_id integer NOT NULL REFERENCES users ON UPDATE CASCADE);
"""
FILES = {
    # No line end at its end: the next file begins on a line of its own.
    "a/post.prisma": 'model Post {\n  id        Int @id\n  author_id Int\n\n  @@map("posts")\n}',
    "base.prisma": 'datasource db {\n  provider = "postgresql"\n}\n',
    "empty.prisma": "",
    "user.prisma": '// users\r\nmodel User {\r\n  id   Int    @id\r\n  name String\r\n\r\n  @@map("users")\r\n}\r\n',
    "readme.md": "model Nonsense {",
}
WRITTEN = {
    "a/post.prisma": "model Post {\n  id        Int  @id\n  author_id Int\n"
    '  author    User @relation(fields: [author_id], references: [id], onDelete: NoAction)\n\n  @@map("posts")\n}',
    "base.prisma": 'datasource db {\n  provider = "postgresql"\n}\n\nenum mood {\n  ok\n  so_so @map("so so")\n}\n',
    "empty.prisma": "",
    "user.prisma": "// users\r\nmodel User {\r\n  id    Int     @id\r\n  name  String?\r\n  mood  mood\r\n"
    '  posts Post[]\r\n\r\n  @@map("users")\r\n}\r\n',
    "readme.md": "model Nonsense {",
}


def nobody(schema: str, name: str) -> bool:
    return False


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / "multi" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "multi" / name).write_bytes(text.encode())
    return tmp_path / "multi"


def texts(folder: Path) -> dict[str, str]:
    found = (one for one in folder.rglob("*") if one.is_file())
    return {one.relative_to(folder).as_posix(): one.read_bytes().decode() for one in found}


def test_a_folder_is_one_schema(folder: Path, make_database: Callable[..., str], shadow: Shadow) -> None:
    url = make_database()
    executed(url, SQL)
    database = picture(url)
    found = check(folder, Against(picture=database, shadow=shadow, owned=nobody, live=True), name="multi").findings
    assert sorted((one.file, one.line, one.object.name if one.object else None) for one in found) == [
        ("multi/a/post.prisma", 1, "posts_author_id_fkey"),
        ("multi/user.prisma", 2, "mood"),
        ("multi/user.prisma", 4, "mood"),
        ("multi/user.prisma", 4, "name"),
    ]
    outcome, written = write(folder, Against(picture=database, shadow=shadow, owned=nobody, live=True), name="multi")
    assert not outcome.findings
    assert written == ("multi/a/post.prisma", "multi/base.prisma", "multi/user.prisma")
    assert texts(folder) == WRITTEN
    outcome, written = write(folder, Against(picture=database, shadow=shadow, owned=nobody, live=True), name="multi")
    assert not outcome.findings
    assert not written


def test_each_file_has_its_own_lines() -> None:
    _, errors = parse_files([("a", "model A {\n  id Int @id"), ("b", "\nmodel B {\n  id Int @\n}\n"), ("c", "x")])
    assert [(one.fields["file"], one.fields["line"], one.fields["column"]) for one in errors] == [
        ("a", 2, 13),
        ("b", 3, 11),
        ("c", 1, 1),
    ]


def test_new_blocks_have_a_home() -> None:
    plain, source = "model A {\n  id Int @id\n}\n", 'datasource db {\n  provider = "postgresql"\n}\n'
    for files, home in (
        ([("x/a.prisma", plain), ("x/b.prisma", source), ("x/schema.prisma", "")], "x/b.prisma"),
        ([("x/a.prisma", plain), ("x/schema.prisma", "")], "x/schema.prisma"),
        ([("x/a.prisma", plain), ("x/b.prisma", "")], "x/a.prisma"),
    ):
        assert parse_files(files)[0].home.file == home


def test_links_are_followed_and_stay(
    folder: Path, tmp_path: Path, make_database: Callable[..., str], shadow: Shadow
) -> None:
    url = make_database()
    executed(url, SQL)
    (tmp_path / "links").mkdir()
    (tmp_path / "links" / "user.prisma").symlink_to(folder / "user.prisma")
    (tmp_path / "links" / "a").symlink_to(folder / "a")
    (tmp_path / "links" / "base.prisma").symlink_to(folder / "base.prisma")
    (tmp_path / "links" / "round").symlink_to(tmp_path / "links")
    _, written = write(
        tmp_path / "links", Against(picture=picture(url), shadow=shadow, owned=nobody, live=True), name="links"
    )
    assert written == ("links/a/post.prisma", "links/base.prisma", "links/user.prisma")
    assert (tmp_path / "links" / "user.prisma").is_symlink()
    assert texts(folder) == WRITTEN


def test_nothing_is_written_where_one_file_cannot_be(
    folder: Path, make_database: Callable[..., str], shadow: Shadow
) -> None:
    url = make_database()
    executed(url, SQL)
    (folder / ".user.prisma.new").mkdir()  # in the way of the new text
    with pytest.raises(FileUnwritable, match=r"user\.prisma"):
        write(folder, Against(picture=picture(url), shadow=shadow, owned=nobody, live=True))
    (folder / ".user.prisma.new").rmdir()
    assert texts(folder) == FILES


def test_two_files_can_disagree(folder: Path, make_database: Callable[..., str], shadow: Shadow) -> None:
    url = make_database()
    executed(url, SQL)
    text = FILES["user.prisma"].replace("model User", "model Post")
    (folder / "user.prisma").write_bytes(text.encode())
    found = check(folder, Against(picture=picture(url), shadow=shadow, owned=nobody, live=True), name="multi").findings
    assert ("multi/user.prisma", 2, "there are two of the name Post") in [
        (one.file, one.line, one.message) for one in found
    ]


def test_a_folder_with_no_schema(tmp_path: Path, shadow: Shadow) -> None:
    with pytest.raises(FolderEmpty):
        check(tmp_path, Against(picture=picture(shadow.url.libpq()), shadow=shadow, owned=nobody, live=True))


def test_where_it_is_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    plain = unwritten(tmp_path)

    def found() -> str:
        assert place_of(plain) == tmp_path / place_of(None)
        return place_of(plain).relative_to(tmp_path).as_posix()

    (tmp_path / "prisma" / "schema").mkdir(parents=True)
    (tmp_path / "empty").mkdir()
    assert place_of(unwritten(tmp_path / "empty")) == tmp_path / "empty" / "prisma" / "schema.prisma"
    assert found() == "prisma/schema"
    (tmp_path / "prisma" / "schema.prisma").touch()
    assert found() == "prisma/schema.prisma"
    (tmp_path / "schema.prisma").touch()
    assert found() == "schema.prisma"
    (tmp_path / "schema.prisma").unlink()
    for package in ({"name": "x"}, [], {"prisma": {"seed": "x"}}, {"prisma": "x"}):
        (tmp_path / "package.json").write_text(json.dumps(package))
        assert found() == "prisma/schema.prisma"
    (tmp_path / "package.json").write_text(json.dumps({"prisma": {"schema": "./db"}}))
    assert found() == "db"
    (tmp_path / "package.json").write_text("{")
    with pytest.raises(PackageUnreadable):
        place_of(plain)
    (tmp_path / "pyproject.toml").write_text('[tool.headworks.owners]\nschema = "web/prisma"\n')
    assert place_of(load(folder=tmp_path)) == tmp_path / "web" / "prisma"


@pytest.mark.parametrize("program", ["prisma.config.ts", "prisma.config.mjs", ".config/prisma.ts"])
def test_a_program_that_may_name_it(program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    plain = unwritten(tmp_path)
    (tmp_path / ".config").mkdir()
    (tmp_path / program).write_text("export default { schema: 'db' }")
    for settings in (plain, None):
        with pytest.raises(NamedByProgram) as caught:
            place_of(settings)
        assert caught.value.program == program
    (tmp_path / "schema.prisma").touch()
    assert place_of(plain) == tmp_path / "schema.prisma"
    assert program_beside(plain) == program_beside(None) == program
    (tmp_path / "pyproject.toml").write_text('[tool.headworks.owners]\nschema = "db"\n')
    assert place_of(load(folder=tmp_path)) == tmp_path / "db"
    assert program_beside(load(folder=tmp_path)) is None


def test_the_command_takes_a_folder(folder: Path, inside: Headworks, make_database: Callable[..., str]) -> None:
    url = make_database()
    executed(url, SQL)
    (folder.parent / "pyproject.toml").write_text('[tool.headworks.owners]\nschema = "multi"\n')
    found = inside("owners", "--prisma", "--url", url, "--format", "github")
    assert found.code == 1
    assert "::error file=multi/user.prisma,line=4,title=owners.prisma-differs::" in found.out
    ran = inside("owners", "--prisma", "--url", url, "--write")
    assert (ran.code, ran.err) == (
        0,
        "multi/a/post.prisma: written\nmulti/base.prisma: written\nmulti/user.prisma: written\n",
    ), ran
    (folder / "user.prisma").write_bytes(FILES["user.prisma"].encode())
    found = inside("owners", "--prisma", "--url", url, "--format", "github", "--schema", ".", folder=folder)
    assert "::error file=multi/user.prisma,line=4,title=owners.prisma-differs::" in found.out
    (folder / "user.prisma").write_bytes(WRITTEN["user.prisma"].encode())
    again = inside("owners", "--prisma", "--url", url, "--write", "--schema", "multi")
    assert (again.code, again.err) == (0, "multi: nothing to write\n")
