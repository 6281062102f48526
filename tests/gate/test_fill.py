"""Rows for tables of every kind: what the server takes, and why it took nothing."""

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from headworks.gate.data.content import read_contents
from headworks.gate.data.fill import Filler
from headworks.gate.data.patterns import like_sample, pattern_sample
from headworks.gate.data.tables import read_tables

TYPES = [
    "smallint",
    "integer",
    "bigint",
    "numeric",
    "numeric(5,2)",
    "numeric(3,3)",
    "numeric(4,0)",
    "real",
    "double_precision",
    "money",
    "boolean",
    "text",
    "varchar",
    "varchar(1)",
    "varchar(7)",
    "char(3)",
    "char",
    '"char"',
    "name",
    "bytea",
    "date",
    "time",
    "timetz",
    "timestamp",
    "timestamptz(3)",
    "interval",
    "uuid",
    "json",
    "jsonb",
    "jsonpath",
    "inet",
    "cidr",
    "macaddr",
    "macaddr8",
    "bit",
    "bit(5)",
    "bit_varying(9)",
    "tsvector",
    "tsquery",
    "point",
    "line",
    "lseg",
    "box",
    "path",
    "polygon",
    "circle",
    "pg_lsn",
    "oid",
    "xid8",
    "regclass",
    "int4range",
    "int8range",
    "numrange",
    "tsrange",
    "tstzrange",
    "daterange",
    "int4multirange",
    "datemultirange",
    "integer[]",
    "text[]",
    "varchar(3)[]",
    "timestamptz[]",
    "numeric(6,2)[]",
    "jsonb[]",
    "mood",
    "mood[]",
    "pair",
    "pair[]",
    "span",
    "positive",
    "positive[]",
    "even",
]
"""All but xml, which many servers are built without."""

SCHEMA = """
CREATE TYPE mood AS ENUM ('sad', 'it''s ok', 'happy');
CREATE DOMAIN positive AS integer CHECK (VALUE > 41);
CREATE DOMAIN even AS positive NOT NULL CHECK (VALUE % 2 = 0);
CREATE TYPE pair AS (a integer, b text);
CREATE TYPE span AS RANGE (subtype = numeric);
"""


@pytest.fixture
def connection(make_database: Callable[..., str]) -> Iterator["psycopg.Connection[Any]"]:
    with psycopg.connect(make_database(), autocommit=True) as found:
        yield found


def fill(connection: "psycopg.Connection[Any]") -> dict[str, str]:
    """Fill all tables; why, for those that stay empty, by name."""
    tables = read_tables(connection, [("public", "alembic_version")], {})
    counts = {oid: one.count for oid, one in read_contents(connection, tables.values(), {}).items()}
    why = Filler(connection).fill(tables, list(tables), counts, again=())
    return {tables[oid].name: reason for oid, reason in why.items()}


def rows(connection: "psycopg.Connection[Any]", query: str) -> list[tuple[Any, ...]]:
    return connection.execute(query).fetchall()


