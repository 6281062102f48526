"""Catalogs at their worst: names that need every quote, a catalog that never rests, a reader that may not read."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from psycopg import sql

from headworks.catalog import statements
from headworks.catalog.errors import CatalogChanging, ConnectionDropped, PermissionMissing
from headworks.catalog.reader import read_schema
from headworks.catalog.statements import query
from headworks.schema import Column, Function, Object, decode, diff, encode
from headworks.schema.objects import Aggregate, Enum, Operator, OperatorClass, TextSearchConfiguration
from headworks.schema.quoting import split_last

MakeDatabase = Callable[..., str]

ODD_NAMES = {
    "double quotes": 'a""b"',
    "dot": "a.b",
    "spaces": " a  b ",
    "emoji": "\U0001f989",
    "63 bytes": "ü" * 31 + "x",
    "backslash": "back\\slash\\",
    "single quote": "it's",
    "keyword": "select",
    "upper case": "Select",
    "newline": "a\nb\tc",
    "parenthesis": 'a(b, "c',
    "closing": "b)",
    "using": "a USING b",
    "placeholder": "%s {0} $1 :x",
    "digits": "12345",
    "gone": "???",
    "array": "a[]",
    "comma": "a, b",
    "comment": "-- /* a",
}

# Every name is a schema's, and in it that of one object of each kind; {0} is the name, the others have a letter before.
ODD = """
CREATE SCHEMA {0}; SET search_path = {0};
CREATE TYPE {0} AS ENUM ('ok', {value});
CREATE DOMAIN {d} AS {0} CONSTRAINT {0} CHECK (VALUE <> {value});
CREATE TYPE {r} AS RANGE (SUBTYPE = {0}, MULTIRANGE_TYPE_NAME = {m});
CREATE TYPE {b};
CREATE FUNCTION {i}(cstring) RETURNS {b} LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION {o}({b}) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE TYPE {b} (INPUT = {i}, OUTPUT = {o});
CREATE TYPE {s};
CREATE COLLATION {0} (LOCALE = 'C');
CREATE CONVERSION {0} FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE FUNCTION {0}({0} {0}, {x} {d}[] DEFAULT ARRAY[]::{d}[]) RETURNS {0} RETURN {0}.{0};
CREATE PROCEDURE {p}({0} {0}) LANGUAGE sql AS '';
CREATE FUNCTION {l}({0}, {0}) RETURNS {0} LANGUAGE sql AS 'SELECT $1';
CREATE AGGREGATE {g}({0}) (SFUNC = {l}, STYPE = {0});
CREATE FUNCTION {k}({0}, {r}) RETURNS boolean LANGUAGE sql AS 'SELECT $1 <@ $2';
CREATE FUNCTION {h}({0}) RETURNS {d} LANGUAGE sql AS 'SELECT $1';
CREATE OPERATOR <<<< (LEFTARG = {0}, RIGHTARG = {r}, FUNCTION = {k});
CREATE OPERATOR @@! (RIGHTARG = {0}, FUNCTION = {h});
CREATE OPERATOR CLASS {0} FOR TYPE {0} USING btree AS
    OPERATOR 1 < (anyenum, anyenum), FUNCTION 1 ({0}, {0}) enum_cmp(anyenum, anyenum);
