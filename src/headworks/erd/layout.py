"""Where the boxes and lines of a diagram go: parents to the left of children, few crossings. Pure.

Layers in the way of Sugiyama: cycles are cut, a table stands one layer right of its last parent, long edges get a
waypoint in each layer between, and layers are ordered by the mean place of what their members are joined to. Parts of
the graph that nothing joins are laid out apart and put side by side. Lengths are pixels.
"""

import itertools
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from headworks.erd.graph import Edge, Graph
from headworks.schema import QualifiedName

__all__ = ["Box", "Layout", "Point", "Size", "layout"]

_GAP_ACROSS = 90.0
_GAP_DOWN = 24.0
_WAYPOINT = 8.0
_SWEEPS = 6
_WIDEST = 1200.0
"""Of a row of parts; one part alone may be wider."""

Size = Callable[[QualifiedName], tuple[float, float]]
"""Width and height of a table's box."""

_Node = QualifiedName | tuple[str, str, int, int]
"""A table, or a waypoint: the edge's number and the layer, after two words that no table has together."""


class Point(NamedTuple):
    """From the top left corner."""

    x: float
    y: float


class Box(NamedTuple):
    """A table's place."""

    x: float
    y: float
    width: float
    height: float


class Layout(NamedTuple):
    """The boxes, the waypoints of each edge from its parent to its child (none: straight), and the whole's size."""

    boxes: Mapping[QualifiedName, Box]
    ways: Mapping[Edge, Sequence[Point]]
    width: float
    height: float


def layout(graph: Graph, size: Size) -> Layout:
    """Place all entities. The same graph and sizes give the same places."""
    boxes: dict[QualifiedName, Box] = {}
    ways: dict[Edge, Sequence[Point]] = {}
    left = top = below = widest = 0.0
    for part in _parts(graph):
        placed = _Part(graph, part, size).place()
        if left and left + placed.width > _WIDEST:
            left, top = 0.0, below + _GAP_DOWN
        for key, box in placed.boxes.items():
            boxes[key] = box._replace(x=box.x + left, y=box.y + top)
        for edge, points in placed.ways.items():
            ways[edge] = [Point(x + left, y + top) for x, y in points]
        below = max(below, top + placed.height)
        left += placed.width + _GAP_ACROSS / 2
        widest = max(widest, left - _GAP_ACROSS / 2)
    return Layout(boxes, ways, widest, below)


def _parts(graph: Graph) -> Iterator[list[QualifiedName]]:
    """The tables that edges join, the largest part first."""
    part = {entity.key: {entity.key} for entity in graph.entities}
    for edge in graph.edges:
        if part[edge.child] is not part[edge.parent]:
            part[edge.child] |= part[edge.parent]
            for key in part[edge.parent]:
                part[key] = part[edge.child]
    unique = {id(one): one for one in part.values()}
    yield from sorted((sorted(one) for one in unique.values()), key=lambda one: (-len(one), one))


