"""What revisions and seed files say of passwords is in no report."""

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from headworks.report import FORMATS
from helpers import Headworks
from projects import Rev, sql, write_project

START = sql("CREATE TABLE logins (id int PRIMARY KEY, name text, password text, api_token text)")
SAID = [
    "CREATE ROLE logins LOGIN ENCRYPTED PASSWORD 'hunter2' IN ROLE nobody_there",
    "CREATE USER MAPPING FOR PUBLIC SERVER nowhere OPTIONS (user 'a', password 'hunter2')",
    "ALTER TABLE logins ADD m int; ALTER ROLE nobody_there PASSWORD $x$hunter2$x$",
]
WORKS = "ALTER TABLE logins ADD CHECK (name <> ''); DO $$BEGIN PERFORM 'ALTER ROLE r PASSWORD ''hunter2'''; END$$"
MODELS = """
    from sqlalchemy import Column, Integer, Table, Text

    names = ("name", "password", "api_token")
    Table("logins", metadata, Column("id", Integer, primary_key=True), *(Column(one, Text) for one in names))
"""


@pytest.mark.parametrize("name", FORMATS)
def test_of_the_gate(name: str, tmp_path: Path, inside: Headworks, server_url: str) -> None:
    bases = [Rev(f"b{place}", sql(text), sql("SELECT 1"), after="a") for place, text in enumerate([*SAID, WORKS])]
    write_project(tmp_path, [Rev("a", START, sql("DROP TABLE logins")), *bases])
    ran = inside("gate", "--checks", "schema,locks", "--format", name, "--shadow-url", server_url, "--quiet")
    assert ran.code == 1
    assert "hunter2" not in ran.out + ran.err
    assert "***" in ran.out
    assert "nobody_there" in ran.out or "b0" in ran.out


REFUSED = {
    "wrong type": ("password: [hunter2]", "***"),
    "no text": ("password: 2000123", "***"),
    "a row of the database": ("name: ann, password: hunter2", "logins_name_check"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_of_a_row_that_is_refused(
    case: str, tmp_path: Path, inside: Headworks, make_database: Callable[..., str]
) -> None:
    url = make_database()
    with psycopg.connect(url) as connection:
        connection.execute(
            "CREATE TABLE logins (id int PRIMARY KEY, name text CHECK (name <> 'ann'), password text, api_token text)"
        )
    write_project(tmp_path, preamble=MODELS)
    file = tmp_path / "seeds" / "reference" / "logins.yaml"
    file.parent.mkdir(parents=True)
    said, shown = REFUSED[case]
    file.write_text(f"table: logins\nkey: [id]\nrows:\n  - {{id: 1, {said}}}\n")
    ran = inside("seed", "--url", url)
    assert ran.code in (2, 3)
    assert shown in ran.err
    assert "hunter2" not in ran.err
    assert "2000123" not in ran.err


@pytest.mark.parametrize("name", FORMATS)
def test_of_seeds(name: str, tmp_path: Path, inside: Headworks, make_database: Callable[..., str]) -> None:
    url = make_database()
    with psycopg.connect(url) as connection:
        connection.execute(
            "CREATE TABLE logins (id int PRIMARY KEY, name text, password text, api_token text);"
            "INSERT INTO logins VALUES (1, 'ann', 'hunter1', 'x'), (3, 'eve', 'hunter2', 'hunter2')"
        )
    write_project(tmp_path, preamble=MODELS)
    file = tmp_path / "seeds" / "reference" / "logins.yaml"
    file.parent.mkdir(parents=True)
    rows = ["{id: 1, name: bob, password: hunter2, api_token: hunter2}", "{id: 2, password: hunter2}"]
    file.write_text("table: logins\nkey: [id]\nmode: sync\nrows:\n" + "".join(f"  - {row}\n" for row in rows))
    ran = inside("seed", "--check", "--format", name, "--url", url, "--quiet")
    assert ran.code == 1, ran.err
    assert "hunter" not in ran.out + ran.err
    assert "bob" in ran.out, "what is no secret is shown"
    dry = inside("seed", "--dry-run", "--prune", "--url", url)
    assert "hunter" not in dry.out
    assert "ann -> bob" in dry.out
