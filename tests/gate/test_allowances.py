"""What a revision's file accepts is counted, and listed with the reason."""

import json
from pathlib import Path

from helpers import Headworks
from projects import Rev, sql, write_project

BASE = Rev("a", sql("CREATE TABLE a (id int)"), sql("DROP TABLE a"))


def test_accepted_findings_are_in_the_report(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    said = "# headworks: allow gate.downgrade-differs - a is merged with b\n"
    later = Rev("b", sql("ALTER TABLE a ADD b int, ADD c int"), said + "pass")
    write_project(tmp_path / "p", [BASE, later])
    words = ("gate", "--checks", "schema", "--shadow-url", server_url)
    ran = inside(*words, "--format", "json", folder=tmp_path / "p")
    report = json.loads(ran.out)
    assert (ran.code, report["findings"], report["stats"]["accepted"]) == (0, [], 2)
    one, other = report["details"]["accepted"]
    assert one == {
        "rule": "gate.downgrade-differs", "severity": "error", "revision": "b", "direction": "downgrade",
        "file": "migrations/versions/b.py", "line": 12, "reason": "a is merged with b",
        "message": "column public.a.b is left after the downgrade of b, which does nothing",
    }  # fmt: skip
    assert "public.a.c" in other["message"]
    text = inside(*words, folder=tmp_path / "p").out
    assert "accepted\n  error   gate.downgrade-differs: column public.a.b is left" in text
    assert "\n          migrations/versions/b.py:12: a is merged with b\n" in text
    assert "gate: ok (2 revisions, 2 accepted, " in text


def test_where_nothing_is_accepted_nothing_is_said(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    write_project(tmp_path / "p", [BASE])
    ran = inside("gate", "--checks", "schema", "--shadow-url", server_url, "--format", "json", folder=tmp_path / "p")
    report = json.loads(ran.out)
    assert "accepted" not in report["stats"] | report["details"]
