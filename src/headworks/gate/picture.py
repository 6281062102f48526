"""What a range of revisions changed, drawn: the tables that it touched, with their neighbours."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from headworks.erd.build import build
from headworks.erd.errors import DiagramTooLarge
from headworks.erd.formats import renderer
from headworks.erd.formats._svg import render as drawn
from headworks.erd.graph import Column, Edge, Entity, Graph
from headworks.gate.walked import Walked
from headworks.schema import QualifiedName, Schema, Table
from headworks.schema.base import Object, OnTable

__all__ = ["MOST", "Drawn", "changed", "drawn_of", "touched_tables"]

MOST = 15
"""Touched tables that are drawn, the first ones; of more a person sees nothing."""


class Drawn(msgspec.Struct, frozen=True):
    """The tables that each revision touched, by its id, and the diagram's details (see `changed`)."""

    tables: dict[str, list[str]]
    details: dict[str, Any]


def drawn_of(walked: Sequence[Walked]) -> Drawn:
    """From the pictures of the walk. A partition counts as the table that it is part of."""
    pairs = [(seen.revision.id, seen.before, seen.upgraded) for seen in walked]
    known = [(name, before, after) for name, before, after in pairs if before is not None and after is not None]
    if not known:
        return Drawn({}, {})
    places = {seen.revision.id: seen.apart for seen in walked}
    # A branch that was walked by itself leads to a schema of its own: one of them is drawn.
    shown = {name for name, _, _ in known if places[name] == places[known[0][0]]}
    first, last = known[0][1], next(after for name, _, after in reversed(known) if name in shown)
    touched = touched_tables(known)
    said = {name: [f"{schema}.{table}" for schema, table in sorted(keys)] for name, keys in touched.items()}
    keys = dict.fromkeys(key for name, found in touched.items() if name in shown for key in sorted(found))
    return Drawn(said, changed(first, last, keys))


def touched_tables(steps: Sequence[tuple[str, Schema, Schema]]) -> dict[str, set[QualifiedName]]:
    """The tables that tell the pictures before and after each step apart, by its name. A partition counts as its table.

    The steps follow each other.
    """
    differing = {name: before.objects ^ after.objects for name, before, after in steps}
    # Not each picture is asked for its tables: a table that is in neither of these came and went by a difference.
    tables = {(one.schema, one.name): one for picture in (steps[0][1], steps[-1][2]) for one in picture.all(Table)}
    tables |= {(one.schema, one.name): one for found in differing.values() for one in found if isinstance(one, Table)}
    return {
        name: {whole for one in found if (whole := _whole(_relation(one), tables)) is not None}
        for name, found in differing.items()
    }


def changed(before: Schema | None, after: Schema, tables: Collection[QualifiedName]) -> dict[str, Any]:
    """`erd` (Mermaid), `erd_svg`, and `erd_tables` by what became of them; nothing when there are none.

    Of more than `MOST` tables the first ones are drawn, and `erd_left_out` counts the others (all of them where even
    Mermaid would not draw it). `before` is what was there before the first of the revisions: `None` for an empty
    database.
    """
    old, new = (build(picture) if picture is not None else Graph() for picture in (before, after))
    was, now = ({one.key: one for one in graph.entities} for graph in (old, new))
    there = [key for key in tables if key in was or key in now]
    if not there:
        return {}
    keys = set(there[:MOST])
    left_out = {"erd_left_out": len(there) - len(keys)} if len(there) > len(keys) else {}
    edges = {edge: None for edge in new.edges if {edge.child, edge.parent} & keys}
    gone = keys - now.keys()
    edges |= {edge: None for edge in old.edges if {edge.child, edge.parent} & gone}
    drawn_ones = keys | {end for edge in edges for end in (edge.child, edge.parent)}
    members = {name for edge in edges for name in _members(edge)}
    marks: dict[tuple[str, str, str], str] = {}
    entities = []
    for key in sorted(drawn_ones):
        if key not in keys:
            entities.append(_neighbour(now.get(key) or was[key], members))
            continue
        if key not in was or key not in now:
            marks[*key, ""] = "new" if key in now else "dropped"
            entities.append(now.get(key) or was[key])
            continue
        columns = list(_columns(was[key], now[key]))
        marks |= {(*key, one.name): word for one, word in columns if word}
        marks[*key, ""] = "changed"
        entities.append(msgspec.structs.replace(now[key], columns=tuple(one for one, _ in columns)))
    graph = Graph(entities=tuple(entities), edges=tuple(edges), default_schema=new.default_schema)
    try:
        mermaid = renderer("mermaid")(graph)
    except DiagramTooLarge:
        return {"erd_left_out": len(there)}
    said = {
        word: [graph.label(one) for one in entities if marks.get((*one.key, "")) == word]
        for word in ("new", "changed", "dropped")
    }
    return {"erd": mermaid, "erd_svg": drawn(graph, marks), "erd_tables": said} | left_out


def _relation(item: Object) -> QualifiedName | None:
    if isinstance(item, OnTable):
        return (item.schema, item.table)
    return (item.schema, item.name) if isinstance(item, Table) else None


def _whole(name: QualifiedName | None, tables: Mapping[QualifiedName, Table]) -> QualifiedName | None:
    """The table, or that of which it is a partition; `None` for a view and the like."""
    table = tables.get(name) if name is not None else None
    while table is not None and table.bound is not None and table.inherits:
        table = tables.get(table.inherits[0])
    return (table.schema, table.name) if table is not None else None


def _members(edge: Edge) -> Iterator[tuple[QualifiedName, str]]:
    yield from ((edge.child, name) for name in edge.columns)
    yield from ((edge.parent, name) for name in edge.referenced_columns)


def _neighbour(entity: Entity, members: Collection[tuple[QualifiedName, str]]) -> Entity:
    """With its keys alone."""
    columns = tuple(one for one in entity.columns if one.primary or (entity.key, one.name) in members)
    return msgspec.structs.replace(entity, columns=columns)


def _columns(was: Entity, now: Entity) -> Iterator[tuple[Column, str]]:
    """The columns of both, each with what became of it, which also stands where its comment was."""
    before = {one.name: one for one in was.columns}
    names = {one.name for one in now.columns}
    for one in now.columns:
        old = before.get(one.name)
        if old is None:
            yield msgspec.structs.replace(one, comment="new"), "new"
        elif msgspec.structs.replace(old, comment=one.comment) != one:
            said = f"was {old.type}" if old.type != one.type else "changed"
            if old.nullable != one.nullable:
                said += ", was nullable" if old.nullable else ", was NOT NULL"
            yield msgspec.structs.replace(one, comment=said.removeprefix("changed, ")), "changed"
        else:
            yield msgspec.structs.replace(one, comment=None), ""
    for one in was.columns:
        if one.name not in names:
            yield msgspec.structs.replace(one, comment="dropped"), "dropped"
