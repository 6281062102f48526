"""Whether a column's type is the declared one. PostgreSQL says what a type's text means, SQLAlchemy what Python has."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

import msgspec
import sqlalchemy
from sqlalchemy import Connection
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import CompileError
from sqlalchemy.types import NullType, TypeDecorator, TypeEngine

from headworks.drift.orm_live import named_types, reflected_types
from headworks.drift.orm_models import ColumnName
from headworks.schema import Column

__all__ = ["OtherType", "Types"]


class OtherType(msgspec.Struct, frozen=True):
    """Two types that are not the same: `attribute` is `python type` where Python tells them apart, else `type`."""

    attribute: str
    expected: str
    actual: str
    message: str


class Types:
    """The types of the columns that both sides have."""

    def __init__(
        self,
        connection: Connection,
        pairs: Mapping[ColumnName, tuple["sqlalchemy.Column[Any]", Column]],
    ) -> None:
        self.reflected = reflected_types(connection, {schema for schema, _, _ in pairs})
        self._dialect = connection.dialect
        self._declared = {name: _ddl(column.type, connection.dialect) for name, (column, _) in pairs.items()}
        texts = {text for text in self._declared.values() if text} | {column.type for _, column in pairs.values()}
        self._server = named_types(connection, sorted(texts))
        self._pairs = pairs

    def other(self, name: ColumnName) -> OtherType | None:
        """How the live type of a column differs from the declared one; `None` when it does not."""
        column, live = self._pairs[name]
        wanted, found = self._declared[name], live.type
        if wanted is None or self._same(wanted, found):
            return None
        expected, actual = (self._server[text].name if text in self._server else text for text in (wanted, found))
        types = _python_type(column.type, self._dialect), _python_type(self.reflected.get(name), self._dialect)
        if None in types or types[0] == types[1]:
            return OtherType("type", expected, actual, f"type is {actual}, expected {expected}")
        message = f"python type is {types[1]} ({actual}), expected {types[0]} ({expected})"
        return OtherType("python type", str(types[0]), str(types[1]), message)

    def unknown(self) -> list[str]:
        """PostgreSQL's names of the types of which SQLAlchemy knows nothing: they are compared by name alone."""
        texts = {live.type for name, (_, live) in self._pairs.items() if isinstance(self.reflected.get(name), NullType)}
        return sorted({self._server[text].name if text in self._server else text for text in texts})

    def undeclared(self) -> list[ColumnName]:
        """The columns whose models do not say a type that could be created."""
        return sorted(name for name, text in self._declared.items() if text is None)

    def _same(self, wanted: str, found: str) -> bool:
        one, other = self._server.get(wanted), self._server.get(found)
        if one is not None and other is not None:
            return one.oid == other.oid
        # Of a type in a schema that this role may not use there is only the name.
        return _bare(wanted) == _bare(found)


def _ddl(type_: TypeEngine[Any], dialect: Dialect) -> str | None:
    """The type as CREATE TABLE would have it, without a collation; `None` when SQLAlchemy could not write one."""
    try:
        text = type_.compile(dialect=dialect)
    except (CompileError, NotImplementedError):
        return None
    return text.partition(" COLLATE ")[0]


def _python_type(type_: TypeEngine[Any] | None, dialect: Dialect) -> str | None:
    """What values of the type are in Python, as far as the database can know; `None` when SQLAlchemy does not say."""
    if type_ is None:
        return None
    found = type_.dialect_impl(dialect)
    while isinstance(found, TypeDecorator):
        found = found.load_dialect_impl(dialect).dialect_impl(dialect)
    try:
        python = found.python_type
    except NotImplementedError:
        return None
    if python is object:
        return None
    return "str" if issubclass(python, Enum) else python.__name__


def _bare(text: str) -> str:
    return text.replace('"', "").rpartition(".")[2].partition("(")[0].strip().lower()
