"""A revision that ends all other sessions of its database."""

from pathlib import Path

import pytest

from helpers import Headworks
from projects import Rev, make_project, sql, table

ENDS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@pytest.fixture
def project(tmp_path: Path) -> None:
    make_project(tmp_path, [table("a"), Rev("k", sql(ENDS)), table("c")])


def test_the_schema_is_looked_at_all_the_same(project: None, inside: Headworks, server_url: str) -> None:
    ran = inside("gate", "--checks", "schema,whole", "--quiet", "--shadow-url", server_url)
    assert ran.code == 0, ran.out + ran.err


@pytest.mark.parametrize("checks", ["data", "locks", "data,locks"])
def test_the_rows_cannot_be(checks: str, project: None, inside: Headworks, server_url: str) -> None:
    ran = inside("gate", "--checks", checks, "--quiet", "--shadow-url", server_url)
    assert ran.code == 3
    assert "error: k ended the other sessions in its database" in ran.err
    assert "Traceback" not in ran.err
