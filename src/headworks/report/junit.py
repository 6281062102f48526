"""JUnit XML, as GitLab, Jenkins and GitHub's reporters read it: one suite, one test case a finding.

What fails the command is a failure; what does not is a test that passes and has something to say. With no finding there
is one test that passes, for a file without tests is an error to some readers. Of the gate there is one test case a
revision, which also says what was not run, and one for each rule about the whole.
"""

import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator, Sequence

from headworks.findings import Finding, Outcome, Severity
from headworks.report.details import details
from headworks.report.identity import place_of, title_of
from headworks.report.revisions import WHOLE, History, Status, by_revision
from headworks.report.view import View

__all__ = ["render"]


def render(outcome: Outcome, view: View) -> str:
    """A `<testsuites>` of one `<testsuite>`."""
    bad = {Severity.ERROR, Severity.WARNING} if view.strict else {Severity.ERROR}
    history = by_revision(outcome)
    cases = list(_of_history(outcome, history, bad) if history is not None else _of_findings(outcome, bad))
    counts = {
        "tests": str(len(cases)),
        "failures": str(sum(case.find("failure") is not None for case in cases)),
        "errors": "0",
    }
    skipped = {"skipped": str(sum(case.find("skipped") is not None for case in cases))}
    seconds = outcome.stats.get("seconds")
    time = {"time": _time(seconds)} if isinstance(seconds, int | float) else {}
    suites = ET.Element("testsuites", {"name": "headworks", **counts, **time})
    suite = ET.SubElement(suites, "testsuite", {"name": f"headworks {outcome.command}", **counts, **skipped, **time})
    known = ET.SubElement(suite, "properties")
    for key, value in outcome.stats.items():
        ET.SubElement(known, "property", {"name": str(key), "value": str(value)})
    suite.extend(cases)
    ET.indent(suites, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(suites, encoding="unicode") + "\n"


def _time(seconds: float) -> str:
    return f"{seconds:.3f}"  # Jenkins' schema allows three decimals.


def _of_findings(outcome: Outcome, bad: set[Severity]) -> Iterator[ET.Element]:
    names: Counter[tuple[str, str]] = Counter()
    for one in outcome.findings:
        yield _case(one, outcome.command, names, fails=one.severity in bad)
    if not outcome.findings:
        yield ET.Element("testcase", {"classname": outcome.command, "name": "nothing found"})


def _of_history(outcome: Outcome, history: History, bad: set[Severity]) -> Iterator[ET.Element]:
    for one in history.revisions:
        place = {"file": one.file} if one.file else {}
        place |= {"line": str(one.line)} if one.file and one.line else {}
        # Spent in it, where that is known: else a reader would take the time of the whole for that of its first case.
        time = {"time": _time(one.seconds)} if one.seconds is not None else {}
        case = ET.Element("testcase", {"classname": f"gate.{one.domain}".rstrip("."), "name": one.id, **place, **time})
        _said(case, one.findings, bad)
        if one.status is Status.SKIPPED:
            ET.SubElement(case, "skipped", {"message": one.said})
        yield case
    ran = WHOLE if "whole" in outcome.stats.get("checks", ()) else ()
    for rule in dict.fromkeys((*ran, *(one.rule for one in history.whole))):
        case = ET.Element("testcase", {"classname": f"{outcome.command}.whole", "name": rule})
        _said(case, [one for one in history.whole if one.rule == rule], bad)
        yield case


def _said(case: ET.Element, findings: Sequence[Finding], bad: set[Severity]) -> None:
    """Jenkins takes one failure a case, so all that fails is in it."""
    failing = [one for one in findings if one.severity in bad]
    others = [one for one in findings if one.severity not in bad]
    if failing:
        message = failing[0].message.split("\n")[0]
        message += f" (and {len(failing) - 1:,} more)" if failing[1:] else ""
        failure = ET.SubElement(case, "failure", {"type": failing[0].rule, "message": message})
        failure.text = "\n\n".join(_in_full(one) for one in failing)
    if others:
        ET.SubElement(case, "system-out").text = "\n\n".join(f"{one.severity}: {_in_full(one)}" for one in others)


def _in_full(one: Finding) -> str:
    where = f"{one.file}:{one.line}: " if one.file and one.line else ""
    return f"{one.rule}: {where}" + "\n".join(details(one))


def _case(one: Finding, command: str, names: Counter[tuple[str, str]], *, fails: bool) -> ET.Element:
    # GitLab shows the class as the suite, and of two cases of one name the first alone.
    group = f"{command}.{place}" if (place := place_of(one)) else command
    names[group, title_of(one)] += 1
    number = names[group, title_of(one)]
    where = {"file": one.file} if one.file else {}
    where |= {"line": str(one.line)} if one.file and one.line else {}
    name = title_of(one) + (f" ({number})" if number > 1 else "")
    case = ET.Element("testcase", {"classname": group, "name": name, **where})
    text = "\n".join(details(one))
    if fails:
        failure = ET.SubElement(case, "failure", {"type": one.rule, "message": one.message.split("\n")[0]})
        failure.text = text
    else:
        ET.SubElement(case, "system-out").text = f"{one.severity}: {text}"
    return case
