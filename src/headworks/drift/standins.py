"""Just enough of a schema on another server for texts that name its parts to be understood: no bodies, no rows."""

from collections.abc import Collection, Iterable, Iterator

import psycopg
from psycopg import sql

from headworks.schema import (
    Column,
    Composite,
    Domain,
    Enum,
    Extension,
    Function,
    Namespace,
    QualifiedName,
    Relation,
    Schema,
    Sequence,
)
from headworks.schema.objects import Aggregate, Collation, Range, TextSearchConfiguration

__all__ = ["composed", "run_what_runs", "stand_ins", "with_columns"]


def run_what_runs(connection: "psycopg.Connection[object]", statements: Iterable[sql.Composed]) -> None:
    """Run what can be run until nothing more can: which object needs which is the server's to know."""
    left = list(statements)
    while left:
        again = [statement for statement in left if not _runs(connection, statement)]
        if len(again) == len(left):
            return
        left = again


def _runs(connection: "psycopg.Connection[object]", statement: sql.Composed) -> bool:
    try:
        # In binary psycopg uses the protocol that takes one statement alone, whatever a snapshot file holds.
        psycopg.Cursor(connection).execute(statement, binary=True)
    except psycopg.Error:
        return False
    return True


def stand_ins(picture: Schema, but: Collection[QualifiedName] = ()) -> Iterator[sql.Composed]:
    """Statements for the schemas, extensions, types and functions of a picture, less the enums named by `but`."""
    for space in picture.all(Namespace):
        yield composed("CREATE SCHEMA IF NOT EXISTS {}", sql.Identifier(space.name))
    for extension in picture.all(Extension):
        made = "CREATE EXTENSION IF NOT EXISTS {} SCHEMA {} CASCADE"
        yield composed(made, sql.Identifier(extension.name), sql.Identifier(extension.schema))
    for enum in picture.all(Enum):
        if (enum.schema, enum.name) not in but:
            values = sql.SQL(", ").join(sql.Literal(value) for value in enum.values)
            yield composed("CREATE TYPE {} AS ENUM ({})", sql.Identifier(enum.schema, enum.name), values)
    for domain in picture.all(Domain):
        yield composed("CREATE DOMAIN {} AS {}", sql.Identifier(domain.schema, domain.name), composed(domain.type))
    for collation in picture.all(Collation):  # a stand-in: the name is all that is printed
        yield composed(
            "CREATE COLLATION {} (provider = libc, locale = 'C')", sql.Identifier(collation.schema, collation.name)
        )
    for sequence in picture.all(Sequence):
        yield composed("CREATE SEQUENCE {}", sql.Identifier(sequence.schema, sequence.name))
    for configuration in picture.all(TextSearchConfiguration):
        made = "CREATE TEXT SEARCH CONFIGURATION {} (PARSER = pg_catalog.default)"
        yield composed(made, sql.Identifier(configuration.schema, configuration.name))
    for span in picture.all(Range):
        made = "CREATE TYPE {} AS RANGE (SUBTYPE = {})"
        yield composed(made, sql.Identifier(span.schema, span.name), composed(span.subtype))
    for aggregate in picture.all(Aggregate):
        yield composed(
            "CREATE AGGREGATE {}({}) (SFUNC = {}, STYPE = {})",
            sql.Identifier(aggregate.schema, aggregate.name.rpartition("(")[0]),
            composed(aggregate.arguments or "*"),
            composed(str(aggregate.state_function).rpartition("(")[0]),
            composed(aggregate.state_type),
        )
    for function in picture.all(Function):
        yield composed(
            "CREATE FUNCTION {}({}) RETURNS {} {} {} LANGUAGE plpgsql AS 'BEGIN END'",
            sql.Identifier(function.schema, function.name.rpartition("(")[0]),
            composed(function.arguments),
            composed(function.returns),
            composed("WINDOW" if function.window else ""),
            composed(function.volatility),  # an index takes none but an immutable one
        )


def with_columns(picture: Schema, relation: Relation) -> sql.Composed:
    """The composite type, or a table in the relation's place, with its columns and nothing else."""
    columns = sql.SQL(", ").join(map(_column, picture.on(relation, Column)))
    made = "CREATE TYPE {} AS ({})" if isinstance(relation, Composite) else "CREATE TABLE {} ({})"
    return composed(made, sql.Identifier(relation.schema, relation.name), columns)


def _column(column: Column) -> sql.Composed:
    collation = composed(f" COLLATE {column.collation}" if column.collation else "")
    return composed("{} {}{}", sql.Identifier(column.name), composed(column.type), collation)


def composed(text: str, *parts: sql.Composable) -> sql.Composed:
    """A statement; without parts, text that PostgreSQL itself has printed, taken as it stands."""
    template = sql.SQL(text)
    return template.format(*parts) if parts else sql.Composed([template])
