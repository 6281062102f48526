"""Reading a catalog: what is left out, what the connection must not notice, and what can go wrong meanwhile."""

import contextlib
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest
from psycopg import sql
from psycopg.rows import dict_row

from headworks.catalog import reader, statements
from headworks.catalog.errors import (
    CatalogChanging,
    CatalogUnreadable,
    ConnectionDropped,
    PermissionMissing,
    ServerTooOld,
    TransactionOpen,
)
from headworks.catalog.reader import read_schema
from headworks.catalog.statements import query
from headworks.errors import ExitCode
from headworks.schema import (
    Column,
    Function,
    Index,
    Object,
    Relation,
    Schema,
    Table,
    decode,
    diff,
    encode,
    kinds,
)

MakeDatabase = Callable[..., str]

ODD_NAMES = ['a"b', "a.b", "a b", "🦉", "ü" * 31, "select", "A", "a'b", "back\\slash", "a\nb", "%s", "$1", ":x"]


@pytest.fixture
def database(make_database: MakeDatabase) -> Iterator["psycopg.Connection[Any]"]:
    with psycopg.connect(make_database(), autocommit=True) as connection:
        yield connection


def state(connection: "psycopg.Connection[Any]") -> tuple[Any, ...]:
    names = ("search_path", "client_encoding", "DateStyle", "TimeZone", "jit", "quote_all_identifiers")
    settings = tuple(connection.execute(f"SHOW {name}").fetchone() for name in names)
    if not connection.autocommit:
        connection.rollback()
    return (connection.autocommit, connection.isolation_level, connection.info.transaction_status, *settings)


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.kind)
def test_the_columns_of_a_query_are_the_fields_of_its_record(
    kind: type[Object], server_url: str, server_major: int
) -> None:
    with psycopg.connect(server_url) as connection:
        cursor = connection.execute(f"SELECT * FROM (\n{query(kind)}\n) AS r LIMIT 0")
        names = [column.name for column in cursor.description or ()]
    fields = {name for name in kind.__struct_fields__ if name != "comment" or kind.commentable}
    assert sorted(names) == sorted(fields)


def test_the_queries_run_in_psql_as_they_are(server_url: str, pg_bindir: Path) -> None:
    folder = Path(reader.__file__).parent / "queries"
    files = [word for file in sorted(folder.glob("*.sql")) for word in ("-f", str(file), "-c", ";")]
    command = [str(pg_bindir / "psql"), "-qX", "-v", "ON_ERROR_STOP=1", server_url, *files]
    subprocess.run(command, check=True, capture_output=True)
    for file in folder.glob("*.sql"):
        assert file.read_text(encoding="utf-8").startswith("-- ")
        assert "https://www.postgresql.org/docs/current/" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("autocommit", [True, False])
@pytest.mark.parametrize("pipeline", [True, False])
def test_the_connection_is_left_as_it_was(
    make_database: MakeDatabase, monkeypatch: pytest.MonkeyPatch, autocommit: bool, pipeline: bool
) -> None:
    if not pipeline:
        monkeypatch.setattr(psycopg.Pipeline, "is_supported", classmethod(lambda cls: False))
    url = make_database()
    with psycopg.connect(url, autocommit=True, row_factory=dict_row) as connection:
        connection.execute("CREATE TABLE t (a text DEFAULT 'x')")
        connection.execute("SET search_path = public; SET quote_all_identifiers = on; SET DateStyle = 'SQL, DMY'")
        connection.isolation_level = psycopg.IsolationLevel.SERIALIZABLE
        connection.autocommit = autocommit
        before = state(connection)
        picture = read_schema(connection)
        assert state(connection) == before
        assert picture.table("public", "t") == Table(schema="public", name="t", column_order=("a",))


def test_client_side_cursors_do_not_matter(make_database: MakeDatabase) -> None:
    with psycopg.connect(make_database(), cursor_factory=psycopg.ClientCursor) as connection:
        assert len(read_schema(connection)) == 2


