"""The schema that Prisma's url names, `?schema=app`: where models are that do not say where they are."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from headworks.owners.prisma.datasource import has_foreign_keys, schema_named
from headworks.owners.prisma.parser import parse
from helpers import Headworks, executed

SQL = """
CREATE SCHEMA app;
CREATE TYPE app.mood AS ENUM ('ok');
CREATE TYPE public.mood AS ENUM ('not this one');
CREATE FUNCTION app.made() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE TABLE app.users (id integer PRIMARY KEY DEFAULT app.made(), mood app.mood NOT NULL DEFAULT 'ok', name text);
CREATE TABLE public.users (nothing integer);
"""
FILE = """\
datasource db {
  provider = "postgresql"
}

model users {
  id Int @id @default(dbgenerated("made()"))
}
"""
WRITTEN = """\
datasource db {
  provider = "postgresql"
}

model users {
  id   Int     @id @default(dbgenerated("made()"))
  mood mood    @default(ok)
  name String?
}

enum mood {
  ok
}
"""


def with_url(text: str, url: str) -> str:
    return text.replace('"postgresql"\n', f'"postgresql"\n  url      = {url}\n', 1)


@pytest.mark.parametrize("where", ["--url", "HEADWORKS_URL", "literal", "variable"])
def test_models_are_there(
    where: str, inside: Headworks, tmp_path: Path, make_database: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = make_database()
    executed(url, SQL)
    named = f"{url}{'&' if '?' in url else '?'}schema=app&connection_limit=1"
    said = {"literal": f'"{named}"', "variable": 'env("WEB_URL")'}.get(where)
    (tmp_path / "pyproject.toml").write_text("[tool.headworks]\n")
    (tmp_path / "schema.prisma").write_text(with_url(FILE, said) if said else FILE)
    monkeypatch.setenv("WEB_URL", named)
    if where == "HEADWORKS_URL":
        monkeypatch.setenv("HEADWORKS_URL", named)
        words: tuple[str, ...] = ()
    else:
        words = ("--url", named if where == "--url" else url)
    found = inside("owners", "--prisma", *words, "--format", "json")
    assert found.code == 1
    line = 6 if said else 5
    assert [
        (one["line"], one["object"]["schema"], one["object"]["name"]) for one in json.loads(found.out)["findings"]
    ] == [
        (line, "app", "mood"),
        (line + 1, "app", "mood"),
        (line + 1, "app", "name"),
    ]
    ran = inside("owners", "--prisma", *words, "--write")
    assert ran.code == 0, ran
    assert (tmp_path / "schema.prisma").read_text() == (with_url(WRITTEN, said) if said else WRITTEN)


def test_the_url_of_the_command_goes_first(
    inside: Headworks, tmp_path: Path, make_database: Callable[..., str]
) -> None:
    url = make_database()
    executed(url, SQL)
    (tmp_path / "x.prisma").write_text(with_url(WRITTEN, '"postgresql://h/d?schema=nowhere"'))
    words = ("owners", "--prisma", "--schema", "x.prisma", "--url")
    assert inside(*words, f"{url}{'&' if '?' in url else '?'}schema=app").code == 0
    assert inside(*words, url).code == 1


@pytest.mark.parametrize(
    ("entry", "schema"),
    [
        ('url = "postgresql://u:p@h/d?schema=app"', "app"),
        ('url = "postgresql://u:p@h/d?x=1&schema=my%20app&y=2"', "my app"),
        ('url = "postgresql://u:?schema=p@h/d?x=1"', None),
        ('url = "postgresql://u:p@h/d"', None),
        ('url = env("NO_SUCH_VARIABLE")', None),
        ('url = env("EMPTY_VARIABLE")', None),
        ('url = env("WEB_URL")', "web"),
        ('directUrl = "postgresql://u:p@h/d?schema=app"', None),
        ("url = env()", None),
    ],
)
def test_what_the_datasource_says(entry: str, schema: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEB_URL", "postgresql://h/d?schema=web")
    monkeypatch.setenv("EMPTY_VARIABLE", "")
    document, errors = parse(f"datasource db {{\n  {entry}\n}}\n")
    assert not errors
    assert schema_named(document) == schema


def test_relation_mode() -> None:
    for entry, there in (
        ('relationMode = "prisma"', False),
        ('referentialIntegrity = "prisma"', False),
        ('relationMode = "foreignKeys"', True),
        ("", True),
    ):
        assert has_foreign_keys(parse(f"datasource db {{\n  {entry}\n}}\n")[0]) == there
