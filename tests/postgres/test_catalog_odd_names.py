"""Names that need every quote, of what lies in no schema, of roles and of what is said of objects."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from catalog_cases import database
from headworks.catalog import read_schema
from headworks.schema import (
    AccessMethod,
    DefaultPrivilege,
    EventTrigger,
    ForeignDataWrapper,
    InSchema,
    Language,
    Namespace,
    Owner,
    Privilege,
    Publication,
    SecurityLabel,
    Server,
    Setting,
    Subscription,
    UserMapping,
    decode,
    encode,
)

NAMES = {
    "double quotes": 'a""b"',
    "single quote": "it's",
    "dots and spaces": " a . b ",
    "emoji": "\U0001f989",
    "63 bytes": "ü" * 31 + "x",
    "backslash": "back\\slash\\",
    "parentheses": "a(b, c) d)",
    "words of ours": "x AS y LANGUAGE z on t",
    "newline": "a\nb\tc",
    "comma and brace": '{a,"b"}=r/x',
    "placeholder": "%s {0} $1 :x",
    "digits": "12345",
    "equals": "a=b",
    "upper case": "Select",
}

SCRIPT = """
CREATE SCHEMA {0};
SET search_path = {0};
CREATE TABLE {0} ({0} serial PRIMARY KEY, b text);
CREATE TYPE {e} AS ENUM ();
CREATE FUNCTION {0}({e}) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION {t}() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE FUNCTION {l}() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';
CREATE FUNCTION {x}(internal) RETURNS {e} LANGUAGE internal IMMUTABLE AS 'enum_recv';
CREATE COLLATION {0} (LOCALE = 'C');
CREATE TEXT SEARCH DICTIONARY {0} (TEMPLATE = simple);
CREATE EVENT TRIGGER {0} ON ddl_command_end EXECUTE FUNCTION {t}();
CREATE TRUSTED LANGUAGE {0} HANDLER {l};
CREATE TRANSFORM FOR {e} LANGUAGE {0} (TO SQL WITH FUNCTION {x}(internal));
CREATE CAST ({e} AS integer) WITH FUNCTION {0}({e});
CREATE ACCESS METHOD {0} TYPE INDEX HANDLER bthandler;
CREATE OPERATOR CLASS {0} FOR TYPE {e} USING {0} AS FUNCTION 1 enum_cmp(anyenum, anyenum);
CREATE FOREIGN DATA WRAPPER {0} VALIDATOR postgresql_fdw_validator;
CREATE SERVER {0} FOREIGN DATA WRAPPER {0} OPTIONS (host {value});
CREATE USER MAPPING FOR {0} SERVER {0} OPTIONS (user {value});
CREATE PUBLICATION {0} FOR TABLE {0} ({0}) WHERE ({0} > 0);
CREATE PUBLICATION {t} FOR TABLES IN SCHEMA {0};
CREATE SUBSCRIPTION {0} CONNECTION 'host=h' PUBLICATION {0} WITH (connect = false, slot_name = NONE);
GRANT SELECT ({0}), INSERT ON {0} TO {0} WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION {0}({e}) TO {0};
GRANT USAGE ON SCHEMA {0} TO {0};
GRANT USAGE ON LANGUAGE {0} TO {0};
GRANT USAGE ON FOREIGN SERVER {0} TO {0};
GRANT USAGE ON TYPE {e} TO {0};
ALTER DEFAULT PRIVILEGES FOR ROLE {0} IN SCHEMA {0} GRANT SELECT ON TABLES TO {0};
ALTER TABLE {0} OWNER TO {0};
ALTER COLLATION {0} OWNER TO {0};
ALTER TEXT SEARCH DICTIONARY {0} OWNER TO {0};
ALTER OPERATOR CLASS {0} USING {0} OWNER TO {0};
ALTER FUNCTION {0}({e}) OWNER TO {0};
INSERT INTO pg_seclabel (classoid, objoid, objsubid, provider, label)
VALUES ('pg_class'::regclass, {regclass}::regclass, 1, {value}, {value});
DO $$ BEGIN
    EXECUTE format('ALTER ROLE %I IN DATABASE %I SET work_mem = ''1MB''', {value}, current_database());
END $$;
"""


def script(name: str) -> sql.Composed:
    around = {letter: sql.Identifier(f"{letter}{name}"[:32]) for letter in "etlx"}
    return sql.SQL(SCRIPT).format(
        sql.Identifier(name),
        value=sql.Literal(name),
        regclass=sql.Literal(sql.Identifier(name).as_string()),
        **around,
    )


@pytest.fixture(params=NAMES.values(), ids=NAMES)
def name(request: pytest.FixtureRequest, server_url: str) -> Iterator[str]:
    """A name, and a role that has it."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        role = sql.Identifier(request.param)
        connection.execute(sql.SQL("CREATE ROLE {}").format(role))
        yield request.param
        connection.execute(sql.SQL("DROP ROLE {}").format(role))


def test_odd_names(name: str, server_url: str) -> None:
    with database(server_url) as url, psycopg.connect(url, autocommit=True) as connection:
        connection.execute(script(name))
        picture = read_schema(connection)
        connection.execute("RESET ALL")
        for item in picture:
            assert connection.execute(item.shown_by.encode(), prepare=True).fetchone(), (item.ref, item.shown_by)
    assert decode(encode(picture)) == picture
    assert picture.restricted_to({name}).all(Privilege)
    for kind in (
        AccessMethod, EventTrigger, ForeignDataWrapper, Language, Namespace, Publication, Server, Subscription,
        UserMapping,
    ):  # fmt: skip
        assert name in {item.name for item in picture.all(kind)}, kind
    assert {item.role for item in picture.all(Owner)} == {item.role for item in picture.all(Setting)} == {name}
    assert {item.role for item in picture.all(DefaultPrivilege)} == {name}
    assert {item.name for item in picture.all(Privilege)} == {name, "OWNER"}
    assert {item.options for item in picture.all(UserMapping)} == {(f"user={name}",)}
    (label,) = picture.all(SecurityLabel)
    assert (label.object, label.column, label.name, label.label) == (name, name, name, name)
    # What an object takes with it when it goes: nothing that is said of it stays behind.
    rest = picture.without(lambda item: isinstance(item, Namespace | InSchema))
    assert {item.ref.schema for item in rest} == {None}
