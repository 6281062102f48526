"""`commerce_uuid7()`: valid UUIDv7 (RFC 9562), in order, on every major."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise

import psycopg
import pytest

from commerce.database_objects import UUID7

Connection = psycopg.Connection[tuple[uuid.UUID]]


@pytest.fixture
def database(commerce_database: str) -> Iterator[Connection]:
    with psycopg.connect(commerce_database, autocommit=True) as connection:
        yield connection


def ids(connection: Connection, count: int) -> list[uuid.UUID]:
    return [row[0] for row in connection.execute("SELECT commerce_uuid7() FROM generate_series(1, %s)", [count])]


def test_version_and_variant(database: Connection) -> None:
    for made in ids(database, 1000):
        assert made.version == 7
        assert made.variant == uuid.RFC_4122


def test_the_time_is_in_it(database: Connection) -> None:
    def now() -> datetime:
        row = database.execute("SELECT clock_timestamp()").fetchone()
        assert isinstance(row, tuple)
        assert isinstance(row[0], datetime)
        return row[0]

    before, made, after = now(), ids(database, 1)[0], now()
    milliseconds = made.int >> 80
    fraction = (made.int >> 64 & 0xFFF) / 4096
    at = datetime.fromtimestamp((milliseconds + fraction) / 1000, UTC)
    # `rand_a` counts 4096ths of a millisecond: a quarter of a microsecond may be lost, and a float loses one more.
    assert before.timestamp() - 2e-6 <= at.timestamp() <= after.timestamp()


def test_in_order_within_a_statement(database: Connection) -> None:
    made = ids(database, 1000)
    assert all(one < next_ for one, next_ in pairwise(made))


def test_in_order_from_statement_to_statement(database: Connection) -> None:
    made = [ids(database, 1)[0] for _ in range(1000)]
    assert all(one < next_ for one, next_ in pairwise(made))


def test_in_order_as_rows_are_inserted(database: Connection) -> None:
    database.execute("INSERT INTO roles (slug, name) SELECT to_char(n, 'FM0000'), 'x' FROM generate_series(1, 1000) n")
    by_id = [slug for (slug,) in database.execute("SELECT slug FROM roles ORDER BY id")]
    assert by_id == [f"{n:04}" for n in range(1, 1001)]  # type: ignore[comparison-overlap]


def test_the_random_part_is_random(database: Connection) -> None:
    """62 bits: no two alike, and each bit is set about as often as not (chance of a false alarm below 1e-9)."""
    tails = [made.int & (1 << 62) - 1 for made in ids(database, 1000)]
    assert len(set(tails)) == 1000
    for bit in range(62):
        assert 400 < sum(tail >> bit & 1 for tail in tails) < 600


def test_it_works_with_an_empty_search_path(database: Connection) -> None:
    database.execute("SET search_path = ''")
    row = database.execute("INSERT INTO public.roles (slug, name) VALUES ('a', 'A') RETURNING id").fetchone()
    assert row
    assert row[0].version == 7
    database.execute("UPDATE public.roles SET name = 'B'")


def test_models_and_migration_have_one_text(database: Connection) -> None:
    row = database.execute("SELECT prosrc, provolatile, proparallel FROM pg_proc WHERE proname = 'commerce_uuid7'")
    assert row.fetchone() == (UUID7.split("$function$")[1], "v", "s")
