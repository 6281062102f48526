"""The tree, the two columns, the diffs and the last lines of the text report."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_samples import BODIES, DRIFT, GATE, changed, hostile, many, missing, unexpected

from headworks.findings import Finding, ObjectRef, Outcome, Severity
from headworks.report import render
from headworks.report.columns import padded, width_of, wrapped
from headworks.report.difference import side_by_side, unified

TABLE = ObjectRef(kind="table", schema="public", name="orders")
COLUMN = ObjectRef(kind="column", schema="public", table="orders", name="total")


def lines(*findings: Finding, width: int = 100) -> list[str]:
    return render(Outcome.of("drift", findings), "text", width=width).splitlines()


VERDICT = (
    "drift: failed, 5 errors, 1 warning, 1 note: 2 missing, 1 unexpected, 3 changed"
    " (26 tables, 1,203 objects, PostgreSQL 18, 0.8 s)\n"
)


def test_a_hint_stands_beneath_what_it_belongs_to() -> None:
    said = [("1st", "do this"), ("2nd", None), ("3rd", "do that"), ("4th", "do that"), ("5th", "do this")]
    notes = [Finding(rule="drift.x", severity=Severity.NOTE, message=message, hint=hint) for message, hint in said]
    assert lines(*notes)[:9] == [
        "in general",
        "  note    drift.x: 1st",
        "    hint: do this",
        "  note    drift.x: 2nd",
        "  note    drift.x: 3rd",
        "  note    drift.x: 4th",
        "    hint: do that",
        "  note    drift.x: 5th",
        "    hint: do this",
    ]
    for format_ in ("markdown", "html"):
        page = render(Outcome.of("drift", notes), format_)
        assert re.findall(r"\b(?:1st|2nd|3rd|4th|5th|do this|do that)\b", page) == [
            *("1st", "do this", "2nd", "3rd", "4th", "do that", "5th", "do this"),
        ]


def test_two_causes_of_one_object_are_told_apart() -> None:
    """Models, migrations and database have three types: each pair stands under its own words."""
    rows = [
        ("type", "varchar(200)", "varchar(250)", "hot-patched at 0002"),
        ("comment", "a", "b", "hot-patched at 0002"),
        ("type", "varchar(300)", "varchar(200)", "missing migration"),
    ]
    assert lines(*(changed(COLUMN, *row) for row in rows))[:7] == [
        "schema public",
        "  orders: 3 changed",
        "    ~ changed     column total: hot-patched at 0002",
        "        type:    expected varchar(200) | actual varchar(250)",
        "        comment: expected a            | actual b",
        "    ~ changed     column total: missing migration",
        "        type: expected varchar(300) | actual varchar(200)",
    ]


def test_drift_is_a_tree_by_schema_and_table() -> None:
    assert (
        render(DRIFT, "text")
        == """\
in general
  note    drift.pending: not migrated yet: the database is at 0003_x; to run: 0004_y
    hint: headworks upgrade

database
  - missing     extension pgcrypto

schema public
  ~ changed     function touch()
      body: --- expected, +++ actual
        @@ 3 | 3 @@
             RAISE 'no';
           END IF;
        -  NEW.at := now();
        +  NEW.at := clock_timestamp();
           RETURN NEW;
         END
  orders: 1 missing, 2 changed
    ~ changed     column total
        type:    expected numeric(10,2) | actual integer
        default: expected 0             | actual not set
        look: SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attname = 'total'
    - missing     index ix_orders_status

schema sales
  + unexpected  table hotfix (warning): it is in the database and not in the models

- missing     it is in the models and not in the database
hint: undo it

                    missing  unexpected     changed
(database)                1
(schema public)                                   1
public.orders             1                       2
sales.hotfix                          1

"""
        + VERDICT
    )


def test_gate_is_by_revision() -> None:
    assert (
        render(GATE, "text")
        == """\
0002_left  migrations/versions/0002 left,a:b.py:11
  error   gate.downgrade-differs: table public.left_over is left after the downgrade of 0002_left
    hint: downgrade() must remove it

0002_left  migrations/versions/0002 left,a:b.py:7
  warning gate.unused-allowance: 0002_left allows gate.heads
          and 100% more
    hint: remove it

