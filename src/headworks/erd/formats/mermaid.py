"""Mermaid: an `erDiagram`, or a Markdown page with one for each domain (GitHub and GitLab draw them)."""

import re
from collections.abc import Iterator

from headworks.erd.errors import DiagramTooLarge, TableTooLarge
from headworks.erd.formats._mermaid_text import emphasised, entity_id, quoted, shortened, type_word, word
from headworks.erd.graph import Cardinality, Column, Edge, Entity, Graph
from headworks.schema import QualifiedName

__all__ = ["LIMIT", "PAGES", "page", "render"]

LIMIT = 45_000
"""Characters of one diagram. Above 50,000 (Mermaid's `maxTextSize`) a browser shows an error picture instead."""

_COMMENT_WIDTH = 60

# An underscore within a word is no markup.
_MARKUP = re.compile(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|[\\`*|<\[]")

_LEFT = {
    Cardinality.ZERO_OR_ONE: "|o",
    Cardinality.EXACTLY_ONE: "||",
    Cardinality.ZERO_OR_MORE: "}o",
    Cardinality.ONE_OR_MORE: "}|",
}
_RIGHT = {
    Cardinality.ZERO_OR_ONE: "o|",
    Cardinality.EXACTLY_ONE: "||",
    Cardinality.ZERO_OR_MORE: "o{",
    Cardinality.ONE_OR_MORE: "|{",
}


def render(graph: Graph) -> str:
    """The graph as one `erDiagram`. Raises `DiagramTooLarge` above `LIMIT`."""
    text = _diagram(graph)
    if len(text) > LIMIT:
        advice = "-o FILE.md writes one diagram for each domain"
        if len(graph.domains) > 1:
            advice += f"; or draw one with --domain: {', '.join(graph.domains)}"
        raise DiagramTooLarge(tables=len(graph.tables), size=len(text), limit=LIMIT, advice_text=advice)
    return text


def page(graph: Graph) -> str:
    """A Markdown page: for each domain its diagram, in parts below `LIMIT`, and its tables with their comments.

    Raises `TableTooLarge` for a table that has to itself more than a diagram may have.
    """
    return "\n".join(_page(graph))


PAGES = {".md": page, ".markdown": page}


def _diagram(graph: Graph) -> str:
    ids = {entity.key: entity_id(graph.label(entity)) for entity in graph.entities}
    lines = ["erDiagram"]
    for entity in graph.entities:
        lines += _entity(entity, ids[entity.key], graph)
    lines += [_edge(edge, ids[edge.parent], ids[edge.child]) for edge in graph.edges]
    return "\n".join(lines) + "\n"


def _entity(entity: Entity, name: str, graph: Graph) -> Iterator[str]:
    if entity.stub:
        yield f"    {name}[{quoted(f'{graph.label(entity)} ({entity.domain})')}]"
    elif not entity.columns:
        yield f"    {name}"
    else:
        yield f"    {name} {{"
        yield from (f"        {_column(column, graph.default_schema)}" for column in entity.columns)
        yield "    }"


def _column(column: Column, default_schema: str) -> str:
    marks = [mark for mark, holds in (("PK", column.primary), ("FK", column.foreign), ("UK", column.unique)) if holds]
    name = word(column.name)
    # One key mark alone: a list of them needs a comma, which not every version reads. The others go before the comment.
    remarks = [*marks[1:]]
    if name != column.name or emphasised(name):
        remarks.insert(0, column.name)
    if column.nullable:
        remarks.append("nullable")
    if column.comment:
        remarks.append(shortened(column.comment, _COMMENT_WIDTH))
    parts = [type_word(column.type, default_schema), name, *marks[:1]]
    if remarks:
        parts.append(quoted("; ".join(remarks)))
    return " ".join(parts)


def _edge(edge: Edge, parent: str, child: str) -> str:
    line = "--" if edge.identifying else ".."
    label = quoted(", ".join(edge.columns))
    return f"    {parent} {_LEFT[edge.parent_end]}{line}{_RIGHT[edge.child_end]} {child} : {label}"


def _page(graph: Graph) -> Iterator[str]:
    yield "# Entity-relationship diagrams\n"
    yield "<!-- Made by `headworks erd`; what is written here by hand is lost. -->\n"
    for domain in graph.domains:
        parts = list(_parts(graph.of_domain(domain)))
        for number, part in enumerate(parts, start=1):
            yield f"## {_cell(domain)}" + (f" ({number} of {len(parts)})" if len(parts) > 1 else "") + "\n"
            yield f"```mermaid\n{_diagram(part)}```\n"
            yield "| table | |\n|---|---|"
            yield from (f"| {_code(graph.label(one))} | {_cell(one.comment or '')} |" for one in part.tables)
            yield ""


def _parts(graph: Graph) -> Iterator[Graph]:
    """The graph in parts that fit, each the next tables by name."""
    if len(_diagram(graph)) <= LIMIT:
        yield graph
        return
    chosen: set[QualifiedName] = set()
    filled = 0
    for table in graph.tables:
        # With the stubs that it may share with others of its part: never too little.
        size = len(_diagram(graph.of_tables({table.key})))
        if size > LIMIT:
            raise TableTooLarge(table=graph.label(table), size=size, limit=LIMIT)
        if filled + size > LIMIT:
            yield graph.of_tables(chosen)
            chosen, filled = set(), 0
        chosen.add(table.key)
        filled += size
    yield graph.of_tables(chosen)


def _code(text: str) -> str:
    """A code span in a table's cell."""
    line = " ".join(text.split()).replace("|", "\\|")
    fence = "``" if "`" in line else "`"
    pad = " " if "`" in line else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def _cell(text: str) -> str:
    return _MARKUP.sub(r"\\\g<0>", " ".join(text.split()))
