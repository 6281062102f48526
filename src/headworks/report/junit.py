"""JUnit XML, as GitLab, Jenkins and GitHub's reporters read it: one suite, one test case a finding.

What fails the command is a failure; what does not is a test that passes and has something to say. With no finding there
is one test that passes, for a file without tests is an error to some readers.
"""

import xml.etree.ElementTree as ET
from collections import Counter

from headworks.findings import Finding, Outcome, Severity
from headworks.report.details import details
from headworks.report.identity import place_of, title_of
from headworks.report.view import View

__all__ = ["render"]


def render(outcome: Outcome, view: View) -> str:
    """A `<testsuites>` of one `<testsuite>`."""
    bad = {Severity.ERROR, Severity.WARNING} if view.strict else {Severity.ERROR}
    counts = {
        "tests": str(max(len(outcome.findings), 1)),
        "failures": str(sum(one.severity in bad for one in outcome.findings)),
        "errors": "0",
    }
    seconds = outcome.stats.get("seconds")
    # Jenkins' schema allows three decimals.
    time = {"time": f"{seconds:.3f}"} if isinstance(seconds, int | float) else {}
    suites = ET.Element("testsuites", {"name": "headworks", **counts, **time})
    suite = ET.SubElement(
        suites, "testsuite", {"name": f"headworks {outcome.command}", **counts, "skipped": "0", **time}
    )
    known = ET.SubElement(suite, "properties")
    for key, value in outcome.stats.items():
        ET.SubElement(known, "property", {"name": str(key), "value": str(value)})
    names: Counter[tuple[str, str]] = Counter()
    for one in outcome.findings:
        _case(suite, one, outcome.command, names, fails=one.severity in bad)
    if not outcome.findings:
        ET.SubElement(suite, "testcase", {"classname": outcome.command, "name": "nothing found"})
    ET.indent(suites, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(suites, encoding="unicode") + "\n"


def _case(suite: ET.Element, one: Finding, command: str, names: Counter[tuple[str, str]], *, fails: bool) -> None:
    # GitLab shows the class as the suite, and of two cases of one name the first alone.
    group = f"{command}.{place}" if (place := place_of(one)) else command
    names[group, title_of(one)] += 1
    number = names[group, title_of(one)]
    where = {"file": one.file} if one.file else {}
    where |= {"line": str(one.line)} if one.file and one.line else {}
    name = title_of(one) + (f" ({number})" if number > 1 else "")
    case = ET.SubElement(suite, "testcase", {"classname": group, "name": name, **where})
    text = "\n".join(details(one))
    if fails:
        failure = ET.SubElement(case, "failure", {"type": one.rule, "message": one.message.split("\n")[0]})
        failure.text = text
    else:
        ET.SubElement(case, "system-out").text = f"{one.severity}: {text}"
