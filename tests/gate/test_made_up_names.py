"""A name that nobody chose is a warning where it alone differs; one that somebody chose is an error."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from headworks.catalog.reader import read_schema
from headworks.gate.names import _is_made
from headworks.schema import Constraint, Index
from helpers import Headworks
from projects import Rev, sql, write_project

DIFFERS = "gate.downgrade-differs"
BASE = sql(
    "CREATE TABLE old_orders (id int PRIMARY KEY, p int REFERENCES old_orders, q int, r int CHECK (r > 0), UNIQUE (p))",
    "CREATE INDEX ON old_orders (q)",
    "ALTER TABLE old_orders RENAME TO orders",
    "CREATE TABLE t (a int, b int UNIQUE, c int, CHECK (a > 0), CHECK (a < 10))",
    "ALTER TABLE t ADD CONSTRAINT chosen CHECK (c > 0)",
    "CREATE TABLE old_ident (b int NOT NULL UNIQUE)",
    "ALTER TABLE old_ident REPLICA IDENTITY USING INDEX old_ident_b_key",
    "ALTER TABLE old_ident RENAME TO ident",
)
MADE_UP = {
    "foreign key": (
        "op.drop_constraint('old_orders_p_fkey', 'orders')",
        "op.create_foreign_key(None, 'orders', 'orders', ['p'], ['id'])",
        [("old_orders_p_fkey", "orders_p_fkey")],
    ),
    "unique": (
        sql("ALTER TABLE orders DROP CONSTRAINT old_orders_p_key"),
        sql("ALTER TABLE orders ADD UNIQUE (p)"),
        [("old_orders_p_key", "orders_p_key")],
    ),
    "primary key": (
        sql("ALTER TABLE orders DROP CONSTRAINT old_orders_pkey CASCADE"),
        sql("ALTER TABLE orders ADD PRIMARY KEY (id), ADD FOREIGN KEY (p) REFERENCES orders"),
        [("old_orders_p_fkey", "orders_p_fkey"), ("old_orders_pkey", "orders_pkey")],
    ),
    "index": (
        sql("DROP INDEX old_orders_q_idx"),
        sql("CREATE INDEX ON orders (q)"),
        [("old_orders_q_idx", "orders_q_idx")],
    ),
    "in another order": (
        sql("ALTER TABLE t DROP CONSTRAINT t_a_check, DROP CONSTRAINT t_a_check1"),
        sql("ALTER TABLE t ADD CHECK (a < 10), ADD CHECK (a > 0)"),
        [("t_a_check", "t_a_check1"), ("t_a_check1", "t_a_check")],
    ),
    "chosen before, and not after": (
        sql("ALTER TABLE t DROP CONSTRAINT chosen"),
        sql("ALTER TABLE t ADD CHECK (c > 0)"),
        [("chosen", "t_c_check")],
    ),
    "of a convention": (
        sql("ALTER TABLE t DROP CONSTRAINT chosen"),
        "op.execute('ALTER TABLE t ADD CONSTRAINT ' + 'ck' + '_c CHECK (c > 0)')",
        [("chosen", "ck_c")],
    ),
    "made up before, and chosen after": (
        sql("ALTER TABLE t DROP CONSTRAINT t_b_key"),
        sql("ALTER TABLE t ADD CONSTRAINT uq UNIQUE (b)"),
        [("t_b_key", "uq")],
    ),
    "replica identity": (
        sql("ALTER TABLE ident DROP CONSTRAINT old_ident_b_key"),
        sql("ALTER TABLE ident ADD UNIQUE (b)", "ALTER TABLE ident REPLICA IDENTITY USING INDEX ident_b_key"),
        [("old_ident_b_key", "ident_b_key")],
    ),
}
CHOSEN = {
    "constraint": (sql("ALTER TABLE t DROP CONSTRAINT chosen"), sql("ALTER TABLE t ADD CONSTRAINT x CHECK (c > 0)"), 2),
    "what it says": (sql("ALTER TABLE t DROP CONSTRAINT t_a_check"), sql("ALTER TABLE t ADD CHECK (a > 1)"), 1),
    "what another says": (sql("ALTER TABLE t DROP CONSTRAINT chosen"), sql("ALTER TABLE t ADD CHECK (c > 1)"), 2),
}


def differing(inside: Headworks, server_url: str, folder: Path, base: str, up: str, down: str) -> list[dict[str, Any]]:
    write_project(folder, [Rev("a", base, "raise NotImplementedError"), Rev("b", up, down)])
    words = ("gate", "--checks", "schema", "--revisions", "b", "--format", "json", "--shadow-url", server_url)
    ran = inside(*words, folder=folder)
    assert ran.out, ran.err
    return list(json.loads(ran.out)["findings"])


@pytest.mark.parametrize("name", MADE_UP)
def test_a_made_up_name_alone_is_a_warning(name: str, tmp_path: Path, inside: Headworks, server_url: str) -> None:
    """The upgrade drops it by its name, which it does not find again: that is no warning."""
    up, down, names = MADE_UP[name]
    found = differing(inside, server_url, tmp_path / "p", BASE, up, down)
    again = [one for one in found if one["rule"] == "gate.reupgrade-differs"]
    assert [one["severity"] for one in again] == ([] if name == "in another order" else ["error"])
    assert all("the second upgrade of b, after its downgrade, fails" in one["message"] for one in again)
    found = [one for one in found if one not in again]
    assert [(one["rule"], one["severity"], one["attribute"]) for one in found] == [(DIFFERS, "warning", "name")] * len(
        names
    )
    assert [(one["expected"], one["actual"]) for one in found] == names
    assert [one["object"]["name"] for one in found] == [old for old, _ in names]


def test_a_second_upgrade_that_finds_another_name(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    """It runs, and leaves what the first one has dropped."""
    up = sql("ALTER TABLE t DROP CONSTRAINT IF EXISTS chosen")
    found = differing(inside, server_url, tmp_path / "p", BASE, up, sql("ALTER TABLE t ADD CHECK (c > 0)"))
    assert [(one["rule"], one["severity"], one["object"]["name"]) for one in found] == [
        (DIFFERS, "warning", "chosen"),
        ("gate.reupgrade-differs", "error", "t_c_check"),
    ]


def test_another_order_of_columns_is_told_once(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    """After the second upgrade it is another order still."""
    up, down = sql("ALTER TABLE t ADD d int"), sql("ALTER TABLE t DROP d, DROP b, ADD b int UNIQUE")
    found = differing(inside, server_url, tmp_path / "p", BASE, up, down)
    said = [(one["rule"], one["severity"], one["attribute"]) for one in found]
    assert said == [(DIFFERS, "warning", "column_order")]


@pytest.mark.parametrize("name", CHOSEN)
def test_what_somebody_chose_is_an_error(name: str, tmp_path: Path, inside: Headworks, server_url: str) -> None:
    up, down, count = CHOSEN[name]
    found = differing(inside, server_url, tmp_path / "p", BASE, up, down)
    assert [(one["rule"], one["severity"]) for one in found] == [(DIFFERS, "error")] * count


def test_of_not_null(tmp_path: Path, inside: Headworks, server_url: str, server_major: int) -> None:
    base = sql("CREATE TABLE x (k int NOT NULL, m int)")
    down = sql("DROP TABLE y", "CREATE TABLE z (k int NOT NULL, m int)", "ALTER TABLE z RENAME TO x")
    found = differing(inside, server_url, tmp_path / "p", base, sql("ALTER TABLE x RENAME TO y"), down)
    if server_major < 18:  # it has no names
        assert found == []
        return
    [one] = found
    assert (one["severity"], one["attribute"], one["expected"], one["actual"]) == (
        "warning", "name", "x_k_not_null", "z_k_not_null",
    )  # fmt: skip
    assert (one["object"]["kind"], one["object"]["table"]) == ("constraint", "x")


def test_of_not_null_in_batch_mode(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    base = sql("CREATE TABLE t (id int PRIMARY KEY, n text)")
    up = "with op.batch_alter_table('t', recreate='always') as b: b.add_column(sa.Column('z', sa.Integer))"
    down = "with op.batch_alter_table('t', recreate='always') as b: b.drop_column('z')"
    found = differing(inside, server_url, tmp_path / "p", base, up, down)
    assert [one["severity"] for one in found if one["severity"] != "warning"] == []


def test_of_sequences(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    base = sql("CREATE TABLE old (k int, s serial, i int GENERATED ALWAYS AS IDENTITY)", "ALTER TABLE old RENAME TO x")
    up = sql("ALTER TABLE x DROP s, DROP i")
    down = sql("ALTER TABLE x ADD s serial, ADD i int GENERATED ALWAYS AS IDENTITY")
    found = differing(inside, server_url, tmp_path / "p", base, up, down)
    assert {one["severity"] for one in found} == {"warning"}
    named = [(one["expected"], one["actual"]) for one in found if one["object"]["kind"] == "sequence"]
    assert named == [("old_i_seq", "x_i_seq"), ("old_s_seq", "x_s_seq")]


LONG, LONGER = "l" * 40, "\u00e9" * 30
NAMELESS = f"""
CREATE TABLE plain (a int PRIMARY KEY, "B c" int UNIQUE, d int REFERENCES plain, CHECK (d > 0), CHECK (d < 9),
    CHECK (a < d), EXCLUDE (d WITH =), EXCLUDE (d WITH =), UNIQUE (d, a) INCLUDE ("B c"));
