"""Hints of the gate about locks, pasted: each passes the gate with rows, and does what it says."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from test_locks import findings, pasted, plain, write

from headworks.gate.locks.statements import split, using
from helpers import Headworks
from projects import Rev, sql

BASE = Rev(
    "start",
    sql(
        "CREATE TABLE orders (id serial PRIMARY KEY, code text UNIQUE, kind varchar(20) NOT NULL DEFAULT 'open')",
        "CREATE TABLE lines (id int PRIMARY KEY, order_id int REFERENCES orders ON DELETE CASCADE, note text)",
        'CREATE TABLE "Odd tree" (id int PRIMARY KEY, "Up" int REFERENCES "Odd tree", CHECK ("Up" <> id))',
        "CREATE TABLE ident (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n int CHECK (n > 0))",
        "CREATE TABLE keyed (id int PRIMARY KEY, n int)",
        "CREATE TABLE viewed (id int PRIMARY KEY, n int)",
        "CREATE MATERIALIZED VIEW codes AS SELECT id, n FROM viewed",
        "CREATE UNIQUE INDEX ON codes (id)",
        "CREATE INDEX ix_n ON ident (n) WHERE n > 1",
        "CREATE TABLE parts (id int NOT NULL, n int) PARTITION BY RANGE (id)",
        "CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (1000000000)",
        "CREATE TABLE loose (id int NOT NULL, n int, CHECK (id >= 1000000000))",
        "CREATE TABLE kinds (id int NOT NULL, kind text) PARTITION BY LIST (kind)",
        "CREATE TABLE kinds_rest PARTITION OF kinds DEFAULT",
        "CREATE TABLE spare (id int NOT NULL, kind text NOT NULL CHECK (kind IN ('a', 'b')))",
        "CREATE TABLE plain_spare (id int NOT NULL, kind text CHECK (kind <> 'c'))",
    ),
    "raise NotImplementedError",
)
ROWS = """
INSERT INTO orders (code, kind) VALUES ('x', 'open'), ('y', 'closed');
INSERT INTO lines VALUES (1, 1, 'a'), (2, 2, 'b');
INSERT INTO "Odd tree" VALUES (1, NULL), (2, 1);
INSERT INTO ident (n) VALUES (1), (2);
INSERT INTO viewed VALUES (1, 1);
INSERT INTO loose VALUES (1000000000, 1);
INSERT INTO kinds VALUES (1, 'c'), (2, NULL);
INSERT INTO spare VALUES (3, 'a');
INSERT INTO plain_spare VALUES (4, 'b');
"""


@pytest.fixture
def done(
    tmp_path: Path, inside: Headworks, server_url: str, make_database: Callable[..., str]
) -> "Callable[..., psycopg.Connection[Any]]":
    """Paste the hint for a piece of Python; a database with rows in which that has been run."""

    def call(statement: str, rule: str = "gate.table-rewrite") -> "psycopg.Connection[Any]":
        write(tmp_path / "short", statement, base=BASE)
        [found], _ = findings(inside, server_url, tmp_path / "short")
        assert found["rule"] == rule, found
        write(tmp_path / "safe", *pasted(found["hint"]), base=BASE)
        assert findings(inside, server_url, tmp_path / "safe")[0] == []
        url = make_database()
        assert inside("upgrade", "start", "--url", url, folder=tmp_path / "safe").code == 0
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(ROWS)
        ran = inside("upgrade", "--url", url, folder=tmp_path / "safe")
        assert ran.code == 0, ran.err
        return psycopg.connect(url, autocommit=True)

    return call


def constraints(connection: "psycopg.Connection[Any]", *tables: str) -> list[tuple[str, ...]]:
    """Name, table, definition; none may be left unvalidated."""
    query = (
        "SELECT conname, conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = ANY (%s::regclass[]) AND contype <> 'n' ORDER BY 1, 2"
    )
    return connection.execute(query, [list(tables)]).fetchall()


def kind(connection: "psycopg.Connection[Any]", table: str, column: str) -> tuple[str, bool]:
    query = (
        "SELECT format_type(atttypid, atttypmod), attnotnull FROM pg_attribute"
        " WHERE attrelid = %s::regclass AND attname = %s"
    )
    [found] = connection.execute(query, [table, column]).fetchall()
    return found[0], found[1]


def test_a_primary_key_of_another_type(done: "Callable[..., psycopg.Connection[Any]]") -> None:
    with done(sql("ALTER TABLE orders ALTER id TYPE bigint")) as connection:
        assert kind(connection, "orders", "id") == ("bigint", True)
        assert constraints(connection, "orders", "lines") == [
            ("lines_order_id_fkey", "lines", "FOREIGN KEY (order_id) REFERENCES orders(id) ON DELETE CASCADE"),
            ("lines_pkey", "lines", "PRIMARY KEY (id)"),
            ("orders_code_key", "orders", "UNIQUE (code)"),
            ("orders_pkey", "orders", "PRIMARY KEY (id)"),
        ]
        connection.execute("ALTER TABLE orders DROP COLUMN id_old")
        assert connection.execute("INSERT INTO orders (code) VALUES ('z') RETURNING id").fetchone() == (3,)
        assert connection.execute("SELECT pg_get_serial_sequence('orders', 'id')").fetchone() == (
            "public.orders_id_seq",
        )
        assert connection.execute(
            "SELECT seqtypid::regtype::text FROM pg_sequence WHERE seqrelid = 'orders_id_seq'::regclass"
        ).fetchone() == ("bigint",)
        connection.execute("DELETE FROM orders WHERE id = 1")
        assert connection.execute("SELECT count(*) FROM lines").fetchone() == (1,)


def test_a_key_that_its_own_table_refers_to(done: "Callable[..., psycopg.Connection[Any]]") -> None:
    with done(sql('ALTER TABLE "Odd tree" ALTER id TYPE bigint')) as connection:
        assert kind(connection, '"Odd tree"', "id") == ("bigint", True)
        assert constraints(connection, '"Odd tree"') == [
            ("Odd tree_Up_fkey", '"Odd tree"', 'FOREIGN KEY ("Up") REFERENCES "Odd tree"(id)'),
            ("Odd tree_check", '"Odd tree"', 'CHECK (("Up" <> id))'),
            ("Odd tree_pkey", '"Odd tree"', "PRIMARY KEY (id)"),
        ]


def test_a_foreign_key_s_own_column(done: "Callable[..., psycopg.Connection[Any]]") -> None:
    with done(sql("ALTER TABLE lines ALTER order_id TYPE bigint")) as connection:
        assert kind(connection, "lines", "order_id") == ("bigint", False)
        assert constraints(connection, "lines")[0] == (
            "lines_order_id_fkey", "lines", "FOREIGN KEY (order_id) REFERENCES orders(id) ON DELETE CASCADE",
        )  # fmt: skip


def test_an_identity_of_another_type(done: "Callable[..., psycopg.Connection[Any]]") -> None:
    with done(sql("ALTER TABLE ident ALTER id TYPE bigint")) as connection:
        assert kind(connection, "ident", "id") == ("bigint", True)
        assert constraints(connection, "ident")[-1] == ("ident_pkey", "ident", "PRIMARY KEY (id)")
        connection.execute("INSERT INTO ident (n) VALUES (3)")
        numbers = [number for (number,) in connection.execute("SELECT id FROM ident ORDER BY id")]
        assert numbers[:2] == [1, 2]
        assert numbers[2] > 2
        assert connection.execute("SELECT pg_get_serial_sequence('ident', 'id')").fetchone() == ("public.ident_id_seq",)
        with pytest.raises(psycopg.errors.GeneratedAlways):
            connection.execute("INSERT INTO ident (id, n) VALUES (9, 9)")
        connection.execute("ALTER TABLE ident DROP COLUMN id_old")


def test_an_index_and_a_check_go_along(done: "Callable[..., psycopg.Connection[Any]]") -> None:
    with done(sql("ALTER TABLE ident ALTER n TYPE bigint")) as connection:
        assert connection.execute("SELECT pg_get_indexdef('ix_n'::regclass)").fetchone() == (
            "CREATE INDEX ix_n ON public.ident USING btree (n) WHERE (n > 1)",
        )
        assert constraints(connection, "ident")[0] == ("ident_n_check", "ident", "CHECK ((n > 0))")


def test_what_using_says_of_each_value(done: "Callable[..., psycopg.Connection[Any]]") -> None:
    statement = (
        "ALTER TABLE orders ALTER COLUMN kind DROP DEFAULT,"
        " ALTER COLUMN kind TYPE int USING (CASE kind WHEN 'open' THEN 1 ELSE 2 END)"
    )
    with done(sql(statement)) as connection:
        assert kind(connection, "orders", "kind") == ("integer", True)
        assert connection.execute("SELECT kind FROM orders ORDER BY id").fetchall() == [(1,), (2,)]


def test_of_a_using_that_it_cannot_see_it_says_so(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    alter = "ALTER TABLE keyed ALTER n TYPE text USING 'n' || n"
    write(tmp_path / "hidden", plain(f"DO $x$BEGIN {alter}; END$x$"), base=BASE)
    [found], _ = findings(inside, server_url, tmp_path / "hidden")
    assert "put what USING says" in found["hint"].partition("\n")[0]
    write(tmp_path / "plain", plain(alter), base=BASE)
    [found], _ = findings(inside, server_url, tmp_path / "plain")
    assert "put what USING says" not in found["hint"]
    assert "n_new = 'n' || n" in found["hint"]


def test_a_partition_is_attached_after_a_check(done: "Callable[..., psycopg.Connection[Any]]") -> None:
    statement = "ALTER TABLE parts ATTACH PARTITION loose FOR VALUES FROM (1000000000) TO (2000000000)"
    with done(sql(statement), "gate.full-scan") as connection:
        assert connection.execute("SELECT tableoid::regclass::text FROM parts").fetchall() == [("loose",)]
        assert [one for one, *_ in constraints(connection, "loose")] == ["loose_id_check"]


@pytest.mark.parametrize("new", ["spare", "plain_spare"])
def test_a_partition_is_attached_beside_a_default_one(new: str, done: "Callable[..., psycopg.Connection[Any]]") -> None:
    """Of one the own CHECK says enough, of the other not; the rows of the default partition are read for both."""
    with done(
        sql(f"ALTER TABLE kinds ATTACH PARTITION {new} FOR VALUES IN ('a', 'b')"), "gate.full-scan"
    ) as connection:
        found = connection.execute("SELECT tableoid::regclass::text, count(*) FROM kinds GROUP BY 1 ORDER BY 1")
        assert found.fetchall() == [("kinds_rest", 2), (new, 1)]
        assert constraints(connection, "kinds_rest") == []


def test_a_partitioned_table_s_column(done: "Callable[..., psycopg.Connection[Any]]") -> None:
    with done(sql("ALTER TABLE parts ALTER n TYPE bigint")) as connection:
        assert kind(connection, "parts_1", "n") == ("bigint", False)


def test_a_materialized_view(done: "Callable[..., psycopg.Connection[Any]]") -> None:
    done(sql("REFRESH MATERIALIZED VIEW codes")).close()


@pytest.mark.parametrize("statement", ["REINDEX TABLE orders", "REINDEX (VERBOSE) INDEX orders_pkey"])
def test_reindex(statement: str, done: "Callable[..., psycopg.Connection[Any]]") -> None:
    done(sql(statement), "gate.full-scan").close()


def test_vacuum_full(done: "Callable[..., psycopg.Connection[Any]]") -> None:
    done(sql("VACUUM FULL orders", concurrently=True)).close()


QUIET = {
    "in a transaction": (sql("CLUSTER orders USING orders_pkey"), "op.execute(\"SET LOCAL lock_timeout = '3s'\")"),
    "outside of one": (
        sql("CLUSTER orders USING orders_pkey", concurrently=True),
        "op.execute(\"SET lock_timeout = '3s'\")",
    ),
}


@pytest.mark.parametrize("name", QUIET)
def test_where_there_is_no_safe_way_a_timeout_holds(
    name: str, tmp_path: Path, inside: Headworks, server_url: str, make_database: Callable[..., str]
) -> None:
    statement, timeout = QUIET[name]
    write(tmp_path / "short", statement, base=BASE)
    [found], _ = findings(inside, server_url, tmp_path / "short")
    assert timeout in found["hint"]
    write(tmp_path / "again", *pasted(found["hint"]), base=BASE)
    [again], _ = findings(inside, server_url, tmp_path / "again")
    assert again["rule"] == "gate.table-rewrite"
    url = make_database()
    assert inside("upgrade", "start", "--url", url, folder=tmp_path / "again").code == 0
    with psycopg.connect(url) as connection:
        connection.execute("LOCK TABLE orders IN ACCESS SHARE MODE")
        ran = inside("upgrade", "--url", url, folder=tmp_path / "again")
    assert ran.code == 3
    assert "lock" in ran.err


def test_several_statements_are_split(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    text = "ALTER TABLE orders ADD m text; UPDATE orders SET m = 'a;b'; ALTER TABLE orders ALTER m SET NOT NULL;"
    write(tmp_path / "short", sql(text), base=BASE)
    [found], _ = findings(inside, server_url, tmp_path / "short")
    assert found["hint"].startswith("3 statements in one are seen as one: split them")
    parts = pasted(found["hint"])
    write(tmp_path / "split", *parts, base=BASE)
    [one], _ = findings(inside, server_url, tmp_path / "split")
    assert (one["revision"], "SET NOT NULL" in one["hint"]) == ("b3", True)
    write(tmp_path / "safe", *parts[:2], *pasted(one["hint"]), base=BASE)
    assert findings(inside, server_url, tmp_path / "safe")[0] == []


def test_what_is_read_stays_and_the_lock_goes_before_it(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    reads = "for one in op.get_bind().execute(sa.text('SELECT id, code FROM orders')).all(): pass"
    write(tmp_path / "short", f"{sql('ALTER TABLE orders ADD m int')}\n{reads}", base=BASE)
    [found], _ = findings(inside, server_url, tmp_path / "short")
    assert found["rule"] == "gate.observed-lock"
    assert "let a revision before it do what line 10 does" in found["hint"]
    first, rest = pasted(found["hint"])
    assert rest.startswith("pass")
    write(tmp_path / "safe", first, f"{rest}\n{reads}", base=BASE)
    assert findings(inside, server_url, tmp_path / "safe")[0] == []


def test_a_lock_that_is_held_on_purpose_may_be_weaker(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    reads = sql("SELECT count(*) FROM orders")
    write(tmp_path / "short", f"{sql('LOCK TABLE orders IN ACCESS EXCLUSIVE MODE')}\n{reads}", base=BASE)
    [found], _ = findings(inside, server_url, tmp_path / "short")
    [lock] = pasted(found["hint"])
    write(tmp_path / "safe", f"{lock}\n{reads}", base=BASE)
    assert findings(inside, server_url, tmp_path / "safe")[0] == []


def test_batch_mode_need_not_copy(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    batch = "with op.batch_alter_table('keyed', recreate='always') as batch_op:\n    "
    add = "batch_op.add_column(sa.Column('z', sa.Integer))"
    write(tmp_path / "short", batch + add, base=BASE)
    [found], _ = findings(inside, server_url, tmp_path / "short")
    [code] = pasted(found["hint"])
    assert "INSERT INTO" not in code
    write(tmp_path / "safe", code.replace("...", add), base=BASE)
    assert findings(inside, server_url, tmp_path / "safe")[0] == []
    write(tmp_path / "as it is", code, base=BASE)
    assert findings(inside, server_url, tmp_path / "as it is")[0] == []


CAUSES = {
    "another type of a key": ("ALTER TABLE orders ALTER id TYPE bigint", "for column id, from integer to bigint"),
    "a key": ("ALTER TABLE lines ADD UNIQUE (note)", "for constraint lines_note_key"),
    "a new column with a check": (
        "ALTER TABLE lines ADD r int NOT NULL DEFAULT (random() * 9)::int CHECK (r < 99)", "for the new column r",
    ),
    "a partition": (
        "ALTER TABLE parts ATTACH PARTITION loose FOR VALUES FROM (1000000000) TO (2000000000)",
        "for its place among the partitions",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CAUSES)
def test_the_cause_is_the_column_s(name: str, tmp_path: Path, inside: Headworks, server_url: str) -> None:
    statement, cause = CAUSES[name]
    write(tmp_path / "p", plain(statement), base=BASE)
    [found], _ = findings(inside, server_url, tmp_path / "p")
    assert cause in found["message"]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("SELECT 1", ["SELECT 1"]),
        ("SELECT 1;\n-- the end;\n", ["SELECT 1"]),
        ("SELECT ';'; DO $x$BEGIN a; b; END$x$", ["SELECT ';'", "DO $x$BEGIN a; b; END$x$"]),
        ('/* ; */ SELECT ";"; TABLE t', ['/* ; */ SELECT ";"', "TABLE t"]),
        ("SELECT E'\\';'; TABLE t", ["SELECT E'\\';'", "TABLE t"]),
        ("", []),
    ],
)  # fmt: skip
def test_where_a_statement_ends(text: str, parts: list[str]) -> None:
    assert split(text) == parts


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ALTER TABLE t ALTER COLUMN c TYPE int USING c::int", "c::int"),
        ("ALTER TABLE t ALTER c SET DATA TYPE numeric(9, 2) USING (a + b, 1), ADD d int;", "(a + b, 1)"),
        ("alter table t alter \"c\" type int using f(c, 'x,y'), alter d type int using 2", "f(c, 'x,y')"),
        ("ALTER TABLE t ALTER d TYPE int USING 2, ALTER c TYPE int", None),
        ("ALTER TABLE t ALTER COLUMN c TYPE int", None),
        ("ALTER TABLE t ALTER COLUMN d TYPE int USING c", None),
        ("CREATE INDEX i ON t USING gin (c)", None),
    ],
)
def test_what_using_says(text: str, said: str | None) -> None:
    assert using(text, "c") == said
