"""What rules let pass and what they do not, beyond the one example of each: on a real server."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from helpers import Headworks, executed

Found = Callable[..., list[tuple[str, str]]]


@pytest.fixture
def found(inside: Headworks, make_database: Callable[..., str], tmp_path: Path) -> Found:
    """Lint a database of these statements, with these lines of [lint]; (rule, object's name) of each, sorted."""

    def call(*statements: str, config: str = "", severity: str | None = None) -> list[tuple[str, str]]:
        url = make_database()
        executed(url, *statements)
        (tmp_path / "headworks.toml").write_text(config)
        words = ["--config", str(tmp_path / "headworks.toml")]
        ran = inside("lint", "--source", "live", "--url", url, *words, "--format", "json")
        assert ran.out, ran.err
        said = json.loads(ran.out)["findings"]
        said = [one for one in said if one["object"] and severity in (None, one["severity"])]
        return sorted((one["rule"].removeprefix("lint."), one["object"]["name"]) for one in said)

    return call


def test_which_indexes_serve_a_foreign_key(found: Found) -> None:
    served = {
        "any_order": "CREATE INDEX ON any_order (b, a, c)",
        "not_null": "CREATE INDEX ON not_null (a, b) WHERE b IS NOT NULL",
        "descending": "CREATE INDEX ON descending (a DESC, b NULLS FIRST)",
        "key": "ALTER TABLE key ADD PRIMARY KEY (b, a)",
    }
    not_served = {
        "second": "CREATE INDEX ON second (c, a, b)",
        "partial": "CREATE INDEX ON partial (a, b) WHERE c > 0",
        "expression": "CREATE INDEX ON expression ((a + 0), b)",
        "half": "CREATE INDEX ON half (a, c)",
        "brin_only": "CREATE INDEX ON brin_only USING brin (a, b)",
    }
    statements = ["CREATE TABLE parent (a bigint, b bigint, PRIMARY KEY (a, b))"]
    for name, index in (served | not_served).items():
        columns = "a bigint NOT NULL, b bigint NOT NULL, c bigint"
        statements.append(f"CREATE TABLE {name} ({columns}, CONSTRAINT {name}_fk FOREIGN KEY (a, b) REFERENCES parent)")
        statements.append(index)
    said = [name for rule, name in found(*statements) if rule == "foreign-key-without-index"]
    assert said == sorted(f"{name}_fk" for name in not_served)


def test_a_column_named_with_a_word_of_sql_has_its_index(found: Found) -> None:
    said = found(
        "CREATE TABLE parent (id bigint PRIMARY KEY)",
        'CREATE TABLE child (id bigint PRIMARY KEY, "order" bigint REFERENCES parent, "a b" bigint REFERENCES parent)',
        'CREATE INDEX ON child ("order")',
        'CREATE INDEX ON child ("a b" DESC)',
    )
    assert said == [("reserved-word", "order")]


def test_two_foreign_keys_over_the_same_columns_lack_one_index(found: Found) -> None:
    said = found(
        "CREATE TABLE a (id bigint PRIMARY KEY)",
        "CREATE TABLE b (id bigint PRIMARY KEY)",
        "CREATE TABLE c (id bigint PRIMARY KEY, x bigint CONSTRAINT one REFERENCES a CONSTRAINT two REFERENCES b)",
    )
    assert said == [("foreign-key-without-index", "one")]


def test_a_partition_is_as_its_table_is(found: Found) -> None:
    said = found(
        "CREATE TABLE users (id bigint PRIMARY KEY)",
        "CREATE TABLE logs (id bigint, at timestamp, user_id bigint REFERENCES users) PARTITION BY RANGE (id)",
        "CREATE TABLE logs_1 PARTITION OF logs FOR VALUES FROM (0) TO (10)",
        "CREATE TABLE notes (at timestamp) INHERITS (users)",
    )
    names = [name for _, name in said]
    assert names == ["logs_user_id_fkey", "logs", "notes", "at", "at"]


def test_what_is_no_duplicate_and_nothing_redundant(found: Found) -> None:
    said = found(
        "CREATE TABLE a (id bigint PRIMARY KEY, b bigint NOT NULL, c bigint NOT NULL, d text NOT NULL)",
        "CREATE INDEX plain ON a (b)",
        "CREATE INDEX partial ON a (b) WHERE c > 0",
        "CREATE INDEX descending ON a (b DESC, c)",
        "CREATE UNIQUE INDEX narrow ON a (c)",
        "CREATE UNIQUE INDEX wide ON a (c, b)",
        "CREATE INDEX hashed ON a USING hash (b)",
        "CREATE INDEX covering ON a (d) INCLUDE (b)",
        "CREATE INDEX longer ON a (d, c)",
        "CREATE INDEX pattern ON a (d text_pattern_ops)",
    )
    assert said == []
    said = found(
        "CREATE TABLE a (id bigint PRIMARY KEY, b bigint NOT NULL, c bigint NOT NULL, UNIQUE (b), UNIQUE (c, b))",
        "CREATE UNIQUE INDEX again ON a (b)",
        "CREATE INDEX id_too ON a (id)",
        "CREATE INDEX c_too ON a (c)",
    )
    assert said == [("duplicate-index", "again"), ("duplicate-index", "id_too"), ("redundant-index", "c_too")]


def test_a_sequence_that_is_shared_is_no_serial(found: Found) -> None:
    said = found(
        "CREATE SEQUENCE numbers",
        "CREATE TABLE a (id bigint PRIMARY KEY DEFAULT nextval('numbers'), old serial NOT NULL)",
        "CREATE TABLE \"B\" (id bigint PRIMARY KEY DEFAULT nextval('numbers'))",
    )
    assert said == [("serial-type", "old")]


def test_a_tree_may_delete_its_branches_and_three_tables_in_a_circle_may_not(found: Found) -> None:
    said = found(
        "CREATE TABLE trees (id bigint PRIMARY KEY, up bigint REFERENCES trees ON DELETE CASCADE)",
        "CREATE TABLE a (id bigint PRIMARY KEY, x bigint)",
        "CREATE TABLE b (id bigint PRIMARY KEY, x bigint CONSTRAINT b_a REFERENCES a ON DELETE CASCADE)",
        "CREATE TABLE c (id bigint PRIMARY KEY, x bigint CONSTRAINT c_b REFERENCES b ON DELETE CASCADE)",
        "ALTER TABLE a ADD CONSTRAINT a_c FOREIGN KEY (x) REFERENCES c ON DELETE CASCADE",
        *(f"CREATE INDEX ON {name}" for name in ("trees (up)", "a (x)", "b (x)", "c (x)")),
    )
    assert [rule for rule, _ in said] == ["cascade-cycle"]


def test_no_primary_key_says_which_columns_could_be_one(
    inside: Headworks, make_database: Callable[..., str], tmp_path: Path
) -> None:
    url = make_database()
    executed(url, "CREATE SCHEMA s", 'CREATE TABLE s."T" (a int, b int NOT NULL UNIQUE)', "CREATE TABLE u (a int)")
    ran = inside("lint", "--source", "live", "--url", url, "--format", "json")
    hints = [one["hint"] for one in json.loads(ran.out)["findings"] if one["rule"] == "lint.no-primary-key"]
    assert len(hints) == 2
    executed(url, *hints)  # each can be pasted
    ran = inside("lint", "--source", "live", "--url", url, "--format", "json")
    assert "lint.no-primary-key" not in ran.out


def test_the_types_of_a_foreign_key_are_those_beneath(found: Found) -> None:
    said = found(
        "CREATE DOMAIN uid AS bigint",
        "CREATE DOMAIN small AS integer",
        "CREATE DOMAIN code AS varchar(9)",
        "CREATE TABLE users (id bigint PRIMARY KEY, code varchar(9) UNIQUE, name text UNIQUE, at timestamptz UNIQUE)",
        "CREATE TABLE fine (id uid PRIMARY KEY REFERENCES users, code code REFERENCES users (code),"
        " name varchar REFERENCES users (name))",
        "CREATE TABLE longer (id bigint PRIMARY KEY, code varchar(50) REFERENCES users (code),"
        " name varchar(50) REFERENCES users (name))",
        "CREATE TABLE otherwise (id bigint PRIMARY KEY, small small REFERENCES users, name char(9) REFERENCES users"
        " (name))",
        *(f"CREATE INDEX ON {one}" for one in ("fine (code)", "fine (name)", "longer (code)", "longer (name)")),
        *(f"CREATE INDEX ON otherwise ({one})" for one in ("small", "name")),
        config='[lint.rules]\nnullable-unique = "off"\nchar-type = "off"\n',
    )
    assert said == [
        ("foreign-key-type", "longer_code_fkey"),
        ("foreign-key-type", "longer_name_fkey"),
        ("foreign-key-type", "otherwise_name_fkey"),
        ("foreign-key-type", "otherwise_small_fkey"),
    ]


@pytest.mark.parametrize(
    ("config", "errors"),
    [("", ["other_ref_fkey"]), ('[lint.rules]\nforeign-key-type = "error"\n', ["longer_ref_fkey", "other_ref_fkey"])],
)
def test_another_length_is_a_warning_unless_the_config_says_otherwise(
    config: str, errors: list[str], found: Found
) -> None:
    said = found(
        "CREATE TABLE codes (code varchar(9) PRIMARY KEY, number bigint NOT NULL UNIQUE)",
        "CREATE TABLE longer (id bigint PRIMARY KEY, ref varchar(50) UNIQUE REFERENCES codes)",
        "CREATE TABLE other (id bigint PRIMARY KEY, ref int UNIQUE REFERENCES codes (number))",
        config=config,
        severity="error",
    )
    assert said == [("foreign-key-type", name) for name in errors]


def test_a_foreign_key_over_periods_has_no_action_and_no_index(found: Found, server_major: int) -> None:
    if server_major < 18:
        pytest.skip("PERIOD came with PostgreSQL 18")
    said = found(
        "CREATE EXTENSION btree_gist",
        "CREATE TABLE rooms (id bigint, during daterange, PRIMARY KEY (id, during WITHOUT OVERLAPS))",
        "CREATE TABLE stays (id bigint PRIMARY KEY, room bigint, during daterange,"
        " FOREIGN KEY (room, PERIOD during) REFERENCES rooms (id, PERIOD during))",
        "CREATE TABLE notes (id bigint PRIMARY KEY REFERENCES stays)",
        config='[lint.rules]\nforeign-key-action = "error"\n',
    )
    assert said == [("foreign-key-action", "notes_id_fkey")]


def test_which_columns_hold_money(found: Found) -> None:
    columns = ["balance", "open_balance", "fee", "tax", "net_total", "discount", "weight", "taxon", "amount_of_rain"]
    said = found(f"CREATE TABLE a (id bigint PRIMARY KEY, {', '.join(f'{one} float' for one in columns)})")
    assert [name for _, name in said] == sorted(columns[:6])


def test_types_are_seen_through_domains_and_arrays(found: Found) -> None:
    said = found(
        "CREATE DOMAIN moment AS timestamptz(3)",
        "CREATE DOMAIN key AS uuid",
        "CREATE FUNCTION uuidv7_() RETURNS uuid LANGUAGE sql RETURN gen_random_uuid()",
        "CREATE TABLE a (id key PRIMARY KEY DEFAULT uuidv7_(), created_at moment NOT NULL DEFAULT now(),"
        " updated_at moment NOT NULL DEFAULT now(), deleted_at moment)",
        "CREATE TABLE b (id uuid[] PRIMARY KEY, created_at moment[] NOT NULL DEFAULT '{}',"
        " updated_at moment NOT NULL DEFAULT now(), deleted_at moment[])",
        config='[lint]\nsoft_delete = ["a", "b"]\nuuid7 = ["uuidv7_()"]\n'
        '[lint.rules]\ntimestamps = "error"\nid-uuid7 = "error"\n',
    )
    assert said == [("id-uuid7", "id"), ("soft-delete", "deleted_at"), ("timestamps", "created_at")]


def test_a_constraint_on_a_word_of_sql_is_as_good_as_an_index(found: Found) -> None:
    config = (
        '[lint]\nplanned_indexes = [{table = "a", keys = ["\\"order\\""]}, {table = "a", keys = ["b", "\\"end\\""]}]\n'
    )
    config += '[lint.rules]\nreserved-word = "off"\n'
    columns = 'id bigint PRIMARY KEY, "order" text NOT NULL UNIQUE, b text, "end" text NOT NULL'
    said = found(f"CREATE TABLE a ({columns})", config=config)
    assert said == [("planned-index", "a")]
    said = found(
        f'CREATE TABLE a ({columns}, UNIQUE ("end"))',
        'CREATE INDEX again ON a ("order")',
        'CREATE INDEX longer ON a (b, "end" DESC)',
        'CREATE INDEX plan ON a (b, "end")',
        'CREATE INDEX shorter ON a ("end")',
        config=config,
    )
    assert said == [("duplicate-index", "again"), ("duplicate-index", "shorter")]
