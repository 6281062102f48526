"""Renames on a real server: what is gone and what has come is one thing, said once; and what only looks like it."""

from collections.abc import Callable

import pytest

Said = Callable[..., list[str]]


SAME = "everything but the name is the same"


def test_a_table(said: Said) -> None:
    """Its columns, indexes, constraints, trigger, the foreign key to it and the view on it are not said."""
    assert said("ALTER TABLE people RENAME TO persons") == [
        "table public.people: name is persons, expected people | all 5 columns are the same"
    ]


def test_a_table_that_also_changed(said: Said) -> None:
    patches = ("ALTER TABLE people RENAME TO persons", "ALTER TABLE persons ALTER nick SET NOT NULL, ADD more int")
    assert said(*patches) == [
        "table public.people: name is persons, expected people | 5 of 6 columns have the same names and types",
        "column public.persons.more: unexpected",
        "column public.persons.nick: nullable is false, expected true",
    ]


def test_a_table_that_also_lost_a_column(said: Said) -> None:
    assert said("ALTER TABLE people RENAME TO persons", "ALTER TABLE persons DROP mood") == [
        "table public.people: name is persons, expected people | 4 of 5 columns have the same names and types",
        "column public.persons.mood: missing",
    ]


def test_a_column(said: Said) -> None:
    """The index's predicate, the trigger's condition and the view are printed with the new name: nothing of them."""
    (one,) = said("ALTER TABLE people RENAME email TO mail")
    assert one == (
        "column public.people.email: name is mail, expected email | the same place and the same properties (text)"
    )


def test_a_column_of_a_renamed_table(said: Said) -> None:
    found = said("ALTER TABLE people RENAME TO persons", "ALTER TABLE persons RENAME nick TO alias")
    assert [one.partition(" |")[0] for one in found] == [
        "table public.people: name is persons, expected people",
        "column public.persons.nick: name is alias, expected nick",
    ]


def test_a_key_that_others_refer_to(said: Said) -> None:
    (one,) = said("ALTER TABLE people RENAME id TO number")
    assert one.startswith("column public.people.id: name is number, expected id")


def test_a_move_to_another_schema(said: Said) -> None:
    (one,) = said("ALTER TABLE pets SET SCHEMA elsewhere")
    assert one == "table public.pets: schema is elsewhere, expected public | all 3 columns are the same"


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("ALTER INDEX ix_people_nick RENAME TO hot", "index public.people.ix_people_nick: name is hot"),
        ("ALTER TABLE people RENAME CONSTRAINT adult TO hot", "constraint public.people.adult: name is hot"),
        ("ALTER TRIGGER touched ON people RENAME TO hot", "trigger public.people.touched: name is hot"),
        ("ALTER VIEW grown RENAME TO hot", "view public.grown: name is hot"),
        ("ALTER TYPE mood RENAME TO hot", "enum public.mood: name is hot"),
        ("ALTER SEQUENCE people_id_seq RENAME TO hot", "column public.people.id: default is "),
    ],
)
def test_other_objects(said: Said, statement: str, expected: str) -> None:
    (one,) = said(statement)
    assert one.startswith(expected)


def test_another_type_is_no_rename(said: Said) -> None:
    found = said("ALTER TABLE people DROP age", "ALTER TABLE people ADD years bigint")
    assert "column public.people.age: missing" in found
    assert "column public.people.years: unexpected" in found


def test_another_place_is_no_rename(said: Said) -> None:
    """Dropped in the middle and added at the end: the rows of the old column are lost."""
    found = said("ALTER TABLE people DROP nick CASCADE", "ALTER TABLE people ADD alias text")
    assert "column public.people.nick: missing" in found
    assert "column public.people.alias: unexpected" in found


def test_two_candidates_are_no_rename(said: Said) -> None:
    copies = [f"CREATE TABLE p{n} (id int, owner_id int, name text)" for n in (1, 2)]
    assert said("DROP TABLE pets CASCADE", *copies) == [
        "view public.grown: missing",
        "table public.p1: unexpected",
        "table public.p2: unexpected",
        "table public.pets: missing",
    ]


def test_a_table_with_little_in_common_is_no_rename(said: Said) -> None:
    assert said("DROP TABLE pets CASCADE", "CREATE TABLE cats (id int, name text, x int, y int)") == [
        "table public.cats: unexpected",
        "view public.grown: missing",
        "table public.pets: missing",
    ]


