"""What the database itself sees to: updated_at, rates that do not overlap, full-text search, checks, soft delete."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import errors

Connection = psycopg.Connection[Any]


@pytest.fixture
def database(commerce_database: str) -> Iterator[Connection]:
    with psycopg.connect(commerce_database, autocommit=True) as connection:
        yield connection


def value(connection: Connection, query: str, *values: object) -> Any:
    row = connection.execute(query.encode(), values).fetchone()
    assert row
    return row[0]


def rate(connection: Connection, valid_from: str, valid_to: str | None, **changes: Any) -> None:
    row = {"country_code": "DE", "region": "", "category": "standard", "rate": 19, **changes}
    connection.execute(
        "INSERT INTO vat_rates (country_code, region, category, rate, valid_from, valid_to, source, checked_on) "
        "VALUES (%(country_code)s, %(region)s, %(category)s, %(rate)s, %(from)s, %(to)s, 'a test', '2026-10-01')",
        {**row, "from": valid_from, "to": valid_to},
    )


def test_updated_at_is_the_databases(database: Connection) -> None:
    """Whatever a client says."""
    database.execute("INSERT INTO roles (slug, name, updated_at) VALUES ('a', 'A', '2000-01-01')")
    database.execute("UPDATE roles SET name = 'B', updated_at = '2001-01-01'")
    assert value(database, "SELECT updated_at > now() - interval '1 minute' FROM roles")


def test_rates_of_one_thing_follow_one_another(database: Connection) -> None:
    rate(database, "2007-01-01", "2020-07-01")
    rate(database, "2020-07-01", "2021-01-01", rate=16)
    rate(database, "2021-01-01", None)
    assert value(database, "SELECT count(*) FROM vat_rates") == 3


@pytest.mark.parametrize(("valid_from", "valid_to"), [("2020-06-30", "2020-07-01"), ("2019-01-01", None)])
def test_rates_of_one_thing_do_not_overlap(valid_from: str, valid_to: str | None, database: Connection) -> None:
    rate(database, "2007-01-01", "2020-07-01")
    with pytest.raises(errors.ExclusionViolation, match="ex_vat_rates_period"):
        rate(database, valid_from, valid_to)


@pytest.mark.parametrize("other", [{"country_code": "AT"}, {"region": "Helgoland"}, {"category": "reduced"}])
def test_rates_of_other_things_may(other: dict[str, str], database: Connection) -> None:
    rate(database, "2007-01-01", None)
    rate(database, "2007-01-01", None, **other)
    assert value(database, "SELECT count(*) FROM vat_rates") == 2


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"country_code": "de"}, "ck_vat_rates_country_code_format"),
        ({"category": "Standard"}, "ck_vat_rates_category_format"),
        ({"rate": -1}, "ck_vat_rates_rate_range"),
        ({"rate": 100.01}, "ck_vat_rates_rate_range"),
        ({"valid_to": "2007-01-01"}, "ck_vat_rates_period_order"),
    ],
)
def test_a_rate_makes_sense(changes: dict[str, Any], constraint: str, database: Connection) -> None:
    with pytest.raises(errors.CheckViolation, match=constraint):
        rate(database, **{"valid_from": "2007-01-01", "valid_to": None, **changes})


def test_tickets_are_found_by_their_words(database: Connection) -> None:
    database.execute(
        "WITH one AS (INSERT INTO users (email) VALUES ('a@example.org') RETURNING id) "
        "INSERT INTO support_tickets (user_id, ticket_number, subject, body) "
        "SELECT id, 'T-1', 'Refund for my campaign', 'It never started.' FROM one UNION ALL "
        "SELECT id, 'T-2', 'Invoice', 'The refund is missing on it.' FROM one"
    )
    query = (
        "SELECT array_agg(ticket_number ORDER BY ts_rank(search, q) DESC) "
        "FROM support_tickets, to_tsquery('simple', %s) q WHERE search @@ q"
    )
    assert value(database, query, "refund") == ["T-1", "T-2"]  # the subject weighs more
    assert value(database, query, "started & campaign") == ["T-1"]
    database.execute("UPDATE support_tickets SET subject = 'Something else' WHERE ticket_number = 'T-1'")
    assert value(database, query, "refund") == ["T-2"]


def test_contents_are_searched_in_their_language(database: Connection) -> None:
    database.execute(
        "INSERT INTO marketing_contents (slug, locale, kind, title, body) VALUES "
        "('campaigns', 'de', 'article', 'Erfolgreiche Kampagnen', 'Wie man sie plant.'), "
        "('campaigns', 'en', 'article', 'Successful campaigns', 'How to plan them.')"
    )
    query = "SELECT array_agg(locale) FROM marketing_contents WHERE search @@ to_tsquery(%s::regconfig, %s)"
    assert value(database, query, "german", "Kampagne") == ["de"]
    assert value(database, query, "english", "planning") == ["en"]


@pytest.mark.parametrize("table", ["support_tickets", "marketing_contents"])
def test_full_text_search_can_use_its_index(table: str, database: Connection) -> None:
    database.execute("SET enable_seqscan = off")
    plan = database.execute(
        f"EXPLAIN SELECT 1 FROM {table} WHERE search @@ to_tsquery('simple', 'x')".encode()
    ).fetchall()
    assert f"ix_{table}_search" in str(plan)


def test_a_product_that_was_withdrawn_stays_for_its_orders(database: Connection) -> None:
    database.execute("INSERT INTO products (slug, name, price, deleted_at) VALUES ('growth', 'Growth', 10, now())")
    database.execute(
        "WITH one AS (INSERT INTO users (email) VALUES ('a@example.org') RETURNING id), "
        "two AS (INSERT INTO orders (user_id, order_number) SELECT id, '1' FROM one RETURNING id) "
        "INSERT INTO order_items (order_id, product_id, name, unit_amount, total_amount) "
        "SELECT two.id, products.id, 'Growth', 10, 10 FROM two, products"
    )
    assert value(database, "SELECT deleted_at IS NOT NULL FROM order_items JOIN products ON products.id = product_id")
    with pytest.raises(errors.UniqueViolation, match="uq_products_slug"):
        database.execute("INSERT INTO products (slug, name, price) VALUES ('growth', 'Growth again', 10)")


def test_an_event_is_recorded_once(database: Connection) -> None:
    insert = (
        "INSERT INTO webhook_events (provider, external_id, event_type, payload) VALUES (%s, 'evt_1', 'x', '{}') "
        "ON CONFLICT (provider, external_id) DO NOTHING"
    )
    assert [database.execute(insert, [name]).rowcount for name in ("stripe", "stripe", "lexoffice")] == [1, 0, 1]


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("INSERT INTO users (email) VALUES ('nobody')", "ck_users_email_format"),
        ("INSERT INTO products (slug, name, price) VALUES ('Growth!', 'x', 1)", "ck_products_slug_format"),
        ("INSERT INTO products (slug, name, price) VALUES ('growth', 'x', -1)", "ck_products_price_not_negative"),
        ("INSERT INTO carts DEFAULT VALUES", "ck_carts_has_owner"),
        (
            "INSERT INTO marketing_contents (slug, kind, status, title, body) "
            "VALUES ('a', 'faq', 'published', 'x', 'y')",
            "ck_marketing_contents_published_has_time",
        ),
    ],
)
def test_checks(statement: str, constraint: str, database: Connection) -> None:
    with pytest.raises(errors.CheckViolation, match=constraint):
        database.execute(statement.encode())
