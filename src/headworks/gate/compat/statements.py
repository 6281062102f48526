"""What models say to the database: the SELECT of each table, and the INSERT and UPDATEs that an application would send.

It is SQLAlchemy's own text for the driver that the project uses: with its casts, its inline defaults and its RETURNING.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Dialect, make_url
from sqlalchemy.exc import SQLAlchemyError

__all__ = ["Insert", "TableStatements", "Update", "statements_of"]


class Insert(msgspec.Struct, frozen=True):
    """An INSERT of one row: `sql` has a placeholder for each of `columns`, named by its place: `%(headworks_0)s`."""

    sql: str
    columns: tuple[str, ...]


class Update(msgspec.Struct, frozen=True):
    """An UPDATE of one column (`columns[0]`) in one row: its placeholders are named as an INSERT's are.

    The others of `columns` are what SQLAlchemy sets along with it (`onupdate`), and the primary key.
    """

    sql: str
    columns: tuple[str, ...]


class TableStatements(msgspec.Struct, frozen=True):
    """What is said of one table. `schema` is `None` where the models leave it to the search path.

    `inserts`: what an application sends, and then with values for all columns, for a database whose defaults fail.
    `updates`: one for each column that is not of the primary key; none where there is no such key.
    `unsaid` is why SQLAlchemy could not write them: a type of theirs that needs a connection.
    """

    schema: str | None
    name: str
    columns: tuple[str, ...]
    select: str = ""
    inserts: tuple[Insert, ...] = ()
    updates: tuple[Update, ...] = ()
    unsaid: str = ""

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}" if self.schema else self.name


def statements_of(metadata: Iterable[sa.MetaData], driver: str) -> tuple[TableStatements, ...]:
    """The statements for all tables, for the SQLAlchemy driver of that name."""
    kind: Any = make_url(f"postgresql+{driver}://").get_dialect()
    dialect: Dialect = kind(paramstyle="pyformat")  # asyncpg's own is $1
    return tuple(
        _statements(table, dialect)
        for one in metadata
        for table in one.tables.values()
        if not table.info.get("is_view")  # as Alembic's cookbook marks them
    )


def _statements(table: sa.Table, dialect: Dialect) -> TableStatements:
    forms = dict.fromkeys((tuple(_sent(table)), tuple(_all(table))))
    # str(): SQLAlchemy's names are of a class of its own.
    schema = str(table.schema) if table.schema else None
    found = TableStatements(schema, str(table.name), tuple(str(column.name) for column in table.columns))
    try:
        select = str(sa.select(table).compile(dialect=dialect))
        inserts = tuple(_insert(table, columns, dialect) for columns in forms)
        updates = tuple(_updates(table, dialect))
    except SQLAlchemyError as error:
        return msgspec.structs.replace(found, unsaid=" ".join(str(error).split()))
    return msgspec.structs.replace(found, select=select, inserts=inserts, updates=updates)


def _insert(table: sa.Table, columns: tuple[sa.Column[object], ...], dialect: Dialect) -> Insert:
    # What the database fills in, the ORM asks for.
    returned = [column for column in table.columns if column not in columns]
    if not columns:
        named = dialect.identifier_preparer.format_table(table)
        return Insert(f"INSERT INTO {named} DEFAULT VALUES", ())
    values = {column: sa.bindparam(f"headworks_{place}", type_=column.type) for place, column in enumerate(columns)}
    statement = sa.insert(table).values(values)
    text = str((statement.returning(*returned) if returned else statement).compile(dialect=dialect))
    return Insert(text, tuple(str(column.name) for column in columns))


def _updates(table: sa.Table, dialect: Dialect) -> Iterator[Update]:
    key = list(table.primary_key.columns)
    if not key:
        return
    along = [column for column in _all(table) if column.onupdate is not None and not column.primary_key]
    for column in _all(table):
        if column.primary_key:
            continue
        columns = [column, *(one for one in along if one is not column), *key]
        named = {one: sa.bindparam(f"headworks_{place}", type_=one.type) for place, one in enumerate(columns)}
        values = {one: parameter for one, parameter in named.items() if not one.primary_key}
        statement = sa.update(table).where(*(one == named[one] for one in key)).values(values)
        yield Update(str(statement.compile(dialect=dialect)), tuple(str(one.name) for one in columns))


def _all(table: sa.Table) -> Iterator[sa.Column[object]]:
    for column in table.columns:
        if column.computed is None and not (column.identity is not None and column.identity.always):
            yield column


def _sent(table: sa.Table) -> Iterator[sa.Column[object]]:
    """The columns that an application gives a value: with a default in Python, or with none at all."""
    for column in _all(table):
        default = column.default
        if default is not None:
            if default.is_scalar or default.is_callable:
                yield column
        elif column.server_default is None and column is not table.autoincrement_column:
            yield column