def test_names_that_need_quotes(said: Said) -> None:
    odd = 'odd ""name"" $1 \\1'
    (one,) = said(f'ALTER TABLE people RENAME nick TO "{odd}"')
    assert one.startswith(f"column public.people.nick: name is {odd.replace(chr(34) * 2, chr(34))}, expected nick")


PARTS = (
    "CREATE TABLE logs (id int NOT NULL, note text) PARTITION BY RANGE (id)",
    "CREATE TABLE logs_1 PARTITION OF logs FOR VALUES FROM (1) TO (10) PARTITION BY RANGE (id)",
    "CREATE TABLE logs_1a PARTITION OF logs_1 FOR VALUES FROM (1) TO (5)",
    "CREATE TABLE logs_2 PARTITION OF logs FOR VALUES FROM (10) TO (20)",
    "CREATE INDEX ix_logs_note ON logs (note)",
    "CREATE TRIGGER noted AFTER INSERT ON logs FOR EACH ROW EXECUTE FUNCTION touch()",
    "CREATE TABLE base (a int, b text)",
    "CREATE TABLE derived (a int, c int CHECK (c > 0), CHECK (a > 0)) INHERITS (base)",
    "CREATE TABLE typed OF pair",
)
TYPES = (
    "CREATE TYPE pair AS (x int, y text)",
    "CREATE DOMAIN amount AS int CHECK (VALUE > 0)",
    "CREATE FUNCTION cheer(mood, mood[]) RETURNS mood LANGUAGE sql AS 'SELECT $1'",
    "REVOKE ALL ON FUNCTION cheer FROM PUBLIC",
    "CREATE FUNCTION of_pair(pair) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1.y'",
    "CREATE CAST (pair AS text) WITH FUNCTION of_pair(pair)",
    "CREATE FUNCTION of_amount(amount) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'",
    "CREATE FUNCTION of_person(people) RETURNS SETOF people LANGUAGE sql AS 'SELECT $1'",
    "CREATE FUNCTION size(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'",
    "CREATE TABLE things (id serial, m mood DEFAULT 'ok', a amount[], n int DEFAULT size(3), p pair,"
    " CHECK ((p).x > 0))",
    "CREATE INDEX ix_things_size ON things (size(n))",
    "CREATE VIEW sized AS SELECT id, size(n) AS s, n FROM things WHERE m = 'low'",
    "CREATE VIEW on_sized AS SELECT n FROM sized",
)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("ALTER TABLE logs RENAME note TO hot", "column public.logs.note: name is hot"),
        ("ALTER TRIGGER noted ON logs RENAME TO hot", "trigger public.logs.noted: name is hot"),
        ("ALTER INDEX ix_logs_note RENAME TO hot", "index public.logs.ix_logs_note: name is hot"),
        ("ALTER TABLE base RENAME a TO hot", "column public.base.a: name is hot"),
        ("ALTER TYPE pair RENAME ATTRIBUTE x TO hot CASCADE", "column public.pair.x: name is hot"),
        ("ALTER TYPE mood RENAME TO hot", "enum public.mood: name is hot"),
        ('ALTER TYPE mood RENAME TO "order"', "enum public.mood: name is order"),
        ("ALTER TYPE pair RENAME TO hot", "composite public.pair: name is hot"),
        ("ALTER DOMAIN amount RENAME TO hot", "domain public.amount: name is hot"),
        ("ALTER TABLE people RENAME TO hot", "table public.people: name is hot"),
        ("ALTER FUNCTION size(int) RENAME TO hot", "function public.size(integer): name is hot(integer)"),
        ("ALTER FUNCTION touch() RENAME TO hot", "function public.touch(): name is hot()"),
    ],
)
def test_what_follows_from_a_rename(said: Said, statement: str, expected: str) -> None:
    """Columns and triggers of partitions and heirs, signatures, defaults, indexes, views, triggers: not said again."""
    (one,) = said(statement, first=(*TYPES, *PARTS))
    assert one.startswith(expected)