class TestTypes:
    @pytest.mark.parametrize("null", ["", " NOT NULL"])
    def test_each_type_has_values(self, null: str, connection: "psycopg.Connection[Any]") -> None:
        connection.execute(SCHEMA)
        names = {
            f"t{place}": kind.replace("double_", "double ").replace("bit_", "bit ") for place, kind in enumerate(TYPES)
        }
        for name, kind in names.items():
            connection.execute(f"CREATE TABLE {name} (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v {kind}{null})")
        assert fill(connection) == {}
        for name, kind in names.items():
            [(count, held, distinct)] = rows(
                connection, f"SELECT count(*), count(v), count(DISTINCT v::text) FROM {name}"
            )
            assert (count, held) == (4, 4 if null or kind == "even" else 3), kind
            assert distinct > 1 or kind in ("name", "numeric(3,3)"), kind

    def test_a_type_is_as_long_as_it_may_be(self, connection: "psycopg.Connection[Any]") -> None:
        connection.execute("CREATE TABLE t (a varchar(40), b text, c numeric(9, 2), d bigint)")
        assert fill(connection) == {}
        assert rows(connection, "SELECT max(length(a)), max(length(b)), max(c) > 999999, max(d) > 2 ^ 31 FROM t") == [
            (40, 300, True, True)
        ]
        assert rows(connection, "SELECT count(*) FROM t WHERE b ~ '[^[:ascii:]]' AND b LIKE '%''%'") == [(1,)]

    def test_all_columns_are_null_in_one_row(self, connection: "psycopg.Connection[Any]") -> None:
        connection.execute("CREATE TABLE t (id int PRIMARY KEY, a text, b int, c jsonb, d bool)")
        assert fill(connection) == {}
        assert rows(connection, "SELECT num_nulls(a, b, c, d) FROM t ORDER BY 1") == [(0,), (0,), (0,), (4,)]

    def test_generated_columns_and_identities_are_the_servers(self, connection: "psycopg.Connection[Any]") -> None:
        connection.execute(
            "CREATE TABLE t (id bigserial PRIMARY KEY, a int NOT NULL, b int GENERATED ALWAYS AS (a * 2) STORED)"
        )
        assert fill(connection) == {}
        assert rows(connection, "SELECT id, b = a * 2 FROM t ORDER BY 1") == [(n, True) for n in range(1, 5)]
        assert rows(connection, "SELECT nextval('t_id_seq')") == [(5,)]


CHECKS = {
    "a set": "k text NOT NULL CHECK (k IN ('one', 'two'))",
    "a pattern": "k text NOT NULL CHECK (k ~ '^[A-Z]{2}-[0-9]{3,5}(/x|/y)?$')",
    "a pattern with classes": r"k text NOT NULL UNIQUE CHECK (k ~ '^\d{3}[[:alpha:]]+\.[^a-y]$')",
    "LIKE": "k text NOT NULL CHECK (k LIKE 'pre%\\_fix_')",
    "a length": "k text NOT NULL CHECK (length(k) = 17)",
    "upper case": "k varchar(20) NOT NULL CHECK (k = upper(k))",
    "a range of numbers": "k int NOT NULL UNIQUE CHECK (k BETWEEN 500 AND 510)",
    "a sum": "a numeric NOT NULL, b numeric NOT NULL, c numeric NOT NULL CHECK (c = a + b)",
    "an order of times": "a date NOT NULL, b date NOT NULL, c timestamptz NOT NULL, CHECK (a < b AND c >= b)",
    "one of three": "a int, b text, c uuid, CHECK (num_nonnulls(a, b, c) = 1)",
    "an implication": "s text NOT NULL CHECK (s IN ('new', 'paid')), p date, CHECK (s <> 'paid' OR p IS NOT NULL)",
    "a key of an object": "j jsonb NOT NULL CHECK (jsonb_typeof(j -> 'kind') = 'string')",
    "an array": "v text[] NOT NULL CHECK (cardinality(v) = 2 AND v <@ ARRAY['red', 'green', 'blue'])",
    "a network": "n inet NOT NULL CHECK (n << '192.168.0.0/16')",
    "a division": "a int NOT NULL, b int NOT NULL, CHECK (a / b > 1)",
    "a name with quotes": '"a ""b"" %s" text NOT NULL CHECK ("a ""b"" %s" <> \'\')',
    "a column named value": "value int NOT NULL CHECK (value > 12345)",
    "a column named like the alias": "r int NOT NULL, v text, c0 int CHECK (c0 > r)",
}


@pytest.mark.parametrize("check", CHECKS)
def test_checks_are_met(check: str, connection: "psycopg.Connection[Any]") -> None:
    connection.execute(f"CREATE TABLE t ({CHECKS[check]})".encode())
    assert fill(connection) == {}
    assert rows(connection, "SELECT count(*) > 1 FROM t") == [(True,)]


