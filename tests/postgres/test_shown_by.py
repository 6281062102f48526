"""`shown_by`: for each object that the catalog's cases make, one statement that runs and returns a row."""

import contextlib
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from catalog_cases import CASES, SHARED, database, equip, run
from headworks.catalog import read_schema
from headworks.schema import Object, Schema, kinds

Side = tuple["psycopg.Connection[Any]", Schema]


@pytest.fixture(scope="module")
def sides(server_url: str, server_major: int) -> Iterator[list[Side]]:
    """What all `a.sql` make: the cases that share a database in one, each other case in one of its own."""
    equip(server_url)
    cases = [case for case in CASES if case.oldest <= server_major]
    together = [(case.schema, case.a) for case in cases if case in SHARED]
    with contextlib.ExitStack() as stack:
        found = []
        for scripts in (together, *([("", case.a)] for case in cases if case.alone)):
            url = stack.enter_context(database(server_url))
            connection = stack.enter_context(psycopg.connect(url, autocommit=True))
            run(connection, scripts)  # one that fails is reported by test_catalog_cases.py
            # As a person who pastes the statement has it.
            connection.execute("RESET ALL")
            found.append((connection, read_schema(connection)))
        yield found


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.kind)
def test_shown_by(kind: type[Object], sides: list[Side]) -> None:
    count = 0
    for connection, picture in sides:
        for item in picture.all(kind):
            # Of what is prepared PostgreSQL takes one statement only.
            row = connection.execute(item.shown_by.encode(), prepare=True).fetchone()
            assert row is not None, (item.ref, item.shown_by)
            count += 1
    assert count, "no case makes one"