ALTER OPERATOR FAMILY {0} USING btree ADD OPERATOR 3 <<<< ({0}, {r});
CREATE TEXT SEARCH PARSER {0} (
    START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype
);
CREATE TEXT SEARCH TEMPLATE {0} (LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH DICTIONARY {0} (TEMPLATE = {0});
CREATE TEXT SEARCH CONFIGURATION {0} (PARSER = {0});
ALTER TEXT SEARCH CONFIGURATION {0} ADD MAPPING FOR word WITH {0}, simple;
CREATE SEQUENCE {q};
CREATE TABLE {t} (
    {0} {0} DEFAULT {value} CONSTRAINT {0} CHECK ({0} <> 'ok'), {x} {0}[] CONSTRAINT {x} UNIQUE, {y} {m}
);
CREATE INDEX {j} ON {t} ({0}, ({x}[1]));
CREATE VIEW {v} AS SELECT {0} AS {x} FROM {t};
CREATE MATERIALIZED VIEW {w} AS SELECT {0} FROM {t};
CREATE TYPE {c} AS ({0} {0});
"""
LETTERS = "drmbiosxplgkhqtyjvwc"


@pytest.fixture
def database(make_database: MakeDatabase) -> Iterator["psycopg.Connection[Any]"]:
    with psycopg.connect(make_database(), autocommit=True) as connection:
        yield connection


def odd_schema(name: str) -> sql.Composed:
    names = {letter: sql.Identifier(f"{letter}{name}".encode()[:63].decode(errors="ignore")) for letter in LETTERS}
    return sql.SQL(ODD).format(sql.Identifier(name), value=sql.Literal(f"{name}!"[:31]), **names)


@pytest.mark.parametrize("name", ODD_NAMES.values(), ids=ODD_NAMES)
def test_odd_names_are_raw_and_every_object_can_be_shown(database: "psycopg.Connection[Any]", name: str) -> None:
    database.execute(odd_schema(name))
    picture = read_schema(database)
    assert decode(encode(picture)) == picture
    named = {item.ref.kind for item in picture if item.name == name and getattr(item, "schema", name) == name}
    assert named >= {
        *("schema", "enum", "domain constraint", "collation", "conversion", "column", "constraint"),
        *("text search parser", "text search template", "text search dictionary", "text search configuration"),
    }
    functions = {split_last("(", item.name)[0] for item in picture.all(Function)}
    assert name in functions
    assert {split_last(" USING ", item.name)[0] for item in picture.all(OperatorClass)} == {name}
    # Whoever pastes it has a search path of his own.
    for path in ("''", "pg_catalog", "public"):
        database.execute(f"SET search_path = {path}")
        for item in picture:
            with database.cursor() as cursor:
                row = cursor.execute(item.shown_by.encode()).fetchone()
            assert row, item.shown_by


def test_odd_names_side_by_side_are_no_difference(make_database: MakeDatabase) -> None:
    pictures = []
    for names in (list(ODD_NAMES.values()), list(reversed(ODD_NAMES.values()))):
        with psycopg.connect(make_database(), autocommit=True) as connection:
            for name in names:
                connection.execute(odd_schema(name))
            pictures.append(read_schema(connection))
    one, other = pictures
    assert diff(one, other) == ()
    assert len({item.key for item in one}) == len(one)
    assert encode(one) == encode(other)


def test_what_shows_an_object_shows_its_definition(database: "psycopg.Connection[Any]") -> None:
    database.execute(odd_schema('a"b('))
    database.execute("SET search_path = ''")
    shown: dict[type[Object], str] = {}
    for item in read_schema(database):
        row = database.execute(item.shown_by.encode()).fetchone()
        shown[type(item)] = f"{shown.get(type(item), '')} {row}"
    assert 'a"b(!' in shown[Enum]
    assert 'CREATE OR REPLACE FUNCTION "a""b("."a""b("("a""b(" "a""b("."a""b("' in shown[Function]
    assert '"a""b("."la""b("' in shown[Aggregate]
    assert '"a""b("."ka""b("' in shown[Operator]
    assert "simple" in shown[TextSearchConfiguration]


def test_a_huge_body_is_whole_and_its_message_short(database: "psycopg.Connection[Any]") -> None:
    body = "BEGIN -- ü \\ ' \"" + "x\n" * 2_500_000 + "END"
    statement = sql.SQL("CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS {}")
    database.execute("SET check_function_bodies = off")
    database.execute(statement.format(sql.Literal(body)))
    before = read_schema(database)
    database.execute(sql.SQL("CREATE OR REPLACE FUNCTION f() RETURNS void LANGUAGE plpgsql AS {}").format(body + " "))
    after = read_schema(database)
    assert decode(encode(before)) == before
    (change,) = diff(before, after)
    assert (change.expected, change.actual) == (body, body + " ")
    assert len(str(change)) < 300


LATIN = """
CREATE TYPE "größe" AS ENUM ('klein', 'groß');
CREATE DOMAIN "maß" AS text DEFAULT 'ß' CHECK (VALUE <> 'ÿ');
CREATE FUNCTION "länge"("ä" "größe") RETURNS text LANGUAGE sql AS 'SELECT ''é''';
CREATE COLLATION "ordnung" (LOCALE = 'C');
CREATE TEXT SEARCH DICTIONARY "wörter" (TEMPLATE = simple);
COMMENT ON TYPE "größe" IS 'ÄÖÜ';
"""


def test_encodings_of_databases_are_no_difference(server_url: str, database: "psycopg.Connection[Any]") -> None:
    database.execute(LATIN)
    name = f"{database.info.dbname}_latin1"
    place = sql.Identifier(name)
    database.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'").format(place))
    try:
        with psycopg.connect(server_url, dbname=name, autocommit=True) as latin:
            latin.execute(LATIN)
            for encoding in ("UTF8", "LATIN1"):
                latin.execute(sql.SQL("SET client_encoding = {}").format(encoding))
                assert diff(read_schema(database), read_schema(latin)) == ()
    finally:
        database.execute(sql.SQL("DROP DATABASE {}").format(place))


RESTLESS = """
CREATE SCHEMA s;
CREATE TYPE s.e AS ENUM ('x', 'y');
CREATE DOMAIN s.d AS s.e[] CHECK (VALUE[1] <> 'x');
CREATE TYPE s.r AS RANGE (SUBTYPE = s.e);
CREATE COLLATION s.c (LOCALE = 'C');
CREATE FUNCTION s.f(s.e, s.e) RETURNS s.e RETURN $1;
CREATE FUNCTION s.g(s.d, s.r[]) RETURNS SETOF s.e LANGUAGE sql SET work_mem = '1MB' AS 'SELECT NULL::s.e';
CREATE AGGREGATE s.a(s.e) (SFUNC = s.f, STYPE = s.e, SSPACE = 5);
CREATE FUNCTION s.same(s.e, s.e) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'enum_eq';
CREATE OPERATOR s.=== (LEFTARG = s.e, RIGHTARG = s.e, FUNCTION = s.same, COMMUTATOR = OPERATOR(s.===));
CREATE OPERATOR CLASS s.o FOR TYPE s.e USING btree AS
    OPERATOR 3 s.===, FUNCTION 1 (s.e, s.e) enum_cmp(anyenum, anyenum);
CREATE TEXT SEARCH DICTIONARY s.w (TEMPLATE = simple);
CREATE TEXT SEARCH CONFIGURATION s.t (PARSER = default);
ALTER TEXT SEARCH CONFIGURATION s.t ADD MAPPING FOR word, asciiword WITH s.w, simple;
CREATE TABLE s.x (
    id serial PRIMARY KEY, e s.e DEFAULT 'x' CHECK (e <> 'y'), d s.d, r s.r, t text COLLATE s.c
);
"""


def test_pictures_of_a_restless_catalog_are_whole(make_database: MakeDatabase) -> None:
    """All of it is made in one transaction and dropped in another: a picture has all, word for word, or nothing."""
    url, stop, failed = make_database(), threading.Event(), []
    with psycopg.connect(url, autocommit=True) as connection:
        empty = read_schema(connection)
        connection.execute(RESTLESS)
        began = time.monotonic()
        full = read_schema(connection)
        pause = 3 * (time.monotonic() - began)  # some pictures are done in it, whatever else the machine does

        def change() -> None:
            with psycopg.connect(url, autocommit=True) as writer:
                while not stop.is_set():
                    writer.execute("SET client_min_messages = warning; DROP SCHEMA s CASCADE")
                    writer.execute(RESTLESS)
                    stop.wait(pause)

        thread = threading.Thread(target=change)
        thread.start()
        try:
            seen = 0
            for _ in range(30):
                with contextlib.suppress(CatalogChanging):
                    picture = read_schema(connection)
                    seen += 1
                    if picture not in (empty, full):
                        failed.append(diff(full, picture))
        finally:
            stop.set()
            thread.join()
    assert failed == []
    assert seen


KINDS = """
    CREATE TYPE mood AS ENUM ('good');
    CREATE TYPE span AS RANGE (subtype = integer);
    CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1';
    CREATE AGGREGATE total(integer) (SFUNC = int4pl, STYPE = integer);
    CREATE OPERATOR === (FUNCTION = int4eq, LEFTARG = integer, RIGHTARG = integer);
    CREATE OPERATOR CLASS own FOR TYPE integer USING btree AS OPERATOR 1 <, FUNCTION 1 btint4cmp(integer, integer);
    CREATE COLLATION c (LOCALE = 'C');
    CREATE CONVERSION conv FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1;
    CREATE TEXT SEARCH TEMPLATE template (LEXIZE = dsimple_lexize);
    CREATE TEXT SEARCH DICTIONARY words (TEMPLATE = simple);
    CREATE TEXT SEARCH PARSER parser
        (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype);
    CREATE TEXT SEARCH CONFIGURATION search (COPY = simple);
"""
ROWS = {
    "type": (Column, """SELECT 's' AS schema, 't' AS "table", 'c' AS name, '???' AS type"""),
    "state type": (Aggregate, "SELECT 's' AS schema, 'a()' AS name, 'f()' AS state_function, '???' AS state_type"),
    "OID": (Operator, "SELECT 's' AS schema, '=(NONE, x)' AS name, '16385' AS function"),
}


@pytest.mark.parametrize("row", ROWS)
def test_a_name_that_postgresql_could_not_print_is_read_again(
    database: "psycopg.Connection[Any]", monkeypatch: pytest.MonkeyPatch, row: str
) -> None:
    kind, statement = ROWS[row]
    database.execute(KINDS)  # a kind of which there is nothing is not asked for
    wanted = read_schema(database)
    failures = iter([statement])
    monkeypatch.setattr(statements, "query", lambda one: next(failures, query(one)) if one is kind else query(one))
    assert read_schema(database) == wanted
    monkeypatch.setattr(statements, "query", lambda one: statement if one is kind else query(one))
    with pytest.raises(CatalogChanging):
        read_schema(database)


def test_three_question_marks_of_a_user_are_nothing_special(database: "psycopg.Connection[Any]") -> None:
    database.execute(
        """
        CREATE TYPE "???" AS ENUM ('???');
        CREATE TABLE t ("???" "???" DEFAULT '???', "type" text DEFAULT 'type":"???"', "123" "???"[]);
        CREATE FUNCTION "123"("???") RETURNS text LANGUAGE sql AS 'SELECT ''"type":"???"''';
        CREATE AGGREGATE "456"(text) (SFUNC = textcat, STYPE = text, INITCOND = '123');
        """
    )
    picture = read_schema(database)
    assert {item.type for item in picture.all(Column)} == {'public."???"', "text", 'public."???"[]'}
    assert '123(public."???")' in {item.name for item in picture.all(Function)}


def test_a_connection_that_is_cut_while_it_reads(
    make_database: MakeDatabase, server_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = "SELECT nspname AS name, pg_sleep(60)::text AS comment FROM pg_namespace"
    monkeypatch.setattr(statements, "query", lambda kind: slow if kind is Function else query(kind))
    with psycopg.connect(make_database(), autocommit=True) as connection:
        connection.execute("CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1'")
        name = connection.info.dbname
        cut = threading.Thread(target=_cut, args=(server_url, connection.info.backend_pid))
        cut.start()
        began = time.monotonic()
        with pytest.raises(ConnectionDropped) as caught:
            read_schema(connection)
        cut.join()
        assert time.monotonic() - began < 30
        assert repr(name) in str(caught.value)


def _cut(server_url: str, pid: int) -> None:
    with psycopg.connect(server_url, autocommit=True) as other:
        asleep = "SELECT FROM pg_stat_activity WHERE pid = %s AND wait_event = 'PgSleep'"
        for _ in range(500):
            if other.execute(asleep, [pid]).fetchone() is not None:
                break
            time.sleep(0.02)
        other.execute("SELECT pg_terminate_backend(%s)", [pid])


CATALOGS = [
    *("pg_aggregate", "pg_amop", "pg_amproc", "pg_collation", "pg_conversion", "pg_enum", "pg_language", "pg_opclass"),
    *("pg_operator", "pg_opfamily", "pg_range", "pg_ts_config", "pg_ts_config_map", "pg_ts_dict", "pg_ts_parser"),
    *("pg_ts_template", "pg_type"),
]


def test_a_catalog_that_may_not_be_read_is_said(database: "psycopg.Connection[Any]") -> None:
    role = sql.Identifier(f"blind_{database.info.dbname}")
    database.execute(KINDS)
    wanted = read_schema(database)
    database.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(role))
    try:
        for name in CATALOGS:
            catalog = sql.Identifier("pg_catalog", name)
            database.execute(sql.SQL("REVOKE SELECT ON {} FROM PUBLIC").format(catalog))
            database.execute(sql.SQL("SET ROLE {}").format(role))
            with pytest.raises(PermissionMissing, match=name):
                read_schema(database)
            database.execute(sql.SQL("RESET ROLE; GRANT SELECT ON {} TO PUBLIC").format(catalog))
        database.execute(sql.SQL("SET ROLE {}").format(role))
        assert read_schema(database) == wanted
    finally:
        database.execute(sql.SQL("RESET ROLE; DROP ROLE {}").format(role))


def test_without_an_information_schema(database: "psycopg.Connection[Any]") -> None:
    database.execute(KINDS)
    wanted = read_schema(database)
    database.execute("DROP SCHEMA information_schema CASCADE")
    assert read_schema(database) == wanted


def test_of_an_empty_database_only_what_every_database_has_is_asked(database: "psycopg.Connection[Any]") -> None:
    text, kinds = statements.there()
    row = database.execute(text).fetchone()
    assert row is not None
    there = {kind.kind for kind, any_there in zip(kinds, row[0], strict=True) if any_there}
    assert there <= {"security label"}, "those of other databases lie in the same table"
    assert len(kinds) == 40
