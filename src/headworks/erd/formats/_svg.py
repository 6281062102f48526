"""A small diagram as SVG, to stand in a page: no style of its own, it takes the page's text colour.

Lines and text are of `currentColor`, so that it is readable alone, too; classes are for the page's style.
"""

import itertools
from collections.abc import Iterator, Mapping
from html import escape

from headworks.erd.graph import Cardinality, Column, Edge, Entity, Graph
from headworks.erd.layout import Box, Layout, Point, layout
from headworks.report.columns import padded, width_of
from headworks.schema import QualifiedName

__all__ = ["Marks", "render"]

Marks = Mapping[tuple[str, str, str], str]
"""What became of a column, or of a table (an empty name): `new`, `changed` or `dropped`."""

_SIGNS = {"new": "+", "changed": "~", "dropped": "-"}
_CHARACTER = 7.25
_ROW = 18
_HEAD = 26
_PAD = 10
_LONGEST = 32
_MOST = 40
"""Columns that a box lists."""


def render(graph: Graph, marks: Marks | None = None) -> str:
    """One `<svg>` element."""
    return "\n".join(_Drawing(graph, marks or {}).lines()) + "\n"


class _Drawing:
    def __init__(self, graph: Graph, marks: Marks) -> None:
        self._graph = graph
        self._marks = marks
        self._entities = {one.key: one for one in graph.entities}
        self._rows = {one.key: list(self._texts(one)) for one in graph.entities}

    def lines(self) -> Iterator[str]:
        """The element, edges below boxes."""
        placed = layout(self._graph, self._size)
        loops = 40 if any(edge.child == edge.parent for edge in self._graph.edges) else 0
        width, height = placed.width + 2 * _PAD + loops, placed.height + 2 * _PAD
        yield (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="erd" role="img" width="{width:.0f}" height="{height:.0f}"'
            f' viewBox="{-_PAD} {-_PAD} {width:.0f} {height:.0f}" font-family="ui-monospace, monospace" font-size="12"'
            ' fill="none" stroke="currentColor">'
        )
        for edge in self._graph.edges:
            yield from self._edge(edge, placed)
        for key, box in placed.boxes.items():
            yield from self._box(self._entities[key], box)
        yield "</svg>"

    def _size(self, key: QualifiedName) -> tuple[float, float]:
        title = width_of(self._graph.label(self._entities[key])) + 2
        widest = max([title, *(width_of(text) for text in self._rows[key])])
        return widest * _CHARACTER + 2 * _PAD, _HEAD + len(self._rows[key]) * _ROW + (4 if self._rows[key] else 0)

    def _texts(self, entity: Entity) -> Iterator[str]:
        """A line a column: sign, name, type, keys."""
        listed = entity.columns[:_MOST]
        names = max((width_of(_short(one.name)) for one in listed), default=0)
        types = max((width_of(_short(one.type)) for one in listed), default=0)
        for one in listed:
            sign = _SIGNS.get(self._marks.get((*entity.key, one.name), ""), " ")
            keys = " ".join(w for w, holds in (("PK", one.primary), ("FK", one.foreign), ("UK", one.unique)) if holds)
            cells = (padded(_short(one.name), names), padded(_short(one.type), types), keys)
            yield f"{sign} {'  '.join(cells)}".rstrip()
        if (more := len(entity.columns) - _MOST) > 0:
            yield f"  ... and {more} more"

    def _box(self, entity: Entity, box: Box) -> Iterator[str]:
        mark = self._marks.get((*entity.key, ""), "")
        dash = ' stroke-dasharray="4 3"' if entity.stub or mark == "dropped" else ""
        yield f'<g class="table {escape(mark)}" transform="translate({box.x:.1f} {box.y:.1f})">'
        yield f'<rect class="box" width="{box.width:.1f}" height="{box.height:.1f}" rx="4"{dash}/>'
        sign = f"{_SIGNS[mark]} " if mark in _SIGNS else ""
        yield _text(f"{sign}{self._graph.label(entity)}", 17, "title", ' font-weight="bold"')
        if self._rows[entity.key]:
            yield f'<path d="M0 {_HEAD}H{box.width:.1f}" opacity="0.5"/>'
        for place, text in enumerate(self._rows[entity.key]):
            word = self._marks.get((*entity.key, entity.columns[place].name), "") if place < _MOST else ""
            yield _text(text, _HEAD + 15 + place * _ROW, word, "", _full(entity.columns[place]))
        yield "</g>"

    def _edge(self, edge: Edge, placed: Layout) -> Iterator[str]:
        child, parent = placed.boxes[edge.child], placed.boxes[edge.parent]
        low, high = self._height(edge.child, edge.columns), self._height(edge.parent, edge.referenced_columns)
        dash = "" if edge.identifying else ' stroke-dasharray="5 3"'
        if edge.child == edge.parent:
            x = child.x + child.width
            start, end = Point(x, parent.y + high), Point(x, child.y + low + (0 if low != high else 8))
            way = f"M{x:.1f} {start.y:.1f}C{x + 44:.1f} {start.y:.1f} {x + 44:.1f} {end.y:.1f} {x:.1f} {end.y:.1f}"
            sides = (1, 1)
        else:
            right = parent.x < child.x or (parent.x == child.x and parent.y < child.y)
            start = Point(parent.x + (parent.width if right else 0), parent.y + high)
            end = Point(child.x + (0 if right else child.width), child.y + low)
            way = _curve([start, *placed.ways.get(edge, ()), end])
            sides = (1, -1) if right else (-1, 1)
        yield f'<g class="edge"><path d="{way}" opacity="0.7"{dash}/>'
        yield f'<path d="{_foot(start, sides[0], edge.parent_end)}{_foot(end, sides[1], edge.child_end)}"/>'
        columns = ", ".join(edge.columns)
        yield f"<title>{escape(f'{edge.name} ({columns})')}</title></g>"

    def _height(self, key: QualifiedName, columns: tuple[str, ...]) -> float:
        """Of the row of the first of these columns, from the top of the box."""
        names = [one.name for one in self._entities[key].columns[:_MOST]]
        place = next((names.index(one) for one in columns if one in names), None)
        return _HEAD / 2 if place is None else _HEAD + 11 + place * _ROW


