"""What a downgrade would lose, and what it would not."""

from collections.abc import Callable
from pathlib import Path

import pytest

from headworks.migrations.losses import foresee_losses
from headworks.migrations.plan import plan_downgrade, plan_upgrade
from headworks.migrations.runner import Runner
from headworks.postgres.url import DatabaseUrl
from helpers import executed, untouched
from projects import Rev, make_project, sql

BEFORE = Rev(
    "before",
    sql(
        "CREATE TYPE mood AS ENUM ('sad', 'glad')",
        'CREATE TABLE "Odd t" (id int PRIMARY KEY, m mood, ms mood[], name varchar(5), gone text)',
    ),
)
T = 'ALTER TABLE "Odd t"'
MOOD_AGAIN = (
    "ALTER TYPE mood RENAME TO old; CREATE TYPE mood AS ENUM ('sad', 'glad'); "
    f"{T} ALTER COLUMN m TYPE mood USING NULL; "
    f"{T} ALTER COLUMN ms TYPE mood[] USING NULL; DROP TYPE old"
)
CASES = {
    "table": ("CREATE TABLE n (id int)", "DROP TABLE n", "INSERT INTO n VALUES (1), (2)", "table public.n (2 rows)"),
    "column": (f"{T} ADD COLUMN x int", f"{T} DROP COLUMN x", 'UPDATE "Odd t" SET x = 1', "x (1 value)"),
    "narrowed": (
        f"{T} ALTER COLUMN name TYPE varchar(9)",
        f"{T} ALTER COLUMN name TYPE varchar(5) USING left(name, 5)",
        """UPDATE "Odd t" SET name = 'too long'""",
        "character varying(5) (1 value)",
    ),
    "no equality": (
        f"{T} ALTER COLUMN gone TYPE json USING NULL",
        f"{T} ALTER COLUMN gone TYPE jsonb USING gone::jsonb",
        """UPDATE "Odd t" SET gone = '{"b": 1, "a": 2}'""",
        "as jsonb (1 value)",
    ),
    "no such cast": (
        f"{T} ALTER COLUMN gone TYPE json USING NULL",
        f"{T} ALTER COLUMN gone TYPE int USING NULL",
        """UPDATE "Odd t" SET gone = '[1]'""",
        "integer (1 value)",
    ),
    "refused value": (
        f"{T} ALTER COLUMN gone TYPE varchar",
        f"{T} ALTER COLUMN gone TYPE int USING NULL",
        """UPDATE "Odd t" SET gone = 'no number'""",
        "integer (1 value)",
    ),
    "enum": (
        "ALTER TYPE mood ADD VALUE 'bored'",
        MOOD_AGAIN,
        """UPDATE "Odd t" SET m = 'bored'""",
        "value 'bored' of enum public.mood in column",
    ),
    "enum in an array": (
        "ALTER TYPE mood ADD VALUE 'bored'",
        MOOD_AGAIN,
        """UPDATE "Odd t" SET ms = '{sad,bored}'""",
        "value 'bored' of enum public.mood in column",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_lost(case: str, tmp_path: Path, make_database: Callable[..., str], server_url: str) -> None:
    up, down, fill, expected = CASES[case]
    project = make_project(tmp_path, [BEFORE, Rev("r", sql(up, concurrently=True), sql(*down.split("; ")))],
                           options="transaction_per_migration=True")  # fmt: skip
    url = DatabaseUrl.parse(make_database())
    Runner(project, url).run("upgrade", lambda rows: plan_upgrade(project.history, rows, ["heads"]))
    rows = ("r",)
    plan = plan_downgrade(project.history, rows, "before")
    with untouched(url.libpq()):
        assert foresee_losses(project, url, DatabaseUrl.parse(server_url), rows, plan) == []
    executed(url.libpq(), 'INSERT INTO "Odd t" (id) VALUES (1)')
    assert foresee_losses(project, url, DatabaseUrl.parse(server_url), rows, plan) == []
    executed(url.libpq(), fill)
    with untouched(url.libpq()):
        losses = foresee_losses(project, url, DatabaseUrl.parse(server_url), rows, plan)
    assert [expected in str(loss) for loss in losses] == [True]


def test_a_large_table_is_not_counted_to_its_end(
    tmp_path: Path, make_database: Callable[..., str], server_url: str
) -> None:
    project = make_project(tmp_path, [Rev("r", sql("CREATE TABLE n (id int)"), sql("DROP TABLE n"))])
    url = DatabaseUrl.parse(make_database())
    executed(url.libpq(), "CREATE TABLE n AS SELECT generate_series(1, 5000) id")
    plan = plan_downgrade(project.history, ["r"], "base")
    losses = foresee_losses(project, url, DatabaseUrl.parse(server_url), ["r"], plan)
    assert [str(loss) for loss in losses] == ["table public.n (more than 1,000 rows)"]
