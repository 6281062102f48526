"""Owners and privileges between two databases: what a dump carries over, and what goes with what."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from headworks.catalog import read_schema
from headworks.catalog.statements import query
from headworks.schema import DefaultPrivilege, Owner, Privilege, Schema, Setting, decode, diff, encode

MakeDatabase = Callable[..., str]

SCRIPT = """
CREATE SCHEMA sales;
CREATE TABLE sales.orders (id serial PRIMARY KEY, email text, total numeric);
CREATE TABLE sales.given (id integer);
CREATE VIEW sales.totals AS SELECT sum(o.total) AS total FROM sales.orders AS o, sales.given AS p;
CREATE FUNCTION sales.f(integer, text) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE TYPE sales.mood AS ENUM ('ok');
GRANT USAGE ON SCHEMA sales TO {reader};
GRANT SELECT ON ALL TABLES IN SCHEMA sales TO {reader};
GRANT UPDATE (email) ON sales.orders TO {reader} WITH GRANT OPTION;
GRANT USAGE ON SEQUENCE sales.orders_id_seq TO {reader};
REVOKE EXECUTE ON FUNCTION sales.f FROM PUBLIC;
REVOKE USAGE ON TYPE sales.mood FROM PUBLIC;
"""

# What a dump says with the owner's name even where it was asked to leave owners out.
OF_THE_OWNER = """
REVOKE DELETE ON sales.orders FROM CURRENT_USER;
ALTER DEFAULT PRIVILEGES IN SCHEMA sales GRANT SELECT ON TABLES TO {reader};
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
"""


class Roles:
    """Names of roles that this test alone has."""

    def __init__(self, prefix: str) -> None:
        self.reader, self.one, self.other = (f"{prefix}_{word}" for word in ("reader", "one", "other"))

    def __iter__(self) -> Iterator[str]:
        return iter((self.reader, self.one, self.other))


@pytest.fixture
def roles(server_url: str) -> Iterator[Roles]:
    """To be asked for before databases: a role can be dropped when they are gone."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        found = Roles(f"t{connection.info.backend_pid}")
        for role in found:
            connection.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))
        yield found
        for role in found:
            connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


def owned_by(url: str, role: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        names = map(sql.Identifier, (connection.info.dbname, role))
        connection.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(*names))


def picture(url: str) -> Schema:
    with psycopg.connect(url, autocommit=True) as connection:
        return read_schema(connection)


def make(url: str, owner: str, script: str = SCRIPT, **names: str) -> Schema:
    """What `script` makes, run by the database's owner."""
    owned_by(url, owner)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(owner)))
        connection.execute(sql.SQL(script).format(**{word: sql.Identifier(name) for word, name in names.items()}))
    return picture(url)


def restore(pg_bindir: Path, source: str, target: str, *options: str, role: str | None = None) -> None:
    dump = subprocess.run(
        [pg_bindir / "pg_dump", "--schema-only", *options, source], check=True, capture_output=True
    ).stdout
    script = (f'SET ROLE "{role}";\n'.encode() if role else b"") + dump
    command = [pg_bindir / "psql", "-qX", "-v", "ON_ERROR_STOP=1", "-d", target]
    subprocess.run(command, input=script, check=True, capture_output=True)


def test_a_dump_restored_for_another_owner_is_no_difference(
    roles: Roles, make_database: MakeDatabase, pg_bindir: Path
) -> None:
    source, target = make_database(), make_database()
    expected = make(source, roles.one, reader=roles.reader)
    owned_by(target, roles.other)
    restore(pg_bindir, source, target, "--no-owner", role=roles.other)
    actual = picture(target)
    assert expected.all(Privilege)
    assert not expected.all(Owner)
    assert diff(expected, actual) == ()


def test_the_same_ddl_for_another_owner_is_no_difference(roles: Roles, make_database: MakeDatabase) -> None:
    one = make(make_database(), roles.one, SCRIPT + OF_THE_OWNER, reader=roles.reader)
    other = make(make_database(), roles.other, SCRIPT + OF_THE_OWNER, reader=roles.reader)
    assert one == other
    assert {item.role for item in one.all(DefaultPrivilege)} == {"OWNER"}


