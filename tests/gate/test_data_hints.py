"""What to do about a step that fails on rows: it works when pasted, whatever the names are."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from helpers import Headworks
from projects import Rev, sql, write_project

PLACES = ["users", '"Order"', '"order"', '"Odd schema"."lateral"']
MAKE = 'CREATE TABLE {0} (id int PRIMARY KEY, "user" int, "groupName" text)'


@pytest.fixture
def failure(tmp_path: Path, inside: Headworks, server_url: str) -> Callable[..., dict[str, Any] | None]:
    """How revision b fails on rows, which does this in a table that is made so; None where it does not."""
    number = iter(range(9))

    def run(up: str, make: str, driver: str = "psycopg") -> dict[str, Any] | None:
        folder = tmp_path / f"p{next(number)}"
        first = Rev("a", sql('CREATE SCHEMA "Odd schema"', make), "raise NotImplementedError")
        env = "async" if driver == "asyncpg" else "generic"
        write_project(folder, [first, Rev("b", up, "raise NotImplementedError")], env=env, config={"driver": driver})
        ran = inside("gate", "--checks", "data", "--format", "json", "--shadow-url", server_url, folder=folder)
        assert ran.out, ran.err
        found = json.loads(ran.out)["findings"]
        assert {one["rule"] for one in found} <= {"gate.upgrade-fails-on-data", "gate.data-lost"}
        return next((one for one in found if one["rule"] != "gate.data-lost"), None)

    return run


def pasted(hint: str, **values: str) -> str:
    """The code in a hint, with these values for its dots."""
    [code] = re.findall(r"op\.execute\((?:\"[^\"]*\"|'[^']*')\)", hint)
    return str(code).replace("...", values.get("value", "..."))


@pytest.mark.parametrize("place", PLACES)
def test_a_column_that_was_there_is_filled_first(place: str, failure: Callable[..., dict[str, Any] | None]) -> None:
    make = MAKE.format(place)
    up = sql(f'ALTER TABLE {place} ALTER "user" SET NOT NULL')
    found = failure(up, make)
    assert found is not None
    assert found["hint"].startswith("fill it first: op.execute(")
    assert "server_default" not in found["hint"], "which fills no row that is there"
    assert failure(f"{pasted(found['hint'], value='7')}\n{up}", make) is None


@pytest.mark.parametrize("place", PLACES)
def test_a_new_column_is_filled_before_it_may_not_be_null(
    place: str, failure: Callable[..., dict[str, Any] | None]
) -> None:
    make = MAKE.format(place)
    found = failure(sql(f'ALTER TABLE {place} ADD "default" int NOT NULL'), make)
    assert found is not None
    assert found["hint"].startswith("give it a server_default; or let it be null at first, then ")
    [last] = re.findall(r"op\.alter_column\(.*\)$", found["hint"])
    lines = [sql(f'ALTER TABLE {place} ADD "default" int'), pasted(found["hint"], value="7"), last]
    assert failure("\n".join(lines), make) is None


@pytest.mark.parametrize("driver", ["psycopg", "asyncpg"])
@pytest.mark.parametrize("place", PLACES)
def test_what_is_there_twice_is_shown(
    place: str, driver: str, failure: Callable[..., dict[str, Any] | None], server_url: str
) -> None:
    found = failure(sql(f'ALTER TABLE {place} ADD UNIQUE ("user", "groupName")'), MAKE.format(place), driver)
    assert found is not None
    [query] = re.findall(r"SELECT .* > 1", found["hint"])
    with psycopg.connect(server_url) as connection:
        connection.execute('CREATE SCHEMA IF NOT EXISTS "Odd schema"')
        connection.execute(MAKE.format(place).encode())
        connection.execute(f"INSERT INTO {place} VALUES (1, 7, 'x'), (2, 7, 'x')".encode())
        assert connection.execute(query.encode()).fetchall() == [(7, "x", 2)]
        connection.rollback()


@pytest.mark.parametrize("place", PLACES)
def test_a_key_is_validated_later(place: str, failure: Callable[..., dict[str, Any] | None]) -> None:
    make = MAKE.format(place)
    key = f'ALTER TABLE {place} ADD CONSTRAINT "Fk" FOREIGN KEY ("user") REFERENCES {place}'
    found = failure(sql(key), make)
    assert found is not None
    mended = sql(f'UPDATE {place} SET "user" = NULL')
    assert failure(f"{sql(f'{key} NOT VALID')}\n{mended}\n{pasted(found['hint'])}", make) is None


@pytest.mark.parametrize("driver", ["psycopg", "psycopg2", "asyncpg"])
def test_a_row_that_is_written_is_another_matter(driver: str, failure: Callable[..., dict[str, Any] | None]) -> None:
    new = sql('CREATE TABLE state (id text PRIMARY KEY, "user" int)')
    insert = 'INSERT INTO state SELECT DISTINCT "groupName" FROM users'
    found = failure(f"{new}\n{sql(insert)}", MAKE.format("users"), driver)
    assert found is not None
    assert found["hint"] == (
        "it writes a row without id into state: leave those out that have none where it reads them,"
        " WHERE ... IS NOT NULL, or give them one, coalesce(..., ...)"
    )
    without = f'{insert} WHERE "groupName" IS NOT NULL'
    assert failure(f"{new}\n{sql(without)}", MAKE.format("users"), driver) is None


@pytest.mark.parametrize("driver", ["psycopg", "psycopg2", "asyncpg"])
def test_a_row_that_is_written_twice_is_another_matter(
    driver: str, failure: Callable[..., dict[str, Any] | None]
) -> None:
    up = sql(
        "CREATE TABLE state (id text PRIMARY KEY)", "INSERT INTO state SELECT coalesce(\"groupName\", '') FROM users"
    )
    found = failure(up, MAKE.format("users"), driver)
    assert found is not None
    assert found["hint"] == (
        "what it writes into state is there already, or comes twice: before it, find the rows that come to the same id,"
        " and leave all but one of them out, or make them differ"
    )
