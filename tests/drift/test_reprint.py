"""A live 15 beside a picture of a later major: one server prints the views of both."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from headworks.drift.compare import differences
from headworks.drift.pictures import picture_of
from headworks.drift.reprint import printed_alike
from headworks.postgres.binaries import find_binaries
from headworks.postgres.databases import scratch_database
from headworks.postgres.errors import BinariesMissing
from headworks.postgres.server import ThrowawayServer
from headworks.postgres.url import DatabaseUrl
from headworks.schema import Schema, View
from helpers import Headworks, executed
from projects import Rev, sql, write_project

MADE = (
    'CREATE SCHEMA "Odd one"',
    "CREATE TYPE mood AS ENUM ('it''s', 'low')",
    "CREATE TYPE pair AS (x int, y text)",
    "CREATE DOMAIN cents AS numeric(10, 2)",
    "CREATE FUNCTION twice(n int DEFAULT 2) RETURNS int LANGUAGE sql AS 'SELECT 2 * n'",
    'CREATE FUNCTION "Odd one"."f(x)"(cents) RETURNS SETOF pair LANGUAGE plpgsql AS \'BEGIN END\'',
    'CREATE TABLE a (id int PRIMARY KEY, name text COLLATE "C", mood mood, price cents, at pair, tags text[])',
    'CREATE TABLE "Odd one"."T able" ("C ol" int, select_ int)',
    "CREATE VIEW one AS SELECT id, upper(name) AS name, mood = 'it''s' AS well FROM a WHERE price > 1",
    'CREATE VIEW "Odd one".two AS SELECT "C ol" FROM "Odd one"."T able" WHERE twice("C ol") > 2',
    "CREATE VIEW three AS SELECT o.id, (SELECT count(*) FROM a WHERE a.id = o.id) FROM one o",
    "CREATE VIEW four AS SELECT name, twice() FROM a GROUP BY id",
    "CREATE VIEW five AS SELECT (at).x, tags[1] FROM a UNION SELECT 1, 'x'",
    'CREATE VIEW six AS SELECT x FROM "Odd one"."f(x)"(3)',
    "CREATE COLLATION coll (provider = libc, locale = 'POSIX')",
    "CREATE SEQUENCE sq",
    "CREATE TYPE span AS RANGE (SUBTYPE = int)",
    "CREATE AGGREGATE total (int) (SFUNC = int4pl, STYPE = int)",
    "CREATE TEXT SEARCH CONFIGURATION cc (PARSER = pg_catalog.default)",
    "CREATE TABLE more (id int, t text COLLATE coll, s span)",
    "CREATE VIEW eight AS SELECT id, t FROM more",
    "CREATE VIEW nine AS SELECT total(id), nextval('sq') FROM more",
    "CREATE VIEW ten AS SELECT to_tsvector('cc', t) FROM more WHERE upper(s) > 1",
    "CREATE MATERIALIZED VIEW seven AS SELECT id, name FROM a WHERE name LIKE 'a%'",
)
MAJORS = (16, 17, 18)


@pytest.fixture(scope="module")
def old() -> Iterator[DatabaseUrl]:
    try:
        binaries = find_binaries(major=15)
    except BinariesMissing as error:
        pytest.skip(str(error))
    with ThrowawayServer(binaries) as server:
        executed(server.url.libpq(), *MADE)
        yield server.url


@pytest.fixture(scope="module", params=MAJORS)
def new(request: pytest.FixtureRequest) -> Iterator[DatabaseUrl]:
    try:
        binaries = find_binaries(major=request.param)
    except BinariesMissing as error:
        pytest.skip(str(error))
    with ThrowawayServer(binaries) as server:
        executed(server.url.libpq(), *MADE)
        yield server.url


def views(expected: Schema, actual: Schema) -> list[str]:
    return [str(one.change) for one in differences(expected, actual) if "view" in one.change.object.kind]


def test_their_texts_differ_and_are_made_alike(old: DatabaseUrl, new: DatabaseUrl) -> None:
    one, other = picture_of(old), picture_of(new)
    assert len(views(one, other)) >= 4, "else there is nothing to mend"
    for pair in ((one, other), (other, one)):
        expected, actual, refused = printed_alike(*pair, lambda: new)
        assert refused == ()
        assert views(expected, actual) == []


def test_a_real_difference_is_still_one(old: DatabaseUrl, new: DatabaseUrl) -> None:
    one, other = picture_of(old), picture_of(new)
    view = next(item for item in one.all(View) if item.name == "one")
    text = view.definition.replace("upper", "lower")
    changed = Schema.of(
        (View(schema="public", name="one", definition=text, column_order=view.column_order) if item is view else item)
        for item in one
    )
    changed = Schema(changed.objects, one.server_major)
    expected, actual, _ = printed_alike(other, changed, lambda: new)
    (said,) = views(expected, actual)
    assert said.startswith("view public.one: definition is SELECT id, lower(name)")


def test_a_view_that_the_newer_server_refuses_is_named(old: DatabaseUrl, new: DatabaseUrl) -> None:
    one, other = picture_of(old), picture_of(new)
    broken = Schema(
        frozenset(
            View(schema="public", name="one", definition="SELECT gone() FROM nowhere", column_order=item.column_order)
            if isinstance(item, View) and item.name == "one"
            else item
            for item in one.objects
        ),
        one.server_major,
    )
    _, _, refused = printed_alike(broken, other, lambda: new)
    assert "public.one" in refused


def test_one_major_asks_for_no_server(new: DatabaseUrl) -> None:
    picture = picture_of(new)
    changed = picture.without(lambda item: isinstance(item, View) and item.name == "one")
    for pair in ((picture, changed), (changed, picture), (Schema(), picture)):
        assert printed_alike(*pair, lambda: pytest.fail("no server is needed"))[2] == ()


def test_the_command(old: DatabaseUrl, new: DatabaseUrl, inside: Headworks, tmp_path: Path) -> None:
    """A snapshot of a 15 beside a later live database, and the other way round, with no project at hand."""
    for one, other in ((old, new), (new, old)):
        assert inside("snapshot", "--url", one.libpq(), "-o", "schema.json").code == 0
        for against in ("schema.json", one.libpq()):
            ran = inside("drift", "--strict", "--against", against, "--url", other.libpq(), "--format", "json")
            assert json.loads(ran.out)["findings"] == []
        assert inside("snapshot", "--check", "-o", "schema.json", "--url", other.libpq()).code == 0


OPERATED = (
    "CREATE TABLE t (id int, a text)",
    "CREATE FUNCTION alike(text, text) RETURNS bool IMMUTABLE LANGUAGE sql AS 'SELECT true'",
    "CREATE OPERATOR =~= (LEFTARG = text, RIGHTARG = text, FUNCTION = alike)",
    "CREATE VIEW v AS SELECT id FROM t WHERE a =~= 'x'",
)


def test_the_hint_about_texts_that_were_not_compared(old: DatabaseUrl, new: DatabaseUrl, inside: Headworks) -> None:
    """Between two servers no shadow can help; a database on a server of the newer major does."""
    with scratch_database(old) as one, scratch_database(new) as other, scratch_database(new) as restored:
        for url in (one, other, restored):
            executed(url.libpq(), *OPERATED)
        ran = inside("drift", "--against", one.libpq(), "--url", other.libpq(), "--format", "json")
        (found,) = json.loads(ran.out)["findings"]
        majors = picture_of(one).server_major, picture_of(other).server_major
        assert (found["severity"], "public.v were not compared" in found["message"]) == ("warning", True)
        assert found["hint"] == "restore the database of PostgreSQL {} on a server of {}, and compare that one".format(
            *majors
        )
        ran = inside("drift", "--against", restored.libpq(), "--url", other.libpq(), "--format", "json")
        assert json.loads(ran.out)["findings"] == []


def test_a_project_is_helped_by_a_shadow_on_the_live_server(
    old: DatabaseUrl, new: DatabaseUrl, inside: Headworks, tmp_path: Path
) -> None:
    write_project(tmp_path, [Rev("a", sql(*OPERATED))])
    with scratch_database(old) as live:
        assert inside("upgrade", "--url", live.libpq()).code == 0
        words = ("drift", "--against", "migrations", "--url", live.libpq(), "--format", "json")
        found = json.loads(inside(*words, "--shadow-url", new.libpq()).out)["findings"]
        assert [one["hint"] for one in found if one["severity"] == "warning"] == ["headworks drift --shadow-on-live"]
        assert json.loads(inside(*words, "--shadow-on-live").out)["findings"] == []