def _curve(points: list[Point]) -> str:
    """Level where it begins, ends, and passes a waypoint."""
    parts = [f"M{points[0].x:.1f} {points[0].y:.1f}"]
    for one, other in itertools.pairwise(points):
        middle = (one.x + other.x) / 2
        parts.append(f"C{middle:.1f} {one.y:.1f} {middle:.1f} {other.y:.1f} {other.x:.1f} {other.y:.1f}")
    return "".join(parts)


def _foot(at: Point, side: int, end: Cardinality) -> str:
    """The crow's foot at a box: which way is out (`side`), and how many there may be."""
    x, y = at
    many = end in (Cardinality.ZERO_OR_MORE, Cardinality.ONE_OR_MORE)
    none = end in (Cardinality.ZERO_OR_ONE, Cardinality.ZERO_OR_MORE)
    inner, outer = x + side * 10, x + side * 15
    text = f"M{x:.1f} {y - 5:.1f}L{inner:.1f} {y:.1f}L{x:.1f} {y + 5:.1f}" if many else _bar(x + side * 8, y)
    return text + (f"M{outer - 4:.1f} {y:.1f}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0" if none else _bar(outer - side * 2, y))


def _bar(x: float, y: float) -> str:
    return f"M{x:.1f} {y - 5:.1f}V{y + 5:.1f}"


def _text(text: str, y: float, name: str, more: str, title: str = "") -> str:
    said = f"<title>{escape(title)}</title>" if title else ""
    return (
        f'<text class="{escape(name)}" x="{_PAD}" y="{y:.0f}" fill="currentColor" stroke="none" xml:space="preserve"'
        f"{more}>{said}{escape(text)}</text>"
    )


def _full(column: Column) -> str:
    """What the row has no room for."""
    null = "" if column.nullable else " NOT NULL"
    return f"{column.name} {column.type}{null}" + (f": {column.comment}" if column.comment else "")


def _short(text: str) -> str:
    return text if width_of(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
