"""Revisions that change what their module holds, as published ones do: each run finds it as a new process would."""

import json
from pathlib import Path

import pytest

from headworks.migrations.modules import as_loaded
from helpers import Headworks
from projects import Rev, make_project, sql, table, write_project

# as in neutron: the rows lose a key when they are inserted
USED_UP = Rev(
    "b",
    "op.create_table('b')\nfor row in rows:\n    op.execute('COMMENT ON TABLE b IS ' + row.pop('text'))",
    "op.drop_table('b')",
    head="""rows = [{"text": "'first'"}]""",
)
COUNTED = Rev(
    "b",
    "global times\ntimes += 1\nop.create_table(f'b{times}', sa.Column('id', sa.Integer))",
    "op.drop_table('b1')",
    head="times = 0",
)


@pytest.mark.parametrize("revision", [USED_UP, COUNTED], ids=["used up", "counted"])
@pytest.mark.parametrize("env", ["generic", "begin"])
def test_the_gate_finds_each_module_as_it_was(
    revision: Rev, env: str, tmp_path: Path, inside: Headworks, server_url: str
) -> None:
    left = Rev("c", sql("CREATE TABLE c ()"), "pass")  # so that the walk runs all of it once more
    write_project(tmp_path, [table("a"), revision, left, table("d")], env=env)
    ran = inside("gate", "--checks", "schema,branches", "--format", "json", "--shadow-url", server_url)
    found = json.loads(ran.out)["findings"]
    assert [(one["rule"], one["revision"]) for one in found] == [("gate.downgrade-differs", "c")]


def test_a_module_is_loaded_again_only_when_it_has_changed(tmp_path: Path) -> None:
    project = make_project(tmp_path, [Rev("a", head="rows = [1]\nnames = ('x',)")])
    script = project.script.get_revision("a")
    first = as_loaded(script).module
    assert as_loaded(script).module is first
    first.rows.append(2)
    second = as_loaded(script).module
    assert second is not first
    assert second.rows == [1]
    second.rows = [1]
    third = as_loaded(script).module
    assert third is not second
    assert as_loaded(script).module is third


def test_a_module_that_cannot_be_loaded_twice_stays(tmp_path: Path) -> None:
    mark = tmp_path / "loaded"
    head = f"import pathlib\npathlib.Path({str(mark)!r}).touch(exist_ok=False)\nrows = [1]"
    script = make_project(tmp_path / "project", [Rev("a", head=head)]).script.get_revision("a")
    first = as_loaded(script).module
    first.rows.append(2)
    assert as_loaded(script).module is first
