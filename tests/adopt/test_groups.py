"""Tables into groups, with networkx as the witness of the arithmetic."""

import random
from itertools import combinations

import networkx
import pytest

from headworks.adopt.groups import groups, modularity
from headworks.adopt.links import Pair
from headworks.schema import QualifiedName


def table(name: str) -> QualifiedName:
    return ("public", name)


def pairs(*words: str) -> dict[Pair, float]:
    """`a-b` links the two with weight 1."""
    found = (tuple(sorted(table(name) for name in word.split("-"))) for word in words)
    return dict.fromkeys(found, 1.0)


def named(found: tuple[frozenset[QualifiedName], ...]) -> list[set[str]]:
    return [{name for _, name in one} for one in found]


def random_graph(seed: int) -> tuple[list[QualifiedName], dict[Pair, float]]:
    chance = random.Random(seed)
    tables = [table(f"t{number}") for number in range(chance.randint(2, 14))]
    weights = {
        (min(pair), max(pair)): chance.choice((0.5, 1.0, 1.5, 0.25))
        for pair in combinations(tables, 2)
        if chance.random() < 0.3
    }
    return tables, weights


def test_two_triangles_and_a_bridge() -> None:
    weights = pairs("a-b", "b-c", "a-c", "d-e", "e-f", "d-f", "c-d")
    found = groups({one for pair in weights for one in pair}, weights)
    assert named(found) == [{"a", "b", "c"}, {"d", "e", "f"}]
    # 6 of 7 within; both groups have half of the ends: 6/7 - 2 * (7/14)^2
    assert modularity(found, weights) == pytest.approx(6 / 7 - 0.5)


def test_a_table_to_which_all_refer_does_not_make_them_one() -> None:
    weights = pairs(
        "users-orders", "users-tickets", "users-invoices",
        "orders-items", "orders-events", "items-events",
        "tickets-replies", "tickets-files", "replies-files",
    )  # fmt: skip
    found = named(groups({one for pair in weights for one in pair}, weights))
    assert {"orders", "items", "events"} in found
    assert {"tickets", "replies", "files"} in found


def test_what_nothing_links_is_alone() -> None:
    found = groups([table("a"), table("b"), table("c")], pairs("a-b"))
    assert named(found) == [{"a", "b"}, {"c"}]
    assert named(groups([table("a"), table("b")], {})) == [{"a"}, {"b"}]
    assert modularity([frozenset({table("a")})], {}) == 0.0


@pytest.mark.parametrize("seed", range(40))
def test_networkx_agrees_and_no_joining_of_two_would_be_better(seed: int) -> None:
    tables, weights = random_graph(seed)
    found = groups(tables, weights)
    assert frozenset().union(*found) == set(tables)
    assert sum(map(len, found)) == len(tables)
    shuffled = random.Random(seed).sample(tables, len(tables))
    assert groups(shuffled, dict(reversed(weights.items()))) == found
    if not weights:
        return
    graph = networkx.Graph()
    graph.add_nodes_from(tables)
    graph.add_weighted_edges_from((one, other, weight) for (one, other), weight in weights.items())
    theirs = networkx.community.modularity(graph, found)
    assert modularity(found, weights) == pytest.approx(theirs)
    for one, other in combinations(found, 2):
        joined = [one | other, *(group for group in found if group not in (one, other))]
        assert networkx.community.modularity(graph, joined) <= theirs + 1e-9