SETTINGS = [
    "search_path = public",
    "quote_all_identifiers = on",
    "DateStyle = 'German, DMY'",
    "IntervalStyle = iso_8601",
    "TimeZone = 'Asia/Tokyo'",
    "extra_float_digits = -10",
    "bytea_output = escape",
    "standard_conforming_strings = off",
    "client_encoding = LATIN1",
    "default_transaction_isolation = serializable",
    "default_transaction_read_only = on",
]


def test_settings_of_the_session_do_not_matter(database: "psycopg.Connection[Any]") -> None:
    database.execute(
        """
        CREATE TYPE mood AS ENUM ('ok', 'ü🦉');
        CREATE TABLE "ÿ" (
            a timestamptz DEFAULT '2020-02-03 04:05:06+00', b interval DEFAULT '1 month 2 days',
            c bytea DEFAULT '\\x00ff', d double precision DEFAULT 0.1::float8, e date DEFAULT '2020-02-03',
            f mood DEFAULT 'ü🦉', g timestamp
        );
        CREATE INDEX ON "ÿ" ((g + '1 day'::interval)) WHERE f = 'ü🦉';
        """
    )
    before = read_schema(database)
    for setting in SETTINGS:
        database.execute(f"SET {setting}")
        assert diff(before, read_schema(database)) == (), setting


def test_system_and_temporary_objects_are_left_out(database: "psycopg.Connection[Any]") -> None:
    empty = read_schema(database)
    assert {str(item.ref) for item in empty} == {"schema public", "extension plpgsql"}
    assert empty.server_major == database.info.server_version // 10000
    database.execute("CREATE TEMP TABLE t (id serial PRIMARY KEY, a text); CREATE INDEX ON t (a)")
    database.execute("CREATE TEMP VIEW v AS SELECT 1 AS a; CREATE TYPE pg_temp.mood AS ENUM ('x')")
    database.execute("CREATE FUNCTION pg_temp.f() RETURNS integer LANGUAGE sql AS 'SELECT 1'")
    database.execute(
        "CREATE TABLE headworks_lock (id serial PRIMARY KEY, a text UNIQUE); CREATE INDEX ON headworks_lock (a)"
    )
    assert read_schema(database) == empty


def test_objects_of_an_extension_are_left_out(database: "psycopg.Connection[Any]") -> None:
    before = read_schema(database)
    for name in ("hstore", "citext", "btree_gist", "pg_stat_statements"):
        with contextlib.suppress(psycopg.errors.FeatureNotSupported, psycopg.errors.UndefinedFile):
            database.execute(sql.SQL("CREATE EXTENSION {}").format(sql.Identifier(name)))
    changes = diff(before, read_schema(database))
    assert {change.object.kind for change in changes} == {"extension"}


def test_what_a_user_adds_to_an_extension_is_left_out_too(database: "psycopg.Connection[Any]") -> None:
    database.execute("CREATE TABLE t (id serial PRIMARY KEY, a text CHECK (a <> '')); CREATE INDEX ON t (a)")
    database.execute("CREATE TYPE c AS (x integer); CREATE EXTENSION hstore")
    database.execute("ALTER EXTENSION hstore ADD TABLE t; ALTER EXTENSION hstore ADD TYPE c")
    assert {item.ref.kind for item in read_schema(database)} == {"schema", "extension"}