@pytest.mark.parametrize(
    ("statements", "renamed", "changed"),
    [
        (
            ("ALTER TABLE logs RENAME note TO hot", "ALTER TABLE logs_2 ALTER hot SET DEFAULT 'x'"),
            "column public.logs.note: name is hot",
            "column public.logs_2.hot: default is 'x'::text, expected not set",
        ),
        (
            ("ALTER TRIGGER noted ON logs RENAME TO hot", "ALTER TABLE logs_2 DISABLE TRIGGER hot"),
            "trigger public.logs.noted: name is hot",
            "trigger public.logs_2.hot: enabled is disabled, expected origin",
        ),
        (
            ("ALTER TYPE mood RENAME TO hot", "ALTER FUNCTION cheer COST 7"),
            "enum public.mood: name is hot",
            "function public.cheer(public.hot, public.hot[]): cost is 7.0, expected 100.0",
        ),
        (
            ("ALTER FUNCTION size(int) RENAME TO hot", "ALTER TABLE things ALTER n SET DEFAULT hot(4)"),
            "function public.size(integer): name is hot(integer)",
            "column public.things.n: default is public.hot(4), expected public.size(3)",
        ),
        (
            ("ALTER TABLE people RENAME TO hot", "COMMENT ON COLUMN hot.nick IS 'what hot people say'"),
            "table public.people: name is hot",
            "column public.hot.nick: comment is what hot people say, expected what friends say",
        ),
        (
            ("ALTER TABLE people RENAME nick TO hot", "ALTER TABLE pets ALTER name SET DEFAULT 'hot'"),
            "column public.people.nick: name is hot",
            "column public.pets.name: default is 'hot'::text, expected 'nick'::text",
        ),
        (
            (
                "ALTER TABLE people RENAME nick TO hot",
                "ALTER TABLE pets DROP CONSTRAINT c, ADD CONSTRAINT c CHECK (hot > 1)",
            ),
            "column public.people.nick: name is hot",
            "constraint public.pets.c: expression is (hot > 1), expected (nick > 1)",
        ),
    ],
)
def test_what_changed_besides_a_rename(said: Said, statements: tuple[str, ...], renamed: str, changed: str) -> None:
    """A default, a comment or another table's check that has a word of the same sound is no consequence."""
    odd = (
        "ALTER TABLE pets ADD nick int, ADD hot int, ALTER name SET DEFAULT 'nick'",
        "ALTER TABLE pets ADD CONSTRAINT c CHECK (nick > 1)",
    )
    found = said(*statements, first=(*TYPES, *PARTS, *odd))
    assert len(found) == 2
    assert any(one.startswith(renamed) for one in found)
    assert changed in found


def test_a_function_of_the_same_name_as_a_table(said: Said) -> None:
    made = "CREATE FUNCTION {}(int) RETURNS int LANGUAGE sql AS 'SELECT {}'"
    found = said(
        "ALTER TABLE people RENAME TO hot",
        "DROP FUNCTION people(int)",
        made.format("hot", 2),
        first=(made.format("people", 1),),
    )
    assert "function public.people(integer): missing" in found
    assert "function public.hot(integer): unexpected" in found


def test_a_text_may_mean_another_function_of_the_new_name(said: Said) -> None:
    made = "CREATE FUNCTION {}({}) RETURNS int LANGUAGE sql AS 'SELECT 1'"
    found = said(
        "ALTER FUNCTION old(int) RENAME TO hot",
        "ALTER TABLE pets ADD x int DEFAULT hot('a')",
        "ALTER TABLE people ALTER age SET DEFAULT hot('a')",
        first=(
            *(made.format(*one) for one in (("old", "int"), ("old", "text"), ("hot", "text"), ("made", "date"))),
            "ALTER TABLE people ALTER age SET DEFAULT old('a')",
        ),
    )
    assert "column public.people.age: default is public.hot('a'::text), expected public.old('a'::text)" in found


def test_a_table_and_the_type_of_its_columns(said: Said) -> None:
    """The table is like the other one once the type has its new name."""
    found = said(
        "ALTER TYPE mood RENAME TO feeling",
        "ALTER TABLE moods RENAME TO feelings",
        first=("CREATE TABLE moods (id int, a mood, b mood, c mood[])",),
    )
    assert [one.partition(",")[0] for one in found] == [
        "enum public.mood: name is feeling",
        "table public.moods: name is feelings",
    ]


def test_a_column_and_its_index(said: Said) -> None:
    """And a check, and the table itself: each has a new name of its own."""
    found = said(
        "ALTER TABLE people RENAME TO persons",
        "ALTER TABLE persons RENAME nick TO alias",
        "ALTER INDEX ix_people_nick RENAME TO ix_persons_alias",
        "ALTER TABLE persons RENAME CONSTRAINT adult TO grown_up",
    )
    assert [one.partition(",")[0] for one in found] == [
        "table public.people: name is persons",
        "column public.persons.nick: name is alias",
        "constraint public.persons.adult: name is grown_up",
        "index public.persons.ix_people_nick: name is ix_persons_alias",
    ]


