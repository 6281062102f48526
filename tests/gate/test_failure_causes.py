"""A step that fails twice: what the gate says is the first reason, not what came of it."""

import json
from pathlib import Path
from typing import Any

import psycopg
import pytest

from helpers import Headworks
from projects import Rev, sql, write_project

BASE = Rev("a", sql("CREATE TABLE t (id int PRIMARY KEY, t text, n text)"), sql("DROP TABLE t"))


def found(inside: Headworks, server_url: str, folder: Path, up: str, driver: str = "psycopg") -> list[dict[str, Any]]:
    env = "async" if driver == "asyncpg" else "generic"
    write_project(folder, [BASE, Rev("b", up, "pass")], env=env, config={"driver": driver})
    ran = inside("gate", "--checks", "data", "--format", "json", "--shadow-url", server_url, folder=folder)
    assert ran.out, ran.err
    return [one for one in json.loads(ran.out)["findings"] if one["severity"] == "error"]


@pytest.mark.parametrize("driver", ["psycopg", "psycopg2", "asyncpg"])
def test_batch_mode_fails_for_its_first_reason(driver: str, tmp_path: Path, inside: Headworks, server_url: str) -> None:
    up = "with op.batch_alter_table('t', recreate='always') as b:\n    b.alter_column('n', nullable=False)"
    [one] = found(inside, server_url, tmp_path / "p", up, driver)
    assert one["rule"] == "gate.upgrade-fails-on-data"
    assert 'null value in column "n"' in one["message"]
    assert "aborted" not in one["message"]
    assert one["hint"] == 'fill it first: op.execute("UPDATE t SET n = ... WHERE n IS NULL")'
    assert one["line"] == 10


def test_an_error_that_was_caught_is_the_reason_for_the_next(
    tmp_path: Path, inside: Headworks, server_url: str
) -> None:
    up = "try:\n    op.execute('ALTER TABLE t ALTER n SET NOT NULL')\nexcept Exception: pass\nop.execute('SELECT 1')"
    [one] = found(inside, server_url, tmp_path / "p", up)
    assert 'column "n" of relation "t" contains null values in: ALTER TABLE' in one["message"]


def test_an_error_of_before_is_no_reason(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    up = (
        "try:\n    with op.get_bind().begin_nested(): op.execute('SELECT nothing')\nexcept Exception: pass\n"
        "op.execute('ALTER TABLE t ALTER n SET NOT NULL')"
    )
    [one] = found(inside, server_url, tmp_path / "p", up)
    assert 'column "n" of relation "t" contains null values in: ALTER TABLE' in one["message"]


def test_batch_mode_that_works_says_nothing(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    up = "with op.batch_alter_table('t', recreate='always') as b:\n    b.add_column(sa.Column('z', sa.Integer))"
    assert found(inside, server_url, tmp_path / "p", up) == []


def test_an_exclusion_cannot_be_validated_later(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    """The server refuses NOT VALID for it, so no hint says that."""
    up = sql("ALTER TABLE t ADD CONSTRAINT ex EXCLUDE (n WITH =)")
    [one] = found(inside, server_url, tmp_path / "p", up)
    assert (one["rule"], one["object"]["name"]) == ("gate.upgrade-fails-on-data", "t")
    rows = "the rows of t that ex does not let stand side by side"
    assert one["hint"] == f"mend or delete {rows}, in an UPDATE or DELETE before it"
    with psycopg.connect(server_url) as connection:
        connection.execute("CREATE TEMP TABLE t (n text)")
        with pytest.raises(psycopg.Error, match="NOT VALID"):
            connection.execute("ALTER TABLE t ADD CONSTRAINT ex EXCLUDE (n WITH =) NOT VALID")
