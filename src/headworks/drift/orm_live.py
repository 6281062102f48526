"""The live database as an ORM would see it: SQLAlchemy's types for its columns, automap's relationships for its keys.

Automap does not reflect the keys itself: SQLAlchemy reads foreign keys from printed text, and a column named `a, b` or
`x(y)` ends that. So its tables are made from the picture, and it maps them.
"""

import contextlib
import warnings
from collections.abc import Collection, Iterable, Iterator
from typing import Any

import msgspec
import psycopg
import sqlalchemy
from sqlalchemy import Column, Connection, ForeignKeyConstraint, MetaData, PrimaryKeyConstraint, Table
from sqlalchemy.engine.reflection import ObjectKind, ObjectScope
from sqlalchemy.exc import DBAPIError, SAWarning, SQLAlchemyError
from sqlalchemy.ext.automap import automap_base
from sqlalchemy.orm import relationship
from sqlalchemy.pool import StaticPool
from sqlalchemy.types import TypeEngine

from headworks.catalog.errors import CatalogUnreadable
from headworks.drift.orm_models import ColumnName, Join
from headworks.schema import Constraint, QualifiedName, Schema

__all__ = ["Automapped", "ServerType", "automapped", "named_types", "reflected_types", "reflecting"]

# The role's own search path first would be a guess: models that name no schema mean the default one. After it come all
# others, so that a type is found where its extension was put.
_SEARCH_PATH = """
SELECT set_config(
    'search_path', concat_ws(', ', quote_ident(%s), string_agg(quote_ident(nspname), ', ' ORDER BY nspname)), true
)
FROM pg_catalog.pg_namespace
WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
    AND pg_catalog.has_schema_privilege(oid, 'USAGE')
"""
_TYPES = """
SELECT name, to_regtype(name)::oid::bigint, format_type(to_regtype(name), NULL)
FROM unnest(%s::text[]) AS name
"""


class ServerType(msgspec.Struct, frozen=True):
    """What PostgreSQL takes a type's text for: its OID, and its name without modifiers."""

    oid: int
    name: str


class Automapped(msgspec.Struct, frozen=True):
    """The relationships that automap makes: the columns they join, and their directions from table to table."""

    joins: frozenset[Join]
    directions: dict[tuple[QualifiedName, QualifiedName], frozenset[str]]


@contextlib.contextmanager
def reflecting(connection: "psycopg.Connection[Any]", default_schema: str) -> Iterator[Connection]:
    """A SQLAlchemy connection over this one, in one transaction that ends with the block.

    Raises `CatalogUnreadable` for what goes wrong within.
    """
    engine = sqlalchemy.create_engine("postgresql+psycopg://", creator=lambda: connection, poolclass=StaticPool)
    try:
        with warnings.catch_warnings(), engine.connect() as wrapped:
            warnings.simplefilter("ignore", SAWarning)  # "Did not recognize type": a note says which
            wrapped.exec_driver_sql(_SEARCH_PATH, (default_schema,))
            yield wrapped
    except SQLAlchemyError as error:
        original = error.orig if isinstance(error, DBAPIError) else error
        raise CatalogUnreadable(database=connection.info.dbname, reason=str(original).splitlines()[0]) from error


def reflected_types(connection: Connection, schemas: Iterable[str]) -> dict[ColumnName, TypeEngine[Any]]:
    """The type of each column in these schemas, as SQLAlchemy reflects it: `NullType` where it knows none."""
    inspector = sqlalchemy.inspect(connection)
    found: dict[ColumnName, TypeEngine[Any]] = {}
    for schema in sorted(schemas):
        several = inspector.get_multi_columns(schema=schema, kind=ObjectKind.ANY, scope=ObjectScope.ANY)
        for (_, table), columns in several.items():
            found |= {(schema, table, one["name"]): one["type"] for one in columns}
    return found


def named_types(connection: Connection, texts: Collection[str]) -> dict[str, ServerType]:
    """What the server takes these texts for, as in a column's definition; those that it cannot read are not in it."""
    try:
        return _named_types(connection, texts)
    except DBAPIError:  # by a type's own modifiers, before PostgreSQL 16 by any error of syntax
        if len(texts) < 2:
            return {}
    return {name: kind for text in texts for name, kind in named_types(connection, [text]).items()}


def _named_types(connection: Connection, texts: Collection[str]) -> dict[str, ServerType]:
    with connection.begin_nested():
        rows = connection.exec_driver_sql(_TYPES, (list(texts),)).fetchall()
    return {text: ServerType(oid, name) for text, oid, name in rows if oid is not None}


