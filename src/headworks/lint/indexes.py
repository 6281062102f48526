"""The indexes of a table in one form, those of its keys among them, and what each of them serves."""

import re
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from headworks.findings import ObjectRef
from headworks.schema import Constraint, Index, Relation, Schema
from headworks.schema.quoting import as_printed, identifier

__all__ = ["AnIndex", "column_of", "indexes_of", "leads_to", "normal", "plain_columns", "printed", "serves"]


class AnIndex(NamedTuple):
    """An index, or the index behind a primary key or a unique constraint (`constraint` is then its type).

    `keys` are as `normal` makes them.
    """

    ref: ObjectRef
    method: str
    keys: tuple[str, ...]
    include: tuple[str, ...]
    where: str | None
    unique: bool
    nulls_not_distinct: bool
    valid: bool
    constraint: str | None

    @property
    def name(self) -> str:
        """Its name."""
        return self.ref.name

    def __str__(self) -> str:
        return f"{self.constraint or 'index'} {self.name} ({', '.join(self.keys)})"


def indexes_of(picture: Schema, table: Relation) -> tuple[AnIndex, ...]:
    """All of them, those of constraints first. Exclusion constraints are left out: their keys are in their text."""
    keys = [one for one in picture.on(table, Constraint) if one.type in ("primary key", "unique") and not one.temporal]
    own = [
        AnIndex(one.ref, "btree", tuple(map(as_printed, one.columns)), one.include, None, True, one.nulls_not_distinct,
                True, one.type)
        for one in keys
    ]  # fmt: skip
    return (
        *own,
        *(
            AnIndex(one.ref, one.method, normal(one.keys), one.include, one.where, one.unique, one.nulls_not_distinct,
                    one.valid, None)
            for one in picture.on(table, Index)
        ),
    )  # fmt: skip


def normal(keys: Iterable[str]) -> tuple[str, ...]:
    """Keys as they are compared: without quotes around PostgreSQL's own words, as a constraint's columns are."""
    return tuple(re.sub(r'^"([a-z_][a-z0-9_$]*)"', r"\1", key) for key in keys)


def printed(names: Sequence[str]) -> tuple[str, ...]:
    """Columns as keys that PostgreSQL prints."""
    return tuple(map(as_printed, names))


def column_of(key: str, columns: Collection[str]) -> str | None:
    """The column that a key is of, whatever its order and operator class; `None` for an expression."""
    for name in columns:
        # PostgreSQL quotes its own words, too ("order"), and which those are is not known here.
        for said in (as_printed(name), identifier(name)):
            if key == said or key.startswith(f"{said} "):
                return name
    return None


def plain_columns(keys: Sequence[str], columns: Collection[str]) -> tuple[str, ...] | None:
    """The columns that the keys are; `None` where one is an expression, or has an order or an operator class."""
    found = [next((name for name in columns if key in (as_printed(name), identifier(name))), None) for key in keys]
    return None if None in found else tuple(str(one) for one in found)


def leads_to(index: AnIndex, columns: Sequence[str]) -> bool:
    """Whether `column = value` of all these columns is looked up by the index: they are its first keys, in any order.

    A partial index serves where all that it leaves out are rows in which a column is null, which equal no value.
    """
    return index.valid and serves(index.method, index.keys, index.where, columns)


def serves(method: str, keys: Sequence[str], where: str | None, columns: Sequence[str]) -> bool:
    """The same of an index that need not be there."""
    if method not in ("btree", "hash"):
        return False
    if where is not None and where not in {
        f"({said} IS NOT NULL)" for name in columns for said in (as_printed(name), identifier(name))
    }:
        return False
    first = [column_of(key, columns) for key in keys[: len(columns)]]
    return set(first) == set(columns)
