"""Two databases of one beginning, for the tests of renames and of what follows from a change."""

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


@pytest.fixture
def said(make_database: Callable[..., str]) -> Callable[..., list[str]]:
    """What tells a database after these statements from one before them."""
    before, after = make_database(), make_database()

    def call(*statements: str, first: tuple[str, ...] = ()) -> list[str]:
        executed(before, *MADE, *first)
        executed(after, *MADE, *first, *statements)
        pictures = [picture_of(DatabaseUrl.parse(url)) for url in (before, after)]
        return [f"{one.change} | {one.evidence}" if one.evidence else str(one.change) for one in differences(*pictures)]

    return call