KEYS = {
    "a tree": "CREATE TABLE t (id int PRIMARY KEY, above int REFERENCES t)",
    "a tree whose root is its own": "CREATE TABLE t (id serial PRIMARY KEY, above int NOT NULL REFERENCES t)",
    "a circle with a way out": """
        CREATE TABLE t (id int PRIMARY KEY, u int NOT NULL);
        CREATE TABLE u (id int PRIMARY KEY, t int REFERENCES t);
        ALTER TABLE t ADD FOREIGN KEY (u) REFERENCES u""",
    "a circle of three": """
        CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, u uuid NOT NULL);
        CREATE TABLE u (id uuid PRIMARY KEY, w text NOT NULL);
        CREATE TABLE w (id text PRIMARY KEY, t int NOT NULL REFERENCES t);
        ALTER TABLE u ADD FOREIGN KEY (w) REFERENCES w;
        ALTER TABLE t ADD FOREIGN KEY (u) REFERENCES u DEFERRABLE INITIALLY DEFERRED""",
    "tenants": """
        CREATE TABLE tenant (id int PRIMARY KEY);
        CREATE TABLE a (tenant int REFERENCES tenant, id int, PRIMARY KEY (tenant, id));
        CREATE TABLE b (tenant int REFERENCES tenant, id int, PRIMARY KEY (tenant, id));
        CREATE TABLE t (tenant int NOT NULL REFERENCES tenant, a int NOT NULL, b int,
            FOREIGN KEY (tenant, a) REFERENCES a, FOREIGN KEY (tenant, b) REFERENCES b)""",
    "MATCH FULL": """
        CREATE TABLE a (x int, y int, PRIMARY KEY (x, y));
        CREATE TABLE t (x int, y int, FOREIGN KEY (x, y) REFERENCES a MATCH FULL)""",
    "one to one": """
        CREATE TABLE a (id serial PRIMARY KEY);
        CREATE TABLE t (id int PRIMARY KEY REFERENCES a, n text)""",
    "one of two parents": """
        CREATE TABLE a (id serial PRIMARY KEY);
        CREATE TABLE b (id serial PRIMARY KEY);
        CREATE TABLE t (a int REFERENCES a, b int REFERENCES b, CHECK (num_nonnulls(a, b) = 1))""",
    "an exclusion": """
        CREATE TABLE t (a int4range NOT NULL, EXCLUDE USING gist (a WITH &&))""",
    "a partial unique index": """
        CREATE TABLE t (id int, active bool NOT NULL, n int NOT NULL DEFAULT 1);
        CREATE UNIQUE INDEX ON t (n) WHERE active; CREATE UNIQUE INDEX ON t ((n + id))""",
    "partitions by range and list": """
        CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY, at timestamptz, k text, PRIMARY KEY (id, at, k))
            PARTITION BY RANGE (at);
        CREATE TABLE t1 PARTITION OF t FOR VALUES FROM ('2031-05-01') TO ('2031-06-01');
        CREATE TABLE t2 PARTITION OF t FOR VALUES FROM ('2031-06-01') TO ('2031-07-01') PARTITION BY LIST (k);
        CREATE TABLE t2a PARTITION OF t2 FOR VALUES IN ('north', 'south');
        CREATE TABLE t2b PARTITION OF t2 DEFAULT;
        CREATE TABLE uses (id bigint NOT NULL, at timestamptz NOT NULL, k text NOT NULL,
            FOREIGN KEY (id, at, k) REFERENCES t)""",
    "partitions by hash": """
        CREATE TABLE t (id int PRIMARY KEY) PARTITION BY HASH (id);
        CREATE TABLE t0 PARTITION OF t FOR VALUES WITH (MODULUS 3, REMAINDER 0);
        CREATE TABLE t1 PARTITION OF t FOR VALUES WITH (MODULUS 3, REMAINDER 1);
        CREATE TABLE t2 PARTITION OF t FOR VALUES WITH (MODULUS 3, REMAINDER 2)""",
    "a trigger that refuses": """
        CREATE FUNCTION draft() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN
            IF NEW.state <> 'draft' THEN RAISE 'only drafts'; END IF; RETURN NEW; END$$;
        CREATE TABLE t (id serial, state text NOT NULL);
        CREATE TRIGGER draft BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION draft()""",
    "names": """
        CREATE SCHEMA "Odd schema"; CREATE TYPE "Odd schema"."kind of" AS ENUM ('a b');
        CREATE TABLE "Odd schema"."select" ("from" serial PRIMARY KEY, "it's %s" "Odd schema"."kind of" NOT NULL);
        CREATE TABLE "t" ("#" int NOT NULL REFERENCES "Odd schema"."select", "f0#" int CHECK ("f0#" > "#"))""",
    "no columns": "CREATE TABLE t ()",
    "inheritance": "CREATE TABLE a (n int NOT NULL); CREATE TABLE t (m int NOT NULL) INHERITS (a)",
}


