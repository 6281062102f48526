"""The parser keeps every character, finds every part with its place, and says of a mistake where it is."""

import itertools
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headworks.owners.prisma.edit import edited
from headworks.owners.prisma.meaning import understand
from headworks.owners.prisma.parser import parse
from headworks.owners.prisma.tokens import tokenize
from headworks.owners.prisma.tree import Array, Call, Text
from headworks.owners.prisma.tree import Path as Name
from prisma_cases import CASES

ROOT = Path(__file__).parents[2]
FILES = sorted([*CASES.glob("*/*.prisma"), ROOT / "prisma" / "schema.prisma"])

WHOLE = """\
// Before all.
generator client {
  provider        = "prisma-client-js" // a generator
  previewFeatures = [
    "views", // one
    "metrics",
  ]
}

datasource db {
  provider   = "postgresql"
  extensions = [pg_trgm, postgis(version: "2.1", schema: "geo")]
}

/// A person.
/// With a second line.
model User {
  id      String   @id @default(uuid(7)) @db.Uuid
  2fa     Boolean? @default(false) @ignore
  tags    String[] @default(["a", "it's \\"quoted\\""])
  shape   Unsupported("geometry(Point, 4326)")?
  rank    Float    @default(-1.5)
  made_at DateTime @default(dbgenerated("now() + '1 day'")) @map(name: "made") @updatedAt
  boss    User?    @relation("boss", fields: [boss_id], references: [id], onDelete: SetNull, onUpdate: NoAction)
  team    User[]   @relation("boss")
  boss_id String?  @db.Uuid

  @@unique([rank(sort: Desc), made_at], name: "pair", map: "uq_pair")
  @@index([shape(ops: raw("gist_geometry_ops"))], type: Gist)
  @@map("users") /* a note */
  @@schema("public")
}

enum Role {
  ADMIN @map("admin")
  USER
  @@map("role")
}

view V {
  x Int
  @@ignore
}

type Point {
  x Int
}
"""


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_every_character_is_kept(file: Path) -> None:
    text = file.read_bytes().decode()
    document, errors = parse(text, str(file))
    assert bool(errors) == (file.parent.name == "syntax")
    assert "".join(token.text for token in tokenize(text)) == text
    assert edited(document, []) == (text,)


@pytest.mark.skipif("HEADWORKS_PRISMA_FILES" not in os.environ, reason="needs HEADWORKS_PRISMA_FILES=folder")
def test_published_files_are_read() -> None:
    """Any folder of Prisma schemas that others wrote."""
    files = sorted(Path(os.environ["HEADWORKS_PRISMA_FILES"]).rglob("*.prisma"))
    assert files
    for file in files:
        text = file.read_bytes().decode()
        document, errors = parse(text, str(file))
        assert not errors, [str(one) for one in errors]
        assert edited(document, []) == (text,)
        assert text == "".join(token.text for token in tokenize(text))


@settings(deadline=None)
@given(st.text(st.sampled_from(list('model enum a1_-."\\{}()[]@?,:=!/*\n\r\t é\u2028"'))))
def test_any_text_is_tokens(text: str) -> None:
    tokens = list(tokenize(text))
    assert "".join(one.text for one in tokens) == text
    assert all(one.start == before.end for before, one in itertools.pairwise(tokens))
    parse(text)


