"""The models as SQLAlchemy knows them: tables and their keys, mapped classes and their relationships.

Nothing here asks a database. The live side, which these are compared with, is `orm_live.py`.
"""

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import msgspec
from sqlalchemy import Column, Index, MetaData, Table, UniqueConstraint
from sqlalchemy.exc import NoReferencedColumnError, NoReferencedTableError, SAWarning
from sqlalchemy.orm import Mapper, RelationshipProperty, mapperlib
from sqlalchemy.sql.elements import UnaryExpression

from headworks.declared import ModelsApart
from headworks.schema import QualifiedName

__all__ = [
    "ColumnName",
    "Join",
    "Mapped",
    "Relationship",
    "UniqueKeys",
    "declared_tables",
    "foreign_keys",
    "mapped",
    "mappers_of",
    "unique_keys",
]

ColumnName: TypeAlias = tuple[str, str, str]
"""The raw names of a schema, a table and a column."""


class Join(NamedTuple):
    """A column that refers, by a foreign key, to another."""

    referring: ColumnName
    referred: ColumnName


class Relationship(msgspec.Struct, frozen=True):
    """A `relationship()` of a mapped class: between which tables it goes, which way, over which foreign keys.

    `direction` is SQLAlchemy's word: ONETOMANY, MANYTOONE or MANYTOMANY.
    """

    attribute: str
    class_name: str
    source: QualifiedName
    target: QualifiedName
    direction: str
    joins: frozenset[Join]


class Mapped(msgspec.Struct, frozen=True):
    """What the ORM maps to the tables: class names by table, relationships, and what could not be looked at.

    `by_hand` are the relationships (`Order.user`) that no foreign key of the models stands behind.
    """

    classes: dict[QualifiedName, tuple[str, ...]]
    relationships: tuple[Relationship, ...]
    by_hand: tuple[str, ...]
    broken: tuple[str, ...]


class UniqueKeys(msgspec.Struct, frozen=True):
    """Sets of columns with a name where one is given, and the names of unique indexes whose columns only SQL says.

    The primary key is not among them.
    """

    by_columns: dict[frozenset[str], str | None]
    opaque: frozenset[str]


def declared_tables(metadata: Sequence[MetaData], default_schema: str) -> dict[QualifiedName, Table]:
    """The tables of the models by name. Of two MetaData that declare the same one, the first counts."""
    found: dict[QualifiedName, Table] = {}
    for one in metadata:
        for table in one.tables.values():
            found.setdefault((str(table.schema or default_schema), str(table.name)), table)
    return found


def foreign_keys(table: Table, default_schema: str) -> dict[frozenset[Join], str | None]:
    """The foreign keys of a table as the columns that they join, with their names. Raises `ModelsUnresolved`."""
    found: dict[frozenset[Join], str | None] = {}
    for constraint in table.foreign_key_constraints:
        try:
            joins = frozenset(
                Join(_column(key.parent, default_schema), _column(key.column, default_schema))
                for key in constraint.elements
            )
        except (NoReferencedTableError, NoReferencedColumnError) as error:
            raise ModelsApart(reason=error) from error
        found[joins] = _name(constraint.name)
    return found


def unique_keys(table: Table) -> UniqueKeys:
    """The sets of columns that the models make unique: by constraint, or by an index over columns, without WHERE."""
    found: dict[frozenset[str], str | None] = {}
    opaque = set()
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            found[frozenset(str(one.name) for one in constraint.columns)] = _name(constraint.name)
    for index in table.indexes:
        if not index.unique or index.dialect_options["postgresql"]["where"] is not None:
            continue
        columns = list(_columns(index))
        if None in columns:
            opaque.add(str(index.name))
        else:
            found[frozenset(str(one) for one in columns)] = _name(index.name)
    return UniqueKeys(found, frozenset(opaque))


