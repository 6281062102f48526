"""What a role that may only CONNECT cannot see is said, and is no difference; and no picture holds a secret."""

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from psycopg import sql

from catalog_cases import database
from headworks.catalog import read_schema
from headworks.schema import Schema, Subscription, UserMapping, decode, diff, encode

SCRIPT = """
CREATE FOREIGN DATA WRAPPER w OPTIONS (api_key 's3cr3t');
CREATE SERVER films FOREIGN DATA WRAPPER w OPTIONS (host 'h', secret 's3cr3t', dsn 'oracle://me:s3cr3t@h/d');
CREATE USER MAPPING FOR PUBLIC SERVER films OPTIONS (user 'everybody', password 's3cr3t');
CREATE USER MAPPING FOR CURRENT_USER SERVER films OPTIONS (user 'me', password 's3cr3t', password_required 'false');
CREATE FOREIGN TABLE t (id integer OPTIONS (pass 's3cr3t')) SERVER films OPTIONS (auth_token 's3cr3t', table_name 'T');
CREATE FUNCTION f() RETURNS integer LANGUAGE sql SET app.password = 's3cr3t' AS 'SELECT 1';
CREATE PROCEDURE p() LANGUAGE sql SET app.token = 's3cr3t' AS 'SELECT 1';
CREATE SUBSCRIPTION s CONNECTION 'host=h user=me password=''s3cr3t host=x''' PUBLICATION p WITH (connect = false);
DO $$ BEGIN
    EXECUTE format('ALTER DATABASE %I SET app.jwt_secret = ''s3cr3t''', current_database());
    EXECUTE format('ALTER DATABASE %I SET app.url = ''postgresql://me:s3cr3t@h/d''', current_database());
    EXECUTE format('ALTER DATABASE %I SET password_encryption = ''scram-sha-256''', current_database());
END $$;
"""

Become = Callable[[str], "psycopg.Connection[Any]"]


@pytest.fixture
def reader(server_url: str) -> Iterator[str]:
    """A role that may connect, and nothing else."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        name = f"reader_{connection.info.backend_pid}"
        connection.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(name)))
        yield name
        connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


@pytest.fixture
def connection(reader: str, server_url: str) -> Iterator["psycopg.Connection[Any]"]:
    with database(server_url) as url, psycopg.connect(url, autocommit=True) as connection:
        connection.execute(SCRIPT)
        yield connection


def read_as(connection: "psycopg.Connection[Any]", role: str) -> Schema:
    connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))
    try:
        return read_schema(connection)
    finally:
        connection.execute("RESET ROLE")


def test_what_was_not_visible_is_said(connection: "psycopg.Connection[Any]", reader: str) -> None:
    whole, part = read_schema(connection), read_as(connection, reader)
    assert whole.unseen == ()
    me = connection.info.user
    assert part.unseen == (
        "options of user mapping PUBLIC on films: not visible to the role that read the catalog",
        f"options of user mapping {me} on films: not visible to the role that read the catalog",
        "connection of subscription s: not visible to the role that read the catalog",
    )
    # Nor is it lost on the way to a file, or in a part of the picture.
    assert decode(encode(part)).unseen == part.unseen
    assert part.restricted_to({"public"}).unseen == part.unseen
    assert part.without(lambda item: isinstance(item, UserMapping)).unseen == part.unseen[2:]


def test_what_was_not_visible_is_no_difference(connection: "psycopg.Connection[Any]", reader: str) -> None:
    whole, part = read_schema(connection), read_as(connection, reader)
    assert diff(whole, part) == diff(part, whole) == diff(part, part) == ()
    # What both could see still is.
    connection.execute("ALTER SUBSCRIPTION s SET (binary = true)")
    connection.execute("ALTER USER MAPPING FOR PUBLIC SERVER films OPTIONS (SET user 'x')")
    connection.execute("CREATE USER MAPPING FOR pg_monitor SERVER films")
    assert [str(change) for change in diff(whole, read_as(connection, reader))] == [
        "user mapping pg_monitor on films: unexpected",
        "subscription s: binary is true, expected false",
    ]
    assert len(diff(whole, read_schema(connection))) == 3


def test_who_may_see_options_sees_them(connection: "psycopg.Connection[Any]", reader: str) -> None:
    """As the view pg_user_mappings has it: one's own with USAGE of the server, everybody's as its owner."""
    name = sql.Identifier(reader)
    connection.execute(sql.SQL("CREATE USER MAPPING FOR {} SERVER films").format(name))
    assert len(read_as(connection, reader).unseen) == 4
    connection.execute(sql.SQL("GRANT USAGE ON FOREIGN SERVER films TO {}").format(name))
    mappings = {item.name: item.options for item in read_as(connection, reader).all(UserMapping)}
    assert mappings == {reader: (), "PUBLIC": None, connection.info.user: None}
    connection.execute(sql.SQL("GRANT USAGE ON FOREIGN DATA WRAPPER w TO {}").format(name))
    connection.execute(sql.SQL("ALTER SERVER films OWNER TO {}").format(name))
    mappings = {item.name: item.options for item in read_as(connection, reader).all(UserMapping)}
    assert mappings["PUBLIC"] == ("password=***", "user=everybody")
    assert mappings[connection.info.user] is None


def test_who_was_given_the_connection_string_sees_it(connection: "psycopg.Connection[Any]", reader: str) -> None:
    connection.execute(sql.SQL("GRANT SELECT (subconninfo) ON pg_subscription TO {}").format(sql.Identifier(reader)))
    (subscription,) = read_as(connection, reader).all(Subscription)
    assert subscription.connection == ("host=h", "user=me")


def test_no_picture_holds_a_secret(connection: "psycopg.Connection[Any]", reader: str) -> None:
    for picture in (read_schema(connection), read_as(connection, reader)):
        text = encode(picture)
        assert "cr3t" not in text
        assert "host=x" not in text
        for kept in ("host=h", "secret=***", "api_key=***", "oracle://me:***@h/d", "table_name=T", "scram-sha-256"):
            assert kept in text, kept


@pytest.mark.parametrize("size", [0, 399, 400, 401, 2000, 12_000])
def test_a_connection_string_of_any_length(connection: "psycopg.Connection[Any]", size: int) -> None:
    name = "ü'\"\\ <&" + "🦉" * size
    text = psycopg.conninfo.make_conninfo("", dbname=name, host="h", application_name="x" * size)
    connection.execute(sql.SQL("ALTER SUBSCRIPTION s CONNECTION {}").format(sql.Literal(text)))
    (subscription,) = read_schema(connection).all(Subscription)
    assert subscription.connection == (f"dbname={name}", "host=h", f"application_name={'x' * size}")
