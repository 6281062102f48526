"""The differ on hand-made pictures; what real DDL changes is in `tests/postgres/test_catalog_cases.py`."""

from hypothesis import given
from hypothesis import strategies as st

from headworks.findings import ObjectRef
from headworks.schema import (
    Action,
    Change,
    Column,
    Index,
    Namespace,
    Object,
    Schema,
    Sequence,
    Table,
    Trigger,
    View,
    diff,
)

T = Table(schema="s", name="t", column_order=("a", "b"))
A = Column(schema="s", table="t", name="a", type="integer")
B = Column(schema="s", table="t", name="b", type="text")


def said(expected: list[Object], actual: list[Object]) -> list[str]:
    return [str(change) for change in diff(Schema.of(expected), Schema.of(actual))]


def test_nothing_changed() -> None:
    assert diff(Schema.of([T, A], server_major=15), Schema.of([A, T], server_major=18)) == ()


def test_a_change_names_the_property_and_both_values() -> None:
    (change,) = diff(Schema.of([T, A]), Schema.of([T, Column(schema="s", table="t", name="a", type="bigint")]))
    reference = ObjectRef(kind="column", schema="s", table="t", name="a")
    assert change == Change(Action.CHANGED, reference, "type", "integer", "bigint")
    assert str(change) == "column s.t.a: type is bigint, expected integer"


def test_values_are_readable() -> None:
    index = Index(schema="s", table="t", name="i", method="btree", keys=("a",))
    other = Index(schema="s", table="t", name="i", method="btree", keys=("a", "b DESC"), where="(a > 0)", unique=True)
    assert said([index], [other]) == [
        "index s.t.i: keys is (a, b DESC), expected (a)",
        "index s.t.i: where is (a > 0), expected not set",
        "index s.t.i: unique is true, expected false",
    ]


def test_a_long_value_is_cut_in_the_line_but_whole_in_the_change() -> None:
    one, two = (View(schema="s", name="v", definition=f"SELECT {x}\n  FROM {'t' * 90}") for x in "ab")
    (change,) = diff(Schema.of([one]), Schema.of([two]))
    assert str(change).startswith("view s.v: definition is SELECT b FROM ttt")
    assert "\n" not in str(change)
    assert len(str(change)) < 200
    assert change.actual == two.definition


def test_what_lives_on_a_missing_table_is_not_listed() -> None:
    index = Index(schema="s", table="t", name="i", method="btree", keys=("a",))
    assert said([T, A, B, index], []) == ["table s.t: missing"]
    assert said([], [T, A, B, index]) == ["table s.t: unexpected"]


def test_a_schema_does_not_swallow_its_tables() -> None:
    assert said([Namespace(name="s"), T], []) == ["schema s: missing", "table s.t: missing"]


def test_a_table_that_became_a_view_is_said_once() -> None:
    view = View(schema="s", name="t", definition="SELECT 1", column_order=("a",))
    column = Column(schema="s", table="t", name="a", type="bigint")
    assert said([T, A, B], [view, column]) == ["table s.t: missing", "view s.t: unexpected"]


def test_column_order_counts_only_what_both_have() -> None:
    more = Table(schema="s", name="t", column_order=("x", "a", "y", "b"))
    assert said([T], [more]) == []
    assert said([more], [Table(schema="s", name="t", column_order=("b", "z", "a"))]) == [
        "table s.t: column_order is (b, a), expected (a, b)"
    ]


def test_an_owned_sequence_goes_with_its_column() -> None:
    owned = Sequence(
        schema="s", name="q", type="integer", start=1, increment=1, minimum=1, maximum=9, owned_by=("t", "b")
    )
    free = Sequence(schema="s", name="q", type="integer", start=1, increment=1, minimum=1, maximum=9)
    assert said([T, A, B, owned], [T, A]) == ["column s.t.b: missing"]
    assert said([T, A, B, owned], []) == ["table s.t: missing"]
    assert said([T, A, B, owned], [free]) == [
        "sequence s.q: owned_by is not set, expected (t, b)",
        "table s.t: missing",
    ]


def test_a_change_that_is_inherited_is_said_of_the_parent() -> None:
    def tree(kind: str, child: str) -> list[Object]:
        part = Column(schema="s", table="t1", name="a", type=child, inherited_from=(("s", "t"),))
        return [T, Column(schema="s", table="t", name="a", type=kind), Table(schema="s", name="t1"), part]

    assert said(tree("integer", "integer"), tree("bigint", "bigint")) == [
        "column s.t.a: type is bigint, expected integer"
    ]
    assert said(tree("integer", "integer"), tree("bigint", "text")) == [
        "column s.t.a: type is bigint, expected integer",
        "column s.t1.a: type is text, expected integer",
    ]


def test_equal_comments_on_a_table_and_its_column_are_two_changes() -> None:
    table = Table(schema="s", name="t", column_order=("a", "b"), comment="x")
    column = Column(schema="s", table="t", name="a", type="integer", comment="x")
    assert len(diff(Schema.of([T, A]), Schema.of([table, column]))) == 2


def test_two_objects_of_different_kinds_may_share_a_name() -> None:
    trigger = Trigger(schema="s", table="t", name="a", timing="before", events=("insert",), function=("s", "f"))
    assert said([T, A], [T, A, trigger]) == ["trigger s.t.a: unexpected"]


names = st.sampled_from(["a", "b", "c"])
columns = st.builds(Column, schema=st.just("s"), table=names, name=names, type=st.sampled_from(["integer", "text"]))
tables = st.builds(
    Table, schema=st.just("s"), name=names, comment=st.none() | names, column_order=st.permutations("abc").map(tuple)
)
pictures = st.lists(tables | columns, unique_by=lambda item: item.key).map(Schema.of)


@given(pictures, pictures)
def test_a_diff_is_empty_exactly_when_the_pictures_are_equal(one: Schema, two: Schema) -> None:
    assert (diff(one, two) == ()) == (one == two)
    assert diff(one, one) == ()


@given(pictures, pictures)
def test_a_diff_turned_round_says_the_opposite(one: Schema, two: Schema) -> None:
    opposite = {Action.MISSING: Action.UNEXPECTED, Action.UNEXPECTED: Action.MISSING, Action.CHANGED: Action.CHANGED}
    turned = {Change(opposite[c.action], c.object, c.attribute, c.actual, c.expected) for c in diff(two, one)}
    assert set(diff(one, two)) == turned
    assert diff(one, two) == diff(Schema.of(list(one.objects)), Schema.of(list(two.objects)))
