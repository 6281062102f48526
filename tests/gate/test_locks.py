"""What the gate says of locks: the safe ways that it names run and are safe, and what it sees beyond the cases."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from headworks.catalog.reader import read_schema
from headworks.schema import diff
from helpers import Headworks
from projects import Rev, sql, write_project

NEXT = "# in the next revision:"
BASE = Rev(
    "start",
    sql(
        "CREATE TABLE parent (id int PRIMARY KEY)",
        "CREATE TABLE a (id int PRIMARY KEY, n int NOT NULL DEFAULT 7, other int, note text)",
        'CREATE TABLE "Odd order" (id int PRIMARY KEY, "user" int)',
        "CREATE TABLE keyless (id int, n int)",
        "CREATE TABLE parts (id int, n int) PARTITION BY RANGE (id)",
        "CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (1000000000)",
        "CREATE TABLE parts_2 PARTITION OF parts DEFAULT",
    ),
    "raise NotImplementedError",
)
ROWS = """
INSERT INTO parent VALUES (1), (2);
INSERT INTO a VALUES (1, 1, 1, 'x'), (2, 2, 2, 'y');
INSERT INTO "Odd order" VALUES (1, 1);
INSERT INTO keyless VALUES (1, 1);
INSERT INTO parts VALUES (1, 1), (-1, 2);
"""
SAME_PICTURE = {
    "index": "CREATE INDEX ix ON a (n)",
    "partial": "CREATE INDEX ix ON a (lower(note)) WHERE note <> ':b'",
    "quoted": 'CREATE UNIQUE INDEX "Ix" ON "Odd order" ("user")',
    "partitioned": "CREATE INDEX ix ON parts (n)",
    "check": "ALTER TABLE a ADD CONSTRAINT ck CHECK (note <> ':note %' AND n > 0)",
    "unnamed": "ALTER TABLE a ADD CHECK (n > 0)",
    "foreign key": "ALTER TABLE a ADD CONSTRAINT fk FOREIGN KEY (other) REFERENCES parent ON DELETE CASCADE",
    "unique": "ALTER TABLE a ADD CONSTRAINT uq UNIQUE (n) DEFERRABLE INITIALLY DEFERRED",
    "primary key": "ALTER TABLE keyless ADD PRIMARY KEY (id)",
    "not null": "ALTER TABLE a ALTER other SET NOT NULL",
    "volatile default": "ALTER TABLE a ADD token uuid NOT NULL DEFAULT gen_random_uuid()",
}


def plain(statement: str) -> str:
    """Python that executes it past SQLAlchemy's text(), to which a colon before a word is a parameter."""
    return f"op.get_bind().exec_driver_sql({statement.replace('%', '%%')!r})"


def write(folder: Path, *parts: str, base: Rev = BASE) -> None:
    """A project whose revisions `b1`, `b2`, ... are these pieces of Python."""
    later = [Rev(f"b{number}", part, "raise NotImplementedError") for number, part in enumerate(parts, 1)]
    write_project(folder, [base, *later])


def findings(inside: Headworks, server_url: str, folder: Path, *words: str) -> tuple[list[dict[str, Any]], Any]:
    """What the check finds, and its list of locks."""
    ran = inside("gate", "--checks", "locks", "--format", "json", "--shadow-url", server_url, *words, folder=folder)
    assert ran.out, ran.err
    report = json.loads(ran.out)
    return [one for one in report["findings"] if one["severity"] != "note"], report["details"]["locks"]


def pasted(hint: str) -> list[str]:
    """The code of a hint, a piece for each revision."""
    code = hint.partition("\n")[2]
    return [part.strip("\n") for part in code.split(NEXT) if part.strip()]


def migrated(inside: Headworks, folder: Path, url: str) -> None:
    """Run all revisions in a database with rows."""
    assert inside("upgrade", "start", "--url", url, folder=folder).code == 0
    with psycopg.connect(url) as connection:
        connection.execute(ROWS)
    ran = inside("upgrade", "--url", url, folder=folder)
    assert ran.code == 0, ran.err


@pytest.mark.parametrize("name", SAME_PICTURE)
def test_the_safe_way_is_safe_and_makes_the_same(
    name: str, tmp_path: Path, inside: Headworks, server_url: str, make_database: Callable[..., str]
) -> None:
    write(tmp_path / "short", plain(SAME_PICTURE[name]))
    [found], _ = findings(inside, server_url, tmp_path / "short")
    assert found["rule"] == ("gate.table-rewrite" if name == "volatile default" else "gate.full-scan")

    write(tmp_path / "safe", *pasted(found["hint"]))
    assert findings(inside, server_url, tmp_path / "safe")[0] == []

    pictures = []
    for folder in ("short", "safe"):
        url = make_database()
        migrated(inside, tmp_path / folder, url)
        with psycopg.connect(url) as connection:
            connection.rollback()
            pictures.append(read_schema(connection))
    assert [str(one) for one in diff(*pictures)] == []