def automapped(picture: Schema, names: Collection[QualifiedName]) -> Automapped:
    """Map these tables of the picture and say which relationships automap makes of their foreign keys."""
    joins: set[Join] = set()
    directions: dict[tuple[QualifiedName, QualifiedName], set[str]] = {}
    metadata = MetaData()
    tables = _tables(metadata, picture, names)
    name_of = {table: name for name, table in tables.items()}

    def relate(source: Table, target: Table, direction: str) -> None:
        directions.setdefault((name_of[source], name_of[target]), set()).add(direction)

    def heard(base: Any, direction: Any, made: Any, attribute: str, local: Any, referred: Any, **words: Any) -> None:
        # Automap comes here before it makes a relationship, and makes none when nothing is returned: what it would be
        # is known, and a thousand tables' mappers need not be configured for it.
        if made is not relationship:
            return  # the other end of one, which `words` says nothing of
        source, target = local.__table__, referred.__table__
        if direction.name == "MANYTOONE":
            for near, far in zip(words["foreign_keys"], words["remote_side"], strict=True):
                joins.add(Join((*name_of[near.table], near.name), (*name_of[far.table], far.name)))
        relate(source, target, direction.name)
        relate(target, source, "ONETOMANY" if direction.name == "MANYTOONE" else direction.name)

    base = automap_base(metadata=metadata)
    classes = []  # automap itself holds them weakly until they are mapped
    for table in tables.values():
        # Left to itself automap makes no class for a table without a primary key, nor for one that only associates;
        # models do both.
        key = {} if table.primary_key.columns else {"__mapper_args__": {"primary_key": list(table.columns)}}
        classes.append(type(table.name, (base,), {"__table__": table, **key}))
    base.prepare(
        generate_relationship=heard,
        name_for_scalar_relationship=lambda base, local, referred, constraint: f"to {constraint.name}",
        name_for_collection_relationship=lambda base, local, referred, constraint: f"from {constraint.name}",
    )
    base.registry.dispose()
    return Automapped(frozenset(joins), {pair: frozenset(said) for pair, said in directions.items()})


def _tables(metadata: MetaData, picture: Schema, names: Collection[QualifiedName]) -> dict[QualifiedName, Table]:
    """The tables with the columns of their keys and one more, if there is one: that is what automap looks at.

    Tables and attributes are named by number: a class cannot have an attribute `metadata`, as a table a column.
    """
    keys = dict(_keys(picture, names))
    columns: dict[QualifiedName, dict[str, Column[Any]]] = {}
    tables: dict[QualifiedName, Table] = {}
    for name, chosen in _columns(picture, keys).items():
        made: list[Column[Any]] = [Column(column, key=f"c{position}") for position, column in enumerate(chosen)]
        tables[name] = Table(f"t{len(tables)}", metadata, *made)
        columns[name] = dict(zip(chosen, made, strict=True))
    for name, table in tables.items():
        for number, constraint in enumerate(keys[name]):
            near = [columns[name][column] for column in constraint.columns]
            if constraint.type == "primary key":
                table.append_constraint(PrimaryKeyConstraint(*near))
            elif (target := constraint.referenced_table) in tables:
                far = [columns[target][column] for column in constraint.referenced_columns]
                table.append_constraint(ForeignKeyConstraint(near, far, name=f"{table.name}_{number}"))
    return tables


def _keys(picture: Schema, names: Collection[QualifiedName]) -> Iterator[tuple[QualifiedName, list[Constraint]]]:
    """Primary and foreign keys of those tables that are there and have columns."""
    for name in sorted(names):
        if (relation := picture.relation(*name)) is not None and relation.column_order:
            yield name, [one for one in picture.on(relation, Constraint) if one.type in ("primary key", "foreign key")]


def _columns(picture: Schema, keys: dict[QualifiedName, list[Constraint]]) -> dict[QualifiedName, list[str]]:
    found: dict[QualifiedName, dict[str, None]] = {name: {} for name in keys}
    for name, constraints in keys.items():
        for one in constraints:
            found[name] |= dict.fromkeys(one.columns)
            if (target := one.referenced_table) in found:  # it may refer to what is no more than unique
                found[target] |= dict.fromkeys(one.referenced_columns)
    for name, chosen in found.items():
        relation = picture.relation(*name)
        assert relation is not None
        other = next((column for column in relation.column_order if column not in chosen), None)
        if other is not None:
            chosen[other] = None
    return {name: list(chosen) for name, chosen in found.items()}
