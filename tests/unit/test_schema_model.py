"""The picture as a value: what it holds, how it is looked up, what goes when something is taken out."""

import ast
import sys
from pathlib import Path

import pytest

import headworks.schema
from headworks.findings import ObjectRef
from headworks.schema import (
    Column,
    Constraint,
    Extension,
    Function,
    Index,
    Namespace,
    Procedure,
    Relation,
    Schema,
    Sequence,
    Table,
    View,
    kinds,
)
from headworks.schema.base import OnTable, kind_named, properties

ORDERS = Table(schema="public", name="orders", column_order=("id", "total"))
ID = Column(schema="public", table="orders", name="id", type="integer", nullable=False)
TOTAL = Column(schema="public", table="orders", name="total", type="numeric(10,2)")
BY_TOTAL = Index(schema="public", table="orders", name="ix_total", method="btree", keys=("total",))
NUMBERS = Sequence(
    schema="public",
    name="numbers",
    type="bigint",
    start=1,
    increment=1,
    minimum=1,
    maximum=9,
    owned_by=("orders", "id"),
)
OTHER = Table(schema="sales", name="orders")
OBJECTS = [Namespace(name="public"), Namespace(name="sales"), ORDERS, ID, TOTAL, BY_TOTAL, NUMBERS, OTHER]


def test_two_pictures_are_equal_when_their_objects_are() -> None:
    one, two = Schema.of(OBJECTS, server_major=15), Schema.of(reversed(OBJECTS), server_major=18)
    assert one == two
    assert hash(one) == hash(two)
    assert list(one) == list(two)
    assert one != Schema.of(OBJECTS[1:])


def test_a_picture_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        ORDERS.name = "x"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        Schema().objects = frozenset()  # type: ignore[misc]


def test_look_up() -> None:
    schema = Schema.of(OBJECTS)
    assert len(schema) == len(OBJECTS)
    assert ORDERS in schema
    assert schema.table("public", "orders") is ORDERS
    assert schema.table("public", "customers") is None
    assert schema.all(Table) == (ORDERS, OTHER)
    assert schema.all(Relation) == (ORDERS, OTHER)
    assert schema.all(OnTable) == (ID, TOTAL, BY_TOTAL)
    assert schema.on(ORDERS, Column) == (ID, TOTAL)
    assert schema.on(OTHER, Column) == ()
    for item in OBJECTS:
        assert schema.get(item.ref) is item
    assert schema.get(ObjectRef(kind="view", schema="public", name="orders")) is None
    assert schema.get(ObjectRef(kind="no such kind", name="x")) is None


def test_a_view_is_no_table() -> None:
    view = View(schema="public", name="v", definition="SELECT 1")
    assert Schema.of([view]).table("public", "v") is None
    assert Schema.of([view]).relation("public", "v") is view


def test_columns_are_in_the_order_of_their_table() -> None:
    table = Table(schema="s", name="t", column_order=("z", "a", "m"))
    columns = [Column(schema="s", table="t", name=name, type="text") for name in "amz"]
    assert [column.name for column in Schema.of([table, *columns]).on(table, Column)] == ["z", "a", "m"]


def test_without_takes_what_lives_on_a_table_too() -> None:
    rest = Schema.of(OBJECTS, server_major=16).without(lambda item: item is ORDERS)
    assert rest == Schema.of([Namespace(name="public"), Namespace(name="sales"), OTHER])
    assert rest.server_major == 16


def test_without_follows_containment_all_the_way() -> None:
    parent = Table(schema="s", name="p", partition_key="RANGE (a)")
    part = Table(schema="s", name="p1", inherits=(("s", "p"),), bound="DEFAULT")
    column = Column(schema="s", table="p1", name="a", type="integer")
    sequence = Sequence(
        schema="s", name="q", type="integer", start=1, increment=1, minimum=1, maximum=2, owned_by=("p1", "a")
    )
    picture = Schema.of([parent, part, column, sequence])
    assert picture.without(lambda item: item is parent) == Schema()
    assert picture.without(lambda item: item is column) == Schema.of([parent, part])
    assert picture.without(lambda item: False) is picture


def test_a_child_outlives_the_table_that_it_inherits_from() -> None:
    parent = Table(schema="s", name="p")
    child = Table(schema="s", name="c", inherits=(("s", "p"),))
    assert Schema.of([parent, child]).without(lambda item: item is parent) == Schema.of([child])


def test_restricted_to_some_schemas() -> None:
    extension = Extension(name="citext", schema="public")
    picture = Schema.of([*OBJECTS, extension])
    assert picture.restricted_to({"sales"}) == Schema.of([Namespace(name="sales"), OTHER, extension])


def test_kinds_are_found_by_themselves() -> None:
    words = [kind.kind for kind in kinds()]
    assert len(words) == len(set(words))
    assert words[:2] == ["schema", "extension"]
    assert words.index("enum") < words.index("table") < words.index("column")
    assert kind_named("materialized view") is not None
    assert kind_named("Table") is None


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.kind)
def test_every_kind_can_be_compared_and_hashed(kind: type[headworks.schema.Object]) -> None:
    names = {one.name for one in properties(kind)}
    assert ("comment" in names) is kind.commentable
    assert not names & {"name", "table"}
    assert kind.__doc__
    assert kind.__struct_config__.frozen
    assert kind.__struct_config__.forbid_unknown_fields


def test_the_words_of_routines_share_a_name_space() -> None:
    function = Function(schema="s", name="f()", language="sql", body="", returns="void")
    procedure = Procedure(schema="s", name="f()", language="sql", body="")
    assert function.key == procedure.key
    assert function.ref != procedure.ref


def test_reports_list_a_table_with_what_lives_on_it() -> None:
    check = Constraint(schema="public", table="orders", name="ck", type="check")
    names = [str(item.ref) for item in Schema.of([*OBJECTS, check])]
    assert names == [
        "schema public",
        "schema sales",
        "sequence public.numbers",
        "table public.orders",
        "column public.orders.id",
        "column public.orders.total",
        "constraint public.orders.ck",
        "index public.orders.ix_total",
        "table sales.orders",
    ]


def test_the_picture_does_no_input_or_output() -> None:
    """Whoever only compares two files needs neither a driver nor an ORM."""
    folder = Path(headworks.schema.__file__).parent
    imported = {
        (name.name if isinstance(node, ast.Import) else node.module or "").split(".")[0]
        for file in folder.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    }
    assert imported - set(sys.stdlib_module_names) == {"headworks", "msgspec"}