def test_names_are_raw_and_whole(database: "psycopg.Connection[Any]") -> None:
    for name in ODD_NAMES:
        statement = sql.SQL(
            "CREATE SCHEMA {0}; SET search_path = {0}; CREATE TYPE {0} AS ENUM ('x'); CREATE SEQUENCE {1};"
            "CREATE TABLE {2} ({0} integer CONSTRAINT {0} PRIMARY KEY, UNIQUE ({0}), x {0} DEFAULT 'x',"
            " CONSTRAINT {1} FOREIGN KEY ({0}) REFERENCES {2});"
            "CREATE INDEX {3} ON {2} ({0});"
            "CREATE FUNCTION {0}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END';"
            "CREATE TRIGGER {0} AFTER UPDATE OF {0} ON {2} FOR EACH ROW EXECUTE FUNCTION {0}()"
        )
        database.execute(statement.format(*(sql.Identifier(f"{prefix}{name}"[:31]) for prefix in ("", "q", "t", "i"))))
    picture = read_schema(database)
    assert decode(encode(picture)) == picture
    for name in (name[:31] for name in ODD_NAMES):
        table = picture.table(name, f"t{name}"[:31])
        assert table is not None, name
        assert table.column_order == (name, "x")
        (index,) = picture.on(table, Index)
        assert index.name == f"i{name}"[:31]
        assert [column.name for column in picture.on(table, Column)] == [name, "x"]
        # Inside an expression names are quoted as PostgreSQL quotes them.
        (key,) = index.keys
        database.execute(f"CREATE INDEX again ON {sql.Identifier(name, table.name).as_string(database)} ({key})")


def test_a_role_that_may_only_connect_sees_everything(server_url: str, make_database: MakeDatabase) -> None:
    url = make_database()
    with psycopg.connect(url, autocommit=True) as owner:
        role = sql.Identifier(f"reader_{owner.info.dbname}")
        owner.execute(
            "CREATE SCHEMA hidden; REVOKE ALL ON SCHEMA public FROM PUBLIC;"
            "CREATE TABLE hidden.t (id serial PRIMARY KEY, a text DEFAULT 'secret' CHECK (a <> ''));"
            "CREATE VIEW hidden.v AS SELECT t.a FROM hidden.t, hidden.t AS u;"
            "CREATE FUNCTION hidden.f() RETURNS integer LANGUAGE sql AS 'SELECT 1';"
            "CREATE SEQUENCE hidden.s; REVOKE ALL ON hidden.t, hidden.v, hidden.s FROM PUBLIC"
        )
        owner.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(role))
        try:
            whole = read_schema(owner)
            owner.execute(sql.SQL("SET ROLE {}").format(role))
            assert read_schema(owner) == whole
            owner.execute("RESET ROLE; REVOKE SELECT ON pg_catalog.pg_proc FROM PUBLIC")
            owner.execute(sql.SQL("SET ROLE {}").format(role))
            with pytest.raises(PermissionMissing) as caught:
                read_schema(owner)
            assert "pg_proc" in str(caught.value)
            assert owner.info.dbname in str(caught.value)
            assert owner.info.transaction_status is psycopg.pq.TransactionStatus.IDLE
        finally:
            owner.execute(sql.SQL("RESET ROLE; DROP ROLE {}").format(role))


def test_an_open_transaction_is_refused(database: "psycopg.Connection[Any]") -> None:
    database.autocommit = False
    database.execute("SELECT 1")
    with pytest.raises(TransactionOpen):
        read_schema(database)
    assert database.info.transaction_status is psycopg.pq.TransactionStatus.INTRANS


def test_a_dropped_connection(make_database: MakeDatabase, server_url: str) -> None:
    with psycopg.connect(make_database(), autocommit=True) as connection:
        name = connection.info.dbname
        with psycopg.connect(server_url, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.info.backend_pid])
        with pytest.raises(ConnectionDropped) as caught:
            read_schema(connection)
        assert repr(name) in str(caught.value)
        assert caught.value.exit_code is ExitCode.FAILED
        with pytest.raises(ConnectionDropped):
            read_schema(connection)


def test_a_query_that_fails_is_one_line(database: "psycopg.Connection[Any]") -> None:
    database.execute("SET statement_timeout = 1")
    with pytest.raises(CatalogUnreadable) as caught:
        read_schema(database)
    assert "\n" not in str(caught.value)
    assert caught.value.advice
    assert database.info.transaction_status is psycopg.pq.TransactionStatus.IDLE
    assert database.autocommit