class _Part:
    def __init__(self, graph: Graph, keys: Collection[QualifiedName], size: Size) -> None:
        self._keys = list(keys)
        self._edges = [edge for edge in graph.edges if edge.child in keys and edge.child != edge.parent]
        self._size = {key: size(key) for key in self._keys}
        self._rank = self._ranks()
        self._joined: dict[_Node, list[_Node]] = {}
        self._waypoints: dict[Edge, list[_Node]] = {}
        self._layers: list[list[_Node]] = [[] for _ in range(max(self._rank.values(), default=0) + 1)]
        for key in self._keys:
            self._layers[self._rank[key]].append(key)
            self._joined[key] = []
        for number, edge in enumerate(self._edges):
            self._join(number, edge)

    def place(self) -> Layout:
        """Order the layers, then give each member its height."""
        for sweep in range(_SWEEPS):
            for layer in self._layers if sweep % 2 == 0 else self._layers[::-1]:
                places = {node: place for one in self._layers for place, node in enumerate(one)}
                layer.sort(key=lambda node: self._mean(node, places))
        middle = self._middles()
        boxes: dict[QualifiedName, Box] = {}
        across: dict[_Node, tuple[float, float]] = {}
        x = 0.0
        for layer in self._layers:
            width = max((self._width(node) for node in layer), default=0.0)
            for node in layer:
                across[node] = (x, x + width)
                if node in self._size:
                    wide, high = self._size[node]
                    boxes[node] = Box(x, middle[node] - high / 2, wide, high)
            x += width + _GAP_ACROSS
        ways = {
            # The way through a layer is level, so that it does not meet the boxes above and below it.
            edge: [Point(x, middle[one]) for one in nodes for x in across[one][:: self._step(edge)]]
            for edge, nodes in self._waypoints.items()
        }
        height = max((middle[node] + self._height(node) / 2 for node in middle), default=0.0)
        return Layout(boxes, ways, max(x - _GAP_ACROSS, 0.0), height)

    def _ranks(self) -> dict[QualifiedName, int]:
        """The layer of each table: right of all its parents, but for edges that close a cycle."""
        parents: dict[QualifiedName, list[QualifiedName]] = {key: [] for key in self._keys}
        for edge in self._edges:
            parents[edge.child].append(edge.parent)
        rank: dict[QualifiedName, int] = {}
        open_: set[QualifiedName] = set()

        def visit(key: QualifiedName) -> int:
            if key not in rank:
                open_.add(key)
                rank[key] = max((visit(one) + 1 for one in parents[key] if one not in open_), default=0)
                open_.remove(key)
            return rank[key]

        for key in self._keys:
            visit(key)
        return rank

    def _join(self, number: int, edge: Edge) -> None:
        """Chain the edge's ends by a waypoint in each layer between them."""
        first, last, step = self._rank[edge.parent], self._rank[edge.child], self._step(edge)
        chain: list[_Node] = [("", "waypoint", number, rank) for rank in range(first + step, last, step)]
        for node in chain:
            self._layers[node[3]].append(node)  # type: ignore[misc]
            self._joined[node] = []
        self._waypoints[edge] = chain
        whole: list[_Node] = [edge.parent, *chain, edge.child]
        for one, other in itertools.pairwise(whole):
            self._joined[one].append(other)
            self._joined[other].append(one)

    def _step(self, edge: Edge) -> int:
        """To the right, or to the left where the edge closes a cycle."""
        return 1 if self._rank[edge.child] >= self._rank[edge.parent] else -1

    def _mean(self, node: _Node, places: Mapping[_Node, float]) -> float:
        found = [places[one] for one in self._joined[node]]
        return sum(found) / len(found) if found else places[node]

    def _middles(self) -> dict[_Node, float]:
        """Heights: members of a layer under each other, near the mean of what they are joined to."""
        middle: dict[_Node, float] = {}
        for layer in self._layers:
            self._stack(layer, dict.fromkeys(layer, 0.0), middle)
        for sweep in range(_SWEEPS):
            for layer in self._layers if sweep % 2 == 0 else self._layers[::-1]:
                self._stack(layer, {node: self._mean(node, middle) for node in layer}, middle)
        top = min((middle[node] - self._height(node) / 2 for node in middle), default=0.0)
        return {node: value - top for node, value in middle.items()}

    def _stack(self, layer: Sequence[_Node], wanted: Mapping[_Node, float], middle: dict[_Node, float]) -> None:
        edge = float("-inf")
        shift = 0.0
        for node in layer:
            half = self._height(node) / 2
            middle[node] = max(wanted[node], edge + half)
            shift += wanted[node] - middle[node]
            edge = middle[node] + half + _GAP_DOWN
        for node in layer:  # who is pushed down only would sink lower with every sweep
            middle[node] += shift / len(layer)

    def _width(self, node: _Node) -> float:
        return self._size[node][0] if node in self._size else 0.0

    def _height(self, node: _Node) -> float:
        return self._size[node][1] if node in self._size else _WAYPOINT
