"""JUnit XML, read back by a parser that others wrote."""

import xml.etree.ElementTree as ET

import pytest
from junitparser import JUnitXml, TestCase, TestSuite
from report_samples import BODIES, DRIFT, GATE, HOSTILE, changed, hostile, many

from headworks.findings import Finding, ObjectRef, Outcome, Severity
from headworks.report import render

# What Jenkins' schema has (xunit-plugin, junit-10.xsd), and `file` and `line`, which GitLab and GitHub reporters read.
ATTRIBUTES = {
    "testsuites": {"name", "time", "tests", "failures", "errors"},
    "testsuite": {"name", "time", "tests", "failures", "errors", "skipped"},
    "properties": set[str](),
    "property": {"name", "value"},
    "testcase": {"name", "classname", "file", "line"},
    "failure": {"type", "message"},
    "system-out": set[str](),
}


def suite(outcome: Outcome, *, strict: bool = False) -> TestSuite:
    text = render(outcome, "junit", strict=strict)
    (found,) = JUnitXml.fromstring(text.encode())
    return found


def cases(outcome: Outcome, *, strict: bool = False) -> list[TestCase]:
    return list(suite(outcome, strict=strict))


@pytest.mark.parametrize("outcome", [Outcome.of("drift", []), DRIFT, GATE, hostile(), many(100)])
@pytest.mark.parametrize("strict", [False, True])
def test_it_is_what_readers_expect(outcome: Outcome, strict: bool) -> None:
    root = ET.fromstring(render(outcome, "junit", strict=strict))
    for element in root.iter():
        assert set(element.attrib) <= ATTRIBUTES[element.tag]
    found = suite(outcome, strict=strict)
    bad = [one for one in outcome.findings if one.severity is Severity.ERROR or (strict and one.severity != "note")]
    assert (found.tests, found.failures, found.errors) == (max(len(outcome.findings), 1), len(bad), 0)
    assert found.tests == len(list(found))
    # GitLab takes the first of several cases of one name, and leaves the others out.
    assert len({(case.classname, case.name) for case in found}) == found.tests


def test_nothing_found_is_a_test_that_passes() -> None:
    (case,) = cases(Outcome.of("drift", [], seconds=0.5))
    assert case.is_passed
    assert suite(Outcome.of("drift", [], seconds=0.5)).time == 0.5


def test_errors_fail_and_warnings_when_strict_and_notes_never() -> None:
    assert [case.is_passed for case in cases(DRIFT)] == [True, False, False, False, False, False, True]
    assert [case.is_passed for case in cases(DRIFT, strict=True)] == [True, *[False] * 6]
    note, *_, warning = cases(DRIFT)
    assert note.system_out.startswith("note: not migrated yet: the database is at 0003_x")
    assert "hint: headworks upgrade" in note.system_out
    assert warning.system_out.startswith("warning: table sales.hotfix is unexpected")


def test_a_failure_says_all_of_it() -> None:
    case = cases(DRIFT)[3]
    assert (case.classname, case.name) == ("drift.public.orders", "drift.changed column public.orders.total: type")
    (failure,) = case.result
    assert failure.type == "drift.changed"
    assert failure.message == "column public.orders.total: type is integer, expected numeric(10,2)"
    assert failure.text.splitlines() == [
        "column public.orders.total: type is integer, expected numeric(10,2)",
        "  type: expected numeric(10,2) | actual integer",
        "look: SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attname = 'total'",
    ]
    assert "    -  NEW.at := now();\n    +  NEW.at := clock_timestamp();" in cases(DRIFT)[2].result[0].text


def test_findings_in_files_say_which_file() -> None:
    text = render(GATE, "junit")
    first, *_, last = list(ET.fromstring(text).iter("testcase"))
    assert (first.get("file"), first.get("line")) == ("migrations/versions/0002 left,a:b.py", "11")
    assert first.get("classname") == "gate.0002_left"
    assert first.get("name") == "gate.downgrade-differs downgrade table public.left_over"
    assert (last.get("file"), last.get("classname")) == (None, "gate.public.b")


def test_the_figures_are_properties() -> None:
    assert {one.name: one.value for one in suite(DRIFT).properties()}["postgresql"] == "18"


@pytest.mark.parametrize("value", [value for value in HOSTILE if isinstance(value, str)])
def test_strange_values_come_back(value: str) -> None:
    ref = ObjectRef(kind="column", schema="s", table="t", name=value or "n")
    findings = [changed(ref, "default", value, "other"), Finding(rule="x.y", message=value)]
    (first, second) = cases(Outcome.of("drift", findings))
    assert "other" in first.result[0].text
    plain = value.isascii() and value.isprintable() and "://" not in value and "password" not in value
    assert not plain or not value.strip() or value.strip() in second.result[0].text


def test_control_characters_are_written_out() -> None:
    finding = Finding(rule="x.y", message="bell \x07, escape \x1b[31m, null \x00", expected=BODIES, actual=BODIES[:1])
    assert "bell \\x07, escape \\x1b[31m, null \\x00" in cases(Outcome.of("x", [finding]))[0].result[0].text
