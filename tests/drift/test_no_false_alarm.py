"""What is no drift: a dump restored elsewhere, maintenance, another owner, what the shadow must have to be alike."""

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from headworks.postgres.server import ThrowawayServer
from headworks.postgres.url import DatabaseUrl
from helpers import Headworks, executed
from projects import Rev, sql, table, write_project

ROOT = Path(__file__).parents[2]


def found(ran: Any) -> list[str]:
    assert ran.out, ran.err
    return [one["message"] for one in json.loads(ran.out)["findings"] if one["severity"] != "note"]


@pytest.fixture
def server() -> Iterator[DatabaseUrl]:
    with ThrowawayServer(allow_in_place_tablespaces="on", max_prepared_transactions="2") as own:
        yield own.url


def dumped(bindir: Path, source: str, target: str, *options: str) -> None:
    dump = subprocess.run([bindir / "pg_dump", "-s", *options, source], check=True, capture_output=True)
    words = [bindir / "psql", "-q", "-v", "ON_ERROR_STOP=1", "-f", "-", target]
    subprocess.run(words, input=dump.stdout, check=True, capture_output=True)


def test_a_dump_restored_elsewhere(
    server: DatabaseUrl, commerce_database: str, headworks: Headworks, pg_bindir: Path
) -> None:
    """In a database of another name, of another owner, on another server, with everything owned by that owner."""
    executed(server.libpq(), "CREATE ROLE restorer LOGIN", "CREATE DATABASE elsewhere OWNER restorer")
    executed(
        commerce_database, "GRANT SELECT ON users TO PUBLIC", "REVOKE EXECUTE ON FUNCTION commerce_uuid7 FROM PUBLIC"
    )
    elsewhere = server.with_database("elsewhere").libpq().replace("postgres@", "restorer@")
    dumped(pg_bindir, commerce_database, elsewhere, "--no-owner")
    for words in ((commerce_database, elsewhere), (elsewhere, commerce_database)):
        ran = headworks("drift", "--strict", "--against", words[0], "--format", "json", "--url", words[1])
        assert (ran.code, found(ran)) == (0, [])
    executed(elsewhere, "GRANT INSERT ON users TO PUBLIC")
    ran = headworks("drift", "--against", commerce_database, "--format", "json", "--url", elsewhere)
    assert len(found(ran)) == 1


def test_who_granted_stays_in_a_dump(
    server: DatabaseUrl, make_database: Callable[..., str], headworks: Headworks, pg_bindir: Path
) -> None:
    """Another owner grants in his own name there; one who had the option to grant is the same one here and there."""
    live = server.with_database("live").libpq()
    roles = [f"CREATE ROLE {name}" for name in ("restorer", "app", '"Clerk"', "reader")]
    executed(server.libpq(), *roles, "CREATE DATABASE live", "CREATE DATABASE elsewhere OWNER restorer")
    executed(
        live,
        "CREATE TABLE t (a int, b int)",
        "ALTER TABLE t OWNER TO app",
        "GRANT USAGE ON SCHEMA public TO PUBLIC",
        'GRANT SELECT ON t TO "Clerk" WITH GRANT OPTION',
        'GRANT SELECT (b) ON t TO "Clerk" WITH GRANT OPTION',
        'SET ROLE "Clerk"',
        "GRANT SELECT ON t TO reader",
        "GRANT SELECT (b) ON t TO PUBLIC",
    )
    elsewhere = server.with_database("elsewhere").libpq()
    dumped(pg_bindir, live, elsewhere)
    for words in ((live, elsewhere), (elsewhere, live)):
        ran = headworks("drift", "--strict", "--against", words[0], "--format", "json", "--url", words[1])
        assert (ran.code, found(ran)) == (0, [])
    executed(elsewhere, "ALTER TABLE t OWNER TO restorer")  # it owns the database: granted by the owner all the same
    ran = headworks("drift", "--against", live, "--format", "json", "--url", elsewhere)
    assert found(ran) == ["owner public.t: role is not set, expected app"]
    executed(elsewhere, "GRANT SELECT ON t TO reader")
    ran = headworks("drift", "--against", live, "--format", "json", "--url", elsewhere)
    assert len(found(ran)) == 2
    assert 'grants is (SELECT, SELECT GRANTED BY "Clerk"), expected (SELECT GRANTED BY "Clerk")' in found(ran)[1]


