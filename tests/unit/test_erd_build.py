"""The graph: what is in it, in which order, and what a part of it holds. Cardinalities: tests/cases/erd."""

import random

import pytest

from headworks.erd.build import build
from headworks.erd.graph import Cardinality, Graph
from headworks.schema import Column, Constraint, Index, Schema, Table, View


def table(name: str, *columns: str, schema: str = "public", comment: str | None = None) -> list[Table | Column]:
    """A table; a column's name ends in `?` when it is nullable."""
    names = tuple(column.rstrip("?") for column in columns)
    parts = [
        Column(schema=schema, table=name, name=column.rstrip("?"), type="integer", nullable=column.endswith("?"))
        for column in columns
    ]
    return [Table(schema=schema, name=name, column_order=names, comment=comment), *parts]


def primary(name: str, *columns: str) -> Constraint:
    return Constraint(schema="public", table=name, name=f"{name}_pkey", type="primary key", columns=columns)


def foreign(name: str, columns: tuple[str, ...], parent: str) -> Constraint:
    return Constraint(
        schema="public",
        table=name,
        name=f"fk_{name}_{'_'.join(columns)}",
        type="foreign key",
        columns=columns,
        referenced_table=("public", parent),
        referenced_columns=("id",),
    )


OBJECTS = [
    *table("users", "id", "name?", comment="People."),
    primary("users", "id"),
    *table("orders", "id", "user_id", "referrer_id?"),
    primary("orders", "id"),
    foreign("orders", ("user_id",), "users"),
    foreign("orders", ("referrer_id",), "users"),
    *table("items", "order_id"),
    foreign("items", ("order_id",), "orders"),
]
DOMAINS = {("public", "users"): "auth", ("public", "orders"): "shop", ("public", "items"): "shop"}


def drawn() -> Graph:
    return build(Schema.of(OBJECTS), DOMAINS)


def test_entities_by_name_and_columns_by_declaration() -> None:
    graph = drawn()
    assert [one.name for one in graph.entities] == ["items", "orders", "users"]
    assert [column.name for column in graph.entities[1].columns] == ["id", "user_id", "referrer_id"]
    assert graph.entities[2].comment == "People."
    assert [(edge.child[1], edge.columns) for edge in graph.edges] == [
        ("items", ("order_id",)),
        ("orders", ("user_id",)),
        ("orders", ("referrer_id",)),
    ]


def test_the_order_of_objects_does_not_matter() -> None:
    for seed in range(20):
        shuffled = OBJECTS[:]
        random.Random(seed).shuffle(shuffled)
        assert build(Schema.of(shuffled), dict(reversed(DOMAINS.items()))) == drawn()


def test_marks() -> None:
    user_id, referrer_id = drawn().entities[1].columns[1:]
    assert (user_id.primary, user_id.foreign, user_id.unique, user_id.nullable) == (False, True, False, False)
    assert referrer_id.nullable


def test_parent_end_follows_nullability() -> None:
    assert [edge.parent_end for edge in drawn().edges] == [
        Cardinality.EXACTLY_ONE,
        Cardinality.EXACTLY_ONE,
        Cardinality.ZERO_OR_ONE,
    ]


@pytest.mark.parametrize(
    ("key", "where", "valid", "end"),
    [
        ("order_id", None, True, Cardinality.ZERO_OR_ONE),
        ("order_id DESC NULLS LAST", None, True, Cardinality.ZERO_OR_ONE),
        ("order_id", "(order_id > 0)", True, Cardinality.ZERO_OR_MORE),
        ("order_id", None, False, Cardinality.ZERO_OR_MORE),
        ("(order_id + 0)", None, True, Cardinality.ZERO_OR_MORE),
        ("order_id(order_id)", None, True, Cardinality.ZERO_OR_MORE),
    ],
)
def test_unique_indexes(key: str, where: str | None, valid: bool, end: Cardinality) -> None:
    index = Index(
        schema="public", table="items", name="i", method="btree", keys=(key,), unique=True, where=where, valid=valid
    )
    assert build(Schema.of([*OBJECTS, index])).edges[0].child_end is end


def test_a_quoted_index_key() -> None:
    index = Index(schema="public", table="t", name="i", method="btree", keys=('"a ""b"" c" DESC',), unique=True)
    graph = build(Schema.of([*table("t", 'a "b" c'), index]))
    assert graph.entities[0].columns[0].unique


def test_views_are_left_out() -> None:
    view = View(schema="public", name="v", definition="SELECT 1")
    assert build(Schema.of([*OBJECTS, view]), DOMAINS) == drawn()


def test_a_domain_has_stubs_for_what_its_foreign_keys_name() -> None:
    shop = drawn().of_domain("shop")
    assert [(one.name, one.stub) for one in shop.entities] == [("items", False), ("orders", False), ("users", True)]
    assert not shop.entities[2].columns
    assert len(shop.edges) == 3
    auth = drawn().of_domain("auth")
    assert [one.name for one in auth.entities] == ["users"]
    assert not auth.edges


def test_domains_share_out_the_foreign_keys() -> None:
    graph = drawn()
    assert graph.domains == ("auth", "shop")
    edges = [edge for domain in graph.domains for edge in graph.of_domain(domain).edges]
    assert sorted(edge.name for edge in edges) == sorted(edge.name for edge in graph.edges)


def test_a_parent_that_is_not_in_the_picture() -> None:
    picture = Schema.of(OBJECTS).without(lambda item: isinstance(item, Table) and item.name == "users")
    assert [edge.columns for edge in build(picture).edges] == [("order_id",)]


def test_labels_are_unlike_each_other() -> None:
    picture = Schema.of([*table("a.b"), *table("b", schema="a"), *table('"a.b"'), *table("a"), *table("a", schema="a")])
    graph = build(picture)
    assert len({graph.label(one) for one in graph.entities}) == 5
