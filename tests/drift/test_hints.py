"""The hint of a missing migration holds: autogenerate writes all that it is said to write, and nothing of the rest.

Each case is a table, of one name in the migrations and in the models; what Alembic makes of all of them is run.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from helpers import Headworks, executed
from projects import Rev, write_project

IMPORTS = """
from sqlalchemy import *
from sqlalchemy.dialects.postgresql import BIT, DOMAIN, INT4RANGE, INTERVAL, JSONB, TIMESTAMP, ExcludeConstraint
"""
X, XY = 'Column("x", Integer)', 'Column("x", Integer), Column("y", Integer)'
TEXT = 'Column("x", Text)'
UNIQUE, INDEX = f'{X}, UniqueConstraint("x", name="uq")', f'{X}, Index("ix", "x")'
KEY = 'Column("x", Integer, ForeignKey("other.id", name="fk"))'


def column(kind: str, rest: str = "") -> str:
    """The column x."""
    return f'Column("x", {kind}{rest})'


SEEN = {
    "column": ("", X),
    "column_gone": (X, ""),
    "column_identity": ("", column("Integer", ", Identity()")),
    "column_unnamed": ("", column("Integer", ', ForeignKey("other.id"), unique=True, index=True')),
    "type": (X, column("BigInteger")),
    "type_length": (column("String(10)"), column("String(20)")),
    "type_precision": (column("Numeric(10, 2)"), column("Numeric(12, 2)")),
    "type_zone": (column("DateTime"), column("DateTime(timezone=True)")),
    "type_array": (column("ARRAY(Integer)"), column("ARRAY(BigInteger)")),
    "type_text": (column("String(10)"), TEXT),
    "type_bit": (column("BIT(3)"), column("BIT(4)")),
    "nullable": (X, column("Integer", ", nullable=False")),
    "comment": (X, column("Integer", ', comment="hi"')),
    "table_comment": (X, f'{X}, comment="hi"'),
    "unique": (X, UNIQUE),
    "unique_gone": (UNIQUE, X),
    "unique_columns": (UNIQUE, UNIQUE.replace('t("x"', 't("x", "id"')),
    "unique_nulls": (UNIQUE, UNIQUE.replace('"uq"', '"uq", postgresql_nulls_not_distinct=True')),
    "key": (X, KEY),
    "key_gone": (KEY, X),
    "key_cascade": (KEY, KEY.replace('"fk"', '"fk", ondelete="CASCADE", onupdate="CASCADE"')),
    "key_deferred": (KEY, KEY.replace('"fk"', '"fk", deferrable=True, initially="DEFERRED"')),
    "key_elsewhere": (KEY, KEY.replace("other.id", "third.id")),
    "index": (X, INDEX),
    "index_gone": (INDEX, X),
    "index_keys": (INDEX, f'{X}, Index("ix", "x", "id")'),
    "index_order": (INDEX, f'{X}, Index("ix", text("x DESC"))'),
    "index_unique": (INDEX, INDEX[:-1] + ", unique=True)"),
    "index_name": (INDEX, INDEX.replace('"ix"', '"iy"')),
    "index_expression": (f'{TEXT}, Index("ix", text("lower(x)"))', f'{TEXT}, Index("ix", text("upper(x)"))'),
}
UNSEEN = {
    "type_modifier": (column("String"), column("String(20)"), "does not tell character varying from"),
    "type_seconds": (column("TIMESTAMP"), column("TIMESTAMP(precision=3)"), "does not tell timestamp"),
    "default": (X, column("Integer", ', server_default="1"'), "only with compare_server_default=True"),
    "default_other": (
        column("Integer", ', server_default="1"'),
        column("Integer", ', server_default="2"'),
        "only with",
    ),
    "identity": (X.replace(")", ", nullable=False)"), column("Integer", ", Identity()"), "no change of an identity"),
    "identity_always": (column("Integer", ", Identity()"), column("Integer", ", Identity(always=True)"), "identity"),
    "identity_start": (column("Integer", ", Identity()"), column("Integer", ", Identity(start=5)"), "column sequence"),
    "generated": (
        f'{X}, Column("y", Integer, Computed("x + 1", persisted=True))',
        f'{X}, Column("y", Integer, Computed("x + 2", persisted=True))',
        "column generated",
    ),
    "collated": (TEXT, column('Text(collation="C")'), "column collation"),
    "check": (X, f'{X}, CheckConstraint("x > 1", name="ck")', "CHECK constraints"),
    "check_gone": (f'{X}, CheckConstraint("x > 1", name="ck")', X, "CHECK constraints"),
    "check_other": (
        f'{X}, CheckConstraint("x > 1", name="ck")',
        f'{X}, CheckConstraint("x > 2", name="ck")',
        "CHECK constraints",
    ),
    "unique_deferred": (UNIQUE, UNIQUE.replace('"uq"', '"uq", deferrable=True'), "unique deferrable"),
    "unique_comment": (UNIQUE, UNIQUE.replace('"uq"', '"uq", comment="hi"'), "unique comment"),
    "key_match": (KEY, KEY.replace('"fk"', '"fk", match="FULL"'), "foreign key match"),
    "key_name": (KEY, KEY.replace('"fk"', '"fl"'), "does not see a renamed constraint"),
    "index_where": (INDEX, INDEX[:-1] + ', postgresql_where=text("x > 1"))', "index where"),
    "index_method": (INDEX, INDEX[:-1] + ', postgresql_using="hash")', "index method"),
    "index_include": (INDEX, INDEX[:-1] + ', postgresql_include=["id"])', "index include"),
    "index_with": (INDEX, INDEX[:-1] + ', postgresql_with={"fillfactor": 50})', "index storage_parameters"),
    "index_class": (
        f'{TEXT}, Index("ix", "x")',
        f'{TEXT}, Index("ix", "x", postgresql_ops={{"x": "text_pattern_ops"}})',
        "operator classes",
    ),
    "exclusion": (
        column("INT4RANGE"),
        column("INT4RANGE") + ', ExcludeConstraint(("x", "&&"), name="ex")',
        "exclusion constraints",
    ),
    "storage": (X, f'{X}, postgresql_with={{"fillfactor": 50}}', "table storage_parameters"),
    "column_order": (XY, 'Column("y", Integer), Column("x", Integer)', "table column_order"),
}
OTHERS = """
Table("other", metadata, Column("id", Integer, primary_key=True, autoincrement=False))
Table("third", metadata, Column("id", Integer, primary_key=True, autoincrement=False))
"""


def models(tables: dict[str, str]) -> str:
    """Python that declares them; the names of indexes and so on are the table's own."""
    lines = []
    for name, columns in tables.items():
        rest = columns
        for part in ("uq", "ix", "iy", "ck", "fk", "fl", "ex"):
            rest = rest.replace(f'"{part}"', f'"{name}_{part}"')
        first = 'Column("id", Integer, primary_key=True, autoincrement=False)'
        lines.append(f'Table("{name}", metadata, {first}{", " + rest if rest else ""})')
    return OTHERS + "\n".join(lines) + "\n"


