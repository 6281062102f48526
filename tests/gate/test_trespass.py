"""`gate.trespass`: what counts as a touch of another's table, statement by statement, on a real server."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg

from headworks.postgres.url import DatabaseUrl
from helpers import Headworks, executed
from projects import Rev, sql, table, write_project

MINE = Rev(
    "mine",
    sql(
        "CREATE TYPE mood AS ENUM ('good', 'bad')",
        "CREATE TABLE users (id int PRIMARY KEY, email text NOT NULL, mood mood)",
        "CREATE TABLE logs (id int PRIMARY KEY, note text)",
    ),
    sql("DROP TABLE logs", "DROP TABLE users", "DROP TYPE mood"),
    label="auth",
    folder="auth",
)
OWNERS = {"prisma": ["accounts"], "exclusive": True}
FOLDERS = {"recursive_version_locations": "true"}


def theirs(*up: str, down: tuple[str, ...] = (), concurrently: bool = False) -> Rev:
    """A revision of another domain."""
    return Rev(
        "theirs",
        sql(*up, concurrently=concurrently),
        sql(*down, concurrently=concurrently) if down else "pass",
        after=None,
        depends_on="mine",
        label="billing",
        folder="billing",
    )


def trespasses(inside: Headworks, server_url: str, *words: str, checks: str = "schema,data") -> list[dict[str, Any]]:
    ran = inside("gate", "--checks", checks, "--format", "json", "--shadow-url", server_url, *words)
    assert ran.out, ran.err
    found: list[dict[str, Any]] = [one for one in json.loads(ran.out)["findings"] if one["rule"] == "gate.trespass"]
    return found


TOUCHES = {
    "column": (("ALTER TABLE {t} ADD COLUMN age int",), "alters"),
    "comment": (("COMMENT ON COLUMN {t}.email IS 'where to write'",), "alters"),
    "index": (("CREATE INDEX {t}_mood ON {t} (mood)",), "alters"),
    "off_and_on": (("ALTER TABLE {t} DISABLE TRIGGER ALL", "ALTER TABLE {t} ENABLE TRIGGER ALL"), "alters"),
    "privilege": (("GRANT SELECT ON {t} TO PUBLIC",), "alters"),
    "statistics": (("CREATE STATISTICS {t}_both ON id, email FROM {t}",), "alters"),
    "renamed": (("ALTER TABLE {t} RENAME TO {t}_of_yore",), "drops or renames"),
    "dropped": (("DROP TABLE {t}",), "drops or renames"),
    "cascade": (("DROP TYPE mood_{t} CASCADE",), "alters"),
    "block": (("DO $$BEGIN EXECUTE 'ALTER TABLE {t} ADD COLUMN age int'; END$$",), "alters"),
    "updated": (("UPDATE {t} SET email = lower(email)",), "writes 4 rows of"),
    "inserted": (("INSERT INTO {t} VALUES (9000, 'a@b.c')",), "writes 1 row of"),
    "deleted": (("DELETE FROM {t} WHERE id IN (SELECT min(id) FROM {t})",), "writes 1 row of"),
    "no_row": (("UPDATE {t} SET email = '' WHERE id = -77",), "writes to"),
    "truncated": (("TRUNCATE {t}",), "empties"),
}
NO_TOUCHES = {
    "referred": ("CREATE TABLE {t}_bills (id int PRIMARY KEY, payer int REFERENCES {t} ON DELETE CASCADE)",),
    "referred_once": (
        "CREATE TABLE {t}_bills (id int PRIMARY KEY, payer int REFERENCES {t})",
        "ALTER TABLE {t}_bills DROP CONSTRAINT {t}_bills_payer_fkey",
        "DROP TABLE {t}_bills",
    ),
    "viewed": ("CREATE VIEW {t}_writers AS SELECT email FROM {t}",),
    "rows_read": ("CREATE TABLE {t}_bills AS SELECT id, email FROM {t}",),
    "type_renamed": ("ALTER TYPE mood_{t} RENAME TO {t}_spirit", "ALTER TYPE {t}_spirit RENAME VALUE 'bad' TO 'ill'"),
    "rows_of_its_own": (
        "CREATE TABLE {t}_bills (id int PRIMARY KEY, payer int REFERENCES {t})",
        "INSERT INTO {t}_bills SELECT id, id FROM {t}",
        "UPDATE {t}_bills SET payer = NULL",
        "DELETE FROM {t}_bills",
    ),
}


def test_what_is_a_touch_and_what_is_none(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    """A table of another domain for each, and a revision that does it: no downgrade, so that each is seen once."""
    deeds = {name: statements for name, (statements, _) in TOUCHES.items()} | NO_TOUCHES
    made = [
        f"CREATE TYPE mood_t_{name} AS ENUM ('good', 'bad');"
        f" CREATE TABLE t_{name} (id int PRIMARY KEY, email text NOT NULL, mood mood_t_{name})"
        for name in deeds
    ]
    mine = Rev("mine", sql(*made), label="auth", folder="auth")
    revisions: list[Rev] = []
    for name, statements in deeds.items():
        up = sql(*(one.format(t=f"t_{name}") for one in statements))
        revision = Rev(f"on_{name}", up, down=None, after=None, depends_on="mine", label="billing", folder="billing")
        if revisions:
            revision = replace(revision, after=revisions[-1].id, depends_on=None, label=None)
        revisions.append(revision)
    write_project(tmp_path, [mine, *revisions], ini=FOLDERS, config={"owners": OWNERS})
    found = trespasses(inside, server_url)
    assert {one["revision"]: one["message"] for one in found} == {
        f"on_{name}": f"the upgrade of on_{name} {deed} table public.t_{name},"
        f" which the domain auth owns, and on_{name} is of billing"
        for name, (_, deed) in TOUCHES.items()
    }
    assert {(one["direction"], one["severity"]) for one in found} == {("upgrade", "error")}
    assert len(found) == len(TOUCHES), "one each"


def test_the_line_is_that_of_the_statement(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    write_project(
        tmp_path,
        [MINE, theirs("SELECT 1", "UPDATE logs SET note = 'x'", "ALTER TABLE users ADD COLUMN age int")],
        ini=FOLDERS,
        config={"owners": OWNERS},
    )
    text = (tmp_path / "migrations/versions/billing/theirs.py").read_text().splitlines()
    found = {one["object"]["name"]: text[one["line"] - 1] for one in trespasses(inside, server_url)}
    assert "UPDATE logs" in found["logs"]
    assert "ALTER TABLE users" in found["users"]


def test_outside_of_a_transaction_too(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    up = ("CREATE INDEX CONCURRENTLY users_mood ON users (mood)", "UPDATE logs SET note = 'x'")
    write_project(
        tmp_path,
        [MINE, theirs(*up, down=("DROP INDEX CONCURRENTLY users_mood",), concurrently=True)],
        ini=FOLDERS,
        config={"owners": OWNERS},
    )
    found = {one["object"]["name"]: one["message"] for one in trespasses(inside, server_url)}
    assert "alters table public.users" in found["users"]
    assert "writes 4 rows of table public.logs" in found["logs"]


def test_a_downgrade_trespasses_too(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    revision = theirs("SELECT 1", down=("DELETE FROM users",))
    write_project(tmp_path, [MINE, revision], ini=FOLDERS, config={"owners": OWNERS})
    [found] = trespasses(inside, server_url)
    assert (found["direction"], found["object"]["name"]) == ("downgrade", "users")


def test_rows_alone_are_seen_without_the_schema_check(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    """Nothing was walked then: the domains of the tables come from running the history."""
    write_project(tmp_path, [MINE, theirs("UPDATE users SET email = ''")], ini=FOLDERS, config={"owners": OWNERS})
    assert [one["object"]["name"] for one in trespasses(inside, server_url, checks="locks")] == ["users"]


def test_a_domain_owns_what_the_manifest_gives_it(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    owners = {"owners": {"exclusive": True}, "owners.domains.billing": {"tables": ["logs"]}}
    write_project(tmp_path, [MINE, theirs("ALTER TABLE logs ADD COLUMN at date")], ini=FOLDERS, config=owners)
    found = trespasses(inside, server_url)
    assert [(one["revision"], one["object"]["name"]) for one in found] == [("mine", "logs")], "which makes it"


def test_a_range_knows_the_domains_below_it(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    write_project(
        tmp_path, [MINE, theirs("ALTER TABLE users ADD COLUMN age int")], ini=FOLDERS, config={"owners": OWNERS}
    )
    found = trespasses(inside, server_url, "--revisions", "theirs:theirs")
    assert [one["object"]["name"] for one in found] == ["users"]


def test_what_a_partition_goes_through_its_table_does(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    parted = Rev(
        "mine",
        sql(
            "CREATE TABLE visits (at int) PARTITION BY RANGE (at)",
            "CREATE TABLE visits_0 PARTITION OF visits FOR VALUES FROM (0) TO (1000)",
        ),
        sql("DROP TABLE visits"),
        label="auth",
        folder="auth",
    )
    write_project(tmp_path, [parted, theirs("CREATE INDEX ON visits_0 (at)")], ini=FOLDERS, config={"owners": OWNERS})
    assert [one["object"]["name"] for one in trespasses(inside, server_url)] == ["visits"]


def test_without_a_manifest_nothing_is_a_trespass(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    write_project(tmp_path, [MINE, theirs("ALTER TABLE users ADD COLUMN age int")], ini=FOLDERS)
    assert trespasses(inside, server_url) == []


def test_a_role_without_event_triggers_sees_it_by_comparing(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    role = f"headworks_plain_{tmp_path.name.replace('-', '_')}"[:60].lower()
    executed(server_url, f"CREATE ROLE {role} LOGIN CREATEDB PASSWORD 'plain'")
    try:
        with psycopg.connect(server_url) as connection:
            info = connection.info
            plain = f"postgresql://{role}:plain@/{info.dbname}?host={info.host}&port={info.port}"
        assert DatabaseUrl.parse(plain)
        write_project(
            tmp_path,
            [MINE, theirs("ALTER TABLE users ADD COLUMN age int"), table("own", after=None)],
            ini=FOLDERS,
            config={"owners": OWNERS},
        )
        found = trespasses(inside, plain)
        assert [(one["revision"], one["object"]["name"]) for one in found] == [("theirs", "users")]
    finally:
        executed(server_url, f"DROP ROLE {role}")
