"""The parts of a table that Alembic's autogenerate compares and asks env.py's filters about: columns, indexes, keys."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from headworks.schema import Column, Constraint, Index, Object, Schema

__all__ = ["FOREIGN_KEY", "DeclaredPart", "Part", "declared_part", "type_of"]

FOREIGN_KEY = "foreign_key_constraint"
Part = Column | Constraint | Index
DeclaredPart = sa.Column[Any] | sa.Constraint | sa.Index
_CONSTRAINTS = {"unique": "unique_constraint", "foreign key": FOREIGN_KEY}


def type_of(item: Object | None, *pictures: Schema) -> str | None:
    """Alembic's word for what it would ask about; `None` for what it does not look at, such as a view's columns."""
    if not isinstance(item, Part) or not any(picture.table(item.schema, item.table) for picture in pictures):
        return None
    return _CONSTRAINTS.get(item.type) if isinstance(item, Constraint) else item.kind


def declared_part(table: sa.Table, item: Part, default_schema: str) -> DeclaredPart | None:
    """What of a declared table the catalog's object is; `None` for one that the models do not know."""
    if isinstance(item, Column):
        return next((one for one in table.columns if one.name == item.name), None)
    if isinstance(item, Index):
        return next((one for one in table.indexes if one.name == item.name), None)
    kind = sa.UniqueConstraint if item.type == "unique" else sa.ForeignKeyConstraint
    own = [one for one in table.constraints if isinstance(one, kind)]
    if named := next((one for one in own if one.name == item.name), None):
        return named
    wanted = _live_columns(item)  # in models they may have no name, and then Alembic goes by their columns
    return next((one for one in own if _columns(one, default_schema) == wanted), None)


def _live_columns(item: Constraint) -> set[Any]:
    if item.referenced_table is None:
        return set(item.columns)
    pairs = zip(item.columns, item.referenced_columns, strict=True)
    return {(near, (*item.referenced_table, far)) for near, far in pairs}


def _columns(constraint: sa.Constraint, default_schema: str) -> set[Any]:
    """The columns of a unique constraint; of a foreign key those that it joins."""
    if isinstance(constraint, sa.UniqueConstraint):
        return {str(one.name) for one in constraint.columns}
    assert isinstance(constraint, sa.ForeignKeyConstraint)
    try:
        return {
            (str(one.parent.name), (str(there.schema or default_schema), str(there.name), str(one.column.name)))
            for one in constraint.elements
            for there in [one.column.table]
        }
    except SQLAlchemyError:  # it refers to what the models do not have
        return set()