def mapped(tables: Mapping[QualifiedName, Table], default_schema: str) -> Mapped:
    """The classes that are mapped to these tables, or to the tables that these are copies of, and what relates them."""
    mappers = mappers_of(tables, default_schema)
    classes: dict[QualifiedName, list[str]] = {}
    for mapper in mappers:
        if isinstance(mapper.local_table, Table):
            classes.setdefault(_qualified(mapper.local_table, default_schema), []).append(mapper.class_.__name__)
    relationships: list[Relationship] = []
    by_hand: list[str] = []
    broken: dict[str, None] = {}
    for mapper in mappers:
        try:
            # Asked for its relationships, a mapper finds out what they are; what it warns of is not ours to say.
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", SAWarning)
                own = [one for one in mapper.relationships if one.parent is mapper]
        except Exception as error:  # noqa: BLE001 - whatever the project's own arguments to relationship() raise
            broken.setdefault(f"{type(error).__name__}: {str(error).splitlines()[0]}")
            continue
        for one in sorted(own, key=lambda each: each.key):
            found = _relationship(one, mapper, default_schema)
            if found is None:
                by_hand.append(f"{mapper.class_.__name__}.{one.key}")
            elif all(column[:2] in tables for join in found.joins for column in join):
                relationships.append(found)
    return Mapped(
        {name: tuple(said) for name, said in classes.items()}, tuple(relationships), tuple(by_hand), tuple(broken)
    )


def mappers_of(tables: Mapping[QualifiedName, Table], default_schema: str) -> list[Mapper[Any]]:
    """SQLAlchemy has no public way from a table to its mappers; this is the one that sqlalchemy-utils goes, too."""
    every = [mapper for registry in mapperlib._all_registries() for mapper in registry.mappers]
    ours = set(tables.values())
    found = [mapper for mapper in every if not ours.isdisjoint(mapper.tables)]
    # Some an env.py puts together one MetaData from several, with Table.to_metadata(): of a table that nobody maps, the
    # classes are those of its original.
    claimed = {_qualified(table, default_schema) for mapper in found for table in mapper.tables}
    for mapper in every:
        originals = {_qualified(one, default_schema): one for one in mapper.tables if isinstance(one, Table)}
        if originals.keys() <= tables.keys() - claimed and all(
            one.columns.keys() == tables[name].columns.keys() for name, one in originals.items()
        ):
            found.append(mapper)
    return sorted(set(found), key=lambda mapper: (mapper.class_.__module__, mapper.class_.__qualname__))


def _relationship(one: RelationshipProperty[Any], mapper: Mapper[Any], default_schema: str) -> Relationship | None:
    near = frozenset(_joins(one.synchronize_pairs, default_schema))
    far = frozenset(_joins(one.secondary_synchronize_pairs or (), default_schema))
    if not near or (one.secondary is not None and not far):
        return None
    # A pair is (referred, referring), whichever side of the relationship that is.
    (referring, *_), (referred, *_) = ([pair[side][:2] for pair in near] for side in (0, 1))
    source, target = (referring, referred) if one.direction.name == "MANYTOONE" else (referred, referring)
    if far:
        target = next(pair.referred[:2] for pair in far)
    return Relationship(one.key, mapper.class_.__name__, source, target, one.direction.name, near | far)


def _joins(pairs: Iterable[Any], default_schema: str) -> Iterator[Join]:
    """Those pairs of columns between which the models have a foreign key."""
    for referred, referring in pairs:
        if not all(isinstance(one, Column) and isinstance(one.table, Table) for one in (referred, referring)):
            continue  # of an alias or a subquery
        if any(key.column is referred for key in referring.foreign_keys):
            yield Join(_column(referring, default_schema), _column(referred, default_schema))


def _columns(index: Index) -> Iterator[str | None]:
    """The names of an index's columns; `None` for an expression."""
    for expression in index.expressions:
        inner: Any = expression
        while isinstance(inner, UnaryExpression):  # DESC, NULLS LAST
            inner = inner.element
        yield str(inner.name) if isinstance(inner, Column) else None


def _column(column: Column[Any], default_schema: str) -> ColumnName:
    return (*_qualified(column.table, default_schema), str(column.name))


def _qualified(table: Any, default_schema: str) -> QualifiedName:
    return (str(table.schema or default_schema), str(table.name))


def _name(name: Any) -> str | None:
    """The name as the author gave it; what a naming convention makes is made later."""
    return str(name) if isinstance(name, str) else None
