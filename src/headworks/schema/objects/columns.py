"""Columns."""

from typing import Annotated, ClassVar, Self

import msgspec

from headworks.schema.base import FromParents, Key, OnTable, QualifiedName
from headworks.schema.quoting import literal, regclass

__all__ = ["Column"]


class Column(OnTable, frozen=True, kw_only=True):
    """A column of a table or view, or an attribute of a composite type. `type` carries its modifiers (`numeric(10,2)`).

    `not_null` says what is unusual of the NOT NULL constraint that PostgreSQL 18 and later keep: `comment=...`,
    `name=...` (not the one that PostgreSQL makes up for this column, nor the one of the parent that it is inherited
    from), `no inherit`, `not valid`. `collation` and `storage` are set when they are not the type's. `generated` is the
    expression and STORED or VIRTUAL. `identity` is `always` or `by default`; for a partition its parent says it.
    `sequence` says what is unusual of an identity or serial column's sequence, as `option=value`. `statistics` is the
    statistics target; `options` (`n_distinct`) and a foreign table's `fdw_options` are `name=value`, by name.
    `inherited_from` names the parents of a column that has no definition of its own.
    """

    kind: ClassVar[str] = "column"

    type: str
    nullable: bool = True
    not_null: Annotated[tuple[str, ...], FromParents("name=")] = ()
    default: str | None = None
    generated: str | None = None
    identity: str | None = None
    sequence: tuple[str, ...] = ()
    collation: str | None = None
    storage: str | None = None
    compression: str | None = None
    statistics: int | None = None
    options: tuple[str, ...] = ()
    fdw_options: tuple[str, ...] = ()
    inherited_from: Annotated[tuple[QualifiedName, ...], FromParents()] = ()

    @property
    def containers(self) -> tuple[Key, ...]:
        inherited = ((self.kind, schema, table, self.name) for schema, table in self.inherited_from)
        return (*super().containers, *inherited)

    @property
    def shown_by(self) -> str:
        return (
            "SELECT format_type(a.atttypid, a.atttypmod) AS type, pg_get_expr(d.adbin, d.adrelid) AS default, a.*"
            " FROM pg_attribute AS a LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum"
            f" WHERE a.attrelid = {regclass(self.schema, self.table)} AND a.attname = {literal(self.name)}"
        )

    def as_of(self, major: int) -> Self:
        return msgspec.structs.replace(self, not_null=()) if major < 18 and self.not_null else self
