"""Random schemas and single changes: drift finds something exactly when pg_dump prints something else."""

import re
import subprocess
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemas import Made, changes, schemas

from headworks.catalog import read_schema
from headworks.drift.compare import differences
from headworks.postgres.databases import scratch_database
from headworks.postgres.url import DatabaseUrl
from headworks.schema import Schema

SLOW = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


def run(url: DatabaseUrl, statements: tuple[str, ...]) -> None:
    with psycopg.connect(url.libpq(), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def picture(url: DatabaseUrl) -> Schema:
    with psycopg.connect(url.libpq(), autocommit=True) as connection:
        return read_schema(connection)


def dump(bindir: Path, url: DatabaseUrl) -> str:
    done = subprocess.run([bindir / "pg_dump", "-s", url.libpq()], check=True, capture_output=True, encoding="utf-8")
    # Comments name owners and TOCs; \\restrict has a random word.
    return "\n".join(line for line in done.stdout.splitlines() if not re.match(r"--|\\|\s*$", line))


@pytest.fixture
def server(server_url: str) -> DatabaseUrl:
    return DatabaseUrl.parse(server_url)


@SLOW
@given(data=st.data())
def test_a_change_is_found_exactly_when_pg_dump_sees_it(
    data: st.DataObject, server: DatabaseUrl, pg_bindir: Path
) -> None:
    made: Made = data.draw(schemas())
    change = data.draw(changes(made))
    with scratch_database(server) as url:
        run(url, made.statements)
        before, text = picture(url), dump(pg_bindir, url)
        try:
            run(url, change)
        except psycopg.Error:
            return  # a default that does not fit the type, a column that a view needs
        found = differences(before, picture(url))
        assert bool(found) == (dump(pg_bindir, url) != text), (change, [str(one.change) for one in found])


@SLOW
@given(data=st.data())
def test_another_order_of_creation_is_no_change(data: st.DataObject, server: DatabaseUrl) -> None:
    made: Made = data.draw(schemas())
    other = data.draw(st.permutations(made.rest))
    with scratch_database(server) as one, scratch_database(server) as two:
        run(one, made.statements)
        run(two, ("CREATE TABLE before_all (id int)", "DROP TABLE before_all", *made.first, *other))
        assert differences(picture(one), picture(two)) == ()


def test_every_change_can_be_made(server: DatabaseUrl, pg_bindir: Path) -> None:
    """On one schema, each of them once: none of the list is dead, and each is seen as pg_dump sees it."""
    made: Made = schemas_once()
    from schemas import _nothing, _of_others, _of_table

    unseen, failed = [], []
    with scratch_database(server) as model:
        run(model, made.statements)
        before, text = picture(model), dump(pg_bindir, model)
        for change in [*_of_table(made.tables[0]), *_of_others(), *_nothing(made.tables[0])]:
            with scratch_database(server, template=model.database) as url:
                try:
                    run(url, change)
                except psycopg.Error as error:
                    failed.append((change, str(error)))
                    continue
                found = differences(before, picture(url))
                if bool(found) != (dump(pg_bindir, url) != text):
                    unseen.append((change, [str(one.change) for one in found]))
    assert failed == []
    assert unseen == []


def schemas_once() -> Made:
    from schemas import EVERYWHERE, Tab

    first = (
        *EVERYWHERE,
        'CREATE TABLE "T one" (id integer PRIMARY KEY, a integer DEFAULT 1, "b c" text, CONSTRAINT ck CHECK (id > 0))',
    )
    rest = (
        'CREATE INDEX ix ON "T one" (id)',
        'CREATE VIEW seen AS SELECT t.id FROM "T one" t',
    )
    return Made(first, rest, (Tab('"T one"', (("a", "integer"), ('"b c"', "text")), "ix", "ck"),))
