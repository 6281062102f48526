"""Markdown, as a parser of GitHub's dialect sees it: what a database holds stays text."""

import re
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt
from report_samples import BODIES, DRIFT, GATE, HOSTILE, changed, hostile, many, missing

from headworks.findings import Finding, ObjectRef, Outcome
from headworks.report import render
from headworks.report.markdown import LIMIT
from headworks.report.markup import code, fenced, inline

TEXTS = [value for value in HOSTILE if isinstance(value, str)]
COLUMN = ObjectRef(kind="column", schema="public", table="orders", name="total")


def as_html(text: str) -> str:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text)


class _Read(HTMLParser):
    """The tags and the text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def test_drift() -> None:
    assert (
        render(DRIFT, "markdown")
        == """\
### headworks drift: failed

5 errors, 1 warning, 1 note: 2 missing, 1 unexpected, 3 changed (26 tables, 1,203 objects, PostgreSQL 18, 0.8 s)

| | missing | unexpected | changed | other |
|---|---:|---:|---:|---:|
| `database` | 1 |  |  |  |
| `schema public` |  |  | 1 |  |
| `public.orders` | 1 |  | 2 |  |
| `sales.hotfix` |  | 1 |  |  |

- `-` missing: it is in the models and not in the database

<details open><summary><code>in general</code></summary>

- **note** `drift.pending`: not migrated yet: the database is at 0003_x; to run: 0004_y

hint: headworks upgrade

</details>

<details open><summary><code>database</code>: 1 missing</summary>

| | | | expected | actual |
|---|---|---|---|---|
| `-` missing | extension `pgcrypto` |  |  |  |

</details>

<details open><summary><code>schema public</code>: 1 changed</summary>

| | | | expected | actual |
|---|---|---|---|---|
| `~` changed | function `touch()` | body | below | below |

function `touch()`, body:

```diff
--- expected
+++ actual
@@ 3 | 3 @@
     RAISE 'no';
   END IF;
-  NEW.at := now();
+  NEW.at := clock_timestamp();
   RETURN NEW;
 END
```

hint: undo it

</details>

<details open><summary><code>public.orders</code>: 1 missing, 2 changed</summary>

| | | | expected | actual |
|---|---|---|---|---|
| `~` changed | column `total` | type | `numeric(10,2)` | `integer` |
|  |  | default | `0` | not set |
| `-` missing | index `ix_orders_status` |  |  |  |

```sql
SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attname = 'total';
```

hint: undo it

</details>

<details open><summary><code>sales.hotfix</code>: 1 unexpected</summary>

| | | | expected | actual |
|---|---|---|---|---|
| `+` unexpected (warning) | table `hotfix`<br>it is in the database and not in the models |  |  |  |

