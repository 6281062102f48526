"""The naming standards and the indexing plan, over every table of the migrated database."""

import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from commerce.metadata import auth, core

PREFIXES = {"p": "pk", "u": "uq", "f": "fk", "c": "ck", "x": "ex"}

SOFT_DELETED = {
    "users",
    "customer_profiles",
    "products",
    "product_variants",
    "product_categories",
    "product_option_groups",
    "product_options",
    "product_addons",
    "product_custom_fields",
    "subscription_plans",
    "instagram_accounts",
    "service_campaigns",
    "marketing_contents",
}

INDEXING_PLAN = [
    ("orders", "INDEX", "btree (user_id)"),
    ("orders", "INDEX", "btree (status)"),
    ("orders", "INDEX", "btree (created_at)"),
    ("payments", "UNIQUE INDEX", "btree (stripe_payment_intent_id)"),
    ("payments", "INDEX", "btree (status)"),
    ("subscriptions", "UNIQUE INDEX", "btree (stripe_subscription_id)"),
    ("subscriptions", "INDEX", "btree (user_id)"),
    ("instagram_account_snapshots", "INDEX", "btree (customer_profile_id, recorded_at DESC)"),
    ("webhook_events", "UNIQUE INDEX", "btree (provider, external_id)"),
    ("webhook_events", "INDEX", "btree (processed_at)"),
    ("support_tickets", "INDEX", "gin (search)"),
    ("marketing_contents", "INDEX", "gin (search)"),
]

NATURAL_KEYS = [
    ("orders", ["order_number"]),
    ("products", ["slug"]),
    ("payments", ["stripe_payment_intent_id"]),
    ("subscription_plans", ["stripe_price_id"]),
    ("subscriptions", ["stripe_subscription_id"]),
    ("webhook_events", ["provider", "external_id"]),
    ("users", ["email"]),
    ("sessions", ["session_token"]),
    ("roles", ["slug"]),
    ("product_categories", ["slug"]),
    ("vat_rates", ["country_code", "region", "category", "valid_from"]),
]


@pytest.fixture
def database(commerce_database: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(commerce_database) as connection:
        yield connection


@pytest.fixture
def tables(database: psycopg.Connection[Any]) -> set[str]:
    found = database.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
    )
    return {name for (name,) in found} - {"alembic_version"}


def constraints(database: psycopg.Connection[Any], kinds: str) -> list[tuple[str, str, str, str, list[str]]]:
    """Table, kind, name, ON DELETE, columns."""
    return database.execute(
        """
        SELECT conrelid::regclass::text, contype::text, conname, confdeltype::text,
          (SELECT coalesce(array_agg(attname::text ORDER BY n), '{}') FROM unnest(conkey) WITH ORDINALITY k(attnum, n)
           JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = k.attnum)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype::text = ANY (%s)
          AND conrelid <> 'alembic_version'::regclass""",
        [list(kinds)],
    ).fetchall()


def test_tables_are_snake_case_and_plural(tables: set[str]) -> None:
    assert tables == set(auth.tables) | set(core.tables)
    for table in tables:
        assert re.fullmatch(r"[a-z][a-z_]*(s|ies)", table), table


def test_primary_keys_are_uuids_with_a_default(database: psycopg.Connection[Any], tables: set[str]) -> None:
    keys = {table: columns for table, _, _, _, columns in constraints(database, "p")}
    assert keys == {table: ["id"] for table in tables}
    defaults = database.execute(
        "SELECT table_name, data_type, column_default, ordinal_position FROM information_schema.columns "
        "WHERE table_schema = 'public' AND column_name = 'id'"
    ).fetchall()
    assert sorted(defaults) == [(table, "uuid", "commerce_uuid7()", 1) for table in sorted(tables)]


def test_every_table_says_when_its_rows_were_made_and_changed(
    database: psycopg.Connection[Any], tables: set[str]
) -> None:
    found = database.execute(
        "SELECT table_name, column_name, is_nullable, column_default FROM information_schema.columns "
        "WHERE table_schema = 'public' AND column_name IN ('created_at', 'updated_at') "
        "AND data_type = 'timestamp with time zone'"
    ).fetchall()
    expected = [(table, column, "NO", "now()") for table in sorted(tables) for column in ("created_at", "updated_at")]
    assert sorted(found) == expected


def test_every_time_has_a_time_zone(database: psycopg.Connection[Any]) -> None:
    found = database.execute(
        "SELECT count(*) FILTER (WHERE data_type LIKE '%without time zone'), "
        "count(*) FILTER (WHERE data_type LIKE '%with time zone') "
        "FROM information_schema.columns WHERE table_schema = 'public'"
    ).fetchone()
    assert found
    assert found[0] == 0
    assert found[1] > 2 * len(core.tables)


def test_updated_at_is_kept_by_one_function_everywhere(database: psycopg.Connection[Any], tables: set[str]) -> None:
    found = database.execute(
        "SELECT tgrelid::regclass::text, tgname, proname, tgenabled::text "
        "FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid WHERE NOT tgisinternal"
    ).fetchall()
    expected = [(table, f"tr_{table}_set_updated_at", "commerce_set_updated_at", "O") for table in sorted(tables)]
    assert sorted(found) == expected


def test_soft_delete_where_it_is_needed(database: psycopg.Connection[Any]) -> None:
    found = database.execute(
        "SELECT table_name, is_nullable FROM information_schema.columns "
        "WHERE table_schema = 'public' AND column_name = 'deleted_at'"
    ).fetchall()
    assert dict(found) == dict.fromkeys(SOFT_DELETED, "YES")


