"""What the seeder asks of a project's models: tables by name, unique keys, what a row must give, where keys lead."""

import difflib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import NoReferencedColumnError, NoReferencedTableError
from sqlalchemy_utils import get_referencing_foreign_keys

__all__ = ["Models", "columns_of", "is_generated", "is_required", "suggest", "target_of", "unique_keys"]


class Models:
    """Several `MetaData` objects, asked as one."""

    def __init__(self, metadatas: Sequence[sa.MetaData]) -> None:
        self.metadatas = tuple(metadatas)

    def tables(self) -> Iterator[sa.Table]:
        """Every table, by name."""
        seen: set[int] = set()
        for metadata in self.metadatas:
            for _, table in sorted(metadata.tables.items()):
                if id(table) not in seen:
                    seen.add(id(table))
                    yield table

    def find(self, name: str) -> sa.Table | None:
        """The table of this name: `table`, `schema.table`, or an unqualified name that only one schema has."""
        exact = [table for table in self.tables() if name in (table.key, table.fullname)]
        if exact:
            return exact[0]
        loose = [table for table in self.tables() if table.name == name]
        return loose[0] if len(loose) == 1 else None

    def referencing(self, table: sa.Table) -> tuple[sa.ForeignKeyConstraint, ...]:
        """The foreign keys that the models declare on `table`: its own, its MetaData's, and the other MetaData's.

        `get_referencing_foreign_keys` looks at the table's own MetaData and passes over the table itself.
        """
        found: dict[sa.ForeignKeyConstraint, None] = {}
        try:
            keys = sorted(get_referencing_foreign_keys(table), key=str)
        except (NoReferencedTableError, NoReferencedColumnError):  # some other key of the models leads nowhere
            keys = []
        for key in keys:
            found[key.constraint] = None
        for other in self.tables():
            for constraint in _foreign_keys(other):
                target = target_of(constraint)
                if target is not None and target.fullname == table.fullname:
                    found[constraint] = None
        return tuple(found)


def columns_of(table: sa.Table) -> "dict[str, sa.Column[Any]]":
    """The columns by their names in the database; `table.c` goes by the names that the models use."""
    return {column.name: column for column in table.columns}


def _foreign_keys(table: sa.Table) -> list[sa.ForeignKeyConstraint]:
    return sorted(table.foreign_key_constraints, key=lambda constraint: tuple(constraint.column_keys))


def target_of(constraint: sa.ForeignKeyConstraint) -> sa.Table | None:
    """The table that a foreign key leads to, `None` when the models do not have it."""
    try:
        return constraint.referred_table
    except (NoReferencedTableError, NoReferencedColumnError):
        return None


def unique_keys(table: sa.Table) -> tuple[tuple[str, ...], ...]:
    """The sets of columns that `ON CONFLICT` can name: primary key, unique constraints, plain unique indexes.

    A deferrable constraint, a partial index and an index on expressions cannot be named there
    (https://www.postgresql.org/docs/current/sql-insert.html#SQL-ON-CONFLICT).
    """
    found: dict[tuple[str, ...], None] = {}
    if len(table.primary_key.columns) and not table.primary_key.deferrable:
        found[tuple(column.name for column in table.primary_key.columns)] = None
    unique = [
        tuple(column.name for column in constraint.columns)
        for constraint in table.constraints
        if isinstance(constraint, sa.UniqueConstraint) and not constraint.deferrable
    ]
    for index in table.indexes:
        columns = [expression.name for expression in index.expressions if isinstance(expression, sa.Column)]
        whole = len(columns) == len(index.expressions)
        if index.unique and whole and index.dialect_options["postgresql"].get("where") is None:
            unique.append(tuple(columns))
    found.update(dict.fromkeys(sorted(unique)))
    return tuple(found)


def is_generated(column: "sa.Column[Any]") -> bool:
    """Whether PostgreSQL refuses a value for it: a generated column, or `GENERATED ALWAYS AS IDENTITY`."""
    return column.computed is not None or (column.identity is not None and bool(column.identity.always))


def is_required(column: "sa.Column[Any]") -> bool:
    """Whether a new row has to give it: not null, and nothing that the *server* would fill in.

    `default=` of a model runs in SQLAlchemy's own inserts alone, so it does not count.
    """
    if column.nullable or column.server_default is not None or column.computed is not None:
        return False
    return column.identity is None and column is not column.table.autoincrement_column


def suggest(word: str, known: Iterable[str], what: str) -> str:
    """A hint for a name that is not known."""
    names = sorted(known)
    close = difflib.get_close_matches(word, names, n=1)
    if close:
        return f"did you mean {close[0]!r}?"
    return f"{what}: {', '.join(names[:20])}" if names else ""