schema public
  b
    error   gate.models-differ: table public.b is unexpected: it is in the migrations and not in the models

gate: failed, 2 errors, 1 warning (4 revisions, 1.0 s)
"""
    )


def test_rows_say_which_and_where() -> None:
    table = ObjectRef(kind="table", name="a")
    rows = [
        Finding(rule="seed.missing-row", object=table, expected={"id": "1"}, message="table a has no row id=1",
                file="seeds/a.yaml", line=5, hint="headworks seed writes it"),
        Finding(rule="seed.changed-row", object=table, expected={"note": "uno"}, actual={"note": "one"},
                message="table a, row id=2: note is 'one', not 'uno'", hint="headworks seed writes it"),
    ]  # fmt: skip
    assert lines(*rows)[:-1] == [
        "a: 1 missing, 1 changed",
        "  - missing     has no row id=1  seeds/a.yaml:5",
        "  ~ changed     row id=2: note is 'one', not 'uno'",
        "",
        "hint: headworks seed writes it",
        "",
    ]
    other = Finding(
        rule="seed.missing-row", object=ObjectRef(kind="table", name="b"), message="table b has no row id=1"
    )
    assert "  - missing     has no row id=1" in lines(rows[0], other)
    assert lines(rows[0])[:2] == ["a: 1 missing", "  - missing     has no row id=1  seeds/a.yaml:5"]


def test_what_all_say_is_said_once_and_what_one_says_is_said_there() -> None:
    alike = lines(missing("index", "a", "s", "t"), missing("index", "b", "s", "t"))
    assert sum("it is in the models" in line for line in alike) == 1
    other = Finding(
        rule="drift.missing", object=TABLE, message=f"{TABLE} is missing: it is in revision 0001 (hot-patched)"
    )
    apart = lines(missing("index", "a", "s", "t"), other)
    assert "    - missing     index a: it is in the models and not in the database" in apart
    assert "  - missing     table orders: it is in revision 0001 (hot-patched)" in apart
    assert any("hot-patched" in line for line in lines(changed(COLUMN, "type", "a", "b", "hot-patched")))


def test_a_message_that_is_not_the_differs_own_is_kept() -> None:
    said = "column public.orders.total is named sum in the database: the same place and the same properties"
    one = Finding(rule="drift.changed", object=COLUMN, attribute="name", expected="total", actual="sum", message=said)
    text = "\n".join(lines(one))
    assert "name: expected total | actual sum" in text
    assert "is named sum in the database: the same place" in text


def test_columns_fit_the_width() -> None:
    expected, actual = "a much longer expression " * 3, "another expression, of its own length " * 2
    for width in (100, 130, 160, 300):
        text = lines(changed(COLUMN, "default", expected, actual), width=width)
        values = [line for line in text if "|" in line]
        assert 1 <= len(values) <= 3
        assert max(map(width_of, values)) <= width
        for side, value in ((0, expected), (1, actual)):
            cells = [re.split(r"\|", line)[side].replace("default:", "") for line in values]
            joined = " ".join(" ".join(cells).split())
            assert joined.removeprefix("expected ").removeprefix("actual ") == value.strip()
    narrow = lines(changed(COLUMN, "default", expected, actual), width=40)
    assert f"          expected {expected}" in narrow
    uneven = lines(changed(COLUMN, "type", "numeric(10,2)", "integer"), width=60)
    assert "        type: expected numeric(10,2) | actual integer" in uneven
    assert "          actual   int" in lines(changed(COLUMN, "type", "bigint", "int"), width=40)


def test_columns_of_wide_characters_line_up() -> None:
    other = ObjectRef(kind="column", schema="public", table="orders", name="name")
    text = lines(
        changed(other, "default", "\u4e2d\u6587", "x"), changed(other, "comment", "abcd", "y"),
        changed(other, "collation", "e\u0301e\u0301e\u0301e\u0301", "\U0001f600"),
    )  # fmt: skip
    assert len({width_of(line[: line.index("|")]) for line in text if "|" in line}) == 1


def test_long_lists_are_compared_by_element_and_long_texts_by_line() -> None:
    words = tuple(f"value_{number}" for number in range(60))
    text = lines(changed(ObjectRef(kind="enum", schema="s", name="e"), "values", words, (*words[:30], *words[31:])))
    assert [line.strip() for line in text if line.strip().startswith(("-", "+"))] == ["-value_30", "~"][:1]
    assert any("@@ 29 | 29 @@" in line for line in text)
    body = "\n".join(map(str, range(200)))
    text = lines(changed(COLUMN, "body", body, None))
    assert "        body: --- expected, +++ actual (not set)" in text
    assert "          ... and 161 lines more" in text
    assert len(text) < 60
    assert any("characters more" in line for line in lines(changed(COLUMN, "default", "a" * 9000, "b" * 9000)))


def test_a_difference_that_cannot_be_seen_is_said() -> None:
    text = lines(changed(COLUMN, "default", "a  b", "a b"), changed(COLUMN, "body", "a\r\nb", "a\nb"))
    assert sum("differ in white space alone" in line for line in text) == 1
    assert "          -a\\r" in text, "a carriage return is shown"
    assert "          +a" in text


def test_the_sql_of_many_comes_after_the_tree() -> None:
    few, lots = lines(*many(20).findings), lines(*many(21).findings)
    assert sum(line.strip().startswith("look: SELECT") for line in few) == 20
    assert not any("look: " in line for line in lots)
    place = lots.index("look:")
    assert lots[place + 1 : place + 3] == ["  -- column s0.t0.c0", "  SELECT 0;"]
    assert sum(line.startswith("  SELECT") for line in lots) == 21


def test_a_long_tree_ends_with_its_tables() -> None:
    text = lines(*many(1000).findings)
    head = next(place for place, line in enumerate(text) if line.split() == ["missing", "unexpected", "changed"])
    rows = [line.split() for line in text[head + 1 : -2]]
    assert len(rows) == len({(one.object.schema, one.object.table) for one in many(1000).findings if one.object})
    assert sum(int(cell) for row in rows for cell in row[1:]) == 1000
    assert text[-1] == "drift: failed, 1,000 errors: 250 missing, 250 unexpected, 500 changed"
    assert not any("missing  unexpected" in line for line in lines(*many(3).findings))


def test_a_relation_that_is_no_table_is_a_branch_too() -> None:
    view = ObjectRef(kind="view", schema="public", name="v")
    column = ObjectRef(kind="column", schema="public", table="v", name="c")
    text = lines(changed(view, "definition", "SELECT 1", "SELECT 2"), changed(column, "type", "a", "b"))
    assert text[:2] == ["schema public", "  v: 2 changed"]
    assert "    ~ changed     view v" in text
    assert lines(unexpected("view", "v", "public"))[1].startswith("  + unexpected  view v")


def test_the_words_are_the_same_in_colour() -> None:
    for outcome in (DRIFT, GATE, hostile(), many(100)):
        coloured = render(outcome, "text", paint=lambda text, style: f"\x1b[1m{text}\x1b[0m")
        assert "\x1b" in coloured
        assert re.sub(r"\x1b\[\d+m", "", coloured) == render(outcome, "text")


def test_severities_other_than_error_are_said() -> None:
    index = missing("index", "a", "s", "t", severity=Severity.WARNING)
    assert "    - missing     index a (warning): it is in the models and not in the database" in lines(index)


@given(st.text(min_size=1), st.integers(2, 40))
def test_wrapped_text_is_all_there_and_not_too_wide(text: str, width: int) -> None:
    found = list(wrapped(text, width))
    assert all(width_of(line) <= width for line in found)
    assert "".join(found).replace(" ", "") == text.replace(" ", "")


def test_width() -> None:
    assert width_of(padded("\u4e2d", 5)) == 5
    widths = {"a": 1, "\u4e2d": 2, "\uff21": 2, "e\u0301": 1, "\U0001f600": 2, "\u200d": 0}
    assert {text: width_of(text) for text in widths} == widths
    assert list(wrapped("\u4e2d\u6587", 1)) == ["\u4e2d", "\u6587"]
    assert list(wrapped("one two three", 9)) == ["one two", "three"]


LINES = st.lists(st.sampled_from(["a", "b", "c", "", "END"]), max_size=12)


@given(LINES, LINES)
def test_side_by_side_holds_both_values(before: list[str], after: list[str]) -> None:
    rows = list(side_by_side(before, after))
    assert [row.expected for row in rows if row.expected is not None] == before
    assert [row.actual for row in rows if row.actual is not None] == after
    assert all(row.same for row in rows) is (before == after)


@given(LINES, LINES, st.integers(0, 3))
def test_a_diff_turns_the_one_into_the_other(before: list[str], after: list[str], context: int) -> None:
    assert _patched(before, list(unified(before, after, context=context))) == after


def test_a_diff_shows_what_is_near_and_says_where() -> None:
    before, after = (body.split("\n") for body in BODIES)
    assert list(unified(before, after, context=1)) == [
        "@@ 4 | 4 @@", "   END IF;", "-  NEW.at := now();", "+  NEW.at := clock_timestamp();", "   RETURN NEW;",
    ]  # fmt: skip
    assert list(unified(before, before)) == []
    assert list(unified(list("abc"), list("aXc"), context=0)) == ["@@ 2 | 2 @@", "-b", "+X"]
    assert list(unified(list("abcdefgh"), list("Xbcdefgh"), context=1)) == ["@@ 1 | 1 @@", "-a", "+X", " b"]


def _patched(before: list[str], diff: list[str]) -> list[str]:
    """What a person who applies the diff by hand gets; lines of context must be those of the text."""
    found: list[str] = []
    place = 0
    for line in diff:
        if match := re.fullmatch(r"@@ (\d+) \| (\d+) @@", line):
            start = int(match[1]) - 1
            found += before[place:start]
            place = start
            assert len(found) == int(match[2]) - 1
        elif line[0] == "+":
            found.append(line[1:])
        else:
            assert before[place] == line[1:]
            found += [line[1:]] if line[0] == " " else []
            place += 1
    return found + before[place:]


@pytest.mark.parametrize("width", [0, 1, 20])
def test_no_width_is_too_small(width: int) -> None:
    assert render(hostile(), "text", width=width).endswith("s)\n")


def of_lint(number: int, *, hint: str | None = None, severity: Severity = Severity.WARNING) -> Finding:
    ref = ObjectRef(kind="column", schema="public", table=f"t{number}", name="at")
    return Finding(
        rule="lint.json-type", severity=severity, object=ref, message=f"t{number}.at is json", sql=f"SELECT {number}",
        hint=hint or f"ALTER TABLE t{number} ...",
    )  # fmt: skip


def test_a_hint_of_lint_stands_under_its_finding_and_a_common_one_at_the_end() -> None:
    own, first, second = of_lint(1), of_lint(2, hint="lint --fix"), of_lint(3, hint="lint --fix")
    text = render(Outcome.of("lint", [own, first, second]), "text")
    assert text == (
        "schema public\n"
        "  t1\n"
        "    warning lint.json-type: t1.at is json\n"
        "            hint: ALTER TABLE t1 ...\n"
        "  t2\n"
        "    warning lint.json-type: t2.at is json\n"
        "  t3\n"
        "    warning lint.json-type: t3.at is json\n"
        "\n"
        "hint: lint --fix\n"
        "\n"
        "lint: ok, 3 warnings\n"
    )


def test_much_of_lint_is_counted_by_how_much_it_matters_and_shows_no_sql() -> None:
    found = [of_lint(number, severity=list(Severity)[number % 3]) for number in range(30)]
    text = render(Outcome.of("lint", found), "text")
    assert "look:" not in text
    assert "SELECT" not in text
    counts = text.split("\n\n")[-2].splitlines()
    assert counts[0].split() == ["errors", "warnings", "notes"]
    assert counts[1].split() == ["public.t0", "1"]
    assert len(counts) == 31
    # One with marks is as it was.
    marked = render(Outcome.of("drift", [missing("index", f"i{n}", f"t{n}") for n in range(30)]), "text")
    assert "missing" in marked.split("\n\n")[-2].splitlines()[0].split()
