"""Reports of a gate that has run: what it looked at is in them."""

import json
from pathlib import Path

from headworks.findings import Finding, ObjectRef, Outcome, Severity
from headworks.report import FORMATS, render
from helpers import Headworks
from projects import Rev, sql, table, write_project

REVISIONS = [
    table("a"),
    Rev("b", sql("CREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a)", "ALTER TABLE a ADD n int"),
        sql("DROP TABLE b")),
    Rev("c", sql("CREATE TABLE c (id nope)"), "pass"),
    Rev("d", "pass", "pass"),
    Rev("e", sql("ALTER TABLE b ADD m text"), sql("ALTER TABLE b DROP m"), after="b"),
]  # fmt: skip


def outcome_of(text: str) -> Outcome:
    """What a JSON report was made from."""
    read = json.loads(text)
    findings = [
        Finding(**{**one, "severity": Severity(one["severity"]),
                   "object": one["object"] and ObjectRef(**one["object"])}) for one in read["findings"]
    ]  # fmt: skip
    return Outcome(command=read["command"], findings=tuple(findings), stats=read["stats"], details=read["details"])


def test_each_report_tells_of_each_revision(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    write_project(tmp_path, REVISIONS)
    ran = inside("gate", "--checks", "schema", "--format", "json", "--shadow-url", server_url)
    outcome = outcome_of(ran.out)
    listed = {one["revision"]: one for one in outcome.details["revisions"]}
    assert [listed[name].get("tables", []) for name in "abcde"] == [
        ["public.a"], ["public.a", "public.b"], [], [], ["public.b"]
    ]  # fmt: skip
    assert [listed[name].get("skipped") for name in "abcde"] == [None, None, None, "c", None]
    assert outcome.details["erd_tables"] == {"new": ["a", "b"], "changed": [], "dropped": []}
    lines = render(outcome, "text").splitlines()
    assert [line.split("  ")[0].strip() for line in lines if line[:1].strip()][:5] == [
        "ok", "failed", "failed", "not run", "ok"
    ]  # fmt: skip
    for name in FORMATS:
        text = render(outcome, name)
        for one in ("b", "c"):
            assert f"migrations/versions/{one}.py" in text
    assert '<g class="table new"' in render(outcome, "html")
    assert "```mermaid\nerDiagram\n" in render(outcome, "markdown")


def test_the_diagram_of_a_part_shows_that_part(tmp_path: Path, inside: Headworks, server_url: str) -> None:
    write_project(tmp_path, [table("other"), *REVISIONS[:2], Rev("e", sql("ALTER TABLE b ADD m text"), "pass")])
    words = ("--revisions", "e", "--checks", "schema", "--format", "json", "--shadow-url", server_url)
    details = json.loads(inside("gate", *words).out)["details"]
    assert details["erd_tables"] == {"new": [], "changed": ["b"], "dropped": []}
    assert (
        details["erd"]
        == """\
erDiagram
    a {
        integer id PK
    }
    b {
        integer id PK
        integer a_id FK "nullable"
        text m "nullable; new"
    }
    a |o..o{ b : "a_id"
"""
    )
