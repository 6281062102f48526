"""Findings as text, JSON and GitHub's annotations."""

import json

import pytest

from headworks.findings import Finding, ObjectRef, Outcome, Severity
from headworks.report import FORMATS, render
from headworks.report.text import verdict
from headworks.words import plural

COLUMN = ObjectRef(kind="column", schema="public", table="orders", name="total")
CHANGED = Finding(
    rule="drift.changed",
    object=COLUMN,
    attribute="type",
    expected="numeric(10,2)",
    actual="integer",
    message="column public.orders.total: type is integer, expected numeric(10,2)",
)
WARNING = Finding(
    rule="gate.unused-allowance",
    severity=Severity.WARNING,
    revision="0001_a",
    file="versions/0001,a:b.py",
    line=7,
    message="0001_a allows gate.heads\nand 100% more",
    hint="remove it",
)
NOTE = Finding(rule="drift.shadow", severity=Severity.NOTE, message="at postgresql://u:s3cret@h/db")


@pytest.mark.parametrize(
    ("findings", "ok", "strict"),
    [((), True, True), ((NOTE,), True, True), ((WARNING,), True, False), ((CHANGED,), False, False)],
)
def test_only_errors_make_it_fail_and_warnings_when_strict(
    findings: tuple[Finding, ...], ok: bool, strict: bool
) -> None:
    outcome = Outcome.of("drift", findings)
    assert (outcome.ok(), outcome.ok(strict=True)) == (ok, strict)
    for is_strict, good in ((False, ok), (True, strict)):
        assert json.loads(render(outcome, "json", strict=is_strict))["ok"] is good
        assert render(outcome, "text", strict=is_strict).startswith("drift: ok") is (good and not findings)
        assert (": ok" in verdict(outcome, strict=is_strict)) is good


def test_text() -> None:
    outcome = Outcome.of("drift", [CHANGED, WARNING, NOTE], tables=1, objects=1200, postgresql=18, seconds=0.84)
    assert render(outcome, "text") == (
        "table public.orders\n"
        "  error   drift.changed: column public.orders.total: type is integer, expected numeric(10,2)\n"
        "\n"
        "0001_a  versions/0001,a:b.py:7\n"
        "  warning gate.unused-allowance: 0001_a allows gate.heads\n"
        "          and 100% more\n"
        "    hint: remove it\n"
        "\n"
        "in general\n"
        "  note    drift.shadow: at postgresql://u:***@h/db\n"
        "\n"
        "drift: failed, 1 error, 1 warning, 1 note (1 table, 1,200 objects, PostgreSQL 18, 0.8 s)\n"
    )


def test_long_values_stand_under_each_other() -> None:
    body = "BEGIN\n  RETURN NEW;\nEND"
    long = Finding(rule="drift.changed", object=COLUMN, attribute="body", expected=body, actual=None, message="body")
    wide = Finding(rule="drift.changed", object=COLUMN, attribute="x", expected="e" * 40, actual="a" * 40, message="x")
    text = render(Outcome.of("drift", [long, wide]), "text")
    assert f"          expected {'e' * 40}\n          actual   {'a' * 40}\n" in text


def test_json_has_every_key_in_every_finding() -> None:
    document = json.loads(render(Outcome.of("drift", [CHANGED, NOTE], tables=1), "json"))
    assert list(document) == ["headworks", "command", "ok", "findings", "stats"]
    keys = [
        "rule",
        "severity",
        "object",
        "attribute",
        "expected",
        "actual",
        "revision",
        "direction",
        "file",
        "line",
        "message",
        "hint",
    ]
    assert [list(one) for one in document["findings"]] == [keys, keys]
    assert document["findings"][0]["object"] == {
        "kind": "column",
        "schema": "public",
        "table": "orders",
        "name": "total",
    }
    assert document["findings"][1]["object"] is None
    assert document["findings"][1]["message"] == "at postgresql://u:***@h/db"


def test_github_escapes_what_it_must() -> None:
    lines = render(Outcome.of("gate", [WARNING, NOTE]), "github").splitlines()
    assert lines == [
        "::warning file=versions/0001%2Ca%3Ab.py,line=7,title=gate.unused-allowance"
        "::0001_a allows gate.heads%0Aand 100%25 more%0Aremove it",
        "::notice title=drift.shadow::at postgresql://u:***@h/db",
    ]


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_found_is_said_in_every_format(name: str) -> None:
    text = render(Outcome.of("drift", []), name)
    assert text == ("" if name == "github" else text)
    assert text.endswith("\n") or name == "github"


@pytest.mark.parametrize(
    ("count", "word", "said"),
    [
        (1, "revision", "1 revision"), (0, "table", "0 tables"), (2, "index", "2 indexes"),
        (2, "policy", "2 policies"),
        (2, "foreign key", "2 foreign keys"), (2, "statistics", "2 statistics"), (1000, "object", "1,000 objects"),
    ],
)  # fmt: skip
def test_plural(count: int, word: str, said: str) -> None:
    assert plural(count, word) == said
