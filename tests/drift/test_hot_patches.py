"""Commerce: models = migrations = a database at heads; and each kind of hot patch is found and named."""

import json
from pathlib import Path
from typing import Any

import pytest

from headworks.postgres.binaries import find_binaries
from headworks.postgres.errors import BinariesMissing
from headworks.postgres.server import ThrowawayServer
from headworks.postgres.url import DatabaseUrl
from helpers import Headworks, executed, scratch_databases_left, untouched

ROOT = Path(__file__).parents[2]

# What somebody ran by hand, and what drift says of it: rule, object, attribute, expected, actual.
PATCHES: dict[str, tuple[str, tuple[Any, ...]]] = {
    "column added": (
        "ALTER TABLE users ADD hotfix int",
        ("unexpected", "column public.users.hotfix", None, None, None),
    ),
    "column gone": (
        "ALTER TABLE sessions DROP expires",
        ("missing", "column public.sessions.expires", None, None, None),
    ),
    "default": (
        "ALTER TABLE products ALTER created_at SET DEFAULT '2020-01-01'",
        (
            "changed",
            "column public.products.created_at",
            "default",
            "now()",
            "'2020-01-01 00:00:00+00'::timestamp with time zone",
        ),
    ),
    "nullability": (
        "ALTER TABLE orders ALTER currency DROP NOT NULL",
        ("changed", "column public.orders.currency", "nullable", False, True),
    ),
    "type": (
        "ALTER TABLE product_categories ALTER slug TYPE varchar(17)",
        ("changed", "column public.product_categories.slug", "type", ..., "character varying(17)"),
    ),
    "index gone": (
        "DROP INDEX ix_notifications_unread",
        ("missing", "index public.notifications.ix_notifications_unread", None, None, None),
    ),
    "index added": ("CREATE INDEX hot ON users (id)", ("unexpected", "index public.users.hot", None, None, None)),
    "constraint": (
        "ALTER TABLE users ADD CONSTRAINT hot_check CHECK (email <> '')",
        ("unexpected", "constraint public.users.hot_check", None, None, None),
    ),
    "comment": ("COMMENT ON TABLE carts IS 'mine'", ("changed", "table public.carts", "comment", ..., "mine")),
    "column comment": (
        "COMMENT ON COLUMN carts.id IS 'mine'",
        ("changed", "column public.carts.id", "comment", None, "mine"),
    ),
    "sequence": ("CREATE SEQUENCE hot_sequence", ("unexpected", "sequence public.hot_sequence", None, None, None)),
    "table": ("CREATE TABLE hotfix (id int)", ("unexpected", "table public.hotfix", None, None, None)),
    "schema-wide function": (
        "CREATE FUNCTION hot() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        ("unexpected", "function public.hot()", None, None, None),
    ),
    "trigger": (
        "CREATE TRIGGER hot BEFORE UPDATE ON roles FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        ("unexpected", "trigger public.roles.hot", None, None, None),
    ),
}

_TRIGGERS = """
SELECT tgname::text, tgrelid::regclass::text FROM pg_trigger
WHERE NOT tgisinternal AND tgparentid = 0 ORDER BY 2, 1
"""
_FUNCTIONS = """
SELECT oid::regprocedure::text, prosrc FROM pg_proc p
WHERE pronamespace = 'public'::regnamespace
  AND prolang = (SELECT oid FROM pg_language WHERE lanname = 'plpgsql')
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
ORDER BY 1
"""
_ENUMS = """
SELECT enumtypid::regtype::text, array_agg(enumlabel::text ORDER BY enumsortorder) FROM pg_enum GROUP BY 1 ORDER BY 1
"""


def found(report: str) -> list[tuple[Any, ...]]:
    said = []
    for one in json.loads(report)["findings"]:
        ref = one["object"]
        path = ".".join(ref[part] for part in ("schema", "table", "name") if ref and ref[part])
        values = (one["attribute"], one["expected"], one["actual"])
        said.append((one["rule"].removeprefix("drift."), f"{ref['kind']} {path}" if ref else None, *values))
        assert one["severity"] == "error", one
    return said


def test_clean(commerce_database: str, headworks: Headworks, server_url: str) -> None:
    """On a shadow that somebody named, on a throw-away one, and on the live server itself."""
    with untouched(commerce_database):
        for words in (("--shadow-url", server_url), ("--against", "migrations"), ("--shadow-on-live",)):
            ran = headworks("drift", "--strict", *words, "--format", "json", "--url", commerce_database, folder=ROOT)
            assert (ran.code, json.loads(ran.out)["findings"]) == (0, []), ran


