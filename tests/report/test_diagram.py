"""The small diagram: where boxes and lines go, and what revisions changed in a real database."""

import itertools
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headworks.catalog.reader import read_schema
from headworks.erd.formats._svg import render
from headworks.erd.graph import Cardinality, Column, Edge, Entity, Graph
from headworks.erd.layout import layout
from headworks.gate.picture import MOST, changed
from headworks.postgres.connect import connect
from headworks.postgres.url import DatabaseUrl
from headworks.schema import Schema


def graph(count: int, pairs: list[tuple[int, int]]) -> Graph:
    entities = tuple(
        Entity(schema="public", name=f"t{n}", columns=(Column(name="id", type="int", primary=True),))
        for n in range(count)
    )
    edges = tuple(
        Edge(
            name=f"fk{number}", child=entities[child].key, parent=entities[parent].key, columns=("id",),
            referenced_columns=("id",), child_end=Cardinality.ZERO_OR_MORE, parent_end=Cardinality.EXACTLY_ONE,
        )
        for number, (child, parent) in enumerate(pairs)
    )  # fmt: skip
    return Graph(entities=entities, edges=edges)


@settings(deadline=None, max_examples=150)
@given(st.integers(1, 14).flatmap(lambda n: st.tuples(
    st.just(n), st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=25))))  # fmt: skip
def test_no_box_covers_another_and_every_table_is_there(made: tuple[int, list[tuple[int, int]]]) -> None:
    one = graph(*made)
    placed = layout(one, lambda key: (60.0 + 7 * len(key[1]), 40.0 + 5 * int(key[1][1:])))
    assert set(placed.boxes) == {entity.key for entity in one.entities}
    for a, b in itertools.combinations(placed.boxes.values(), 2):
        apart = a.x + a.width < b.x or b.x + b.width < a.x or a.y + a.height < b.y or b.y + b.height < a.y
        assert apart, (a, b)
    for box in placed.boxes.values():
        assert box.x >= -0.01
        assert box.y >= -0.01
        assert box.x + box.width <= placed.width + 0.01
        assert box.y + box.height <= placed.height + 0.01
    assert placed == layout(one, lambda key: (60.0 + 7 * len(key[1]), 40.0 + 5 * int(key[1][1:])))
    ET.fromstring(render(one))


def test_parents_stand_left_of_children_and_long_lines_pass_between_boxes() -> None:
    one = graph(4, [(1, 0), (2, 1), (2, 0), (3, 2), (3, 0)])
    placed = layout(one, lambda key: (80.0, 50.0))
    xs = [placed.boxes["public", f"t{n}"].x for n in range(4)]
    assert xs == sorted(xs)
    assert len(set(xs)) == 4
    (long,) = (edge for edge in one.edges if (edge.child[1], edge.parent[1]) == ("t3", "t0"))
    assert len(placed.ways[long]) == 4
    for x, y in placed.ways[long]:
        assert not any(
            box.x < x < box.x + box.width and box.y < y < box.y + box.height for box in placed.boxes.values()
        )


def test_names_in_a_drawing_are_text() -> None:
    entity = Entity(schema="public", name="</text><script>", columns=(Column(name='"&<', type="x" * 100),))
    root = ET.fromstring(render(Graph(entities=(entity,))))
    texts = [one for one in root.iter() if one.tag.endswith("}text")]
    assert any("</text><script>" in "".join(one.itertext()) for one in texts)
    assert not any(one.tag.endswith("script") for one in root.iter())


def look(url: DatabaseUrl) -> Schema:
    with connect(url, read_only=True) as connection:
        return read_schema(connection)


BEFORE = """
CREATE TABLE customers (id bigint PRIMARY KEY, email text, far_away text);
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint REFERENCES customers, note text, total integer);
CREATE TABLE old (id int PRIMARY KEY, customer_id bigint REFERENCES customers);
CREATE TABLE untouched (id int);
"""
AFTER = """
ALTER TABLE orders DROP note, ADD state text NOT NULL, ALTER total TYPE bigint;
DROP TABLE old;
CREATE TABLE lines (order_id bigint NOT NULL REFERENCES orders, n int);
"""


@pytest.fixture
def pictures(make_database: Callable[..., str]) -> tuple[Schema, Schema]:
    database = make_database()
    url = DatabaseUrl.parse(database)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(BEFORE)
        before = look(url)
        connection.execute(AFTER)
    return before, look(url)


TOUCHED = {("public", name) for name in ("orders", "old", "lines")}


def test_what_changed_is_drawn_with_its_neighbours(pictures: tuple[Schema, Schema]) -> None:
    found = changed(*pictures, TOUCHED)
    assert found["erd_tables"] == {"new": ["lines"], "changed": ["orders"], "dropped": ["old"]}
    assert (
        found["erd"]
        == """\
erDiagram
    customers {
        bigint id PK
    }
    lines {
        bigint order_id FK
        integer n "nullable"
    }
    old {
        integer id PK
        bigint customer_id FK "nullable"
    }
    orders {
        bigint id PK
        bigint customer_id FK "nullable"
        bigint total "nullable; was integer"
        text state "new"
        text note "nullable; dropped"
    }
    orders ||..o{ lines : "order_id"
    customers |o..o{ orders : "customer_id"
    customers |o..o{ old : "customer_id"
"""
    )
    svg = found["erd_svg"]
    assert "untouched" not in svg
    assert 'class="table new"' in svg
    assert 'class="table dropped"' in svg
    assert re.search(r'<text class="new"[^>]*>(<title>[^<]*</title>)?\+ state', svg)
    assert re.search(r'<text class="dropped"[^>]*>(<title>[^<]*</title>)?- note', svg)
    assert re.search(r'<text class="changed"[^>]*>(<title>[^<]*</title>)?~ total', svg)


def test_from_an_empty_database_all_is_new(pictures: tuple[Schema, Schema]) -> None:
    found = changed(None, pictures[0], {("public", "orders"), ("public", "customers")})
    assert found["erd_tables"] == {"new": ["customers", "orders"], "changed": [], "dropped": []}
    assert "new" not in found["erd"]


def test_none_are_not_drawn(pictures: tuple[Schema, Schema]) -> None:
    assert changed(*pictures, set()) == {}
    assert changed(*pictures, {("public", "a_view")}) == {}


def test_of_many_the_first_are_drawn_and_the_others_counted(make_database: Callable[..., str]) -> None:
    database = make_database()
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("".join(f"CREATE TABLE t{n} (id int PRIMARY KEY);" for n in range(MOST + 3)))
    after = look(DatabaseUrl.parse(database))
    names = [("public", f"t{n}") for n in range(MOST + 3)]
    found = changed(None, after, names[::-1])
    assert found["erd_left_out"] == 3
    assert sorted(found["erd_tables"]["new"]) == sorted(name for _, name in names[3:])
    assert "t17 {" in found["erd"]
    assert "t2 {" not in found["erd"]
    assert "erd_left_out" not in changed(None, after, names[:MOST])


def test_a_table_that_mermaid_would_not_draw_is_counted(make_database: Callable[..., str]) -> None:
    database = make_database()
    columns = ", ".join(f"{'c' * 50}{n} int" for n in range(1000))
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(f"CREATE TABLE wide ({columns})")
    assert changed(None, look(DatabaseUrl.parse(database)), [("public", "wide")]) == {"erd_left_out": 1}