def test_a_revision_that_grants_for_another(
    tmp_path: Path, inside: Headworks, make_database: Callable[..., str], server: DatabaseUrl
) -> None:
    """The role that granted is on the shadow, too, where nobody else is named."""
    executed(server.libpq(), "CREATE ROLE clerk", "CREATE DATABASE live")
    live = server.with_database("live").libpq()
    granted = "SET ROLE clerk; GRANT SELECT ON a TO PUBLIC; RESET ROLE"
    first = Rev("a1", sql("CREATE TABLE a (id int)", "GRANT SELECT ON a TO clerk WITH GRANT OPTION", granted))
    write_project(tmp_path, [first])
    assert inside("upgrade", "--url", live).code == 0
    words = ("drift", "--against", "migrations", "--format", "json", "--url", live)
    assert found(inside(*words)) == []
    executed(live, "REVOKE SELECT ON a FROM clerk CASCADE", "GRANT SELECT ON a TO clerk WITH GRANT OPTION")
    executed(live, "GRANT SELECT ON a TO PUBLIC")
    assert len(found(inside(*words))) == 1


def test_public_dropped_and_made_again(
    tmp_path: Path, inside: Headworks, server_url: str, make_database: Callable[..., str]
) -> None:
    """As people empty a database: initdb's comment goes with it."""
    write_project(tmp_path, [table("a")])
    url = make_database()
    executed(url, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    assert inside("upgrade", "--url", url).code == 0
    words = ("drift", "--against", "migrations", "--format", "json", "--shadow-url", server_url, "--url", url)
    assert found(inside(*words)) == []
    executed(url, "COMMENT ON SCHEMA public IS 'ours'")
    assert len(found(inside(*words))) == 1


# What a restore prints in other words than what it was printed from.
LISTS = """
CREATE TABLE t (
    id int PRIMARY KEY, d varchar(20), CONSTRAINT c CHECK (d IN ('a', 'b')),
    g boolean GENERATED ALWAYS AS (d NOT IN ('it''s', '],(')) STORED
);
CREATE DOMAIN dm AS varchar(10) CHECK (VALUE IN ('a', 'b'));
CREATE INDEX i ON t ((d IN ('a', 'b'))) WHERE d IN ('c', 'd');
CREATE VIEW v AS SELECT *, d IN ('a', 'b') AS z FROM t WHERE d = ANY (ARRAY['x', 'y']::varchar[]);
CREATE MATERIALIZED VIEW m AS SELECT * FROM t WHERE d IN ('a', 'b') WITH NO DATA;
CREATE POLICY p ON t USING (d IN ('a', 'b'));
CREATE STATISTICS s ON (d IN ('a', 'b')), id FROM t;
CREATE FUNCTION f(q varchar) RETURNS boolean LANGUAGE sql BEGIN ATOMIC SELECT q IN ('a', 'b'); END;
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE TRIGGER tr BEFORE UPDATE ON t FOR EACH ROW WHEN (new.d IN ('a', 'b')) EXECUTE FUNCTION tf();
"""


def test_lists_that_a_restore_prints_otherwise(
    make_database: Callable[..., str], headworks: Headworks, pg_bindir: Path
) -> None:
    first, again = make_database(), make_database()
    executed(first, LISTS)
    dumped(pg_bindir, first, again)
    for words in ((first, again), (again, first)):
        ran = headworks("drift", "--strict", "--against", words[0], "--format", "json", "--url", words[1])
        assert (ran.code, found(ran)) == (0, [])
    executed(again, "ALTER TABLE t DROP CONSTRAINT c", "ALTER TABLE t ADD CONSTRAINT c CHECK (d IN ('a', 'c'))")
    ran = headworks("drift", "--against", first, "--format", "json", "--url", again)
    assert len(found(ran)) == 1


def test_another_owner_of_one_table_is_drift(server: DatabaseUrl, headworks: Headworks) -> None:
    executed(server.libpq(), "CREATE ROLE other", "CREATE DATABASE one", "CREATE DATABASE two")
    one, two = (server.with_database(name).libpq() for name in ("one", "two"))
    for url in (one, two):
        executed(url, "CREATE TABLE a (id int)")
    executed(two, "ALTER TABLE a OWNER TO other")
    ran = headworks("drift", "--against", one, "--format", "json", "--url", two)
    (said,) = json.loads(ran.out)["findings"]
    assert (said["object"]["kind"], said["object"]["name"]) == ("owner", "a")
    assert (said["attribute"], said["actual"]) == ("role", "other")


def test_maintenance_and_a_constraint_in_two_steps(make_database: Callable[..., str], headworks: Headworks) -> None:
    one, two = make_database(), make_database()
    for url in (one, two):
        executed(url, "CREATE TABLE a (id int PRIMARY KEY, n int, t text)", "CREATE INDEX i ON a (n)")
    executed(one, "ALTER TABLE a ADD CONSTRAINT c CHECK (n > 0)")
    executed(two, "ALTER TABLE a ADD CONSTRAINT c CHECK (n > 0) NOT VALID", "ALTER TABLE a VALIDATE CONSTRAINT c")
    executed(two, "INSERT INTO a SELECT n, n, 'x' FROM generate_series(1, 1000) n", "DELETE FROM a WHERE n % 2 = 0")
    executed(
        two, "VACUUM FULL a", "ANALYZE", "REINDEX TABLE a", "CLUSTER a USING i", "ALTER TABLE a SET WITHOUT CLUSTER"
    )
    ran = headworks("drift", "--strict", "--against", one, "--format", "json", "--url", two)
    assert (ran.code, found(ran)) == (0, [])


class TestShadow:
    """Roles, tablespaces and collations that the live schema names are there when the migrations run."""

    PREAMBLE = """
from sqlalchemy import Column, Integer, MetaData, Table, Text
a = Table("a", metadata, Column("id", Integer, primary_key=True, autoincrement=False))
Table("b", metadata, Column("t", Text(collation="of_their_system")))
"""

    def test_what_the_cluster_has(self, server: DatabaseUrl, tmp_path: Path, inside: Headworks) -> None:
        executed(
            server.libpq(), "CREATE ROLE reader", "CREATE TABLESPACE fast LOCATION ''", "CREATE DATABASE live",
        )  # fmt: skip
        live = server.with_database("live").libpq()
        # As initdb would have found it in the operating system.
        executed(live, "CREATE COLLATION pg_catalog.of_their_system (provider = libc, locale = 'C')")
        statements = (
            'CREATE TABLE b (t text COLLATE "of_their_system")',
            "CREATE INDEX i ON b (t) TABLESPACE fast",
            "GRANT SELECT ON b TO reader",
            "DROP INDEX i",
        )
        write_project(tmp_path, [table("a"), Rev("b", sql(*statements))], preamble=self.PREAMBLE)
        assert inside("upgrade", "--url", live).code == 0
        for against in ("models", "migrations"):
            ran = inside("drift", "--strict", "--against", against, "--format", "json", "--url", live)
            assert (ran.code, json.loads(ran.out)["findings"]) == (0, []), ran.out
        executed(live, "ALTER TABLE b SET TABLESPACE fast", "GRANT UPDATE ON b TO reader")
        ran = inside("drift", "--against", "migrations", "--format", "json", "--url", live)
        assert len(found(ran)) == 2


def test_what_belongs_to_the_surroundings_is_noted(
    make_database: Callable[..., str], tmp_path: Path, inside: Headworks, server_url: str
) -> None:
    """Grants, owners and settings of a live database that neither models nor migrations speak of; until they do."""
    url = make_database()
    preamble = TestShadow.PREAMBLE.rsplit("Table", 1)[0]
    write_project(tmp_path, [table("a")], preamble=preamble)
    assert inside("upgrade", "--url", url).code == 0
    name = DatabaseUrl.parse(url).database
    executed(url, "GRANT SELECT ON a TO PUBLIC", f"ALTER DATABASE {name} SET work_mem = '8MB'")
    words = ("drift", "--shadow-url", server_url, "--format", "json", "--url", url)
    for against in ("models", "migrations"):
        ran = inside(*words, "--against", against)
        assert (ran.code, found(ran)) == (0, [])
        assert len(json.loads(ran.out)["findings"]) == 2
    config = (
        (tmp_path / "pyproject.toml").read_text() if (tmp_path / "pyproject.toml").exists() else "[tool.headworks]\n"
    )
    (tmp_path / "pyproject.toml").write_text(
        config + '\n[tool.headworks.drift]\ndeclares = ["privileges", "settings"]\n'
    )
    assert len(found(inside(*words))) == 2