def test_a_server_that_is_too_old(database: "psycopg.Connection[Any]", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "OLDEST_MAJOR", 99)
    with pytest.raises(ServerTooOld, match=r"reads 99 and later"):
        read_schema(database)


@pytest.mark.parametrize("statement", ["SELECT 'gone'::regclass AS name", "SELECT NULL::text AS name"])
def test_what_vanishes_while_it_is_read_is_read_again(
    database: "psycopg.Connection[Any]", monkeypatch: pytest.MonkeyPatch, statement: str
) -> None:
    wanted = read_schema(database)
    failures = iter([statement])
    monkeypatch.setattr(statements, "query", lambda kind: next(failures, query(kind)))
    assert read_schema(database) == wanted
    monkeypatch.setattr(statements, "query", lambda kind: statement)
    with pytest.raises(CatalogChanging, match="3 times in a row"):
        read_schema(database)


def test_a_catalog_that_changes_all_the_time(make_database: MakeDatabase) -> None:
    """Each picture is one moment: the two tables, made and dropped together, are both there or both not."""
    url, stop = make_database(), threading.Event()
    script = (
        "BEGIN; CREATE TABLE a (id serial PRIMARY KEY, x text CHECK (x <> '')); CREATE INDEX ON a (lower(x));"
        "CREATE VIEW b AS SELECT a.id FROM a, a AS c;"
        "CREATE FUNCTION f(a) RETURNS integer LANGUAGE sql AS 'SELECT 1'; COMMIT;"
        "DROP TABLE a CASCADE"
    )

    def change() -> None:
        with psycopg.connect(url, autocommit=True) as writer:
            while not stop.is_set():
                writer.execute(script)

    thread = threading.Thread(target=change)
    thread.start()
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            for _ in range(25):
                with contextlib.suppress(CatalogChanging):
                    names = {item.name for item in read_schema(connection).all(Relation)}
                    assert names in (set(), {"a", "b"})
    finally:
        stop.set()
        thread.join()


def test_a_huge_function(database: "psycopg.Connection[Any]") -> None:
    body = "SELECT 'ü' -- " + "🦉 '\\x " * 300_000
    database.execute(sql.SQL("CREATE FUNCTION f() RETURNS text LANGUAGE sql AS {}").format(sql.Literal(body)))
    (function,) = read_schema(database).all(Function)
    assert function.body == body


def test_a_database_of_another_encoding(server_url: str, make_database: MakeDatabase) -> None:
    with psycopg.connect(make_database(), autocommit=True) as connection:
        other = sql.Identifier(f"{connection.info.dbname}_latin1")
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'").format(other))
        try:
            with psycopg.connect(server_url, dbname=other._obj[0], autocommit=True) as latin:
                latin.execute('CREATE TABLE "größe" (id integer)')
                assert read_schema(latin).table("public", "größe")
        finally:
            connection.execute(sql.SQL("DROP DATABASE {}").format(other))


KEYS = [
    "btree (i, t, v, c, d)",
    "btree (i DESC, t NULLS FIRST, v DESC NULLS LAST, c ASC NULLS LAST)",
    'btree (t COLLATE "C", v COLLATE "POSIX" DESC, tc, tc COLLATE "default")',
    "btree (t text_pattern_ops, v varchar_pattern_ops, v text_ops, c bpchar_pattern_ops)",
    "btree (lower(t), (i + 1) DESC, (t || v) text_pattern_ops, (t IS NULL), coalesce(t, v))",
    "hash (t)",
    "gin (j, a)",
    "gin (j jsonb_path_ops, to_tsvector('english', t))",
    "gist (ts, r, ip inet_ops)",
    "gist (ts tsvector_ops (siglen = 64))",
    "spgist (t)",
    "brin (i int4_minmax_multi_ops (values_per_range = 8), t, i int4_bloom_ops)",
    "btree (e, a, d, ip, ci, u, b, o)",
    "btree (ci citext_pattern_ops, ci text_ops, v bpchar_ops, e enum_ops)",
    "btree (dt, dt text_pattern_ops, dd)",
    'btree ("odd ""name", "select", "UPPER")',
    "btree (rec record_ops)",
    "btree ((t || v) bpchar_ops, (v::text) varchar_ops, (i::bigint) int8_ops, (v::varchar(3)), (dt || 'x') text_ops)",
    "hash ((c::text))",
    "gin ((ARRAY[i]), (j -> 'x'))",
    "gist ((r * r), (ts || ts) tsvector_ops (siglen = 64))",
    "brin (lower(t), (i + 1) int4_minmax_multi_ops, (d - 1))",
    "spgist ((t || 'x') text_ops)",
]


