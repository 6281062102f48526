"""An enum's value that has another name is said once, not in each constant of the type."""

from collections.abc import Callable

import pytest

Said = Callable[..., list[str]]

MADE = (
    "CREATE TABLE lab (id int, m mood DEFAULT 'ok', ms mood[] DEFAULT '{ok,low,NULL}', t text DEFAULT 'ok',"
    " ts text[] DEFAULT '{ok}', CHECK (m <> 'ok'), CONSTRAINT two CHECK (m = ANY (ARRAY['ok'::mood, 'low'])))",
    "CREATE INDEX ix_lab ON lab (id) WHERE m = 'ok'",
    "CREATE VIEW seen AS SELECT id, m = 'ok' AS x, 'ok'::text AS y FROM lab WHERE m IN ('ok', 'low')",
    "CREATE DOMAIN feeling AS mood DEFAULT 'ok' CHECK (VALUE <> 'ok')",
    "CREATE POLICY p ON lab USING (m = 'ok')",
    "CREATE FUNCTION f(m mood DEFAULT 'ok') RETURNS mood LANGUAGE sql BEGIN ATOMIC SELECT 'ok'::mood; END",
    "CREATE FUNCTION g() RETURNS mood LANGUAGE sql AS 'SELECT ''ok''::mood'",
    "CREATE TRIGGER t BEFORE UPDATE ON lab FOR EACH ROW WHEN (NEW.m = 'ok') EXECUTE FUNCTION touch()",
    "CREATE TABLE listed (m mood) PARTITION BY LIST (m)",
    "CREATE TABLE listed_1 PARTITION OF listed FOR VALUES IN ('low', 'ok', NULL)",
    'CREATE TABLE ranged ("order" mood) PARTITION BY RANGE ("order")',
    "CREATE TABLE ranged_1 PARTITION OF ranged FOR VALUES FROM (MINVALUE) TO ('low')",
    "CREATE TABLE of_text (t text) PARTITION BY LIST (t)",
    "CREATE TABLE of_text_1 PARTITION OF of_text FOR VALUES IN ('low')",
)


@pytest.mark.parametrize("old", ["ok", "low"])
@pytest.mark.parametrize("new", ["fine", "zz", "it's", 'a "b", {c} \\', "", "null", "with space"])
def test_a_value(said: Said, old: str, new: str) -> None:
    """Defaults, checks, predicates, views, bounds: what PostgreSQL prints has the new name."""
    values = ", ".join(new if one == old else one for one in ("ok", "low"))
    quoted = new.replace("'", "''")
    assert said(f"ALTER TYPE mood RENAME VALUE '{old}' TO '{quoted}'", first=MADE) == [
        f"enum public.mood: values is ({values}), expected (ok, low) | the same place among 2 values"
    ]


def test_what_changed_besides(said: Said) -> None:
    """A text is no constant of the type, and a source text is printed as it was written."""
    found = said(
        "ALTER TYPE mood RENAME VALUE 'ok' TO 'fine'",
        "ALTER TABLE lab ALTER m SET DEFAULT 'low', ALTER t SET DEFAULT 'fine', ALTER ts SET DEFAULT '{fine}'",
        "CREATE OR REPLACE FUNCTION g() RETURNS mood LANGUAGE sql AS 'SELECT ''fine''::mood'",
        "DROP TABLE of_text_1",
        "CREATE TABLE of_text_1 PARTITION OF of_text FOR VALUES IN ('fine')",
        first=(*MADE[:-1], "CREATE TABLE of_text_1 PARTITION OF of_text FOR VALUES IN ('ok')"),
    )
    assert [one.partition(" |")[0] for one in found] == [
        "enum public.mood: values is (fine, low), expected (ok, low)",
        "function public.g(): body is SELECT 'fine'::mood, expected SELECT 'ok'::mood",
        "column public.lab.m: default is 'low'::public.mood, expected 'ok'::public.mood",
        "column public.lab.t: default is 'fine'::text, expected 'ok'::text",
        "column public.lab.ts: default is '{fine}'::text[], expected '{ok}'::text[]",
        "table public.of_text_1: bound is FOR VALUES IN ('fine'), expected FOR VALUES IN ('ok')",
    ]


MANY = (
    "CREATE TYPE size AS ENUM ('s', 'm', 'l', 'xl')",
    "CREATE TABLE shirts (a size DEFAULT 's', b size DEFAULT 'm')",
)


def test_two_values_of_a_type_in_a_renamed_schema(said: Said) -> None:
    found = said(
        "ALTER SCHEMA shop RENAME TO store",
        "ALTER TYPE store.size RENAME VALUE 's' TO 'small'",
        "ALTER TYPE store.size RENAME VALUE 'm' TO 'medium'",
        first=("CREATE SCHEMA shop; SET search_path TO shop", *MANY, "SET search_path TO public"),
    )
    assert [one.partition(" | ")[2] for one in found] == [
        "all 2 objects in it are there",
        "the same places among 4 values",
    ]


@pytest.mark.parametrize(
    "values",
    [
        "'m', 's', 'l', 'xl'",  # another order
        "'x', 's', 'm', 'l'",  # one gone, one come elsewhere
        "'s', 'm', 'l', 'xl', 'xxl'",
        "'s', 'm', 'l'",
        "'S', 'M', 'L', 'XL'",  # nothing is left of what was
    ],
)
def test_what_is_no_new_name(said: Said, values: str) -> None:
    anew = (
        "DROP TABLE shirts",
        "DROP TYPE size",
        f"CREATE TYPE size AS ENUM ({values})",
        "CREATE TABLE shirts (a size, b size DEFAULT 'm')".replace("'m'", "'m'" if "'m'" in values else "'M'"),
    )
    first, *rest = said(*anew, first=MANY)
    assert first.startswith("enum public.size: values is ")
    assert "|" not in first
    assert any(one.startswith("column public.shirts.a: default is not set") for one in rest)
