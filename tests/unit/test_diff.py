"""The differ on hand-made pictures; what real DDL changes is in `tests/postgres/test_catalog_cases.py`."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from headworks.findings import ObjectRef
from headworks.schema import (
    Action,
    Change,
    Column,
    Constraint,
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


def part(*more: Object, attached: bool) -> list[Object]:
    """A partitioned table with a check and a trigger; and what could be its partition, which has all of it or not."""
    check = Constraint(schema="s", table="t", name="c", type="check", expression="(a > 0)")
    trigger = Trigger(schema="s", table="t", name="g", timing="before", events=("insert",), function=("s", "f"))
    child = Table(schema="s", name="t1")
    column = Column(schema="s", table="t1", name="a", type="integer", not_null=("name=t_a_not_null",))
    index = Index(schema="s", table="t1", name="i1", method="btree", keys=("a",))
    if not attached:
        return [T, A, check, trigger, child, column, index, replace(check, table="t1"), *more]
    child = replace(child, inherits=(("s", "t"),), bound="DEFAULT")
    column = replace(column, inherited_from=(("s", "t"),), not_null=())
    index = replace(index, parent=("s", "t", "i"))
    return [T, A, check, trigger, child, column, index, replace(trigger, table="t1", parent=("s", "t", "g")), *more]


def test_a_detached_partition_is_said_once() -> None:
    """It keeps the check as its own and loses the copy of the trigger; its columns and its index lose their parents."""
    assert said(part(attached=True), part(attached=False)) == [
        "table s.t1: inherits is (), expected ((s, t))",
        "table s.t1: bound is not set, expected DEFAULT",
    ]
    assert said(part(attached=False), part(attached=True)) == [
        "table s.t1: inherits is ((s, t)), expected ()",
        "table s.t1: bound is DEFAULT, expected not set",
    ]


def test_what_else_tells_a_detached_partition_is_said() -> None:
    check = Constraint(schema="s", table="t1", name="d", type="check", expression="(a > 0)")
    trigger = Trigger(schema="s", table="t1", name="g", timing="after", events=("insert",), function=("s", "f"))
    detached = part(check, trigger, attached=False)
    assert said(part(attached=True), detached)[2:] == [
        "constraint s.t1.d: unexpected",
        "trigger s.t1.g: timing is after, expected before",
    ]


def test_a_partition_is_unlogged_or_commented_by_itself() -> None:
    def tree(**options: Any) -> list[Object]:
        child = Table(schema="s", name="t1", inherits=(("s", "t"),), bound="DEFAULT", **options)
        column = Column(
            schema="s",
            table="t1",
            name="a",
            type="integer",
            inherited_from=(("s", "t"),),
            comment=options.get("comment"),
        )
        return [Table(schema="s", name="t", **options), A, child, column]

    assert said(tree(), tree(row_security=True, comment="x")) == [
        "table s.t: comment is x, expected not set",
        "table s.t: row_security is true, expected false",
        "table s.t1: comment is x, expected not set",
        "table s.t1: row_security is true, expected false",
        "column s.t1.a: comment is x, expected not set",
    ]
    assert said(tree(column_order=("a", "b")), tree(column_order=("b", "a"))) == [
        "table s.t: column_order is (b, a), expected (a, b)"
    ]


def test_of_a_not_null_the_name_is_not_passed_on() -> None:
    def tree(*not_null: str) -> list[Object]:
        child = [one for one in not_null if not one.startswith("name=")]
        return [
            T,
            Column(schema="s", table="t", name="a", type="integer", not_null=not_null),
            Table(schema="s", name="t1", inherits=(("s", "t"),)),
            Column(
                schema="s", table="t1", name="a", type="integer", not_null=tuple(child), inherited_from=(("s", "t"),)
            ),
        ]

    assert said(tree(), tree("name=n", "not valid")) == ["column s.t.a: not_null is (name=n, not valid), expected ()"]


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
