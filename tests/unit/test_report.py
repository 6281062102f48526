"""What holds in every format; and JSON and GitHub's annotations, which have a key or a line for each field."""

import io
import json
import re
import sys
from pathlib import Path

import pytest
from report_samples import DRIFT, GATE, SECRET, hostile, many

from headworks.cli import options
from headworks.cli.reporting import finish
from headworks.findings import Finding, ObjectRef, Outcome, Severity
from headworks.report import FORMATS, render
from headworks.report.rules import RULES, rule
from headworks.report.summary import verdict
from headworks.words import plural

SOURCE = Path(__file__).parents[2] / "src" / "headworks"
COLUMN = ObjectRef(kind="column", schema="public", table="orders", name="total")
CHANGED = Finding(rule="drift.changed", object=COLUMN, attribute="type", expected="a", actual="b", message="changed")
WARNING = Finding(
    rule="gate.unused-allowance",
    severity=Severity.WARNING,
    revision="0001_a",
    file="versions/0001,a:b.py",
    line=7,
    message="0001_a allows gate.heads\nand 100% more",
    hint="remove it",
)
NOTE = Finding(rule="drift.shadow", severity=Severity.NOTE, message=f"at postgresql://u:{SECRET}@h/db")


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
        word = "ok" if good else "failed"
        assert json.loads(render(outcome, "json", strict=is_strict))["ok"] is good
        assert verdict(outcome, strict=is_strict).startswith(f"drift: {word}")
        assert f"drift: {word}" in render(outcome, "text", strict=is_strict).splitlines()[-1]
        assert f"### headworks drift: {word}\n" in render(outcome, "markdown", strict=is_strict)
        assert f'headworks drift: <span class="{word}">{word}</span>' in render(outcome, "html", strict=is_strict)
        assert ("<failure" in render(outcome, "junit", strict=is_strict)) is not good


def test_the_verdict_counts() -> None:
    assert verdict(DRIFT) == (
        "drift: failed, 5 errors, 1 warning, 1 note: 2 missing, 1 unexpected, 3 changed"
        " (26 tables, 1,203 objects, PostgreSQL 18, 0.8 s)"
    )
    assert verdict(Outcome.of("erd", [], tables=1, foreign_keys=1)) == "erd: ok (1 table, 1 foreign key)"


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_found_is_said_in_every_format(name: str) -> None:
    text = render(Outcome.of("drift", [], tables=3), name)
    assert text == ("" if name == "github" else text)
    assert text.endswith("\n") or name == "github"
    assert "failed" not in re.sub(r"<style>.*</style>", "", text, flags=re.DOTALL)


@pytest.mark.parametrize("name", FORMATS)
def test_no_password_and_no_control_character_in_any_value_in_any_format(name: str) -> None:
    text = render(hostile(), name)
    assert SECRET not in text
    assert SECRET not in re.sub(r"\s+[|]?\s*", "", text), "not even broken over two lines"
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e\u2028\ufffe\uffff]", text) or name == "json"
    assert "\x1b" not in text
    text.encode()


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_findings_give_the_same_bytes(name: str) -> None:
    assert render(hostile(), name) == render(hostile(), name)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("outcome", [DRIFT, GATE], ids=["drift", "gate"])
def test_every_finding_is_in_every_format(name: str, outcome: Outcome) -> None:
    text = render(outcome, name)
    for one in outcome.findings:
        assert (one.object.name if one.object else one.message.split("\n")[0]) in text
        if one.hint:
            assert one.hint in text
        if one.sql and name not in ("json", "github"):
            assert one.sql.split(" ")[0] in text


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "markdown"])
def test_ten_thousand_findings_are_all_there(name: str) -> None:
    text = render(many(10_000), name)
    found = {int(number) for number in re.findall(r"\bc(\d+)\b", text)}
    assert found == set(range(10_000))


def test_strange_values_do_not_break_json() -> None:
    document = json.loads(render(hostile(), "json"))
    assert len(document["findings"]) == len(hostile().findings)
    assert json.loads(render(Outcome.of("drift", [], odd=1j), "json"))["stats"] == {"odd": "1j"}
    quoted = Finding(rule="x.y", message="it said password=\"a b\" and password='c\\'d'")
    assert json.loads(render(Outcome.of("x", [quoted]), "json"))["findings"][0]["message"].count("***") == 2


def test_json_has_these_keys_in_every_finding_and_no_others() -> None:
    document = json.loads(render(DRIFT, "json"))
    assert list(document) == ["headworks", "command", "ok", "findings", "stats"]
    keys = ["rule", "severity", "object", "attribute", "expected", "actual", "revision", "direction", "file", "line"]
    assert {tuple(one) for one in document["findings"]} == {(*keys, "message", "hint")}
    assert [one["object"] for one in document["findings"]][:2] == [
        None,
        {"kind": "extension", "schema": None, "table": None, "name": "pgcrypto"},
    ]
    assert document["findings"][3]["expected"] == "numeric(10,2)"


def test_github_escapes_what_it_must() -> None:
    lines = render(Outcome.of("gate", [WARNING, NOTE]), "github").splitlines()
    assert lines == [
        "::warning file=versions/0001%2Ca%3Ab.py,line=7,title=gate.unused-allowance"
        "::0001_a allows gate.heads%0Aand 100%25 more%0Aremove it",
        "::notice title=drift.shadow::at postgresql://u:***@h/db",
    ]
    lines = render(hostile(), "github").splitlines()
    assert len(lines) == len(hostile().findings)
    assert all(re.match(r"::(error|warning|notice) [^:]*title=[^:,]*::", line) for line in lines)


def test_every_rule_that_the_code_has_is_explained_and_no_other() -> None:
    rooms = {"drift", "gate", "seed", "erd", "status", "owners"}
    files = [file for file in SOURCE.rglob("*.py") if file.parent.name != "report"]
    texts = [file.read_text(encoding="utf-8") for file in files]
    used = {name for text in texts for name in re.findall(rf'"((?:{"|".join(rooms)})\.[a-z][a-z-]+)"', text)}
    assert set(RULES) == used - {"erd.md"}
    assert all(text.endswith(".") and "\n" not in text for one in RULES.values() for text in one[:1])
    assert rule("lint.some-thing").meaning == "lint: some thing"


def test_the_help_names_every_format() -> None:
    words = re.findall(r"[a-z]+", options._FORMATS)
    assert [word for word in words if word != "or"] == list(FORMATS)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_what_stdout_cannot_encode_is_written_all_the_same(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding=encoding))
    outcome = Outcome.of("drift", [Finding(rule="drift.pending", message="\U0001f600")])
    assert finish(outcome, "json", None) == 1
    assert json.loads(written.getvalue())["findings"][0]["message"] == "\U0001f600"


def test_a_file_has_no_colours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.delenv("NO_COLOR", raising=False)
    finish(DRIFT, "text", tmp_path / "report.txt")
    assert (tmp_path / "report.txt").read_text(encoding="utf-8") == render(DRIFT, "text")


def test_colours_on_stdout_where_they_are_wanted(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    plain = render(DRIFT, "text")
    finish(DRIFT, "text", None)
    assert capsys.readouterr().out == plain
    monkeypatch.setenv("FORCE_COLOR", "1")
    finish(DRIFT, "text", None)
    coloured = capsys.readouterr().out
    assert coloured != plain
    assert re.sub(r"\x1b\[\d+m", "", coloured) == plain
    monkeypatch.setenv("NO_COLOR", "1")
    finish(DRIFT, "text", None)
    assert capsys.readouterr().out == plain


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