</details>
"""
    )


def test_gate_says_file_and_line() -> None:
    text = render(GATE, "markdown")
    assert "- **error** `gate.downgrade-differs`: table public.left_over is left" in text
    assert "(`migrations/versions/0002 left,a:b.py:11`)" in text
    assert "- **warning** `gate.unused-allowance`: 0002_left allows gate.heads and 100% more" in text


def test_nothing_found() -> None:
    assert render(Outcome.of("drift", [], tables=3), "markdown") == "### headworks drift: ok\n\n(3 tables)\n\n"


@pytest.mark.parametrize("text", TEXTS)
def test_text_stays_text(text: str) -> None:
    read = _Read(as_html(inline(text)))
    assert read.tags in (["p"], [])
    assert _same(read.text, text)
    assert not re.search(r"(?<!\w)@\w|(?<!&)#\d", inline(text)), "nobody is called"


@pytest.mark.parametrize("text", [one for one in TEXTS if one.isprintable() or "|" in one])
def test_code_stays_code_in_a_table(text: str) -> None:
    table = as_html(f"| a | b |\n|---|---|\n| {code(text)} | last |\n")
    read = _Read(table)
    assert read.tags.count("td") == 2, table
    assert set(read.tags) <= {"table", "thead", "tbody", "tr", "th", "td", "code", "br"}
    assert _same(read.text.replace("last", ""), f"ab{text}")


@pytest.mark.parametrize("text", TEXTS)
def test_a_fence_holds(text: str) -> None:
    visible = re.sub("[\x00-\x08\x0b-\x1f]", "?", text)
    for indent in ("", "  "):
        page = ("- x\n\n" if indent else "") + fenced(visible, "diff", indent) + "\n\nafter\n"
        read = _Read(as_html(page))
        assert read.tags.count("pre") == 1
        assert set(read.tags) <= {"pre", "code", "p", "ul", "li"}
        assert visible.strip() in read.text
        assert read.text.rstrip().endswith("after")


def test_strange_findings_leave_the_page_in_order() -> None:
    text = render(hostile(), "markdown")
    read = _Read(as_html(text))
    assert set(read.tags) <= {
        "h3", "p", "table", "thead", "tbody", "tr", "th", "td", "code", "br", "details", "summary", "ul", "li", "pre",
        "strong",
    }  # fmt: skip
    assert read.attributes <= {"open", "class", "style"}
    assert text.count("<details") == text.count("</details>")
    rows = re.findall(r"<tr>(.*?)</tr>", as_html(text), re.DOTALL)
    assert len(rows) > 20
    assert {len(re.findall("<t[hd]", row)) for row in rows} == {5}


def test_values_of_several_lines_and_long_ones_stand_under_the_table() -> None:
    found = [changed(COLUMN, "comment", *BODIES), changed(COLUMN, "default", "a" * 200, None)]
    text = render(Outcome.of("drift", found), "markdown")
    assert text.count("| below | below |") == 2
    assert f"--- expected\n+++ actual (not set)\n@@ 1 | 1 @@\n-{'a' * 200}\n```" in text
    huge = render(Outcome.of("drift", [changed(COLUMN, "body", "x\n" * 1000, "y" * 100_000)]), "markdown")
    assert "... and 923 lines more" in huge
    assert len(huge) < 5000


@pytest.mark.parametrize("count", [100, 1_000, 10_000])
def test_what_does_not_fit_is_counted(count: int) -> None:
    text = render(many(count), "markdown")
    assert len(text) <= len(text.encode()) <= 65_536
    shown = sum(len(re.findall(r"\bcolumn `c\d+`[^,]", block)) for block in text.split("<details")[1:])
    left = re.search(r"\n\.\.\. and ([\d,]+) findings more,", text)
    assert shown + (int(left[1].replace(",", "")) if left else 0) == count
    assert (left is None) is (count == 100)
    if left:
        assert len(text) > LIMIT * 0.9, "there is room for more"
    assert text.count("<details") == text.count("</details>")
    assert ("<details open>" in text) is (count <= 20)


def test_one_table_that_does_not_fit_is_cut() -> None:
    found = [missing("column", f"c{number}", "s", "t", sql=f"SELECT {number}") for number in range(5000)]
    text = render(Outcome.of("drift", found), "markdown")
    shown = text.count("| `-` missing |")
    assert 500 < shown < 5000
    assert f"... and {5000 - shown:,} findings more" in text
    assert f"SELECT {shown - 1};" in text
    assert f"<code>s.t</code>: {5000:,} missing</summary>" in text, "all that there are"


def test_what_is_too_large_does_not_hide_the_rest() -> None:
    large = missing("index", "large", "s", "first", sql="x" * 70_000)
    text = render(Outcome.of("drift", [large, missing("index", "small", "s", "last")]), "markdown")
    assert "index `large`" not in text
    assert "index `small`" in text
    assert "... and 1 finding more" in text


def test_more_tables_than_a_person_reads_are_counted() -> None:
    text = render(many(1000), "markdown")
    assert re.search(r"\| \.\.\. and [\d,]+ more \|", text)


def test_a_message_without_end_is_cut() -> None:
    text = render(Outcome.of("gate", [Finding(rule="gate.upgrade-failed", message="x" * 200_000)]), "markdown")
    assert "198,000 characters more" in text


def _same(one: str, other: str) -> bool:
    return "".join(one.split()) == "".join(other.replace("\x00", "\ufffd").split())
