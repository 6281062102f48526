"""The examples of docs/testing.md, in a project of their own."""

import os
import re
import sys
from pathlib import Path

import pytest

from projects import Rev, sql, write_project

pytest_plugins = ["pytester"]

HOME = os.environ.get("HOME", "/")  # what servers are made of is kept there; pytester makes an empty one
PAGE = Path(__file__).parents[2] / "docs" / "testing.md"
MODELS = """
from sqlalchemy import Column, Integer, MetaData, Table, Text
Table("orders", metadata, Column("id", Integer, primary_key=True, autoincrement=False))
Table("countries", metadata, Column("code", Text))
"""


def test_examples(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", HOME)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    up = sql("CREATE TABLE orders (id int PRIMARY KEY)", "CREATE TABLE countries (code text)")
    revision = Rev("first", up, sql("DROP TABLE orders", "DROP TABLE countries"))
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert len(blocks) == 4
    write_project(pytester.path, [revision], preamble=MODELS)
    for number, block in enumerate(blocks):
        name = "conftest.py" if "headworks_prepare" in block else f"test_example_{number}.py"
        (pytester.path / name).write_text(block, encoding="utf-8")
    (pytester.path / "test_prepared.py").write_text(
        "import psycopg\n"
        "def test_prepared(headworks_database):\n"
        "    with psycopg.connect(headworks_database.url) as connection:\n"
        "        assert connection.execute('SELECT code FROM countries').fetchall() == [('AT',)]\n"
    )
    pytester.runpytest_subprocess("-W", "error", timeout=120).assert_outcomes(passed=6)
