"""The gate as a whole: every kind of env.py, what is run and what is left, and an independent witness."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from test_gate_cases import project_of

from headworks.postgres.server import ThrowawayServer
from helpers import Headworks, scratch_databases_left, sqlalchemy_url
from projects import Rev, sql, table, write_project

ROOT = Path(__file__).parents[2]
DIFFERS = Rev("b", sql("CREATE INDEX ix_a ON a (id)", "ALTER TABLE a ADD COLUMN n int"), sql("DROP INDEX ix_a"))
STYLES = {
    "one transaction for all": {"env": "generic"},
    "a transaction for each": {"env": "generic", "options": "transaction_per_migration=True"},
    "a transaction of its own": {"env": "begin"},
    "asyncio": {"env": "async"},
    "a variable": {"env": "variable", "config": {"url_env": ["APP_DB_URL"]}},
}


@pytest.fixture(scope="module")
def own_server() -> Iterator[str]:
    """A server on which nobody else makes scratch databases."""
    with ThrowawayServer() as server:
        yield server.url.libpq()


@pytest.mark.parametrize("style", STYLES)
def test_the_same_is_found_whatever_env_does(style: str, tmp_path: Path, inside: Headworks, own_server: str) -> None:
    fails = Rev("d", sql("CREATE TABLE d (id nope)"), "pass")
    revisions = [table("a"), DIFFERS, table("c"), fails, Rev("e", sql("DROP TABLE c"), sql("CREATE TABLE c ()"), "c")]
    write_project(tmp_path, revisions, **STYLES[style])
    ran = inside("gate", "--checks", "schema", "--format", "json", "--shadow-url", own_server)
    said = [
        (one["rule"], one["revision"], one["object"] and one["object"]["name"])
        for one in json.loads(ran.out)["findings"]
    ]
    assert said == [
        ("gate.downgrade-differs", "b", "n"),
        ("gate.upgrade-failed", "d", None),
        ("gate.downgrade-differs", "e", "id"),
        ("gate.downgrade-differs", "e", "c_pkey"),
    ]
    assert scratch_databases_left(own_server) == [], "every scratch database is dropped"


@pytest.mark.parametrize("options", ["", "transaction_per_migration=True"])
def test_an_index_is_made_concurrently(options: str, tmp_path: Path, inside: Headworks, own_server: str) -> None:
    up, down = sql("CREATE INDEX CONCURRENTLY ix ON a (id)", concurrently=True), sql("DROP INDEX ix")
    write_project(tmp_path, [table("a"), Rev("k", up, down), DIFFERS], options=options)
    ran = inside("gate", "--checks", "schema", "--format", "json", "--shadow-url", own_server)
    assert [one["revision"] for one in json.loads(ran.out)["findings"]] == ["b"]


def test_commerce_passes(headworks: Headworks, server_url: str) -> None:
    ran = headworks("gate", "--strict", "--format", "json", "--shadow-url", server_url, folder=ROOT)
    report = json.loads(ran.out)
    assert (ran.code, report["findings"]) == (0, [])
    data = report["details"]["data"]
    assert (data["tables"], data["filled"], data["unfilled"]) == (34, 34, []), "rows in all tables, at every revision"
    assert report["stats"]["revisions"] == 17
    assert report["stats"]["checks"] == ["schema", "branches", "whole", "data", "locks"]


def test_the_order_is_the_same_from_run_to_run(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    project_of("several", tmp_path, clean=False)
    first, second = (inside("gate", "--format", "github", "--shadow-url", server_url) for _ in range(2))
    assert first[:2] == second[:2]
    assert first.out.count("::error") == 6


class TestWhatIsRun:
    @pytest.fixture
    def linear(self, tmp_path: Path) -> None:
        empty = [Rev(name, sql(f"CREATE TABLE {name} ()"), "pass") for name in ("aaa", "bbb", "ccc", "ddd")]
        write_project(tmp_path, empty)

    @pytest.mark.parametrize(
        ("words", "walked"),
        [
            ("bbb:ccc", ["bbb", "ccc"]),
            ("ccc:", ["ccc", "ddd"]),
            (":bbb", ["aaa", "bbb"]),
            ("bbb", ["bbb"]),
            ("bbb:bbb", ["bbb"]),
        ],
    )
    def test_revisions(self, linear: None, words: str, walked: list[str], inside: Headworks, server_url: str) -> None:
        words_of = ("gate", "--checks", "schema", "--revisions", words, "--format", "json", "--shadow-url", server_url)
        report = json.loads(inside(*words_of).out)
        assert [one["revision"] for one in report["findings"]] == walked
        assert report["stats"]["revisions"] == len(walked)
        assert [line.split()[1] for line in inside("gate", "--list", "--revisions", words).out.splitlines()] == walked

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (("--revisions", "ccc:bbb"), "error: --revisions ccc:bbb: bbb does not come after ccc"),
            (("--revisions", "nope"), "error: there is no revision 'nope' in migrations/versions"),
            (("--checks", "schema,shema"), "error: --checks: there is no check 'shema'"),
            (("--checks", ""), "error: --checks: there is no check ''"),
        ],
    )
    def test_wrong_words(self, linear: None, words: tuple[str, str], said: str, inside: Headworks) -> None:
        ran = inside("gate", *words)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith(said)
        assert "\nhint: headworks " in ran.err or "\nhint: write A:B" in ran.err

    def test_checks(self, tmp_path: Path, inside: Headworks, server_url: str) -> None:
        project_of("dependency", tmp_path, clean=False)

        def rules(*checks: str) -> set[str]:
            words = ("gate", "--checks", ",".join(checks), "--format", "json", "--shadow-url", server_url)
            return {one["rule"] for one in json.loads(inside(*words).out)["findings"] if one["severity"] == "error"}

        assert rules("schema") == rules("whole") == set()
        assert rules("branches") == {"gate.dependency"}

    def test_branches_alone_do_not_call_a_plain_fault_a_dependency(
        self, tmp_path: Path, inside: Headworks, server_url: str
    ) -> None:
        fails = Rev("y", sql("CREATE TABLE y (id nope)"), "pass", after=None, folder="y")
        revisions = [table("x", after=None, folder="x"), fails]
        write_project(tmp_path, revisions, ini={"recursive_version_locations": "true"})
        for checks, found in (("branches", ["gate.upgrade-failed"]), ("schema,branches", ["gate.upgrade-failed"])):
            ran = inside("gate", "--checks", checks, "--format", "json", "--shadow-url", server_url)
            assert [one["rule"] for one in json.loads(ran.out)["findings"]] == found


class TestModels:
    def test_models_that_postgresql_refuses_do_not_hide_the_rest(
        self, tmp_path: Path, inside: Headworks, server_url: str
    ) -> None:
        preamble = """
            from sqlalchemy import Column, Table
            from sqlalchemy.types import UserDefinedType

            class Nope(UserDefinedType):
                cache_ok = True

                def get_col_spec(self, **keywords):
                    return "nope"

            Table("a", metadata, Column("id", Nope()))
        """
        write_project(tmp_path, [table("a"), DIFFERS], preamble=preamble)
        ran = inside("gate", "--checks", "schema,whole", "--format", "json", "--shadow-url", server_url)
        found = json.loads(ran.out)["findings"]
        assert [one["rule"] for one in found] == ["gate.downgrade-differs", "gate.models-differ"]
        assert 'type "nope" does not exist' in found[1]["message"]
        assert ran.code == 1


class TestPgDumpAgrees:
    """`pg_dump -s` before and after, run by plain Alembic, says of a downgrade what the gate says."""

    @pytest.mark.parametrize("clean", [False, True])
    @pytest.mark.parametrize("case", ["downgrade-changes", "downgrade-empty", "downgrade-gone", "downgrade-leaves"])
    def test_downgrade(
        self, case: str, clean: bool, tmp_path: Path, make_database: Callable[..., str], pg_bindir: Path
    ) -> None:
        project_of(case, tmp_path, clean=clean)
        url = make_database()
        write = tmp_path / "alembic.ini"
        write.write_text(f"{write.read_text()}sqlalchemy.url = {sqlalchemy_url(url)}\n")
        before = self._after(["upgrade a"], tmp_path, url, pg_bindir)
        after = self._after(["upgrade b", "downgrade a"], tmp_path, url, pg_bindir)
        assert (before == after) is clean

    @staticmethod
    def _after(commands: list[str], folder: Path, url: str, pg_bindir: Path) -> str:
        for command in commands:
            subprocess.run(
                [sys.executable, "-m", "alembic", *command.split()], cwd=folder, check=True, capture_output=True
            )
        dump = [pg_bindir / "pg_dump", "-s", "--exclude-table=alembic_version", "-d", url]
        text = subprocess.run(dump, check=True, capture_output=True, text=True).stdout
        # PostgreSQL 15.14 and later begin and end a dump with a random key.
        return "\n".join(line for line in text.splitlines() if not line.startswith(("\\restrict", "\\unrestrict")))


def test_a_revision_that_runs_once_and_not_again(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    """It leaves something outside of the database; what needs it is not run, what does not is."""
    once = Rev("a", 'open("once", "x").close()\n' + sql("CREATE TABLE a (id int)"), sql("DROP TABLE a"))
    write_project(tmp_path, [once, table("b"), table("c", after=None)])
    ran = inside("gate", "--format", "json", "--shadow-url", server_url)
    found = [(one["rule"], one["severity"], one["revision"]) for one in json.loads(ran.out)["findings"]]
    assert {one for one in found if one[1] == "error"} == {
        ("gate.reupgrade-differs", "error", "a"),
        ("gate.heads", "error", "c"),
    }
    assert ran.code == 1


def test_env_is_run_once_for_each_database(tmp_path: Path, inside: Headworks, own_server: str) -> None:
    """To see what it configures, the walk, the whole, two domains, another order, the walk with rows."""
    count = f"with open({str(tmp_path / 'runs')!r}, 'a') as file:\n    file.write('x')"
    one, two = table("a", label="one"), table("x", after=None, label="two")
    write_project(tmp_path, [one, table("b"), two, table("y")], preamble=count)
    assert inside("gate", "--quiet", "--shadow-url", own_server).code == 0
    assert len((tmp_path / "runs").read_text()) == 1 + 1 + 1 + 2 + 1 + 1


def test_models_that_cannot_be_put_together_are_a_finding(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    """What the walk has found is not lost for them."""
    models = 'import sqlalchemy as sa\nsa.Table("t", metadata, sa.Column("e", sa.Enum("x", "y")))'
    write_project(tmp_path, [Rev("a", sql("CREATE TABLE t (id int)"), "pass")], preamble=models)
    ran = inside("gate", "--checks", "schema,whole", "--format", "json", "--shadow-url", server_url)
    found = [(one["rule"], one["message"]) for one in json.loads(ran.out)["findings"]]
    assert [rule for rule, _ in found] == ["gate.downgrade-differs", "gate.models-differ"]
    assert "ENUM type requires a name" in found[1][1]