def test_a_dump_restored_with_its_owners_is_no_difference(
    roles: Roles, make_database: MakeDatabase, pg_bindir: Path
) -> None:
    source, target = make_database(), make_database()
    make(source, roles.one, SCRIPT + OF_THE_OWNER, reader=roles.reader)
    with psycopg.connect(source, autocommit=True) as connection:
        names = map(sql.Identifier, (roles.other, roles.reader))
        connection.execute(
            sql.SQL("ALTER TABLE sales.given OWNER TO {}; GRANT TRUNCATE ON sales.given TO {}").format(*names)
        )
    owned_by(target, roles.one)
    restore(pg_bindir, source, target)
    assert {(item.name, item.role) for item in picture(source).all(Owner)} == {("given", roles.other)}
    assert diff(picture(source), picture(target)) == ()


def test_what_nobody_granted_is_no_record(make_database: MakeDatabase) -> None:
    with psycopg.connect(make_database(), autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE t (id serial PRIMARY KEY, a integer GENERATED ALWAYS AS IDENTITY); CREATE TYPE e AS ENUM ();"
            "CREATE VIEW v AS SELECT 1 AS a; CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1'"
        )
        found = read_schema(connection)
    assert not found.all(Owner)
    assert not found.all(Privilege)


def test_what_is_said_of_an_object_goes_with_it(roles: Roles, make_database: MakeDatabase) -> None:
    url = make_database()
    make(url, roles.one, SCRIPT + OF_THE_OWNER, reader=roles.reader)
    with psycopg.connect(url, autocommit=True) as connection:
        reader, other = map(sql.Identifier, (roles.reader, roles.other))
        connection.execute(
            sql.SQL(
                "CREATE TABLE headworks_lock (id serial, a text); GRANT SELECT ON headworks_lock TO {0};"
                "GRANT SELECT (a) ON headworks_lock TO {0}; GRANT USAGE ON headworks_lock_id_seq TO {0};"
                "ALTER TABLE headworks_lock OWNER TO {1}; CREATE TABLE p (id serial); GRANT SELECT ON p TO {0};"
                "ALTER TABLE p OWNER TO {1}; GRANT SELECT ON pg_catalog.pg_authid TO {0}"
            ).format(reader, other)
        )
    whole = picture(url)
    assert "headworks_lock" not in encode(whole)
    assert {(item.schema, item.object) for item in whole.all(Privilege)} >= {("public", "p"), ("sales", "orders")}
    sales = whole.restricted_to({"sales"})
    assert {item.schema for item in sales.all(Privilege)} == {"sales", ""}
    assert not [item for item in sales.all(Owner) if item.schema == "public"]
    assert {item.schema for item in whole.restricted_to({"public"}).all(Privilege)} == {"public"}
    without = whole.without(lambda item: item.ref.kind == "table" and item.name == "orders")
    rest = {item.object for item in without.all(Privilege) if item.schema == "sales"}
    assert rest == {"totals", "given", "f(integer, text)", "mood"}
    assert decode(encode(whole)) == whole


def test_a_role_with_the_name_of_a_word(server_url: str) -> None:
    with psycopg.connect(server_url) as connection:  # rolled back: the role's name cannot be this test's alone
        connection.execute('CREATE ROLE "OWNER"; CREATE TABLE t (id integer); GRANT SELECT ON t TO "OWNER"')
        rows = connection.execute(f"SELECT name FROM (\n{query(Privilege)}\n) AS q WHERE object = 't'").fetchall()
        connection.rollback()
    assert rows == [('"OWNER"',)]


def test_settings_of_another_database_are_left_out(make_database: MakeDatabase) -> None:
    url, other = make_database(), make_database()
    for place, memory in ((url, "1MB"), (other, "2MB")):
        with psycopg.connect(place, autocommit=True) as connection:
            name = sql.Identifier(connection.info.dbname)
            connection.execute(sql.SQL("ALTER DATABASE {} SET work_mem = {}").format(name, sql.Literal(memory)))
    (setting,) = picture(url).all(Setting)
    assert (setting.name, setting.role, setting.value) == ("work_mem", "", "1MB")
    (change,) = diff(picture(url), picture(other))
    assert str(change) == "setting work_mem: value is 2MB, expected 1MB"
