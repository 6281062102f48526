"""The walk with rows: what is told apart, how it goes on after a failure, and whatever env.py does."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from helpers import Headworks
from projects import Rev, sql, table, write_project

Report = dict[str, Any]
MAKE = "CREATE TABLE users (id int PRIMARY KEY, email text NOT NULL, updated_at timestamptz NOT NULL DEFAULT now())"
USERS = Rev("a", sql(MAKE), sql("DROP TABLE users"))
BREAKS = Rev("b", sql("ALTER TABLE users ADD COLUMN age int NOT NULL"), sql("ALTER TABLE users DROP COLUMN age"))


@pytest.fixture
def report(tmp_path: Path, inside: Headworks, server_url: str) -> Callable[..., Report]:
    """Run the check over these revisions; its report."""

    def run(*revisions: Rev, words: tuple[str, ...] = (), **options: Any) -> Report:
        write_project(tmp_path, revisions, **options)
        ran = inside("gate", "--checks", "data", *words, "--format", "json", "--shadow-url", server_url)
        assert ran.out, ran.err
        return json.loads(ran.out)  # type: ignore[no-any-return]

    return run


def said(report: Report) -> list[tuple[str, str]]:
    return [(one["rule"], one["revision"]) for one in report["findings"]]


@pytest.mark.parametrize(
    "style",
    [
        {"env": "generic"},
        {"env": "generic", "options": "transaction_per_migration=True"},
        {"env": "begin"},
        {"env": "async"},
    ],
    ids=lambda style: "-".join(style.values()),
)
def test_it_goes_on_after_a_failure(style: dict[str, str], report: Callable[..., Report]) -> None:
    age = "ALTER TABLE users ADD COLUMN age int NOT NULL"
    loses = Rev("c", sql("ALTER TABLE users RENAME TO people"), sql("DROP TABLE people", MAKE, age))
    down = sql("ALTER TABLE people DROP COLUMN age", "ALTER TABLE people ADD COLUMN age int NOT NULL")
    fails = Rev("d", sql("ALTER TABLE people ALTER COLUMN age SET DEFAULT 1"), down)
    found = report(USERS, BREAKS, loses, fails, table("e"), **style)
    assert said(found) == [
        ("gate.upgrade-fails-on-data", "b"),
        ("gate.data-lost", "c"),
        ("gate.downgrade-fails-on-data", "d"),
    ]
    assert found["details"]["data"]["filled"] == found["details"]["data"]["tables"] == 3
    assert found["details"]["data"]["rows"] > 0


def test_what_fails_without_rows_as_well_is_not_ours(report: Callable[..., Report]) -> None:
    broken = Rev("b", sql("ALTER TABLE users ADD COLUMN n nope"), sql("SELECT 1"))
    no_way_back = Rev("c", sql("ALTER TABLE users ADD COLUMN n int"), sql("SELECT 1 / 0"), "a")
    assert said(report(USERS, broken, no_way_back)) == [("gate.unfilled", "b")], "a note that nothing is said of it"


def test_no_downgrade_can_bring_back_what_the_upgrade_took(report: Callable[..., Report]) -> None:
    gone = Rev("b", sql("DELETE FROM users"), None)
    kept = Rev("c", sql("UPDATE users SET email = lower(email)"), 'raise NotImplementedError("never")')
    assert said(report(USERS, gone, kept, table("d"))) == [("gate.data-lost", "b")]


def test_numbers_tell_what_names_do_not(report: Callable[..., Report]) -> None:
    """Two columns that swap their names, and a table that moves to another schema under another name."""
    swap = [f"ALTER TABLE pairs RENAME COLUMN {old} TO {new}" for old, new in (("x", "z"), ("y", "x"), ("z", "y"))]
    back = [f"ALTER TABLE pairs RENAME COLUMN {old} TO {new}" for old, new in (("y", "z"), ("x", "y"), ("z", "x"))]
    pairs = Rev("a", sql("CREATE TABLE pairs (id int PRIMARY KEY, x text, y int)"), sql("DROP TABLE pairs"))
    moves = Rev(
        "c",
        sql("CREATE SCHEMA other", "ALTER TABLE pairs SET SCHEMA other", "ALTER TABLE other.pairs RENAME TO twos"),
        sql("ALTER TABLE other.twos RENAME TO pairs", "ALTER TABLE other.pairs SET SCHEMA public", "DROP SCHEMA other"),
    )
    assert said(report(pairs, Rev("b", sql(*swap), sql(*back)), moves)) == []


def test_a_table_made_anew_with_its_rows_loses_nothing(report: Callable[..., Report]) -> None:
    again = sql(
        "CREATE TABLE new (id int PRIMARY KEY, email text NOT NULL, updated_at timestamptz NOT NULL DEFAULT now())",
        "INSERT INTO new SELECT * FROM users",
        "DROP TABLE users",
        "ALTER TABLE new RENAME TO users",
    )
    assert said(report(USERS, Rev("b", again, again))) == []


def test_a_time_that_the_step_sets_is_no_loss(report: Callable[..., Report]) -> None:
    touch = "UPDATE users SET updated_at = now()"
    assert said(report(USERS, Rev("b", sql(touch), "pass"), Rev("c", "pass", sql(touch)))) == []


def test_an_allowance_hides_it_and_an_idle_one_is_told(report: Callable[..., Report]) -> None:
    head = "# headworks: allow gate.data-lost - nobody needs it"
    drops = Rev("b", sql("ALTER TABLE users DROP COLUMN email"), sql("ALTER TABLE users ADD email text"), head=head)
    found = report(USERS, drops, Rev("c", "pass", "pass", head=head))
    assert said(found) == [("gate.unused-allowance", "c")]


def test_only_the_chosen_ones_find_rows(report: Callable[..., Report]) -> None:
    loses = Rev("c", sql("DELETE FROM users"), "pass")
    found = report(USERS, BREAKS, loses, table("d"), words=("--revisions", "c:"))
    assert said(found) == [("gate.data-lost", "c")]


def test_rows_of_the_project_itself_are_looked_at_too(report: Callable[..., Report]) -> None:
    own = Rev("b", sql("INSERT INTO users VALUES (7, 'a@b')"), sql("DELETE FROM users WHERE id = 7"))
    loses = Rev("c", sql("DELETE FROM users WHERE id = 7"), "pass")
    [found] = report(USERS, own, loses)["findings"]
    assert (found["revision"], found["message"]) == (
        "c",
        "the upgrade of c takes 1 of 5 rows of table public.users away, and the table stays",
    )


POOLS = Rev(
    "a",
    sql(
        "CREATE TABLE pools (id int PRIMARY KEY)",
        "CREATE TABLE users (id int PRIMARY KEY, pool int NOT NULL REFERENCES pools, email text NOT NULL)",
    ),
    sql("DROP TABLE users, pools"),
)
UNIQUE = (
    sql("ALTER TABLE users ADD CONSTRAINT once UNIQUE (pool, email)"),
    sql("ALTER TABLE users DROP CONSTRAINT once"),
)
FAILS = ("gate.upgrade-fails-on-data", "c")


@pytest.mark.parametrize(
    "between",
    [
        Rev("b", "pass", "pass"),
        Rev("b", sql("DELETE FROM users"), None),
        Rev("b", sql("CREATE TABLE b (id int NOT NULL)", "ALTER TABLE b ADD UNIQUE (id)"), sql("DROP TABLE b")),
        Rev("b", sql("SELECT 1 / (SELECT min(id) - min(id) FROM users)"), "pass"),  # so that all begins anew
    ],
    ids=["nothing", "rows are deleted", "another table", "a failure on rows"],
)
def test_what_may_be_there_twice_is(between: Rev, report: Callable[..., Report]) -> None:
    assert FAILS in said(report(POOLS, between, Rev("c", *UNIQUE)))


def test_a_new_column_s_values_are_there_twice(report: Callable[..., Report]) -> None:
    new = Rev("b", sql("ALTER TABLE users ADD nick text"), sql("ALTER TABLE users DROP nick"))
    unique = Rev("c", sql("CREATE UNIQUE INDEX nicks ON users (nick)"), sql("DROP INDEX nicks"))
    assert said(report(USERS, new, unique)) == [FAILS]


POSTS = Rev("p", sql("CREATE TABLE posts (id int)"), sql("DROP TABLE posts"))
SPOILS = Rev("s", "pass", sql("DROP TABLE IF EXISTS posts"))
NEEDS = """
if not sa.inspect(op.get_bind()).has_table("posts"):
    op.execute("ALTER TABLE nowhere ADD n int")
"""


@pytest.mark.parametrize("env", ["generic", "begin"])
@pytest.mark.parametrize("ups", [(NEEDS, "pass"), ("pass", NEEDS)], ids=["upgrade", "downgrade"])
def test_what_a_downgrade_left_is_no_failure_on_rows(
    ups: tuple[str, str], env: str, report: Callable[..., Report]
) -> None:
    """In the database that its upgrades make the next revision runs, with rows and without; and so it is looked at."""
    loses = Rev("d", sql("DELETE FROM users"), "pass")
    found = report(USERS, POSTS, SPOILS, Rev("c", *ups), loses, env=env)
    assert said(found) == [("gate.data-lost", "s"), ("gate.data-lost", "d")]


def test_rows_of_before_fail_later(report: Callable[..., Report]) -> None:
    """Those that a new database would be filled with keep the check that these need not keep yet."""
    check = sql("ALTER TABLE users ADD CONSTRAINT long CHECK (length(email) > 90) NOT VALID")
    later = Rev("b", check, sql("ALTER TABLE users DROP CONSTRAINT long"))
    found = report(USERS, POSTS, later, Rev("c", sql("ALTER TABLE users VALIDATE CONSTRAINT long"), "pass"))
    assert said(found) == [FAILS]
