"""A database with no version row: which revision makes what it is, so that it can be stamped and is not blamed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from helpers import Headworks, executed
from projects import Rev, env_of, sql, table, write_project

MODELS = """
from sqlalchemy import Column, Integer, MetaData, Table
for name in ("a", "b", "c"):
    Table(name, metadata, Column("id", Integer, primary_key=True, autoincrement=False))
"""
LINE = (table("a"), table("b"), table("c"))
CLAIMS = "the database claims no revision though it has tables of the project"

Found = list[tuple[str, str | None, str, str | None]]


@pytest.fixture
def drift(
    tmp_path: Path, inside: Headworks, make_database: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Found]:
    """A project whose database was upgraded and lost its rows: what `drift` says of it, in each way."""
    url = make_database()
    monkeypatch.setenv("HEADWORKS_URL", url)

    def call(revisions: tuple[Rev, ...], to: tuple[str, ...], *statements: str, **project: Any) -> Found:
        write_project(tmp_path, revisions, **{"preamble": MODELS} | project)
        for target in to:
            assert inside("upgrade", target).code == 0
        executed(url, "DELETE FROM alembic_version", *statements)
        found = []
        for words in ((), ("--against", "migrations")):
            ran = inside("drift", *words, "--format", "json")
            found.append([_said(one) for one in json.loads(ran.out)["findings"]])
            assert ran.code == any(one["severity"] == "error" for one in json.loads(ran.out)["findings"])
        assert found[0] == found[1]
        return found[0]

    return call


def _said(one: dict[str, Any]) -> tuple[str, str | None, str, str | None]:
    return one["rule"].removeprefix("drift."), one["revision"], one["message"], one["hint"]


@pytest.mark.parametrize("env", ["generic", "begin", "async"])
def test_an_older_revision(drift: Callable[..., Found], inside: Headworks, env: str) -> None:
    """Whatever transactions env.py makes. The hint works, and then it is merely behind."""
    ((rule, revision, said, hint),) = drift(LINE, ("b",), env=env)
    assert (rule, revision, hint) == ("unclaimed", "b", "headworks stamp b")
    assert said == f"{CLAIMS}; not migrated yet: it is what an upgrade to b makes; to run once it is stamped: c"
    assert inside(*str(hint).split()[1:]).code == 0
    ran = inside("drift", "--format", "json")
    assert [one["rule"] for one in json.loads(ran.out)["findings"]] == ["drift.pending"]
    assert (inside("upgrade").code, inside("drift").code) == (0, 0)


def test_revisions_that_the_schema_does_not_tell(drift: Callable[..., Found]) -> None:
    """One of them changes rows alone: nobody knows whether it has been run."""
    rows = Rev("rows", sql("INSERT INTO a VALUES (1)"))
    (one,) = drift((LINE[0], LINE[1], rows, LINE[2]), ("b",))
    assert (
        one[2]
        == f"{CLAIMS}; not migrated yet: it is what an upgrade to b or rows makes; to run once it is stamped: rows, c"
    )
    assert one[3] == "headworks stamp b; where it has been run: rows, which the schema does not tell"


def test_a_revision_that_ends_its_transaction(drift: Callable[..., Found]) -> None:
    ends = Rev("ends", "op.get_bind().commit()\n" + sql("CREATE TABLE b (id int PRIMARY KEY)"))
    commits = env_of("generic", preamble=MODELS).replace(
        "        run(connection)\n", "        run(connection)\n        connection.commit()\n"
    )
    (one,) = drift((LINE[0], ends, LINE[2]), ("a",), env=commits)
    assert one[3] == "headworks stamp a"


def test_a_row_for_each_domain(drift: Callable[..., Found], inside: Headworks) -> None:
    """As an upgrade of all passes by: all of one, and a part of the next."""
    shop = table("a", after=None, label="shop")
    stock = (table("b", after=None, label="stock"), table("c", after="b"))
    (one,) = drift((shop, *stock), ("a", "b"))
    assert one[:2] == ("unclaimed", "a, b")
    assert one[3] == "headworks stamp a b"
    assert inside("stamp", "a", "b").code == 0


@pytest.mark.parametrize(
    ("to", "rows", "left"),
    [(("c",), "c", "a2, d, e"), (("a2", "e"), "a2, e", "b, c, d"), (("e",), "e", "a, a2, b, c, d")],
)
def test_each_domain_stands_where_it_is(
    drift: Callable[..., Found], inside: Headworks, to: tuple[str, ...], rows: str, left: str
) -> None:
    """No upgrade of all passes by there: one domain is ahead of another, or one has not begun."""
    shop = (table("a", after=None, label="shop"), Rev("a2", sql("ALTER TABLE a ADD x int"), after="a"))
    stock = (table("b", after=None, label="stock", depends_on="a"), table("c", after="b"), table("d", after="c"))
    models = MODELS.replace('"c")', '"c", "d", "e")') + 'metadata.tables["a"].append_column(Column("x", Integer))\n'
    (one,) = drift((*shop, *stock, table("e", after=None, label="mail")), to, preamble=models)
    assert one[:2] == ("unclaimed", rows)
    made = " ".join(rows.split(", "))
    assert one[2:] == (
        f"{CLAIMS}; not migrated yet: it is what an upgrade to {rows} makes; to run once it is stamped: {left}",
        f"headworks stamp {made}",
    )
    assert inside(*str(one[3]).split()[1:]).code == 0
    assert (inside("upgrade").code, inside("drift").code) == (0, 0)


def test_what_no_revision_makes(tmp_path: Path, inside: Headworks, make_database: Callable[..., str]) -> None:
    """Changed by hand at an older revision: nothing is guessed."""
    write_project(tmp_path, LINE, preamble=MODELS)
    url = make_database()
    assert inside("upgrade", "b", "--url", url).code == 0
    executed(url, "DROP TABLE alembic_version", "ALTER TABLE a ADD x int")
    ran = inside("drift", "--format", "json", "--url", url)
    found = [_said(one) for one in json.loads(ran.out)["findings"]]
    assert [one[0] for one in found] == ["unclaimed", "unexpected", "missing"]
    assert found[0][:3] == ("unclaimed", None, CLAIMS)
    ran = inside("drift", "--against", "migrations", "--format", "json", "--url", url)
    note, *rest = [_said(one) for one in json.loads(ran.out)["findings"]]
    assert note[2] == f"{CLAIMS}; compared with the heads (c), as no revisions make what it is"
    assert [one[0] for one in rest] == ["unexpected", "missing"]


def test_missing_migration(tmp_path: Path, inside: Headworks, make_database: Callable[..., str]) -> None:
    more = MODELS + 'Table("d", metadata, Column("id", Integer, primary_key=True, autoincrement=False))\n'
    write_project(tmp_path, LINE, preamble=more)
    url = make_database()
    assert inside("upgrade", "b", "--url", url).code == 0
    executed(url, "DROP TABLE alembic_version")
    ran = inside("drift", "--format", "json", "--url", url)
    found = [
        (one["rule"], one["revision"], one["object"] and one["object"]["name"])
        for one in json.loads(ran.out)["findings"]
    ]
    assert found == [("drift.unclaimed", "b", None), ("drift.missing", "c", "d")]


def test_a_history_that_does_not_run_is_a_warning(
    tmp_path: Path, inside: Headworks, make_database: Callable[..., str]
) -> None:
    """The models are compared all the same."""
    write_project(tmp_path, LINE, preamble=MODELS)
    url = make_database()
    assert inside("upgrade", "--url", url).code == 0
    executed(url, "DROP TABLE alembic_version")
    file = next(tmp_path.rglob("versions/b*.py"))
    file.write_text(file.read_text().replace("def upgrade():", "def upgrade():\n    1 / 0\n"))
    ran = inside("drift", "--format", "json", "--url", url)
    assert [one["rule"] for one in json.loads(ran.out)["findings"]] == ["drift.migrations", "drift.unclaimed"]