def test_all_parts() -> None:
    document, errors = parse(WHOLE)
    assert not errors
    assert [(one.keyword, one.name) for one in document.blocks] == [
        ("generator", "client"), ("datasource", "db"), ("model", "User"), ("enum", "Role"), ("view", "V"),
        ("type", "Point"),
    ]  # fmt: skip
    generator, datasource, user, role, _, _ = document.blocks
    features = generator.entry("previewFeatures")
    assert features is not None
    assert isinstance(features.value, Array)
    assert [one.value for one in features.value.items if isinstance(one, Text)] == ["views", "metrics"]
    extensions = datasource.entry("extensions")
    assert extensions is not None
    assert isinstance(extensions.value, Array)
    assert [type(one) for one in extensions.value.items] == [Name, Call]
    fields = {one.name: one for one in user.members}
    assert list(fields) == ["id", "2fa", "tags", "shape", "rank", "made_at", "boss", "team", "boss_id"]
    shape = fields["shape"].type
    assert shape is not None
    assert (shape.unsupported, shape.optional, shape.list) == ("geometry(Point, 4326)", True, False)
    tags = fields["tags"].attribute("default")
    assert tags is not None
    value = tags.argument("value", position=0)
    assert isinstance(value, Array)
    assert [one.value for one in value.items if isinstance(one, Text)] == ["a", 'it\'s "quoted"']
    assert [one.name for one in fields["id"].attributes] == ["id", "default", "db.Uuid"]
    assert document.line(fields["rank"]) == 22
    assert document.written(fields["rank"]) == "rank    Float    @default(-1.5)"
    assert [one.name for one in user.attributes] == ["unique", "index", "map", "schema"]
    assert [one.name for one in role.members] == ["ADMIN", "USER"]


def test_what_it_means() -> None:
    meaning = understand(parse(WHOLE)[0])
    assert not meaning.problems
    user = meaning.model("User")
    assert user is not None
    assert (user.schema, user.table) == ("public", "users")
    assert [one.column for one in user.fields if one.column != one.name] == ["made"]
    keys = {one.kind: one for one in user.keys}
    assert keys["id"].name == "users_pkey"
    assert keys["unique"].name == "uq_pair"
    assert [(one.column, one.descending) for one in keys["unique"].columns] == [("rank", True), ("made", False)]
    assert keys["index"].method == "gist"
    assert keys["index"].columns[0].operator_class == "gist_geometry_ops"
    (relation,) = user.relations
    assert (relation.on_delete, relation.on_update) == ("set null", "no action")
    assert relation.name == "users_boss_id_fkey"
    assert meaning.enums[0].name == "role"
    assert [word for _, word in meaning.enums[0].values] == ["admin", "USER"]


@pytest.mark.parametrize(
    ("text", "line", "column", "reason"),
    [
        ("model A {\n  id Int @id\n  b\n}\n", 3, 4, "expected the type of the field"),
        ("model A {\n  id Int @\n}\n", 2, 11, "expected the name of the attribute"),
        ("model A {\n  id Int @default(now()\n}\n", 3, 1, "expected ',' or ')'"),
        ('model A {\n  id Int @map("x)\n}\n', 2, 15, "this string does not end"),
        ("model A {\n  id Int @id extra\n}\n", 2, 14, "expected the end of the line"),
        ("model A {\n  id Int[\n}\n", 2, 10, "expected ']'"),
        ("model {\n}\n", 1, 7, "expected the name of the model"),
        ("model A\n{\n}\n", 1, 8, "expected '{'"),
        ("table A {\n}\n", 1, 1, "expected one of model"),
        ("model A {\n  id Int @id\n", 3, 1, "expected '}' for the model A of line 1"),
        ("generator a {\n  provider\n}\n", 2, 11, "expected '='"),
        ("generator a {\n  provider = [1, }\n}\n", 2, 18, "expected a value"),
        ("enum A {\n  a b\n}\n", 2, 5, "expected the end of the line"),
        ("enum A { a }\n", 1, 10, "expected the end of the line"),
        ("\r\nmodel A {\r\n\tid Int %\r\n}\r\n", 3, 9, "expected the end of the line"),
    ],
)
def test_mistakes_have_a_place(text: str, line: int, column: int, reason: str) -> None:
    _, errors = parse(text, "x.prisma")
    assert (errors[0].line, errors[0].column) == (line, column), str(errors[0])
    assert reason in str(errors[0])
    assert str(errors[0]).startswith(f"x.prisma, line {line}, column {column}: ")


def test_each_mistake_is_said_and_the_rest_is_read() -> None:
    document, errors = parse("model A {\n  a\n  b Int @\n  c Int\n}\nthing\nenum E {\n  x\n}\n")
    assert [one.line for one in errors] == [2, 3, 6]
    assert [[one.name for one in block.members] for block in document.blocks] == [["c"], ["x"]]