VIEW = (
    "DROP VIEW on_sized; DROP VIEW sized; CREATE VIEW sized AS SELECT {} FROM things; "
    "CREATE VIEW on_sized AS SELECT n FROM sized"
)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE OR REPLACE VIEW sized AS SELECT id, size(n) AS s, n, m FROM things WHERE m = 'low'",
        "ALTER VIEW sized RENAME n TO hot",
        VIEW.format("id, n"),
        VIEW.format("n, id, size(n) AS s"),
        VIEW.format("id::text, size(n) AS s, n"),
        VIEW.format("id AS other, size(n) AS s, n"),
    ],
)
def test_the_columns_of_a_view_follow_from_its_text(said: Said, statement: str) -> None:
    (one,) = said(*statement.split("; "), first=TYPES)
    assert one.startswith("view public.sized: definition is ")


def test_another_column_in_a_view_is_no_rename(said: Said) -> None:
    """Of two columns of a type: what the view is read from is another thing now."""
    made = "CREATE MATERIALIZED VIEW held AS SELECT id, {} FROM pets"
    (one,) = said(
        "DROP MATERIALIZED VIEW held",
        made.format("other"),
        first=("ALTER TABLE pets ADD other text", made.format("name")),
    )
    assert one.startswith("materialized view public.held: definition is ")


def test_what_a_view_s_columns_have_of_their_own(said: Said) -> None:
    found = said(
        "CREATE OR REPLACE VIEW sized AS SELECT id, size(n) AS s, n, m FROM things WHERE m = 'low'",
        "COMMENT ON COLUMN sized.m IS 'new'",
        "COMMENT ON COLUMN sized.s IS 'other'",
        "ALTER VIEW sized ALTER n SET DEFAULT 5",
        "GRANT SELECT (m) ON sized TO PUBLIC",
        first=TYPES,
    )
    assert sum(one.startswith("view public.sized: definition is ") for one in found) == 1
    assert [one for one in found if not one.startswith("view")] == [
        "privilege public.sized.PUBLIC: grants is (SELECT (m)), expected ()",
        "column public.sized.m: comment is new, expected not set",
        "column public.sized.n: default is 5, expected not set",
        "column public.sized.s: comment is other, expected not set",
    ]


DEFAULT = "nextval('public.things_id_seq'::regclass)"
ODD = (
    "ALTER SEQUENCE things_id_seq AS bigint INCREMENT -2 MINVALUE -50 MAXVALUE 70 START 60 CACHE 4 CYCLE RESTART 60",
    "COMMENT ON SEQUENCE things_id_seq IS 'odd'",
    "GRANT USAGE ON SEQUENCE things_id_seq TO PUBLIC",
)


@pytest.mark.parametrize(
    "odd", [(), ODD, ("ALTER SEQUENCE things_id_seq INCREMENT -1 MINVALUE -9 MAXVALUE -1 START -1 RESTART",)]
)
@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ((), ("ALTER TABLE things ALTER id DROP DEFAULT",), f"default is not set, expected {DEFAULT}"),
        ((), ("ALTER TABLE things ALTER id SET DEFAULT 7",), f"default is 7, expected {DEFAULT}"),
        (
            ("ALTER TABLE things ALTER id DROP DEFAULT",),
            ("ALTER TABLE things ALTER id SET DEFAULT nextval('things_id_seq')",),
            f"default is {DEFAULT}, expected not set",
        ),
    ],
)
def test_a_serial_s_sequence(
    said: Said, odd: tuple[str, ...], before: tuple[str, ...], after: tuple[str, ...], expected: str
) -> None:
    """Without the column's default it is there still: a part of the column on one side alone, and no other one."""
    assert said(*after, first=(*TYPES, *odd, *before)) == [f"column public.things.id: {expected}"]


def test_a_serial_s_sequence_that_changed(said: Said) -> None:
    assert said(
        "ALTER TABLE things ALTER id DROP DEFAULT", "ALTER SEQUENCE things_id_seq INCREMENT 5", first=TYPES
    ) == [
        f"column public.things.id: default is not set, expected {DEFAULT}",
        "column public.things.id: sequence is (increment=5), expected ()",
    ]


def test_a_serial_s_sequence_that_nothing_owns(said: Said) -> None:
    found = said("ALTER SEQUENCE things_id_seq OWNED BY NONE", first=TYPES)
    assert found == ["sequence public.things_id_seq: unexpected"]