def test_keys_are_what_postgresql_prints(database: "psycopg.Connection[Any]") -> None:
    database.execute(
        """
        CREATE EXTENSION citext;
        CREATE TYPE mood AS ENUM ('a');
        CREATE TYPE pair AS (x integer, y text);
        CREATE DOMAIN dtext AS text; CREATE DOMAIN ddtext AS dtext;
        CREATE TABLE t (
            i integer, t text, v varchar(9), c char(3), d date, tc text COLLATE "C", j jsonb, a integer[], ts tsvector,
            r int4range, ip inet, e mood, ci citext, u uuid, b bytea, o oid, dt dtext, dd ddtext, rec pair,
            "odd ""name" integer, "select" text, "UPPER" text
        )
        """
    )
    for number, keys in enumerate(KEYS):
        database.execute(f"CREATE INDEX i{number} ON t USING {keys}")
    indexes = read_schema(database).all(Index)
    assert len(indexes) == len(KEYS)
    database.execute("SET search_path = ''")
    printed = dict(database.execute("SELECT relname, pg_get_indexdef(oid) FROM pg_class WHERE relname ~ '^i[0-9]'"))
    for index in indexes:
        ours = f"CREATE INDEX {index.name} ON public.t USING {index.method} ({', '.join(index.keys)})"
        assert ours == printed[index.name]


def test_pictures_of_two_databases_are_equal_whatever_happened_since(make_database: MakeDatabase) -> None:
    """VACUUM, ANALYZE, rows, other OIDs and the other way to the same schema are no difference."""
    url, other = make_database(), make_database()
    with psycopg.connect(url, autocommit=True) as one, psycopg.connect(other, autocommit=True) as two:
        one.execute("CREATE TABLE t (id serial PRIMARY KEY, a text NOT NULL DEFAULT 'x', b integer REFERENCES t)")
        one.execute("CREATE INDEX ON t (a)")
        two.execute("CREATE TABLE u (gone integer, id serial CONSTRAINT t_id_not_null NOT NULL, a varchar(5))")
        two.execute("ALTER TABLE u DROP gone; ALTER TABLE u RENAME TO t; ALTER SEQUENCE u_id_seq RENAME TO t_id_seq")
        two.execute(
            "ALTER TABLE t ALTER a TYPE text; ALTER TABLE t ALTER a SET DEFAULT 'x'; ALTER TABLE t ALTER a SET NOT NULL"
        )
        two.execute("CREATE INDEX ON t (a); ALTER TABLE t ADD b integer; ALTER TABLE t ADD PRIMARY KEY (id)")
        two.execute(
            "ALTER TABLE t ADD FOREIGN KEY (b) REFERENCES t NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT t_b_fkey"
        )
        two.execute("INSERT INTO t (a) SELECT 'y' FROM generate_series(1, 100)")
        two.execute("ANALYZE")
        two.execute("VACUUM")
        assert read_schema(one) == read_schema(two)


def test_rows_decode_strictly() -> None:
    """A query that forgets a column, or has one too many, is noticed at once."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'{"schema": "s", "name": "t", "colour": "red"}', type=Table)
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'{"schema": "s"}', type=Table)
    assert Schema().server_major == 0