Hints = Callable[..., dict[str, list[str]]]


@pytest.fixture
def hints(
    tmp_path: Path,
    make_database: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
    inside: Headworks,
    server_url: str,
) -> Hints:
    """Write a project (the migrations make `old`, the models are `new`), upgrade; the hints by table or type."""
    url = make_database()
    monkeypatch.setenv("HEADWORKS_URL", url)

    def call(old: str = "", new: str = "", *, live: str = "", **words: Any) -> dict[str, list[str]]:
        if old:
            made = f"from sqlalchemy import MetaData\nmetadata = MetaData()\n{old}\nmetadata.create_all(op.get_bind())"
            up = f'op.execute("CREATE SCHEMA IF NOT EXISTS elsewhere")\n{made}'
            write_project(tmp_path, [Rev("a", up, head=IMPORTS)], preamble=IMPORTS + new, **words)
            assert inside("upgrade").code == 0
        executed(url, live) if live else None
        ran = inside("drift", "--shadow-url", server_url, "--format", "json")
        assert ran.out, ran.err
        found: dict[str, list[str]] = {}
        for one in json.loads(ran.out)["findings"]:
            assert one["object"], one
            found.setdefault(one["object"]["table"] or one["object"]["name"], []).append(one["hint"])
        return found

    return call


AUTOGENERATE = 'headworks revision --autogenerate -m "..."'
EXTRA = "put it into the models; where it is to go: "


