"""stdout is the report's, whatever revisions and the programs that they run write there."""

import json
from collections.abc import Callable
from pathlib import Path

from helpers import Headworks
from projects import Rev, make_project, table

SPEAKS = """
import os, subprocess, sys
print("printed")
os.write(1, b"written\\n")
subprocess.run([sys.executable, "-c", "print('by another program')"], check=True)
"""


def test_of_the_gate(tmp_path: Path, headworks: Headworks, server_url: str) -> None:
    make_project(tmp_path, [table("a"), Rev("b", SPEAKS)])
    ran = headworks("gate", "--checks", "schema", "--format", "json", "--shadow-url", server_url)
    assert json.loads(ran.out)["ok"]
    assert all(word in ran.err for word in ("printed", "written", "by another program"))


def test_of_an_upgrade(tmp_path: Path, headworks: Headworks, make_database: Callable[..., str]) -> None:
    make_project(tmp_path, [table("a"), Rev("b", SPEAKS)])
    ran = headworks("upgrade", "--url", make_database())
    assert ran.code == 0
    assert "written" not in ran.out
    assert all(word in ran.err for word in ("printed", "written", "by another program"))
