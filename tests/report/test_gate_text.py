"""The gate's text and JUnit: a line, or a test case, for each revision, and what is about the whole after them."""

import re
import xml.etree.ElementTree as ET

import msgspec
import pytest
from gate_samples import FEW, clean, history
from junitparser import JUnitXml, TestCase

from headworks.findings import Finding, Outcome, Severity
from headworks.report import render
from headworks.report.columns import width_of

TEXT = """\
ok       0001_orders    shop
failed   0002_total     shop     2 errors, 1 warning  1.2 s
  migrations/versions/0002_total.py:20
  error   gate.downgrade-differs: index public.orders.ix_orders_total is left after the downgrade of 0002_total
  error   gate.data-lost: column public.orders.note: 3 rows lose their value in the downgrade of 0002_total
    hint: downgrade() must remove it
  warning gate.table-rewrite: ACCESS EXCLUSIVE on public.orders (41,000,000 rows) during a full rewrite (line 12)
    hint: split it in two revisions:
          op.create_check_constraint("ck_total", "orders", "total > 0", postgresql_not_valid=True)
          op.execute("ALTER TABLE orders VALIDATE CONSTRAINT ck_total")
failed   0003_invoices  billing  1 error
  migrations/versions/0003_invoices.py:9
  error   gate.upgrade-failed: upgrade of 0003_invoices fails: no such type: nope
    hint: headworks gate --revisions 0003_invoices
not run  0004_paid      billing  needs 0003_invoices
warning  0005_stock     shop     1 warning
  migrations/versions/0005_stock.py:3
  warning gate.unused-allowance: 0005_stock allows gate.heads, and there is nothing of that kind left to allow
ok       0006_tags      shop     1 note
  migrations/versions/0006_tags.py:5
  note    gate.data-lost: column public.tags.old: 4 rows are dropped on purpose

the whole
  error   gate.models-differ: table public.basket is missing: it is in the models and not in the migrations
    hint: headworks revision --autogenerate -m "..."
  note    gate.shadow: the shadow is PostgreSQL 18, the server 16

data in 3 of 4 tables; without rows
  public.stock (0005_stock): check ck_weird could not be met

gate: failed, 4 errors, 2 warnings, 2 notes (6 revisions, data in 3 of 4 tables, PostgreSQL 18, 2.4 s)
"""


def test_one_line_a_revision_and_what_was_found_under_it() -> None:
    assert render(FEW, "text") == TEXT


def test_a_long_history_that_is_right_is_its_lines_and_the_verdict() -> None:
    lines = render(clean(500), "text").splitlines()
    assert len(lines) == 500 + 2
    assert all(line.startswith("ok       2025") for line in lines[:500])
    assert lines[-1] == "gate: ok (500 revisions, data in 34 of 34 tables, PostgreSQL 18, 10.0 s)"


@pytest.mark.parametrize("width", [20, 40, 60, 80, 200])
def test_lines_of_revisions_fit_where_they_can(width: int) -> None:
    lines = [
        line for line in render(history(40), "text", width=width).splitlines() if re.match("(ok|failed|warn)", line)
    ]
    assert len(lines) == 40
    if width >= 60:
        assert max(map(width_of, lines)) <= width
    names = {line.split()[1] for line in lines}
    assert names == {one["revision"] for one in history(40).details["revisions"]}, "no name is cut"


def test_colours_add_nothing() -> None:
    painted = render(FEW, "text", paint=lambda text, style: f"<{style}>{text}</>")
    assert re.sub(r"<[a-z]+>|</>", "", painted) == TEXT.replace("<", "<")
    assert "<dim>ok       0001_orders    shop</>" in painted
    assert "<red>failed </>  0002_total" in painted
    assert "<yellow>not run</>  0004_paid" in painted


def test_one_domain_is_not_repeated() -> None:
    details = {"revisions": [{"revision": "a", "domain": "default", "file": "a.py"}]}
    outcome = msgspec.structs.replace(Outcome.of("gate", []), details=details)
    assert render(outcome, "text") == "ok       a\n\ngate: ok\n"


def test_tables_without_rows_are_named_once() -> None:
    note = Finding(rule="gate.unfilled", severity=Severity.NOTE, revision="0005_stock", message="no rows: public.stock")
    text = render(msgspec.structs.replace(FEW, findings=(note,)), "text")
    assert text.count("public.stock") == 1


def cases(outcome: Outcome, *, strict: bool = False) -> dict[str, TestCase]:
    (suite,) = JUnitXml.fromstring(render(outcome, "junit", strict=strict).encode())
    found = list(suite)
    assert suite.tests == len(found)
    assert suite.failures == sum(any(type(one).__name__ == "Failure" for one in case.result) for case in found)
    assert suite.skipped == sum(case.is_skipped for case in found)
    return {f"{case.classname}: {case.name}": case for case in found}


def test_junit_has_a_case_a_revision_and_one_a_rule_about_the_whole() -> None:
    found = cases(FEW)
    assert list(found) == [
        "gate.shop: 0001_orders", "gate.shop: 0002_total", "gate.billing: 0003_invoices", "gate.billing: 0004_paid",
        "gate.shop: 0005_stock", "gate.shop: 0006_tags", "gate.whole: gate.heads", "gate.whole: gate.models-differ",
        "gate.whole: gate.history-changed", "gate.whole: gate.shadow",
    ]  # fmt: skip
    failed = [name for name, case in found.items() if not case.is_passed and not case.is_skipped]
    assert failed == ["gate.shop: 0002_total", "gate.billing: 0003_invoices", "gate.whole: gate.models-differ"]
    assert [name for name, case in found.items() if case.is_skipped] == ["gate.billing: 0004_paid"]
    (failure,) = found["gate.shop: 0002_total"].result
    assert failure.type == "gate.downgrade-differs"
    assert failure.message.endswith("after the downgrade of 0002_total (and 1 more)")
    assert "gate.data-lost: migrations/versions/0002_total.py:20: column public.orders.note" in failure.text
    assert "warning: gate.table-rewrite" in found["gate.shop: 0002_total"].system_out
    assert found["gate.shop: 0002_total"].time == 1.234
    strict = cases(FEW, strict=True)
    assert not strict["gate.shop: 0005_stock"].is_passed
    assert strict["gate.shop: 0006_tags"].is_passed


def test_junit_says_of_the_whole_only_what_was_looked_at() -> None:
    stats = FEW.stats | {"checks": ["schema"]}
    assert "gate.whole: gate.heads" not in cases(msgspec.structs.replace(FEW, stats=stats))


# What Jenkins' schema has (xunit-plugin, junit-10.xsd), and `file` and `line`, which GitLab and GitHub reporters read.
ATTRIBUTES = {
    "testsuites": {"name", "time", "tests", "failures", "errors"},
    "testsuite": {"name", "time", "tests", "failures", "errors", "skipped"},
    "properties": set[str](),
    "property": {"name", "value"},
    "testcase": {"name", "classname", "time", "file", "line"},
    "failure": {"type", "message"},
    "skipped": {"type", "message"},
    "system-out": set[str](),
}


@pytest.mark.parametrize("outcome", [FEW, clean(3), history(500)], ids=["few", "clean", "long"])
def test_junit_is_what_readers_expect(outcome: Outcome) -> None:
    root = ET.fromstring(render(outcome, "junit"))
    for element in root.iter():
        assert set(element.attrib) <= ATTRIBUTES[element.tag]
    names = [(case.get("classname"), case.get("name")) for case in root.iter("testcase")]
    assert len(names) == len(set(names)) >= len(outcome.details["revisions"])
