"""The SQL of a hint runs as it is printed: of every rule's case, and of names and types that are odd."""

import ast
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import NullPool, create_engine

from helpers import Headworks, executed, sqlalchemy_url

FOLDER = Path(__file__).parents[1] / "cases" / "lint"
CASES = sorted(file.parent.name for file in FOLDER.glob("*/bad.sql"))

Hints = Callable[[str, str], list[tuple[str, str]]]

NAMING = """
[lint.naming]
pk = "pk_{table}"
uq = "uq_{table}_{columns}"
fk = "fk_{table}_{columns}"
ck = "ck_{table}_*"
ex = "ex_{table}_*"
ix = "ix_{table}_*"
"""
WITH_SQL = {
    "char-type", "constraint-name", "foreign-key-type", "json-type", "money-type", "no-primary-key", "serial-type",
    "timestamp-without-zone",
}  # fmt: skip
ODD = """
CREATE SCHEMA "Odd one";
CREATE DOMAIN moment AS timestamp(3);
CREATE DOMAIN "Odd one"."my code" AS char(3);
CREATE DOMAIN moments AS timestamp[];
CREATE DOMAIN cash AS money;
CREATE DOMAIN paid AS cash;
CREATE TABLE "Odd one"."select" (
    "order" bigint PRIMARY KEY CHECK ("order" > 0), "user" char(2), "end" timestamp, "it's" json, "total" real,
    "when" timestamp(3)[], "Code" "Odd one"."my code", codes "Odd one"."my code"[], "all" char(3)[], b bpchar[],
    at moment, ats moment[], also moments, fee cash, fees cash[], tax paid, "table" json[], total_amount float8[]
);
CREATE TABLE "Odd one".numbers ("it's" serial, "Two" bigserial, "order" smallserial PRIMARY KEY);
CREATE TABLE twice (id serial PRIMARY KEY, again integer NOT NULL DEFAULT nextval('twice_id_seq'));
CREATE TABLE "to" ("from" integer REFERENCES "Odd one"."select", "unique" text NOT NULL UNIQUE);
CREATE UNIQUE INDEX "this one" ON "to" (lower("unique"));
CREATE UNIQUE INDEX ON "to" (upper("unique"), "from");
CREATE INDEX "group" ON "Odd one"."select" ("order", (codes[1]));
INSERT INTO "Odd one"."select" ("order", "user", "end", "it's", "when", codes, at, ats, also, fee, fees, "table")
    VALUES (1, 'de', now(), '{}', '{2020-01-01}', '{abc}', now(), '{2020-01-01}', '{2020-01-01}', 1, '{1}', '{1}');
"""


def statements(hint: str) -> Iterator[str]:
    """What of it is SQL: after a colon or a semicolon, or in op.execute(...)."""
    for literal in re.findall(r"op\.execute\((.+?)\) in a revision", hint):
        yield ast.literal_eval(literal)
    bare = re.sub(r"op\.execute\(.+?\) in a revision", "", hint)
    yield from re.findall(r"(?:^|[:;] )((?:ALTER|CREATE|DROP|SELECT|SET) .+?)(?=; |$)", bare)


@pytest.fixture
def hints(inside: Headworks, make_database: Callable[..., str], tmp_path: Path) -> Hints:
    """Lint a database of this script, run the SQL of the hints there and lint it again: (rule, SQL) of the first."""

    def call(script: str, config: str) -> list[tuple[str, str]]:
        url = make_database()
        executed(url, script)
        file = tmp_path / "headworks.toml"
        file.write_text(config)
        words = ["lint", "--source", "live", "--url", url, "--config", str(file), "--format", "json"]
        found = json.loads(inside(*words).out)["findings"]
        said = [(one["rule"], one["object"]["name"], sql) for one in found for sql in statements(one["hint"])]
        # Renamed things last, as other statements name them; a session's setting is for what follows it.
        executed(url, "SELECT 1", *(sql for _, _, sql in sorted(said, key=lambda one: " RENAME " in one[2])))
        left = {(one["rule"], one["object"]["name"]) for one in json.loads(inside(*words).out)["findings"]}
        assert left & {(rule, name) for rule, name, _ in said} == set()
        return [(rule, sql) for rule, _, sql in said]

    return call


@pytest.mark.parametrize("case", CASES)
def test_the_sql_of_every_rule_runs(case: str, hints: Hints) -> None:
    said = (FOLDER / case / "case.toml").read_text(encoding="utf-8")
    ran = hints((FOLDER / case / "bad.sql").read_text(encoding="utf-8"), said[said.index("]\n") + 2 :])
    assert (f"lint.{case}" in {rule for rule, _ in ran}) == (case in WITH_SQL)


def test_the_sql_for_odd_names_and_types_runs(hints: Hints) -> None:
    """Arrays, domains and arrays of domains, and PostgreSQL's own words as names."""
    said = hints(ODD, NAMING)
    by_rule: dict[str, list[str]] = {}
    for rule, sql in said:
        by_rule.setdefault(rule.removeprefix("lint."), []).append(sql)
    assert {rule: len(found) for rule, found in by_rule.items()} == {
        "char-type": 5,
        "constraint-name": 9,
        "foreign-key-type": 1,
        "json-type": 2,
        "money-type": 5,
        "no-primary-key": 1,
        "serial-type": 3 * 4,
        "timestamp-without-zone": 5 + 3,
    }
    assert by_rule["no-primary-key"] == ['ALTER TABLE "to" ADD PRIMARY KEY ("unique")']
    assert 'ALTER INDEX "this one" RENAME TO "uq_to_this one"' in by_rule["constraint-name"]


def test_the_calls_of_alembic_run(inside: Headworks, make_database: Callable[..., str], tmp_path: Path) -> None:
    """In another schema, too, and with names that need quotes."""
    url = make_database()
    executed(
        url,
        'CREATE SCHEMA "Odd one"',
        """CREATE TABLE "Odd one"."it's" (id bigint PRIMARY KEY, a text NOT NULL UNIQUE, b text)""",
        """CREATE INDEX "the ""first" ON "Odd one"."it's" (a)""",
        """CREATE INDEX "it's b" ON "Odd one"."it's" (b)""",
        """CREATE INDEX longer ON "Odd one"."it's" (b, a)""",
        """ALTER TABLE "Odd one"."it's" ADD CONSTRAINT "a again" UNIQUE (a)""",
        "CREATE TABLE thing (id bigint PRIMARY KEY)",
    )
    file = tmp_path / "headworks.toml"
    file.write_text('[lint.rules]\nplural-table = "error"\n')
    words = ["lint", "--source", "live", "--url", url, "--config", str(file), "--format", "json"]
    found = json.loads(inside(*words).out)["findings"]
    calls = [call for one in found for call in re.findall(r"^(op\..+?\)) in a revision", one["hint"])]
    assert len(calls) == 4
    with create_engine(sqlalchemy_url(url), poolclass=NullPool).begin() as connection:
        op = Operations(MigrationContext.configure(connection))
        for call in calls:
            eval(call, {"op": op})
    assert json.loads(inside(*words).out)["findings"] == []
