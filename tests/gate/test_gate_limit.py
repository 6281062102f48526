"""A revision that does not end is ended, named, and hides none of the others."""

import json
from pathlib import Path

import pytest

from helpers import Headworks
from projects import Rev, make_project, sql, table

HANGS = {
    "the server sleeps": 'op.execute("SELECT pg_sleep(600)")',
    "Python sleeps": "import time\ntime.sleep(600)",
    "Python loops": "while True:\n    pass",
    "it waits for itself": """\
import sqlalchemy as sa
op.execute("LOCK TABLE a IN ACCESS EXCLUSIVE MODE")
sa.create_engine(op.get_bind().engine.url).connect().exec_driver_sql("SELECT * FROM a")""",
}


@pytest.mark.parametrize("direction", ["upgrade", "downgrade"])
@pytest.mark.parametrize("how", HANGS)
def test_a_revision_that_hangs(how: str, direction: str, tmp_path: Path, inside: Headworks, server_url: str) -> None:
    make_project(
        tmp_path,
        [
            table("a"),
            Rev("b", **{"up" if direction == "upgrade" else "down": HANGS[how]}),
            Rev("c", sql("CREATE TABLE c (id int)"), after="a"),
        ],
        config={"gate": {"timeout": 1}},
    )
    ran = inside("gate", "--checks", "schema", "--format", "json", "--shadow-url", server_url)
    found = {(one["rule"], one["revision"]): one for one in json.loads(ran.out)["findings"]}
    late = found[f"gate.{direction}-failed", "b"]
    assert "did not end within 1 s" in late["message"]
    assert late["line"] > 1
    assert ("gate.downgrade-differs", "c") in found
    assert ran.code == 1


def test_a_server_that_is_gone_half_way(tmp_path: Path, inside: Headworks) -> None:
    """It is said with the revision that was at work, and nothing is left of the throw-away server."""
    kill = """\
import os, signal
pid = op.get_bind().exec_driver_sql("SELECT split_part(pg_read_file('postmaster.pid'), chr(10), 1)").scalar()
os.kill(int(pid), signal.SIGKILL)"""
    make_project(tmp_path, [table("a"), Rev("b", kill), table("c")])
    ran = inside("gate", "--checks", "schema")
    assert ran.code == 3
    assert "the server was lost while" in ran.err
    assert "Traceback" not in ran.err
