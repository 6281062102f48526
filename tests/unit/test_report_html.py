"""The HTML report: one file, nothing loaded, nothing run, everything that comes from outside is text."""

import re
from html.parser import HTMLParser

import pytest
from report_samples import BODIES, DRIFT, GATE, HOSTILE, changed, hostile, many, missing

from headworks.findings import Finding, ObjectRef, Outcome, Severity
from headworks.report import render
from headworks.report.clean import cleaned

VOID = {"meta", "br", "img", "link", "input", "hr"}
TAGS = {
    "html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "p", "span", "div", "table", "tr", "th", "td",
    "details", "summary", "code", "pre", "mark", "dl", "dt", "dd", "a",
}  # fmt: skip
ATTRIBUTES = {"lang", "charset", "http-equiv", "content", "name", "class", "id", "href", "open", "rowspan", "colspan"}
COLUMN = ObjectRef(kind="column", schema="public", table="orders", name="total")


class Page(HTMLParser):
    """Tags that are closed in the right order, and the text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.cells: list[str] = []
        self.marked: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.attributes += attrs
        self.open += [tag] if tag not in VOID else []
        self.cells += [""] if tag == "td" else []
        self.marked += [""] if tag == "mark" else []

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data
        if "td" in self.open:
            self.cells[-1] += data
        if "mark" in self.open:
            self.marked[-1] += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


@pytest.mark.parametrize("outcome", [Outcome.of("drift", []), DRIFT, GATE, hostile(), many(100)])
def test_it_is_in_order_and_loads_and_runs_nothing(outcome: Outcome) -> None:
    text = render(outcome, "html")
    page = Page(text)
    assert page.seen <= TAGS
    names = {name for name, _ in page.attributes}
    assert names <= ATTRIBUTES
    links = [value or "" for name, value in page.attributes if name == "href"]
    anchors = [value for name, value in page.attributes if name == "id"]
    assert len(anchors) == len(set(anchors))
    assert all(link.startswith("https://github.com/headworks/") or link[1:] in anchors for link in links)
    style = text[text.index("<style>") : text.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style
    assert "default-src 'none'" in text
    assert "prefers-color-scheme: dark" in style
    assert "@media print" in style


@pytest.mark.parametrize("value", [value for value in HOSTILE if isinstance(value, str) and value.strip()])
def test_text_stays_text(value: str) -> None:
    ref = ObjectRef(kind="function", schema=value, name=value)
    finding = changed(ref, value, value, f"{value}!", sql=value, hint=value, file=value, line=1)
    outcome = Outcome.of("drift", [finding, Finding(rule="x.y", message=value, revision=value, file=value)])
    (one, other) = cleaned(outcome).findings
    page = Page(render(outcome, "html"))
    assert page.seen <= TAGS
    for text in (one.sql, one.hint, other.message, one.attribute):
        assert _plain(text) in _plain(page.text)


def test_a_script_in_a_function_is_text() -> None:
    body = "BEGIN\n</pre></td></table><script>alert(1)</script>\nEND"
    text = render(Outcome.of("drift", [changed(COLUMN, "body", body, None)]), "html")
    assert "<script" not in text
    for other in (None, "BEGIN\nEND", f"{body}\n{body}", "BEGIN\n<b>\nEND"):
        for pair in ((body, other), (other, body)):
            assert Page(render(Outcome.of("drift", [changed(COLUMN, "body", *pair)]), "html")).seen <= TAGS
    assert "&lt;/pre&gt;&lt;/td&gt;&lt;/table&gt;&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_what_differs_is_marked() -> None:
    page = Page(render(Outcome.of("drift", [changed(COLUMN, "type", "numeric(10,2)", "numeric(12,2)")]), "html"))
    assert page.cells[:2] == ["numeric(10,2)", "numeric(12,2)"]
    assert page.marked == ["10", "12"]
    page = Page(render(Outcome.of("drift", [changed(COLUMN, "body", *BODIES)]), "html"))
    assert page.marked == ["now", "clock_timestamp"]
    assert [cell for cell in page.cells if "END IF" in cell] == ["  END IF;"] * 2
    assert Page(render(Outcome.of("drift", [changed(COLUMN, "default", None, "0")]), "html")).cells[:2] == [
        "not set",
        "0",
    ]
    lists = changed(COLUMN, "values", ("new", "open", "paid"), ("new", "paid"))
    assert Page(render(Outcome.of("drift", [lists]), "html")).marked == ["open, "]


def test_what_does_not_differ_is_folded_but_never_the_difference() -> None:
    before = [f"line {number}" for number in range(3000)]
    after = [*before[:1500], "another", *before[1501:]]
    page = Page(render(Outcome.of("drift", [changed(COLUMN, "body", "\n".join(before), "\n".join(after))]), "html"))
    assert page.cells.count("1,497 lines the same") == 1
    assert page.cells.count("1,496 lines the same") == 1
    assert "line 1500" in page.cells
    assert "another" in page.cells
    assert len(page.cells) < 30


def test_longer_than_what_is_compared_line_by_line_is_all_there() -> None:
    before, after = ("\n".join(f"{word} {number}" for number in range(2500)) for word in ("old", "new"))
    page = Page(render(Outcome.of("drift", [changed(COLUMN, "body", before, after)]), "html"))
    assert {f"old {number}" for number in range(2500)} <= set(page.cells)
    assert {f"new {number}" for number in range(2500)} <= set(page.cells)


def test_a_difference_that_cannot_be_seen_is_said() -> None:
    text = render(Outcome.of("drift", [changed(COLUMN, "default", "a  b", "a b")]), "html")
    assert "differ in white space alone" in text


def test_it_leads_from_the_tables_to_their_findings() -> None:
    text = render(DRIFT, "html")
    for name, counts in (("public.orders", "1 missing, 2 changed"), ("sales.hotfix", "1 unexpected")):
        (anchor,) = re.findall(rf'<a href="#([^"]*)"><code>{re.escape(name)}</code>', text)
        block = text[text.index(f'id="{anchor}"') :].partition("</details>")[0]
        assert f"<code>{name}</code>" in block
        assert counts in block
    assert "<th>other</th>" not in text
    assert "<th>other</th>" in render(Outcome.of("gate", [*GATE.findings, *DRIFT.findings]), "html")


def test_rules_are_explained_and_figures_given() -> None:
    page = Page(render(DRIFT, "html"))
    assert "drift.missingSomething that is expected is not in the database." in page.text.replace("\n", "")
    assert "postgresql18" in page.text.replace("\n", "")
    assert "checksschema, whole" in Page(render(GATE, "html")).text.replace("\n", "")


def test_of_a_row_the_fields_that_differ_are_shown() -> None:
    table = ObjectRef(kind="table", name="t")
    fields = ({"id": "1", "note": "a", "kept": None}, {"id": "1", "note": "b", "kept": None})
    row = Finding(rule="seed.changed-row", object=table, expected=fields[0], actual=fields[1], message="row id=1")
    assert Page(render(Outcome.of("seed", [row]), "html")).cells[:2] == ["a", "b"]
    lost = Finding(rule="seed.missing-row", object=table, expected=fields[0], message="no row id=1")
    assert Page(render(Outcome.of("seed", [lost]), "html")).cells[:2] == ["id: 1, note: a, kept: not set", "not set"]


def test_severities_other_than_error_are_said() -> None:
    text = Page(render(Outcome.of("x", [missing("index", "i", severity=Severity.WARNING)]), "html")).text
    assert "(warning)" in text
    assert "(error)" not in Page(render(Outcome.of("x", [missing("index", "i")]), "html")).text


def _plain(text: str | None) -> str:
    return "".join((text or "").split())