@pytest.mark.parametrize("case", KEYS)
def test_keys_are_met(case: str, connection: "psycopg.Connection[Any]") -> None:
    connection.execute(KEYS[case].encode())
    assert fill(connection) == {}
    assert rows(
        connection, "SELECT count(*) > 0 FROM ONLY t" if case == "inheritance" else "SELECT count(*) > 0 FROM t"
    ) == [(True,)]


def test_it_is_the_same_each_time(make_database: Callable[..., str]) -> None:
    said = []
    for _ in range(2):
        with psycopg.connect(make_database(), autocommit=True) as connection:
            connection.execute(SCHEMA + "CREATE TABLE t (id uuid PRIMARY KEY, m mood, r span, a text, d date)")
            assert fill(connection) == {}
            said.append(rows(connection, "SELECT t::text FROM t ORDER BY 1"))
    assert said[0] == said[1]


TWICE = {
    "a key": ("CREATE TABLE t (id int PRIMARY KEY, email text NOT NULL, at date NOT NULL)", ["email, at"]),
    "a parent": (
        "CREATE TABLE a (id int PRIMARY KEY);"
        "CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL REFERENCES a, n text NOT NULL)",
        ["a, n"],
    ),
    "several parents": (
        "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id serial PRIMARY KEY);"
        "CREATE TABLE t (id uuid PRIMARY KEY, a int NOT NULL REFERENCES a, b int REFERENCES b, n text NOT NULL)",
        ["a, b, n"],
    ),
    "a parent that comes later": (
        "CREATE TABLE t (id int PRIMARY KEY, a int, n text NOT NULL); CREATE TABLE a (id int PRIMARY KEY);"
        "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES a",
        ["a, n"],
    ),
    "a key of two columns that points somewhere": (
        "CREATE TABLE a (x int, y text, PRIMARY KEY (x, y));"
        "CREATE TABLE t (id int PRIMARY KEY, x int NOT NULL, y text NOT NULL, n text, FOREIGN KEY (x, y) REFERENCES a)",
        ["x, y, n"],
    ),
    "one that points to itself": ("CREATE TABLE t (id int PRIMARY KEY, up int REFERENCES t, n text)", ["up, n"]),
    "a circle that may be open": (
        "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE t (id int PRIMARY KEY, a int REFERENCES a, n text);"
        "ALTER TABLE a ADD t int REFERENCES t",
        ["a, n"],
    ),
    "a circle": (
        "CREATE TABLE a (id serial PRIMARY KEY, t int NOT NULL);"
        "CREATE TABLE t (id serial PRIMARY KEY, a int NOT NULL REFERENCES a, n text NOT NULL);"
        "ALTER TABLE a ADD FOREIGN KEY (t) REFERENCES t",
        ["a, n"],
    ),
    "a unique index of two columns": (
        "CREATE TABLE a (id int PRIMARY KEY);"
        "CREATE TABLE t (id serial PRIMARY KEY, a int NOT NULL REFERENCES a, n text NOT NULL, m text, UNIQUE (a, n))",
        ["a, m", "n, m"],
    ),
    "three columns": ("CREATE TABLE t (a int, b int, c int, UNIQUE (a, b, c))", ["a, b", "a, c", "b, c"]),
    "an association": (
        "CREATE TABLE a (id serial PRIMARY KEY); CREATE TABLE b (id serial PRIMARY KEY);"
        "CREATE TABLE t (a int REFERENCES a, b int REFERENCES b, n text, PRIMARY KEY (a, b))",
        ["a, n", "b, n"],
    ),
    "an expression": (
        "CREATE TABLE t (id serial PRIMARY KEY, n text, m text); CREATE UNIQUE INDEX ON t (lower(n))",
        ["m"],
    ),
    "a column that an index only carries": (
        "CREATE TABLE t (id serial PRIMARY KEY, n text NOT NULL, m text); CREATE UNIQUE INDEX ON t (n) INCLUDE (m)",
        ["m"],
    ),
    "an exclusion": (
        "CREATE TABLE t (id serial PRIMARY KEY, m text, r int4range NOT NULL, EXCLUDE USING gist (r WITH &&))",
        ["m"],
    ),
    "a check beside a key": (
        "CREATE TABLE t (a int PRIMARY KEY, b int NOT NULL, c int NOT NULL, CHECK (a > b), CHECK (b >= c))",
        ["b, c"],
    ),
}