@pytest.mark.filterwarnings("ignore")
def test_what_autogenerate_writes_and_what_it_does_not(hints: Hints, inside: Headworks) -> None:
    old = {name: pair[0] for name, pair in (SEEN | UNSEEN).items()}
    new = {name: pair[1] for name, pair in (SEEN | UNSEEN).items()}
    before = hints(models(old), models(new))
    assert before.keys() == SEEN.keys() | UNSEEN.keys()
    written = {name: {hint.removeprefix(EXTRA) for hint in before[name]} for name in SEEN}
    assert written == {name: {AUTOGENERATE} for name in SEEN}
    # It would drop what somebody made in a revision, and perhaps only forgot in the models.
    for name in before:
        assert all(hint.startswith(EXTRA) for hint in before[name]) or not name.endswith("_gone"), name
    for name, (_, _, why) in UNSEEN.items():
        for hint in (one.removeprefix(EXTRA) for one in before[name]):
            assert hint.startswith("Alembic's autogenerate ")
            assert hint.endswith('; write it by hand: headworks revision -m "..."')
            assert why in hint, name
    assert inside("revision", "--autogenerate", "-m", "x").code == 0
    assert inside("upgrade").code == 0
    assert hints() == {name: before[name] for name in UNSEEN if name in before}


@pytest.mark.filterwarnings("ignore")
def test_defaults_where_env_has_them_compared(hints: Hints, inside: Headworks) -> None:
    words = {"options": "compare_server_default=True, compare_type=False"}
    old = {"default": X, "type": X, "serial": X}
    new = {"default": column("Integer", ', server_default="1"'), "type": column("BigInteger"), "serial": X}
    ours = 'Table("counted", metadata, Column("id", Integer, primary_key=True{}))'
    found = hints(models(old) + ours.format(", autoincrement=False"), models(new) + ours.format(""), **words)
    assert found["default"] == [AUTOGENERATE]
    assert "only with compare_type=True" in found["type"][0]
    assert "serial" in found["counted"][0]
    assert inside("revision", "--autogenerate", "-m", "x").code == 0
    assert inside("upgrade").code == 0
    assert hints().keys() == {"type", "counted"}


@pytest.mark.filterwarnings("ignore")
def test_a_type_comes_with_a_new_table(hints: Hints, inside: Headworks) -> None:
    state = column('Enum("p", name="state")')
    assert hints(models({}), models({"new": state})) == {"state": [AUTOGENERATE], "new": [AUTOGENERATE]}
    assert inside("revision", "--autogenerate", "-m", "x").code == 0
    assert inside("upgrade").code == 0
    assert hints() == {}


@pytest.mark.parametrize("before", ["", column('Enum("q", name="state")')])
def test_a_type_does_not_come_with_a_column(hints: Hints, before: str) -> None:
    found = hints(models({"old": before}), models({"old": column('Enum("p", "q", name="state")')}))
    assert "does not compare enums" in found["state"][0]
    assert before or found["old"] == [AUTOGENERATE]


def test_a_rename_would_lose_what_is_there(hints: Hints) -> None:
    found = hints(models({"a": XY}), models({"a": XY.replace('"y"', '"z"')}))
    assert found["a"][0].startswith("Alembic's autogenerate drops a renamed column and makes another; write it by hand")


@pytest.mark.parametrize(
    ("before", "after", "live"),
    [
        ("", X, "ADD x int"),
        ("", X, "ADD x text"),
        (X, "", "DROP x"),
        (X, column("BigInteger"), "ALTER x TYPE bigint, ALTER x SET NOT NULL"),
    ],
)
def test_what_was_done_in_this_database(
    hints: Hints, inside: Headworks, tmp_path: Path, before: str, after: str, live: str
) -> None:
    """Autogenerate starts from it: what it writes would not do for any other database."""
    hint = hints(models({"a": before}), models({"a": after}), live=f"ALTER TABLE a {live}")["a"][-1]
    assert hint.startswith("Alembic's autogenerate starts from this database, where that was changed by hand; write it")
    assert inside("revision", "--autogenerate", "-m", "x").code == 0
    (made,) = tmp_path.rglob("versions/*_x.py")
    assert not any(word in made.read_text() for word in ("add_column", "drop_column", "BigInteger"))


def test_a_third_type_in_this_database_is_written_over(hints: Hints) -> None:
    found = hints(models({"a": X}), models({"a": column("BigInteger")}), live="ALTER TABLE a ALTER x TYPE smallint")
    assert found["a"][-1] == AUTOGENERATE


@pytest.mark.parametrize("include", [False, True])
def test_another_schema(hints: Hints, inside: Headworks, include: bool) -> None:
    there = 'Table("t", metadata, Column("id", Integer, primary_key=True){}, schema="elsewhere")'
    words = {"options": f"include_schemas={include}"}
    (hint,) = hints(there.format(""), there.format(f", {X}"), **words)["t"]
    assert (hint == AUTOGENERATE) is include
    assert ("include_schemas=True" in hint) is not include
    assert inside("revision", "--autogenerate", "-m", "x").code == 0
    assert (inside("upgrade").code == 0) is include
