"""Relations that hold rows, or stand for rows held elsewhere, and composite types."""

from typing import ClassVar

from headworks.schema.base import Key, QualifiedName, Relation
from headworks.schema.quoting import regclass

__all__ = ["Composite", "ForeignTable", "Table"]


class Composite(Relation, frozen=True, kw_only=True):
    """A composite type. Its attributes are columns, in the picture as in `pg_attribute`."""

    kind: ClassVar[str] = "composite"

    @property
    def shown_by(self) -> str:
        return _columns(self)


class Heir(Relation, frozen=True, kw_only=True):
    """A relation that can inherit: `inherits` are its parents, in order.

    `bound` is what a partition has after PARTITION OF, the values of a list by name, and DETACH PENDING after a DETACH
    CONCURRENTLY that did not end; its one parent is in `inherits`.
    """

    inherits: tuple[QualifiedName, ...] = ()
    bound: str | None = None

    @property
    def containers(self) -> tuple[Key, ...]:
        return () if self.bound is None else self.parents

    @property
    def parents(self) -> tuple[Key, ...]:
        return tuple((self.name_space, schema, "", name) for schema, name in self.inherits)


class Table(Heir, frozen=True, kw_only=True):
    """A table, partitioned table or partition.

    `storage_parameters` are `name=value`, by name, those of the TOAST table as `toast.name=value`. `tablespace` is set
    when it is not the database's. `replica_identity`: `full`, `nothing` or `index NAME`, which may be that of a
    constraint (`index` alone: it was dropped, so there is none). `of_type` is the composite type of a typed table.
    `partition_key` is what follows PARTITION BY.
    """

    kind: ClassVar[str] = "table"

    persistence: str = "permanent"
    access_method: str | None = None
    tablespace: str | None = None
    storage_parameters: tuple[str, ...] = ()
    row_security: bool = False
    force_row_security: bool = False
    replica_identity: str | None = None
    of_type: QualifiedName | None = None
    partition_key: str | None = None

    @property
    def shown_by(self) -> str:
        more = (
            ", c.relpersistence, c.relrowsecurity, c.relforcerowsecurity, c.relreplident, c.reloptions,"
            " pg_get_partkeydef(c.oid) AS partition_key, pg_get_expr(c.relpartbound, c.oid) AS bound"
        )
        return _columns(self, more)


class ForeignTable(Heir, frozen=True, kw_only=True):
    """A foreign table, maybe a partition. `options` are those of its server's wrapper, `name=value`, by name."""

    kind: ClassVar[str] = "foreign table"

    server: str
    options: tuple[str, ...] = ()

    @property
    def shown_by(self) -> str:
        more = ", (SELECT f.ftoptions FROM pg_foreign_table AS f WHERE f.ftrelid = c.oid) AS options"
        return _columns(self, more)


def _columns(item: Relation, more: str = "") -> str:
    """One row for each column, at least one row; `more` is said again in each."""
    return (
        "SELECT a.attname, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull,"
        f" pg_get_expr(d.adbin, d.adrelid) AS default{more}"
        " FROM pg_class AS c"
        " LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
        " LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum"
        f" WHERE c.oid = {regclass(item.schema, item.name)} ORDER BY a.attnum"
    )
