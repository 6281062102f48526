"""Constraints."""

from typing import ClassVar

from headworks.schema.base import QualifiedName
from headworks.schema.objects.attachable import Attachable
from headworks.schema.quoting import literal, regclass

__all__ = ["Constraint"]


class Constraint(Attachable, frozen=True, kw_only=True):
    """A constraint. `type`: `primary key`, `unique`, `foreign key`, `check` or `exclusion`.

    `columns` are those of keys and foreign keys, in order; a check has its `expression` and an exclusion constraint its
    `exclusion`, the text after EXCLUDE. `temporal` means WITHOUT OVERLAPS, or PERIOD. From `include` to
    `depends_on_extensions` all is of the index that backs the constraint (see `Index`), and so is `index_comment`.
    `triggers` are those internal ones that enforce the constraint and are not enabled as usual: `disabled on s.t`.
    NOT NULL is not listed: it is the column's, on every major.
    """

    kind: ClassVar[str] = "constraint"

    type: str
    columns: tuple[str, ...] = ()
    expression: str | None = None
    exclusion: str | None = None
    referenced_table: QualifiedName | None = None
    referenced_columns: tuple[str, ...] = ()
    match: str = "simple"
    on_update: str = "no action"
    on_delete: str = "no action"
    on_delete_columns: tuple[str, ...] = ()
    deferrable: bool = False
    initially_deferred: bool = False
    validated: bool = True
    enforced: bool = True
    no_inherit: bool = False
    temporal: bool = False
    triggers: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    nulls_not_distinct: bool = False
    tablespace: str | None = None
    storage_parameters: tuple[str, ...] = ()
    statistics: tuple[str, ...] = ()
    clustered: bool = False
    depends_on_extensions: tuple[str, ...] = ()
    index_comment: str | None = None

    @property
    def shown_by(self) -> str:
        return (
            "SELECT pg_get_constraintdef(oid) AS definition, convalidated, conindid::regclass FROM pg_constraint"
            f" WHERE conrelid = {regclass(self.schema, self.table)} AND conname = {literal(self.name)}"
        )