def test_each_patch_is_found(commerce_database: str, headworks: Headworks, server_url: str) -> None:
    (trigger, table), *_ = executed(commerce_database, _TRIGGERS)
    (function, body), *_ = executed(commerce_database, _FUNCTIONS)
    (enum, values), *_ = executed(commerce_database, _ENUMS)
    source = str(executed(commerce_database, f"SELECT pg_get_functiondef('{function}'::regprocedure)")[0][0])
    expected = [said for _, said in PATCHES.values()]
    executed(
        commerce_database,
        *(patch for patch, _ in PATCHES.values()),
        f"ALTER TABLE {table} DISABLE TRIGGER {trigger}",
        source.replace(str(body), str(body) + "-- hot"),
        f"ALTER TYPE {enum} ADD VALUE 'hot'",
        "CREATE EXTENSION citext",
    )
    expected += [
        ("changed", f"trigger public.{table}.{trigger}", "enabled", ..., ...),
        ("changed", f"function public.{function}", "body", ..., ...),
        ("changed", f"enum public.{enum}", "values", values, [*values, "hot"]),
        ("unexpected", "extension citext", None, None, None),
    ]
    for against in ("models", "migrations"):
        words = ("--against", against, "--shadow-url", server_url, "--format", "json", "--url", commerce_database)
        ran = headworks("drift", *words, folder=ROOT)
        assert ran.code == 1, ran.err
        said = found(ran.out)
        for one in expected:
            alike = [other for other in said if other[:3] == one[:3]]
            assert len(alike) == 1, (against, one, said)
            assert all(wanted in (..., got) for wanted, got in zip(one[3:], alike[0][3:], strict=True)), alike
            said.remove(alike[0])
        assert said in ([], [("missing", "index public.sessions.ix_sessions_expires", None, None, None)]), against


def test_a_snapshot_and_a_url_need_no_project(commerce_database: str, headworks: Headworks, tmp_path: Path) -> None:
    """There is none in the folder; and two runs give the same bytes."""
    first, second = (headworks("snapshot", "--url", commerce_database) for _ in range(2))
    assert first == second
    (tmp_path / "schema.json").write_text(first.out)
    for against in ("schema.json", commerce_database):
        assert headworks("drift", "--against", against, "--url", commerce_database).code == 0
    executed(commerce_database, "CREATE TABLE hotfix (id int)")
    ran = headworks("drift", "--against", "schema.json", "--url", commerce_database, "--format", "json")
    assert found(ran.out) == [("unexpected", "table public.hotfix", None, None, None)]


def test_postgresql_15(headworks: Headworks) -> None:
    """The shadow is of the live major: no false alarm, and a fault is still found."""
    try:
        binaries = find_binaries(major=15)
    except BinariesMissing:
        pytest.skip("no PostgreSQL 15 here")
    with ThrowawayServer(binaries) as server:
        executed(server.url.libpq(), "CREATE DATABASE live")
        url = server.url.with_database("live").libpq()
        assert headworks("upgrade", "--url", url, folder=ROOT).code == 0
        for against in ("models", "migrations"):
            ran = headworks("drift", "--strict", "--against", against, "--format", "json", "--url", url, folder=ROOT)
            report = json.loads(ran.out)
            assert (ran.code, report["findings"], report["stats"]["postgresql"]) == (0, [], 15)
        assert headworks("drift", "--shadow-on-live", "--url", url, folder=ROOT).code == 0
        assert scratch_databases_left(server.url.libpq()) == []
        executed(url, "ALTER TABLE users ALTER email DROP NOT NULL")
        ran = headworks("drift", "--format", "json", "--url", url, folder=ROOT)
        assert found(ran.out) == [("changed", "column public.users.email", "nullable", False, True)]


def test_the_database_is_only_read(commerce_database: str, headworks: Headworks, server_url: str) -> None:
    """A role that owns nothing and may not even make temporary tables is enough."""
    if "//postgres@" not in commerce_database:
        pytest.skip("this server asks for passwords")
    role = f"reader_{DatabaseUrl.parse(commerce_database).database}"
    executed(
        commerce_database, f"CREATE ROLE {role} LOGIN", f"ALTER ROLE {role} SET default_transaction_read_only = on"
    )
    name = DatabaseUrl.parse(commerce_database).database
    executed(commerce_database, f"REVOKE TEMPORARY ON DATABASE {name} FROM public")
    executed(commerce_database, f"GRANT SELECT ON alembic_version TO {role}")
    url = commerce_database.replace("//postgres@", f"//{role}@")
    try:
        for command in ("drift", "drift --against migrations", "gate --revisions 20251015_01", "status", "snapshot"):
            shadow = () if command in ("status", "snapshot") else ("--shadow-url", server_url)
            ran = headworks(*command.split(), *shadow, "--url", url, folder=ROOT)
            assert ran.code == 0, ran
    finally:
        executed(commerce_database, f"DROP OWNED BY {role}", f"DROP ROLE {role}")
