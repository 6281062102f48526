"""The graph that every format draws: entities, their columns, and one edge for each foreign key constraint."""

from enum import StrEnum

import msgspec

from headworks.schema import QualifiedName

__all__ = ["DEFAULT_DOMAIN", "Cardinality", "Column", "Edge", "Entity", "Graph"]

DEFAULT_DOMAIN = "default"
"""The domain of a table of which nothing says one."""


class Cardinality(StrEnum):
    """How many rows there may be at one end of an edge, for one row at the other."""

    ZERO_OR_ONE = "zero or one"
    EXACTLY_ONE = "exactly one"
    ZERO_OR_MORE = "zero or more"
    ONE_OR_MORE = "one or more"


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """A column. `type` is as PostgreSQL prints it; `unique` means unique by itself, not as a member of a longer key."""

    name: str
    type: str
    nullable: bool = False
    primary: bool = False
    foreign: bool = False
    unique: bool = False
    comment: str | None = None


class Entity(msgspec.Struct, frozen=True, kw_only=True):
    """A table. A `stub` stands for one that is drawn elsewhere and has no columns here."""

    schema: str
    name: str
    domain: str = DEFAULT_DOMAIN
    columns: tuple[Column, ...] = ()
    comment: str | None = None
    stub: bool = False

    @property
    def key(self) -> QualifiedName:
        """What identifies it in its graph."""
        return (self.schema, self.name)


class Edge(msgspec.Struct, frozen=True, kw_only=True):
    """A foreign key constraint of `child`, the table that has it, to `parent`, the table that it names.

    `parent_end` says how many parents one child has, `child_end` how many children one parent has. An `identifying`
    edge is part of what identifies the child: its columns are in the child's primary key.
    """

    name: str
    child: QualifiedName
    parent: QualifiedName
    columns: tuple[str, ...]
    referenced_columns: tuple[str, ...]
    child_end: Cardinality
    parent_end: Cardinality
    identifying: bool = False


class Graph(msgspec.Struct, frozen=True, kw_only=True):
    """Entities by name; edges by the child's name, then by where their columns stand in it.

    `default_schema` is the one whose name goes without saying.
    """

    entities: tuple[Entity, ...] = ()
    edges: tuple[Edge, ...] = ()
    default_schema: str = "public"

    @property
    def domains(self) -> tuple[str, ...]:
        """The domains that have a table of their own here, by name."""
        return tuple(sorted({one.domain for one in self.tables}))

    @property
    def tables(self) -> tuple[Entity, ...]:
        """The entities that are no stubs."""
        return tuple(one for one in self.entities if not one.stub)

    def of_domain(self, domain: str) -> "Graph":
        """The tables of a domain, with stubs for those of other domains that their foreign keys name."""
        return self.of_tables({one.key for one in self.tables if one.domain == domain})

    def of_tables(self, keys: set[QualifiedName]) -> "Graph":
        """These tables with their foreign keys, and stubs for the other tables that those name."""
        edges = tuple(edge for edge in self.edges if edge.child in keys)
        named = {edge.parent for edge in edges}
        entities = tuple(
            one if one.key in keys else msgspec.structs.replace(one, columns=(), stub=True)
            for one in self.entities
            if one.key in keys or one.key in named
        )
        return msgspec.structs.replace(self, entities=entities, edges=edges)

    def label(self, entity: Entity) -> str:
        """The entity's name as people read it, unlike that of any other: `orders`, `billing.invoices`, `"a.b"`."""
        name = _part(entity.name)
        return name if entity.schema == self.default_schema else f"{_part(entity.schema)}.{name}"


def _part(name: str) -> str:
    """Quoted as SQL quotes it where a dot or a quote in it would make two names look like one."""
    if "." in name or '"' in name:
        return '"' + name.replace('"', '""') + '"'
    return name
