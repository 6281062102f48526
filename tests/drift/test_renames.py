"""Renames on a real server: what is gone and what has come is one thing, said once; and what only looks like it."""

from collections.abc import Callable

import pytest

from headworks.drift.compare import differences
from headworks.drift.pictures import picture_of
from headworks.postgres.url import DatabaseUrl
from helpers import executed

MADE = (
    "CREATE TYPE mood AS ENUM ('ok', 'low')",
    "CREATE TABLE people (id serial PRIMARY KEY, email text NOT NULL UNIQUE, nick text, mood mood, age int,"
    " CONSTRAINT adult CHECK (age > 17))",
    "CREATE INDEX ix_people_nick ON people (nick) WHERE age > 20",
    "CREATE INDEX ix_people_lower ON people (lower(email))",
    "CREATE TABLE pets (id int PRIMARY KEY, owner_id int REFERENCES people (id), name text)",
    "CREATE VIEW grown AS SELECT p.id, p.email, t.name FROM people p JOIN pets t ON t.owner_id = p.id",
    "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "CREATE TRIGGER touched BEFORE UPDATE ON people FOR EACH ROW WHEN (OLD.nick <> NEW.nick) EXECUTE FUNCTION touch()",
    "COMMENT ON COLUMN people.nick IS 'what friends say'",
    "CREATE SCHEMA elsewhere",
)

Said = Callable[..., list[str]]


@pytest.fixture
def said(make_database: Callable[..., str]) -> Said:
    """What tells a database after these statements from one before them."""
    before, after = make_database(), make_database()
    executed(before, *MADE)

    def call(*statements: str) -> list[str]:
        executed(after, *MADE, *statements)
        pictures = [picture_of(DatabaseUrl.parse(url)) for url in (before, after)]
        return [f"{one.change} | {one.evidence}" if one.evidence else str(one.change) for one in differences(*pictures)]

    return call


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
