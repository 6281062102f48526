"""A picture -> the graph. Here is what the cardinalities follow from."""

import re
from collections.abc import Iterator, Mapping

from headworks.erd.graph import DEFAULT_DOMAIN, Cardinality, Column, Edge, Entity, Graph
from headworks.schema import Column as SchemaColumn
from headworks.schema import Constraint, Index, QualifiedName, Schema, Table

__all__ = ["build", "drawn_tables"]

# An index key begins with its column's name, quoted where SQL needs it. An expression does not: `lower(a)`, `(a + b)`.
_KEY_COLUMN = re.compile(r'(?:"(?P<quoted>(?:[^"]|"")+)"|(?P<plain>[a-z_][a-z0-9_]*))(?: .*)?', re.DOTALL)


def build(
    picture: Schema,
    domains: Mapping[QualifiedName, str] | None = None,
    *,
    otherwise: str = DEFAULT_DOMAIN,
    default_schema: str = "public",
) -> Graph:
    """The graph of a picture's tables. `domains` says each table's domain; `otherwise` is that of all others.

    A partition is part of its partitioned table, and so are the foreign keys to it and those that it alone has. Views
    are not drawn.
    """
    domains = domains or {}
    tables = _Tables(picture)
    entities = [tables.entity(one, domains.get((one.schema, one.name), otherwise)) for one in drawn_tables(picture)]
    position = {(*entity.key, column.name): place for entity in entities for place, column in enumerate(entity.columns)}

    def order(edge: Edge) -> tuple[QualifiedName, list[int], str, QualifiedName]:
        return (edge.child, [position[(*edge.child, column)] for column in edge.columns], edge.name, edge.parent)

    # A constraint that each of a hundred partitions declares for itself is one edge of the table that they make up.
    edges = sorted(set(tables.edges()), key=order)
    return Graph(entities=tuple(entities), edges=tuple(edges), default_schema=default_schema)


def drawn_tables(picture: Schema) -> tuple[Table, ...]:
    """The tables that become entities, by name: all but partitions."""
    found = (one for one in picture.all(Table) if one.bound is None)
    return tuple(sorted(found, key=lambda one: (one.schema, one.name)))


class _Tables:
    """What the constraints and indexes of a picture say of its tables."""

    def __init__(self, picture: Schema) -> None:
        self._picture = picture
        self._foreign: dict[QualifiedName, set[str]] = {}
        for table in picture.all(Table):
            whole = self._root(table)
            found = self._foreign.setdefault((whole.schema, whole.name), set())
            found.update(name for key in self._foreign_keys(table) for name in key.columns)

    def entity(self, table: Table, domain: str) -> Entity:
        """A table with its columns in their order."""
        constraints = self._picture.on(table, Constraint)
        primary = {name for one in constraints if one.type == "primary key" for name in one.columns}
        foreign = self._foreign[table.schema, table.name]
        alone = {next(iter(key)) for key in self._keys(table, with_primary=False) if len(key) == 1}
        columns = tuple(
            Column(
                name=one.name,
                type=one.type,
                nullable=one.nullable,
                primary=one.name in primary,
                foreign=one.name in foreign,
                unique=one.name in alone,
                comment=one.comment,
            )
            for one in self._picture.on(table, SchemaColumn)
        )
        return Entity(schema=table.schema, name=table.name, domain=domain, columns=columns, comment=table.comment)

    def edges(self) -> Iterator[Edge]:
        """One for each foreign key constraint whose two ends are in the picture."""
        for table in self._picture.all(Table):
            for key in self._foreign_keys(table):
                referred = self._picture.table(*key.referenced_table) if key.referenced_table else None
                if referred is not None:  # a filter may have left it out
                    yield self._edge(table, key, referred)

    def _foreign_keys(self, table: Table) -> list[Constraint]:
        return [one for one in self._picture.on(table, Constraint) if one.type == "foreign key"]

    def _edge(self, table: Table, key: Constraint, referred: Table) -> Edge:
        columns = frozenset(key.columns)
        whole = self._root(table)
        nullable = any(one.nullable for one in self._picture.on(table, SchemaColumn) if one.name in columns)
        # Rows of the other partitions, and rows that nothing checks, may have no parent.
        optional = nullable or table is not whole or not key.enforced
        # FOREIGN KEY (..., PERIOD ...) is content when several parents together cover the child's time.
        parent_end = _end(at_least_one=not optional, many=key.temporal)
        child_end = _end(at_least_one=False, many=not any(unique <= columns for unique in self._keys(table)))
        primary = {
            name for one in self._picture.on(whole, Constraint) if one.type == "primary key" for name in one.columns
        }
        parent = self._root(referred)
        return Edge(
            name=key.name,
            child=(whole.schema, whole.name),
            parent=(parent.schema, parent.name),
            columns=key.columns,
            referenced_columns=key.referenced_columns,
            child_end=child_end,
            parent_end=parent_end,
            identifying=columns <= primary,
        )

    def _keys(self, table: Table, *, with_primary: bool = True) -> frozenset[frozenset[str]]:
        """The sets of columns of which no two rows share the values.

        A partial index says this of some rows only, one on an expression of something else than columns, and a key
        WITHOUT OVERLAPS of moments instead of rows.
        """
        types = ("primary key", "unique") if with_primary else ("unique",)
        constraints = self._picture.on(table, Constraint)
        found = {frozenset(one.columns) for one in constraints if one.type in types and not one.temporal}
        for index in self._picture.on(table, Index):
            if index.unique and index.valid and index.where is None:
                columns = frozenset(_column_of(key) for key in index.keys)
                if None not in columns:
                    found.add(frozenset(name for name in columns if name is not None))
        return frozenset(found)

    def _root(self, table: Table) -> Table:
        while table.bound is not None and table.inherits:
            above = self._picture.table(*table.inherits[0])
            if above is None:
                break
            table = above
        return table


def _end(*, at_least_one: bool, many: bool) -> Cardinality:
    if many:
        return Cardinality.ONE_OR_MORE if at_least_one else Cardinality.ZERO_OR_MORE
    return Cardinality.EXACTLY_ONE if at_least_one else Cardinality.ZERO_OR_ONE


def _column_of(key: str) -> str | None:
    """The column of an index key, or `None` when it is an expression."""
    match = _KEY_COLUMN.fullmatch(key)
    if match is None:
        return None
    return match["plain"] or match["quoted"].replace('""', '"')
