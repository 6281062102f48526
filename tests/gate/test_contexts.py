"""An env.py that configures several contexts: each revision is looked at in all of them."""

import json
from pathlib import Path
from typing import Any

import pytest

from helpers import Headworks
from projects import Rev, make_project, sql, table

TENANTS = """
from alembic import context
from sqlalchemy import create_engine, text, pool

engine = create_engine(context.config.get_main_option("sqlalchemy.url"), poolclass=pool.NullPool)
for name in ("one", "two"):
    with engine.connect() as connection:
        connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {name}"))
        connection.execute(text(f"SET search_path = {name}"))
        connection.commit()
        context.configure(connection=connection, target_metadata=None, version_table_schema=name)
        with context.begin_transaction():
            context.run_migrations()
"""
SEVERAL = """
from alembic import context
from sqlalchemy import create_engine, pool, Column, Integer, MetaData, Table

engine = create_engine(context.config.get_main_option("sqlalchemy.url"), poolclass=pool.NullPool)
for name in ("a", "b"):
    metadata = MetaData()
    Table(f"t{name}", metadata, Column("id", Integer, primary_key=True, autoincrement=False))
    with engine.connect() as connection:
        context.configure(
            connection=connection, target_metadata=metadata, version_table=f"version_{name}", include_schemas=True
        )
        with context.begin_transaction():
            context.run_migrations(part=name)
"""


def found(inside: Headworks, server_url: str) -> tuple[list[tuple[str, str, str | None]], dict[str, Any]]:
    ran = inside("gate", "--format", "json", "--shadow-url", server_url)
    assert ran.out, ran.err
    report = json.loads(ran.out)
    bad = [one for one in report["findings"] if one["severity"] != "note"]
    return [(one["rule"], one["revision"], str(one["object"] and one["object"]["schema"])) for one in bad], report[
        "details"
    ]


def only_in_two(statement: str) -> str:
    return f"if op.get_bind().exec_driver_sql('SELECT current_schema()').scalar() == 'two':\n    {statement}"


def test_a_schema_for_each_tenant(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    make_project(tmp_path, [table("a"), table("b"), Rev("c", sql("DELETE FROM b WHERE id < 0"))], env=TENANTS)
    said, details = found(inside, server_url)
    assert said == []
    assert (details["data"]["tables"], details["data"]["filled"]) == (4, 4)


@pytest.mark.parametrize("how", ["leaves", "fails", "loses"])
def test_a_fault_that_shows_in_the_second_alone(how: str, tmp_path: Path, inside: Headworks, server_url: str) -> None:
    fault = {
        "leaves": sql("CREATE TABLE left_there (id int)"),
        "fails": "1 / 0",
        "loses": sql("DELETE FROM a"),
    }[how]
    make_project(tmp_path, [table("a"), Rev("f", only_in_two(fault)), table("b")], env=TENANTS)
    said, _ = found(inside, server_url)
    rule = {"leaves": "gate.downgrade-differs", "fails": "gate.upgrade-failed", "loses": "gate.data-lost"}[how]
    assert said == [(rule, "f", "None" if how == "fails" else "two")]


def test_a_version_table_for_each_part(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    up = "op.execute(f'CREATE TABLE t{part} (id int PRIMARY KEY)')"
    rev = Rev("v", up, "op.execute(f'DROP TABLE t{part}')")
    make_project(tmp_path, [rev], env=SEVERAL)
    file = tmp_path / "migrations" / "versions" / "v.py"
    file.write_text(file.read_text().replace("grade():", "grade(part):"))
    assert found(inside, server_url)[0] == []
    file.write_text(file.read_text().replace("DROP TABLE t{part}", "DROP TABLE IF EXISTS ta"))
    assert found(inside, server_url)[0] == [("gate.downgrade-differs", "v", "public")]


LOOP = """
    def ours(item, named, kind, reflected, other):
        return kind != "table" or named.startswith(name)
    options = {"include_object": ours}
"""
ARGUMENT = """
    def ours(item, named, kind, reflected, other, *, mine=name):
        return kind != "table" or named.startswith(mine)
    options = {"include_object": ours}
"""
NAMES = """
    def ours(named, kind, parents):
        return kind != "table" or named.startswith(name)
    options = {"include_name": ours}
"""
MADE = """
    def of(mine):
        return lambda item, named, kind, reflected, other: kind != "table" or named.startswith(mine)
    options = {"include_object": of(name)}
"""


@pytest.mark.parametrize("filters", [LOOP, ARGUMENT, NAMES, MADE], ids=["loop", "argument", "names", "made"])
def test_each_context_has_its_own_filter(filters: str, tmp_path: Path, inside: Headworks, server_url: str) -> None:
    """What is in one of them is the project's, what is in none is nobody's: also when it is asked afterwards."""
    env = SEVERAL.replace('f"t{name}"', 'f"{name}_table"').replace("    with engine", f"{filters}    with engine")
    env = env.replace("include_schemas=True", "**options")
    ups = [f"CREATE TABLE {name} (id int PRIMARY KEY)" for name in ("a_table", "b_table", "a_more", "b_more", "c_more")]
    make_project(tmp_path, [Rev("v", f"if part == 'a':\n    {sql(*ups).replace(chr(10), chr(10) + '    ')}")], env=env)
    file = tmp_path / "migrations" / "versions" / "v.py"
    file.write_text(file.read_text().replace("grade():", "grade(part):"))
    ran = inside("gate", "--checks", "whole", "--format", "json", "--shadow-url", server_url)
    bad = [one for one in json.loads(ran.out)["findings"] if one["severity"] == "error"]
    said = [(one["rule"], one["object"]["name"]) for one in bad]
    assert said == [("gate.models-differ", "a_more"), ("gate.models-differ", "b_more")]


def test_a_context_without_a_filter_sees_its_schemas_alone(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    """The other one looks at all schemas, and leaves out what is not its own."""
    env = SEVERAL.replace(
        "    with engine",
        """
    def ours(item, named, kind, reflected, other):
        return kind != "table" or item.schema == "s"
    options = {"include_object": ours, "include_schemas": True} if name == "a" else {}
    if name == "a":
        metadata = MetaData(schema="s")
        Table("ta", metadata, Column("id", Integer, primary_key=True, autoincrement=False))
    with engine""",
    ).replace("include_schemas=True", "**options")
    ups = ["CREATE SCHEMA s", "CREATE SCHEMA z"]
    ups += [f"CREATE TABLE {name} (id int PRIMARY KEY)" for name in ("s.ta", "s.more", "tb", "more", "z.more")]
    make_project(tmp_path, [Rev("v", f"if part == 'a':\n    {sql(*ups).replace(chr(10), chr(10) + '    ')}")], env=env)
    file = tmp_path / "migrations" / "versions" / "v.py"
    file.write_text(file.read_text().replace("grade():", "grade(part):"))
    ran = inside("gate", "--checks", "whole", "--format", "json", "--shadow-url", server_url)
    bad = [one for one in json.loads(ran.out)["findings"] if one["severity"] == "error"]
    said = [(one["object"]["schema"], one["object"]["name"]) for one in bad if one["object"]["kind"] == "table"]
    assert said == [
        ("public", "more"),
        ("s", "more"),
    ]
