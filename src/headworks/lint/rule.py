"""What a rule is, what it looks at, and what it says."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import msgspec
from sqlalchemy import MetaData

from headworks.config import LintSettings
from headworks.findings import ObjectRef, Severity
from headworks.lint.planned import Builder, unbuilt
from headworks.lint.types import Shape, domains_of, shape_of
from headworks.schema import Column, Constraint, ForeignTable, QualifiedName, Relation, Schema, Table

__all__ = ["LintRule", "NewIndex", "Scene", "Violation"]


class NewIndex(msgspec.Struct, frozen=True, kw_only=True):
    """An index that is missing: `keys` are as PostgreSQL prints them, `columns` are their names where that is all.

    `planned` is one of these very keys; any index that begins with its columns stands for one that is not.
    """

    table: QualifiedName
    keys: tuple[str, ...]
    columns: tuple[str, ...] | None = None
    unique: bool = False
    method: str = "btree"
    where: str | None = None
    planned: bool = False


class Violation(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule has against one object. `hint` is the fix for this very object; `index` is one that is missing.

    `severity` is set where this one matters less than others of its rule, unless the config says how much those do.
    `config` is the key of `[tool.headworks.lint]`, and which one of its list, that is wrong where it is not the schema
    that is; `refusal` is what PostgreSQL says against it.
    """

    object: ObjectRef
    message: str
    hint: str
    attribute: str | None = None
    expected: Any = None
    actual: Any = None
    severity: Severity | None = None
    index: NewIndex | None = None
    config: tuple[str, int] | None = None
    refusal: str | None = None

    @property
    def table(self) -> QualifiedName | None:
        """The table that it is about."""
        ref = self.object
        name = ref.name if ref.kind in ("table", "foreign table") else ref.table
        return (ref.schema or "", name) if name else None


@dataclass(frozen=True)
class Scene:
    """What rules look at: the picture, the models it came from (where it came from models), the project's standards.

    `ask_reserved` asks PostgreSQL for the words that are no names without quotes; `build` has it build planned indexes
    in a scratch database of this schema, where there can be one.
    """

    picture: Schema
    settings: LintSettings
    metadata: tuple[MetaData, ...]
    ask_reserved: Callable[[], frozenset[str]]
    build: Builder = unbuilt

    @cached_property
    def reserved(self) -> frozenset[str]:
        """The words that are no names without quotes."""
        return self.ask_reserved()

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """The tables that say for themselves what they are: not partitions, which are as their parent is."""
        return tuple(one for one in self.picture.all(Table) if one.bound is None)

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns of these tables and of foreign tables, table by table; an inherited one is its parent's."""
        relations: tuple[Relation, ...] = (*self.tables, *self.picture.all(ForeignTable))
        return tuple(one for relation in relations for one in self.columns_of(relation) if not one.inherited_from)

    def shape(self, column: Column) -> Shape:
        """The type of a column beneath its array and its domain."""
        return shape_of(column.type, self._domains)

    @cached_property
    def _domains(self) -> dict[str, str]:
        return domains_of(self.picture)

    def columns_of(self, table: Relation) -> tuple[Column, ...]:
        """The columns of a table, in their order."""
        return self.picture.on(table, Column)

    def constraints(self, table: Relation, type_: str) -> tuple[Constraint, ...]:
        """The constraints of a table that are of this type (`primary key`)."""
        return tuple(one for one in self.picture.on(table, Constraint) if one.type == type_)


class LintRule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule. `severity` is what it has unless the config says otherwise; `None`: it is off until the config says so.

    `problem` and `fix` are its text in reports and in `docs/lint.md`, in general words. One that is `of_models` looks
    at the models and not at the picture, so that it can speak where PostgreSQL or SQLAlchemy refuse them.
    """

    name: str
    severity: Severity | None
    problem: str
    fix: str
    check: Callable[[Scene], Iterator[Violation]]
    of_models: bool = False

    @property
    def id(self) -> str:
        """What findings call it."""
        return f"lint.{self.name}"
