"""Parts of a table as SQLAlchemy would reflect them, made from a picture: what a filter of env.py expects to be given.

The database itself is often gone by then (a scratch one), and asking it again would cost more than the comparison.
"""

import re
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeEngine

from headworks.schema import Column, Constraint, Enum, Index, QualifiedName, Schema

__all__ = ["Reflected"]

_KNOWN: dict[str, Any] = postgresql.dialect().ischema_names  # type: ignore[no-untyped-call]
_TYPE = re.compile(r"(?P<name>[^(\[]+?)\s*(?:\((?P<words>[^)]*)\))?(?P<more>[^(\[]*)(?P<array>(?:\[\])*)")


class Reflected:
    """The tables of one picture; each is made when something on it is asked for."""

    def __init__(self, picture: Schema, default_schema: str) -> None:
        self._picture = picture
        self._default = default_schema
        self._metadata = sa.MetaData()
        self._tables: dict[QualifiedName, sa.Table] = {}

    def part(self, item: Column | Constraint | Index) -> "sa.Column[Any] | sa.Constraint | sa.Index":
        """What SQLAlchemy knows a column, an index, a unique constraint or a foreign key as, on its table."""
        table = self.table(item.schema, item.table)
        if isinstance(item, Column):
            return self._column(table, item.name, item)
        if isinstance(item, Index):
            keys = [table.c[key] if key in table.c else sa.text(key) for key in map(_unquoted, item.keys)]
            # An index on expressions alone would have no table: Alembic gives it one in this way, too.
            return sa.Index(item.name, *keys, unique=item.unique, _table=table)
        columns = [self._column(table, name) for name in item.columns]
        if item.referenced_table is None:
            made: sa.Constraint = sa.UniqueConstraint(*columns, name=item.name)
        else:
            other = self.table(*item.referenced_table)
            made = sa.ForeignKeyConstraint(
                columns,
                [self._column(other, name) for name in item.referenced_columns],
                name=item.name,
                onupdate=_said(item.on_update),
                ondelete=_said(item.on_delete),
                deferrable=item.deferrable or None,
                initially="DEFERRED" if item.initially_deferred else None,
            )
        table.append_constraint(made)
        return made

    def table(self, schema: str, name: str) -> sa.Table:
        """The table with its columns and its primary key; with none where the picture has no such table."""
        if (schema, name) not in self._tables:
            relation = self._picture.relation(schema, name)
            found = self._picture.on(relation, Column) if relation is not None else ()
            keys = self._picture.on(relation, Constraint) if relation is not None else ()
            primary = {column for one in keys if one.type == "primary key" for column in one.columns}
            columns = [self._made(one, primary=one.name in primary) for one in found]
            place = None if schema == self._default else schema
            self._tables[schema, name] = sa.Table(name, self._metadata, *columns, schema=place)
        return self._tables[schema, name]

    def _column(self, table: sa.Table, name: str, known: Column | None = None) -> "sa.Column[Any]":
        """The column; also one that the picture has not: under another name, or left out of an outline."""
        if name not in table.c:
            table.append_column(sa.Column(name) if known is None else self._made(known))
        return table.c[name]

    def _made(self, column: Column, *, primary: bool = False) -> "sa.Column[Any]":
        return sa.Column(
            column.name,
            self._type(column),
            primary_key=primary,
            nullable=column.nullable,
            server_default=None if column.default is None else sa.text(column.default),
            autoincrement=False,
        )

    def _type(self, column: Column) -> TypeEngine[Any]:
        text = _TYPE.fullmatch(column.type)
        if text is None:
            return sa.types.NULLTYPE
        name = f"{text['name']}{text['more']}"
        if (kind := _KNOWN.get(name)) is not None:
            made = _made(kind, [word.strip() for word in (text["words"] or "").split(",") if word.strip()], name)
        elif (enum := self._enum(name)) is not None:
            place = None if enum.schema == self._default else enum.schema
            made = postgresql.ENUM(*enum.values, name=enum.name, schema=place)
        else:
            made = sa.types.NULLTYPE
        return postgresql.ARRAY(made) if text["array"] else made

    def _enum(self, name: str) -> Enum | None:
        parts = [part.strip('"') for part in name.split(".")]
        return next((one for one in self._picture.all(Enum) if [one.schema, one.name] == parts), None)


def _made(kind: Any, words: list[str], name: str) -> TypeEngine[Any]:
    options = {"timezone": True} if name.endswith("with time zone") else {}
    try:
        return kind(*(int(word) if word.isdigit() else word for word in words), **options)  # type: ignore[no-any-return]
    except TypeError:  # a precision that is no first argument
        return kind(**options)  # type: ignore[no-any-return]


def _unquoted(key: str) -> str:
    """The column that a key of an index is, as PostgreSQL prints it; an expression stays what it is."""
    column = key.removesuffix(" DESC")
    return column[1:-1].replace('""', '"') if re.fullmatch(r'"(?:[^"]|"")+"', column) else column


def _said(action: str) -> str | None:
    return None if action == "no action" else action.upper()