def test_constraint_names_follow_the_convention(database: psycopg.Connection[Any]) -> None:
    found = constraints(database, "pufcx")
    assert {kind for _, kind, *_ in found} == set(PREFIXES)
    for table, kind, name, _, columns in found:
        prefix = f"{PREFIXES[kind]}_{table}"
        if kind == "p":
            assert name == prefix
        elif kind in "uf":
            assert name == "_".join([prefix, *columns])  # equal in full: nothing was cut off at 63 bytes
        else:
            assert name.startswith(f"{prefix}_")
        assert len(name.encode()) <= 63


def test_index_names_follow_the_convention(database: psycopg.Connection[Any]) -> None:
    """Those that no constraint owns. A partial index and one of an expression are named for what they are for."""
    found = database.execute(
        """
        SELECT indrelid::regclass::text, indexrelid::regclass::text, indisunique,
          indpred IS NOT NULL OR indexprs IS NOT NULL,
          (SELECT array_agg(attname::text ORDER BY n) FROM unnest(indkey) WITH ORDINALITY k(attnum, n)
           JOIN pg_attribute a ON a.attrelid = indrelid AND a.attnum = k.attnum)
        FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
        WHERE relnamespace = 'public'::regnamespace
          AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)"""
    ).fetchall()
    assert found
    for table, name, unique, special, columns in found:
        prefix = f"{'uq' if unique else 'ix'}_{table}"
        if special:
            assert name.startswith(f"{prefix}_")
        else:
            assert name == "_".join([prefix, *columns])
        assert len(name.encode()) <= 63


def test_no_two_indexes_do_the_same(database: psycopg.Connection[Any]) -> None:
    """None is the beginning of another on the same table, unless it is unique, partial or of another method."""
    found = database.execute(
        "SELECT a.indexrelid::regclass::text, b.indexrelid::regclass::text FROM pg_index a JOIN pg_index b "
        "ON a.indrelid = b.indrelid AND a.indexrelid <> b.indexrelid AND NOT a.indisunique "
        "AND a.indpred IS NULL AND b.indpred IS NULL AND a.indexprs IS NULL AND b.indexprs IS NULL "
        "JOIN pg_class ca ON ca.oid = a.indexrelid JOIN pg_class cb ON cb.oid = b.indexrelid AND ca.relam = cb.relam "
        "WHERE ca.relnamespace = 'public'::regnamespace AND (b.indkey::text || ' ') LIKE (a.indkey::text || ' %')"
    ).fetchall()
    assert found == []


def test_every_foreign_key_says_on_delete(database: psycopg.Connection[Any]) -> None:
    found = constraints(database, "f")
    assert len(found) > 30
    for table, _, name, on_delete, columns in found:
        assert on_delete in {"c", "n", "r"}, f"{table}.{name} leaves ON DELETE unsaid"
        assert columns


def test_set_null_is_only_said_of_nullable_columns(database: psycopg.Connection[Any]) -> None:
    nullable = {
        (table, column)
        for table, column in database.execute(
            "SELECT table_name, column_name FROM information_schema.columns "
            "WHERE table_schema = 'public' AND is_nullable = 'YES'"
        )
    }
    set_null = [
        (table, columns[0]) for table, _, _, on_delete, columns in constraints(database, "f") if on_delete == "n"
    ]
    assert set_null
    assert set(set_null) <= nullable


def test_every_foreign_key_is_indexed(database: psycopg.Connection[Any]) -> None:
    """By an index of all rows that begins with its columns."""
    bare = database.execute(
        "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'f' AND NOT EXISTS ("
        " SELECT FROM pg_index WHERE indrelid = conrelid AND indpred IS NULL AND indisvalid"
        " AND (indkey::int2[])[0:cardinality(conkey) - 1] = conkey)"
    ).fetchall()
    assert bare == []


@pytest.mark.parametrize(("table", "kind", "keys"), INDEXING_PLAN)
def test_indexing_plan(table: str, kind: str, keys: str, database: psycopg.Connection[Any]) -> None:
    definitions = [
        text for (text,) in database.execute("SELECT indexdef FROM pg_indexes WHERE tablename = %s", [table])
    ]
    assert [
        text
        for text in definitions
        if re.fullmatch(rf"CREATE {kind} \w+ ON public\.{table} USING {re.escape(keys)}", text)
    ]


@pytest.mark.parametrize(("table", "columns"), NATURAL_KEYS)
def test_natural_keys_are_unique_constraints(table: str, columns: list[str], database: psycopg.Connection[Any]) -> None:
    assert columns in [found for name, _, _, _, found in constraints(database, "u") if name == table]


def test_money_is_numeric_12_2_and_has_a_currency(database: psycopg.Connection[Any]) -> None:
    """Beside it, or in the row that the row belongs to."""
    money: dict[str, set[str]] = {}
    for table, column, kind in database.execute(
        "SELECT table_name, column_name, format('%s(%s,%s)', data_type, numeric_precision, numeric_scale) "
        "FROM information_schema.columns WHERE table_schema = 'public' "
        "AND (column_name ~ '(amount|price)(_difference)?$') AND data_type <> 'uuid'"
    ):
        money.setdefault(table, set()).add(kind)
        assert column
    assert set().union(*money.values()) == {"numeric(12,2)"}
    with_currency = {
        table
        for (table,) in database.execute(
            "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' "
            "AND column_name = 'currency' AND udt_name = 'currency'"
        )
    }
    assert set(money) - with_currency == {"order_items", "product_options"}


def test_every_table_has_a_comment(database: psycopg.Connection[Any], tables: set[str]) -> None:
    found = database.execute("SELECT relname, obj_description(oid, 'pg_class') FROM pg_class WHERE relkind = 'r'")
    comments = {name: comment for name, comment in found if name in tables}
    assert all(comments.values())
    assert len(set(comments.values())) == len(tables)
