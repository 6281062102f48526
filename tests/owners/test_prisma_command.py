"""`headworks owners --prisma`, as a user has it."""

import json
import shlex
from pathlib import Path

import pytest

from helpers import Headworks, executed, untouched
from projects import Rev, sql, write_project

ROOT = Path(__file__).parents[2]
FILE = """\
datasource db {
  provider = "postgresql"
}

model Pet {
  id   Int    @id
  name String // what it hears

  @@map("pets")
}

model Session {
  id Int @id

  @@map("sessions")
}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    made = Rev("a", sql("CREATE TABLE pets (id integer PRIMARY KEY, name varchar(20))"), sql("DROP TABLE pets"))
    write_project(tmp_path, [made], config={"owners": {"prisma": ["sessions"]}})
    (tmp_path / "prisma").mkdir()
    (tmp_path / "prisma" / "schema.prisma").write_text(FILE)
    return tmp_path


def test_the_file_is_checked_and_written(project: Path, headworks: Headworks, server_url: str) -> None:
    words = ("owners", "--prisma", "--source", "migrations", "--shadow-url", server_url, "--quiet")
    found = headworks(*words, "--format", "json")
    assert found.code == 1, found
    findings = json.loads(found.out)["findings"]
    assert [(one["rule"], one["severity"], one["file"], one["line"]) for one in findings] == [
        ("owners.prisma-differs", "error", "prisma/schema.prisma", 7),
        ("owners.prisma-missing", "note", "prisma/schema.prisma", 12),
    ]
    assert findings[0]["object"] == {"kind": "column", "schema": "public", "table": "pets", "name": "name"}
    assert (findings[0]["expected"], findings[0]["actual"]) == ("String? @db.VarChar(20)", "String")
    assert findings[0]["hint"] == "line 7 should be: name String? @db.VarChar(20)"

    written = headworks(*words[:-1], "--write")
    assert (written.code, written.err) == (0, "prisma/schema.prisma: written\n")
    text = (project / "prisma" / "schema.prisma").read_text()
    wanted = FILE.replace(
        "  id   Int    @id\n  name String //", "  id   Int     @id\n  name String? @db.VarChar(20) //"
    )
    assert text == wanted
    again = headworks(*words[:-1], "--write")
    assert (again.code, again.err) == (0, "prisma/schema.prisma: nothing to write\n")
    assert headworks(*words).code == 0


def test_the_live_database_is_only_read(project: Path, inside: Headworks, make_database: object) -> None:
    url = make_database()  # type: ignore[operator]
    executed(url, "CREATE TABLE pets (id integer PRIMARY KEY, name text NOT NULL)")
    with untouched(url):
        ran = inside("owners", "--prisma", "--url", url, "--format", "github")
    assert ran.code == 1
    # In the live database a table of Prisma's has to be there.
    assert "::error file=prisma/schema.prisma,line=12,title=owners.prisma-missing::" in ran.out
    assert len(ran.out.splitlines()) == 1


def test_without_a_project(inside: Headworks, tmp_path: Path, make_database: object) -> None:
    url = make_database()  # type: ignore[operator]
    executed(url, "CREATE TABLE pets (id integer PRIMARY KEY)")
    (tmp_path / "x.prisma").write_text("model pets {\n  id Int @id\n}\n")
    ran = inside("owners", "--prisma", "--url", url, "--schema", "x.prisma")
    assert ran.code == 0, ran
    assert ran.out.startswith("owners: ok")


def test_a_program_that_is_not_read_is_said(project: Path, inside: Headworks, server_url: str) -> None:
    words = ("owners", "--prisma", "--source", "migrations", "--shadow-url", server_url)
    (project / "prisma.config.ts").write_text("export default { schema: 'elsewhere' }")
    said = inside(*words).err
    assert "prisma.config.ts is not read: if it names another schema than prisma/schema.prisma, say so in" in said
    assert "prisma.config.ts" not in inside(*words, "--schema", "prisma/schema.prisma").err
    (project / "prisma" / "schema.prisma").unlink()
    ran = inside(*words)
    assert ran.code == 2
    assert ran.err.startswith("error: there is no Prisma schema where Prisma looks by itself, and prisma.config.ts, ")


def test_what_cannot_be_read_has_its_place(project: Path, inside: Headworks, server_url: str) -> None:
    file = project / "prisma" / "schema.prisma"
    text = FILE.replace("id   Int    @id\n", "id   Int    @id(\n")
    file.write_text(text)
    ran = inside("owners", "--prisma", "--source", "migrations", "--shadow-url", server_url, "--write")
    assert ran.code == 1
    assert "prisma/schema.prisma:7\n  error   owners.prisma-syntax: column 8: expected ',' or ')'" in ran.out
    assert file.read_text() == text


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--schema", "nowhere.prisma"), "error: there is no Prisma schema in nowhere.prisma\n"),
        (("--source", "nowhere"), "error: --source nowhere: it is one of live, models, migrations\n"),
    ],
)
def test_refusals(words: tuple[str, ...], says: str, project: Path, inside: Headworks, make_database: object) -> None:
    url = make_database()  # type: ignore[operator]
    ran = inside("owners", "--prisma", "--url", url, *words)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(says)
    assert shlex.join(["headworks", "owners", "--url", url, "--prisma"]) in ran.err


def test_this_repositorys_file_agrees(commerce_database: str, inside: Headworks) -> None:
    """Of Prisma's own tables there are none in a database that the migrations made, and nothing else is to be said."""
    with untouched(commerce_database):
        ran = inside("owners", "--prisma", "--url", commerce_database, "--format", "json", folder=ROOT)
    found = [(one["rule"], one["object"]["name"]) for one in json.loads(ran.out)["findings"]]
    assert found == [("owners.prisma-missing", "accounts"), ("owners.prisma-missing", "verification_tokens")]