CREATE INDEX ON plain (d); CREATE INDEX ON plain (d); CREATE INDEX ON plain (d, "B c") INCLUDE (a);
CREATE INDEX ON plain (lower("B c"::text)); CREATE INDEX ON plain ((d + a), d);
CREATE TABLE {LONG} ({LONGER} int UNIQUE, {LONG} int REFERENCES plain, CHECK ({LONG} > 0), CHECK ({LONG} > 1));
CREATE INDEX ON {LONG} ({LONGER}, {LONG}); CREATE INDEX ON {LONG} ({LONGER}, {LONG});
CREATE TABLE {LONGER} (id int PRIMARY KEY, {LONGER} int, UNIQUE (id, {LONGER}));
"""
NAMED = """
CREATE TABLE plain (a int CONSTRAINT plain_a PRIMARY KEY, b int CONSTRAINT uq UNIQUE);
ALTER TABLE plain ADD CONSTRAINT plain_b_checked CHECK (b > 0);
CREATE INDEX ix_plain_a ON plain (a); CREATE INDEX plain_b_idx ON plain (a); CREATE INDEX plain_a_idx0 ON plain (a);
"""


@pytest.mark.parametrize(("statements", "made"), [(NAMELESS, True), (NAMED, False)], ids=["nameless", "named"])
def test_the_rules_are_those_of_the_server(statements: str, made: bool, make_database: Callable[..., str]) -> None:
    with psycopg.connect(make_database()) as connection:
        connection.execute(statements)
        connection.commit()
        picture = read_schema(connection)
    found = [*picture.all(Constraint), *picture.all(Index)]
    assert len(found) >= 6
    assert [one.name for one in found if _is_made(one) is not made] == []


def test_numbers_that_go_by_the_order_of_two_branches(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    """Each adds a check without a name: whichever comes second has the number, and both are there either way."""
    both = [
        Rev("core1", sql("CREATE TABLE t (a int)"), sql("DROP TABLE t"), after=None, label="core", folder="core"),
        *(
            Rev(f"{name}1", sql(f"ALTER TABLE t ADD CHECK (a {test})"), "raise NotImplementedError", after=None,
                label=name, folder=name, depends_on="core1")
            for name, test in (("low", "> 0"), ("high", "< 10"))
        ),
    ]  # fmt: skip
    write_project(tmp_path, both, ini={"recursive_version_locations": "true"})
    ran = inside("gate", "--checks", "branches", "--format", "json", "--shadow-url", server_url)
    assert ran.out, ran.err
    found = json.loads(ran.out)["findings"]
    assert {(one["rule"], one["severity"], one["attribute"]) for one in found} == {
        ("gate.dependency", "warning", "name")
    }
    assert ran.code == 0
