"""A schema that has another name is said once, and so is a table with a serial column that went to another schema."""

from collections.abc import Callable

import pytest

Said = Callable[..., list[str]]

APART = (
    "CREATE SCHEMA apart",
    "SET search_path TO apart, public",
    "CREATE TYPE feel AS ENUM ('good', 'bad')",
    "CREATE DOMAIN amt AS int CHECK (VALUE > 0)",
    "CREATE TYPE pr AS (x int, y text)",
    "CREATE TYPE rg AS RANGE (SUBTYPE = int)",
    "CREATE COLLATION col (provider = libc, locale = 'C')",
    "CREATE TABLE users (id serial PRIMARY KEY, f feel DEFAULT 'good', a amt, p pr, t text COLLATE col, UNIQUE (f))",
    "CREATE TABLE orders (id int GENERATED ALWAYS AS IDENTITY, user_id int REFERENCES users (id),"
    " person int REFERENCES public.people (id))",
    "CREATE INDEX ix_users ON users (f) WHERE f <> 'bad'",
    "CREATE SEQUENCE sq OWNED BY orders.person",
    "CREATE FUNCTION fn(feel, int) RETURNS feel LANGUAGE sql AS 'SELECT $1'",
    "CREATE FUNCTION fs() RETURNS int LANGUAGE sql SET search_path = apart AS 'SELECT 1'",
    "CREATE FUNCTION tg() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "CREATE AGGREGATE ag(int) (SFUNC = int4pl, STYPE = int)",
    "CREATE OPERATOR === (FUNCTION = int4eq, LEFTARG = int, RIGHTARG = int)",
    "CREATE CAST (pr AS feel) WITH INOUT",
    "CREATE TRIGGER tr BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION tg()",
    "CREATE TRIGGER tr BEFORE UPDATE ON public.pets FOR EACH ROW EXECUTE FUNCTION tg()",
    "CREATE VIEW vw AS SELECT u.id, o.user_id FROM users u JOIN orders o ON o.user_id = u.id WHERE u.id === 1",
    "CREATE VIEW public.pv AS SELECT * FROM users",
    "CREATE MATERIALIZED VIEW mv AS SELECT id FROM users",
    "CREATE POLICY po ON users USING (f = 'good')",
    "CREATE RULE ru AS ON DELETE TO users DO INSTEAD NOTHING",
    "CREATE STATISTICS st ON id, f FROM users",
    "CREATE TEXT SEARCH CONFIGURATION tsc (COPY = pg_catalog.english)",
    "CREATE TABLE parted (id int) PARTITION BY RANGE (id)",
    "CREATE TABLE parted1 PARTITION OF parted FOR VALUES FROM (1) TO (3)",
    "CREATE TABLE base (a int)",
    "CREATE TABLE heir (b int) INHERITS (base)",
    "COMMENT ON SCHEMA apart IS 'ours'",
    "GRANT USAGE ON SCHEMA apart TO PUBLIC",
    "GRANT SELECT ON users TO PUBLIC",
    "REVOKE ALL ON FUNCTION fn FROM PUBLIC",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA apart GRANT SELECT ON TABLES TO PUBLIC",
    "CREATE PUBLICATION headworks_of_a_schema FOR TABLES IN SCHEMA apart",
    "CREATE PUBLICATION headworks_of_a_table FOR TABLE users WHERE (id > 1)",
    "ALTER TABLE public.pets ADD u int REFERENCES users (id), ADD f feel DEFAULT 'bad'",
    "SET search_path TO public",
)


@pytest.mark.parametrize("name", ["moved", 'mo "v.ed'])
def test_a_schema(said: Said, name: str) -> None:
    """Not what lies in it, nor what has it in its text, its signature or its keys elsewhere."""
    quoted = name.replace('"', '""')
    assert said(f'ALTER SCHEMA apart RENAME TO "{quoted}"', first=APART) == [
        f"schema apart: name is {name}, expected apart | all 21 objects in it are there"
    ]


def test_what_changed_in_a_renamed_schema(said: Said) -> None:
    found = said(
        "ALTER SCHEMA apart RENAME TO moved",
        "ALTER TABLE moved.users RENAME TO persons",
        "ALTER TABLE moved.orders ADD more int",
        "ALTER TABLE moved.persons ALTER id SET DEFAULT 7",
        "ALTER FUNCTION moved.fs() SET search_path = moved",
        "DROP AGGREGATE moved.ag(int)",
        "COMMENT ON SCHEMA moved IS 'theirs'",
        "REVOKE SELECT ON moved.persons FROM PUBLIC",
        first=APART,
    )
    assert [one.partition(" |")[0] for one in found] == [
        "schema apart: name is moved, expected apart",
        "schema moved: comment is theirs, expected ours",
        "privilege moved.persons.PUBLIC: grants is (), expected (SELECT)",
        "function moved.fs(): settings is (search_path=moved), expected (search_path=apart)",
        "aggregate moved.ag(integer): missing",
        "column moved.orders.more: unexpected",
        "table moved.users: name is persons, expected users",
        "column moved.persons.id: default is 7, expected nextval('apart.users_id_seq'::regclass)",
    ]


def test_a_schema_with_little_in_common_is_no_rename(said: Said) -> None:
    """The tables of one name are others."""
    found = said("DROP SCHEMA one CASCADE", "CREATE SCHEMA other", "CREATE TABLE other.t (z text)", first=ONE)
    assert {"schema one: missing", "schema other: unexpected", "table other.t: unexpected"} <= set(found)


def test_two_like_schemas_are_no_rename(said: Said) -> None:
    copies = [f"CREATE SCHEMA c{n}; CREATE TABLE c{n}.t (a int, b int)" for n in (1, 2)]
    found = said("DROP SCHEMA one CASCADE", *copies, first=ONE)
    assert {"schema one: missing", "schema c1: unexpected", "schema c2: unexpected"} <= set(found)


def test_an_empty_schema_is_like_no_other(said: Said) -> None:
    assert said("ALTER SCHEMA elsewhere RENAME TO nowhere") == [
        "schema elsewhere: missing",
        "schema nowhere: unexpected",
    ]


ONE = ("CREATE SCHEMA one", "CREATE TABLE one.t (a int, b int)")


def test_a_sequence_that_a_table_owns_goes_with_it(said: Said) -> None:
    """Whether or not the column draws from it."""
    owned = ("CREATE SEQUENCE own OWNED BY pets.owner_id", "CREATE SEQUENCE drawn OWNED BY pets.name")
    default = "ALTER TABLE pets ALTER owner_id SET DEFAULT nextval('drawn')"
    assert said("ALTER TABLE pets SET SCHEMA elsewhere", first=(*owned, default)) == [
        "table public.pets: schema is elsewhere, expected public | all 3 columns are the same"
    ]


@pytest.mark.parametrize(
    ("change", "more"),
    [
        ((), []),
        (
            ("CREATE SEQUENCE other", "ALTER TABLE elsewhere.people ALTER id SET DEFAULT nextval('other')"),
            [
                "sequence public.other: unexpected",
                "column elsewhere.people.id: default is nextval('public.other'::regclass),"
                " expected nextval('public.people_id_seq'::regclass)",
            ],
        ),
    ],
)
def test_a_serial_column_s_sequence_goes_with_its_table(said: Said, change: tuple[str, ...], more: list[str]) -> None:
    found = said("ALTER TABLE people SET SCHEMA elsewhere", *change)
    moved = "table public.people: schema is elsewhere, expected public | all 5 columns are the same"
    assert sorted(found) == sorted([moved, *more])