@pytest.mark.parametrize("case", TWICE)
def test_something_is_there_twice(case: str, connection: "psycopg.Connection[Any]") -> None:
    """What is not unique in the schema is not unique in the rows: a new unique constraint must meet that."""
    schema, free = TWICE[case]
    connection.execute(schema.encode())
    assert fill(connection) == {}
    for columns in free:
        query = f"SELECT FROM t WHERE num_nulls({columns}) = 0 GROUP BY {columns} HAVING count(*) > 1"
        assert rows(connection, query), columns


@pytest.mark.parametrize("kind", ["int", "bigint", "uuid", "text", "varchar(36)", "varchar(3)", "char(2)"])
def test_what_need_not_point_anywhere_points_nowhere(kind: str, connection: "psycopg.Connection[Any]") -> None:
    """A new foreign key must meet that, be the column a key itself or none."""
    for unique in ("", "UNIQUE"):
        connection.execute("DROP TABLE IF EXISTS a, t")
        connection.execute(f"CREATE TABLE a (id {kind} PRIMARY KEY)".encode())
        connection.execute(f"CREATE TABLE t (id serial, a {kind} {unique})".encode())
        assert fill(connection) == {}
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            connection.execute("ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES a")


@pytest.mark.parametrize("kind", ["uuid", "text", "varchar(3)"])
def test_what_may_point_somewhere_does_in_one_row(kind: str, connection: "psycopg.Connection[Any]") -> None:
    """A revision that joins the two must meet that."""
    connection.execute(f"CREATE TABLE a (id {kind} PRIMARY KEY); CREATE TABLE t (id serial, a {kind})".encode())
    assert fill(connection) == {}
    assert rows(connection, "SELECT count(*) > 0 FROM t JOIN a ON t.a = a.id") == [(True,)]


REFUSED = {
    "an impossible check": (
        "CREATE TABLE t (a int NOT NULL CHECK (a > 0 AND a < 0))",
        "no value was found that column a",
    ),
    "an impossible pair": (
        "CREATE TABLE t (a int NOT NULL, b int NOT NULL, CHECK (a < b AND b < a))",
        "no values were found that go together",
    ),
    "no partition": ("CREATE TABLE t (a int) PARTITION BY LIST (a)", "it has no partition"),
    "a rule": ("CREATE TABLE t (a int); CREATE RULE r AS ON INSERT TO t DO INSTEAD NOTHING", "takes rows away"),
    "a trigger": (
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NULL; END$$; CREATE TABLE t (a int);"
        "CREATE TRIGGER f BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
        "takes rows away",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_table_that_takes_none_is_named(case: str, connection: "psycopg.Connection[Any]") -> None:
    schema, reason = REFUSED[case]
    connection.execute(schema)
    why = fill(connection)
    assert list(why) == ["t"]
    assert reason in why["t"]


@pytest.mark.parametrize(
    "pattern", ["^a$", "^(foo|bar)+$", "^[^@]+@[^@]+$", r"^\w{2,}\.\d?$", "^[]a-]{3}$", "x*?y", "^(?:ab){2}c{1,2}$"]
)
def test_samples_match_their_pattern(pattern: str, connection: "psycopg.Connection[Any]") -> None:
    for variant in range(12):
        sample = pattern_sample(pattern, variant)
        assert rows(connection, f"SELECT '{sample}' ~ '{pattern}'") == [(True,)], sample


def test_a_pattern_that_is_none_has_no_sample() -> None:
    assert pattern_sample("(a", 0) is None
    assert pattern_sample("[a", 0) is None


def test_samples_of_like() -> None:
    assert like_sample(r"a\%b_c%", 1) == "a%bbcx1"