def test_a_new_type_is_filled_beside_the_old_column(
    tmp_path: Path, inside: Headworks, server_url: str, make_database: Callable[..., str]
) -> None:
    write(tmp_path / "short", sql("ALTER TABLE a ALTER n TYPE bigint"))
    [found], _ = findings(inside, server_url, tmp_path / "short")
    parts = pasted(found["hint"])
    assert len(parts) == 3
    write(tmp_path / "safe", *parts)
    assert findings(inside, server_url, tmp_path / "safe")[0] == []
    url = make_database()
    migrated(inside, tmp_path / "safe", url)
    with psycopg.connect(url) as connection:
        connection.execute("INSERT INTO a (id) VALUES (3)")
        assert connection.execute("SELECT pg_typeof(n)::text, n FROM a ORDER BY id").fetchall() == [
            ("bigint", 1), ("bigint", 2), ("bigint", 7),
        ]  # fmt: skip


def test_a_statement_apart(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    slow = "UPDATE a SET note = ':x 100%' WHERE note LIKE 'a%'"
    write(tmp_path / "short", sql("ALTER TABLE a ADD m int") + f"\n{plain(slow)}\n" + sql("UPDATE a SET m = n"))
    [found], _ = findings(inside, server_url, tmp_path / "short")
    assert (found["rule"], found["line"]) == ("gate.observed-lock", 11)
    assert "(and 1 statement like it)" in found["message"]
    write(tmp_path / "safe", sql("ALTER TABLE a ADD m int"), *pasted(found["hint"]))
    assert findings(inside, server_url, tmp_path / "safe")[0] == []


QUIET = {
    "momentary locks": sql(
        "ALTER TABLE a ADD m int DEFAULT 3 NOT NULL", "COMMENT ON TABLE a IS 'x'", "DROP TABLE keyless"
    ),
    "a table of its own": sql("CREATE TABLE new (id int)", "INSERT INTO new VALUES (1)", "CREATE INDEX i ON new (id)"),
    "a few rows": sql("ALTER TABLE a ADD m int", "SELECT * FROM a LIMIT 1"),
    "no lock that blocks": sql("UPDATE a SET n = 3", "DELETE FROM keyless"),
    "a type that is stored alike": sql("ALTER TABLE a ALTER note TYPE varchar"),
    "emptied": sql("TRUNCATE a"),
    "set first": sql("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", "ALTER TABLE a ADD m int"),
}


@pytest.mark.parametrize("name", QUIET)
def test_what_nobody_waits_for(name: str, tmp_path: Path, inside: Headworks, server_url: str) -> None:
    write(tmp_path / "p", QUIET[name])
    assert findings(inside, server_url, tmp_path / "p")[0] == []


OTHERS = {
    "materialized view": (
        "CREATE MATERIALIZED VIEW m AS SELECT * FROM a; CREATE UNIQUE INDEX m_id ON m (id)",
        "REFRESH MATERIALIZED VIEW m",
        "gate.table-rewrite",
        "ACCESS EXCLUSIVE on public.m during a full rewrite: SELECT waits until it is done",
    ),
    "exclusion": (
        "",
        "ALTER TABLE a ADD CONSTRAINT x EXCLUDE (id WITH =)",
        "gate.full-scan",
        "ACCESS EXCLUSIVE on public.a during a full scan for constraint x: SELECT, INSERT and UPDATE wait",
    ),
    "generated": (
        "",
        "ALTER TABLE a ADD twice int GENERATED ALWAYS AS (n * 2) STORED",
        "gate.table-rewrite",
        "ACCESS EXCLUSIVE on public.a during a full rewrite for the new column twice",
    ),
    "reindex": ("", "REINDEX TABLE a", "gate.full-scan", "SHARE on public.a during a full scan: INSERT and UPDATE"),
    "partitions": (
        "",
        "ALTER TABLE parts ALTER n TYPE bigint",
        "gate.table-rewrite",
        "ACCESS EXCLUSIVE on public.parts during a full rewrite for column n, from integer to bigint",
    ),
}


@pytest.mark.parametrize("name", OTHERS)
def test_one_finding_for_one_cause(name: str, tmp_path: Path, inside: Headworks, server_url: str) -> None:
    first, statement, rule, message = OTHERS[name]
    write(tmp_path / "p", *([sql(first)] if first else []), sql(statement))
    found, _ = findings(inside, server_url, tmp_path / "p")
    assert [(one["rule"], one["message"].startswith(message)) for one in found] == [(rule, True)], found


@pytest.mark.parametrize(("env", "driver"), [("generic", "psycopg2"), ("async", "asyncpg"), ("async", "psycopg")])
def test_any_driver(env: str, driver: str, tmp_path: Path, inside: Headworks, server_url: str) -> None:
    parts = sql("CREATE INDEX i ON a (n)"), sql("CREATE INDEX CONCURRENTLY j ON a (n)", concurrently=True)
    later = [Rev(f"b{number}", part, "raise NotImplementedError") for number, part in enumerate(parts)]
    write_project(tmp_path / "p", [BASE, *later], env=env, config={"driver": driver})
    found, locks = findings(inside, server_url, tmp_path / "p")
    assert [(one["rule"], one["revision"]) for one in found] == [("gate.full-scan", "b0")]
    assert [(one["relation"], one["mode"], one["scan"], one["blocks"]) for one in locks] == [
        ("public.a", "SHARE", True, ["INSERT", "UPDATE"]),
        ("public.a", "SHARE UPDATE EXCLUSIVE", True, []),
    ]


def test_a_connection_of_its_own(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    own = """
        engine = sa.create_engine(op.get_bind().engine.url, poolclass=sa.pool.NullPool)
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE INDEX i ON a (n)")
    """
    write(tmp_path / "p", own)
    [found], _ = findings(inside, server_url, tmp_path / "p")
    assert (found["rule"], found["object"]["name"], found["line"]) == ("gate.full-scan", "a", 13)


def test_upgrade_that_fails_on_rows_is_seen_on_empty_tables(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    write(tmp_path / "p", sql("ALTER TABLE a ADD CONSTRAINT never CHECK (n IS NULL)"))
    [found], _ = findings(inside, server_url, tmp_path / "p")
    assert found["message"].startswith("ACCESS EXCLUSIVE on public.a during a full scan for constraint never")


def test_sizes_of_production(
    tmp_path: Path, inside: Headworks, server_url: str, make_database: Callable[..., str]
) -> None:
    live = make_database()
    with psycopg.connect(live) as connection:
        connection.execute(
            "CREATE TABLE a AS SELECT i AS id FROM generate_series(1, 3) i;"
            "CREATE TABLE big AS SELECT i AS id FROM generate_series(1, 20000) i;"
            "CREATE TABLE parts (id int) PARTITION BY RANGE (id);"
            "CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (10);"
            "INSERT INTO parts SELECT i FROM generate_series(1, 5) i; ANALYZE big; ANALYZE parts"
        )
    file = tmp_path / "sizes.json"
    assert inside("sizes", "--url", live, "-o", str(file)).code == 0
    sizes = json.loads(file.read_text(encoding="utf-8"))
    assert sizes["headworks_sizes"] == 1
    assert {name: size["rows"] for name, size in sizes["tables"].items()} == {
        "public.a": 3, "public.big": 20000, "public.parts": 5, "public.parts_1": 5,
    }  # fmt: skip
    assert list(sizes["tables"]) == sorted(sizes["tables"])
    assert sizes["tables"]["public.big"]["bytes"] > 500_000

    write(tmp_path / "p", sql("CREATE INDEX i ON a (n)"))
    assert len(findings(inside, server_url, tmp_path / "p")[0]) == 1
    found, [lock] = findings(inside, server_url, tmp_path / "p", "--sizes", str(file))
    assert (found, lock["rows"]) == ([], 3)
    write(tmp_path / "q", "# headworks: allow gate.full-scan - small\n" + sql("CREATE INDEX i ON a (n)"))
    assert findings(inside, server_url, tmp_path / "q")[0] == []
    assert findings(inside, server_url, tmp_path / "q", "--sizes", str(file))[0] == [], "it is no allowance of nothing"
    sizes["tables"]["public.a"]["rows"] = 41_000_000
    file.write_text(json.dumps(sizes), encoding="utf-8")
    [found], [lock] = findings(inside, server_url, tmp_path / "p", "--sizes", str(file))
    assert found["message"].startswith("SHARE on public.a (41 M rows) during a full scan for index i")
    assert lock["rows"] == 41_000_000
    assert lock["seconds"] > 0


@pytest.mark.parametrize("text", ["", "[]", '{"headworks_sizes": 2, "tables": {}}', '{"headworks_sizes": 1}', None])
def test_a_file_that_is_none_of_sizes(text: str | None, tmp_path: Path, inside: Headworks) -> None:
    write(tmp_path / "p", "pass")
    file = tmp_path / "sizes.json"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    ran = inside("gate", "--sizes", str(file), folder=tmp_path / "p")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"error: --sizes {file}: ")
    assert f"\nhint: headworks sizes --url URL -o {file}" in ran.err
