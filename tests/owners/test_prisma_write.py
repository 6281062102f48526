"""--write on anything: whatever file and database are, nothing but the edited lines changes, and the check is clean."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from headworks.findings import Severity
from headworks.owners.prisma.check import Against, check, write
from headworks.owners.prisma.errors import FileMissing, FileUnreadable, NotClean, NotPostgres
from headworks.postgres.shadow import Shadow
from headworks.schema import Schema
from helpers import executed, picture

TYPES = {
    "integer": ["5", "-1", "length('abc')"],
    "bigint": ["7"],
    "smallint": ["2"],
    "text": ["'x'", "'it''s'", "upper('x')", "''"],
    "varchar(20)": ["'v'"],
    "boolean": ["true", "false"],
    "numeric(12,2)": ["0", "1.50"],
    "numeric": ["1.0"],
    "double precision": ["1.5", "0"],
    "timestamptz": ["now()", "CURRENT_TIMESTAMP", "now() + interval '1 day'"],
    "timestamp(3)": ["CURRENT_TIMESTAMP", "LOCALTIMESTAMP"],
    "date": ["'2020-01-01'"],
    "uuid": ["gen_random_uuid()"],
    "jsonb": ["'{}'", "'[1, 2]'"],
    "bytea": ["'\\x00ff'"],
    "text[]": ["'{}'", "'{a,\"b c\"}'"],
    "integer[]": ["'{1,2}'"],
    "mood": ["'ok'", "'so so'"],
    "mood[]": ["'{ok}'"],
    "tsvector": ["''"],
    "inet": ["'127.0.0.1'"],
}
NAMES = ["a", "b_c", "created_at", "order", "Odd name", "camelCase", "x1", "model"]


@st.composite
def column(draw: st.DrawFn, name: str) -> str:
    kind = draw(st.sampled_from(sorted(TYPES)))
    default = draw(st.none() | st.sampled_from(TYPES[kind]))
    null = draw(st.sampled_from(["", " NOT NULL"]))
    return f'"{name}" {kind}{null}' + (f" DEFAULT {default}" if default else "")


@st.composite
def table(draw: st.DrawFn, name: str, others: list[str]) -> str:
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=5))
    lines = ["id integer " + draw(st.sampled_from(["PRIMARY KEY", "CONSTRAINT pk_" + name + " PRIMARY KEY"]))]
    lines += [draw(column(one)) for one in names]
    for at, other in enumerate(draw(st.lists(st.sampled_from(others), max_size=2))):
        null = draw(st.sampled_from(["", " NOT NULL"]))
        action = draw(st.sampled_from(["", " ON DELETE CASCADE", " ON UPDATE CASCADE ON DELETE RESTRICT"]))
        unique = draw(st.sampled_from(["", " UNIQUE"]))
        lines.append(f"{other}_{at}_id integer{null}{unique} REFERENCES {other}{action}")
    sql = f"CREATE TABLE {name} ({', '.join(lines)});\n"
    for at, unique in enumerate(draw(st.lists(st.sampled_from(["", "UNIQUE "]), max_size=2))):
        key = draw(st.sampled_from(["id", "id DESC", "(id + 1)"]))
        sql += f"CREATE {unique}INDEX ix_{name}_{at} ON {name} ({key});\n"
    return sql


FIELDS = [
    "a        String", "a        Int?    @default(3) // mine", 'b_c      DateTime @default(now()) @db.Timestamptz(6)',
    'bC       Boolean  @map("b_c") @default(true)', "/// a doc", "// a remark", "", "gone     String @unique",
    "x1       Json?", "x1       Mood @default(OK)", "order    String[] @default([])",
]  # fmt: skip


def column_of(line: str) -> str:
    """Prisma refuses two fields of one column."""
    mapped = re.search(r'@map\("(.+?)"\)', line)
    return mapped[1] if mapped else line.split(" ")[0] or line


@st.composite
def model(draw: st.DrawFn, name: str) -> str:
    lines = draw(st.lists(st.sampled_from(FIELDS), unique_by=column_of, max_size=5))
    attributes = draw(st.lists(st.sampled_from(["@@index([id])", '@@unique([id], map: "u")']), max_size=2, unique=True))
    body = "".join(f"  {line}".rstrip() + "\n" for line in ["id Int @id", *lines, *attributes, f'@@map("{name}")'])
    return f"model {name.title()} {{\n{body}}}\n"


MOOD = 'enum Mood {\n  OK @map("ok")\n\n  @@map("mood")\n}\n'


@st.composite
def pairs(draw: st.DrawFn) -> tuple[str, str]:
    sql = "CREATE TYPE mood AS ENUM ('ok', 'so so');\n"
    sql += draw(table("one", ["one"])) + draw(table("two", ["one", "two"]))
    models = [model("one"), model("two"), st.just(MOOD)]
    return sql, "// top\n" + "\n".join(draw(one) for one in models) + "\n// bottom\n"


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pairs())
def test_what_was_written_is_clean(
    make_database: Callable[..., str], shadow: Shadow, tmp_path: Path, pair: tuple[str, str]
) -> None:
    sql, text = pair
    url = make_database()
    executed(url, sql)
    database, file = picture(url), tmp_path / "schema.prisma"
    file.write_text(text, encoding="utf-8")
    outcome, _ = write(file, Against(picture=database, shadow=shadow, owned=nobody, live=True))
    assert not outcome.findings, (text, file.read_text(encoding="utf-8"), outcome.findings)
    assert check(file, Against(picture=database, shadow=shadow, owned=nobody, live=True)).findings == ()
    again, written = write(file, Against(picture=database, shadow=shadow, owned=nobody, live=True))
    assert not written
    assert not again.findings
    after = file.read_text(encoding="utf-8")
    comments = [line.strip() for line in text.splitlines() if line.strip().startswith("//")]
    assert [line.strip() for line in after.splitlines() if line.strip().startswith("//")] == comments


def nobody(schema: str, name: str) -> bool:
    return False


def test_other_line_ends_stay(make_database: Callable[..., str], shadow: Shadow, tmp_path: Path) -> None:
    url = make_database()
    executed(url, "CREATE TABLE t (id integer PRIMARY KEY, a text, b text)")
    file = tmp_path / "schema.prisma"
    file.write_bytes(b"// x\r\nmodel t {\r\n\tid Int @id\r\n\tb   String // odd\r\n}\r\n")
    _, written = write(file, Against(picture=picture(url), shadow=shadow, owned=nobody, live=True))
    assert written
    text = file.read_bytes()
    assert text == b"// x\r\nmodel t {\r\n\tid Int @id\r\n\ta String?\r\n\tb String? // odd\r\n}\r\n"


def test_no_line_is_broken(make_database: Callable[..., str], shadow: Shadow, tmp_path: Path) -> None:
    """The keys of a view are not compared, so one would be left that names a field that is taken out."""
    url = make_database()
    executed(url, "CREATE VIEW v AS SELECT 1 AS x")
    file = tmp_path / "schema.prisma"
    text = "view v {\n  x    Int\n  gone Int\n\n  @@unique([gone])\n}\n\nmodel m {\n  id Nonsense @id\n}\n"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(NotClean, match=r"schema\.prisma: .* line 4: v has no field gone"):
        write(file, Against(picture=picture(url), shadow=shadow, owned=nobody, live=True))
    assert file.read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (None, FileMissing),
        (b"model \xff", FileUnreadable),
        (b'datasource db {\n  provider = "mysql"\n}\n', NotPostgres),
    ],
)
def test_no_such_file(content: bytes | None, error: type[Exception], shadow: Shadow, tmp_path: Path) -> None:
    file = tmp_path / "schema.prisma"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(error):
        check(file, Against(picture=Schema(), shadow=shadow, owned=nobody, live=True))


def test_a_table_of_prismas_is_a_note_where_nobody_looked(shadow: Shadow, tmp_path: Path) -> None:
    file = tmp_path / "schema.prisma"
    file.write_text("model t {\n  id Int @id\n}\n", encoding="utf-8")
    for live, severity in ((False, Severity.NOTE), (True, Severity.ERROR)):
        (one,) = check(
            file, Against(picture=Schema(), shadow=shadow, owned=lambda schema, name: True, live=live)
        ).findings
        assert (one.rule, one.severity, one.line) == ("owners.prisma-missing", severity, 1)
