"""Relations: what has columns."""

from typing import ClassVar

from headworks.schema.base import Key, QualifiedName, Relation

__all__ = ["Composite", "MaterializedView", "Table", "View"]


class Composite(Relation, frozen=True, kw_only=True):
    """A composite type. Its attributes are columns, in the picture as in `pg_attribute`."""

    kind: ClassVar[str] = "composite"


class Table(Relation, frozen=True, kw_only=True):
    """A table, partitioned table or partition.

    `storage_parameters` are `name=value`, by name, those of the TOAST table as `toast.name=value`. `partition_key` is
    what follows PARTITION BY, `bound` what a partition has after PARTITION OF; its parent is the one of `inherits`.
    """

    kind: ClassVar[str] = "table"

    persistence: str = "permanent"
    access_method: str | None = None
    storage_parameters: tuple[str, ...] = ()
    row_security: bool = False
    force_row_security: bool = False
    inherits: tuple[QualifiedName, ...] = ()
    partition_key: str | None = None
    bound: str | None = None

    @property
    def containers(self) -> tuple[Key, ...]:
        if self.bound is None:
            return ()
        return tuple((self.name_space, schema, "", name) for schema, name in self.inherits)


class View(Relation, frozen=True, kw_only=True):
    """A view. `options` are `name=value`, by name (`check_option`, `security_barrier`, `security_invoker`)."""

    kind: ClassVar[str] = "view"

    definition: str
    options: tuple[str, ...] = ()


class MaterializedView(Relation, frozen=True, kw_only=True):
    """A materialized view; `populated` is false after WITH NO DATA."""

    kind: ClassVar[str] = "materialized view"

    definition: str
    access_method: str | None = None
    storage_parameters: tuple[str, ...] = ()
    populated: bool = True
