"""What lives on a relation."""

from typing import ClassVar

from headworks.schema.base import Key, OnTable, QualifiedName

__all__ = ["Column", "Constraint", "Index", "Trigger"]


class Column(OnTable, frozen=True, kw_only=True):
    """A column of a table or view, or an attribute of a composite type. `type` carries its modifiers (`numeric(10,2)`).

    `collation` only when it is not the type's. `generated` is the expression and STORED or VIRTUAL. `identity` is
    `always` or `by default`. `sequence` says what is unusual of an identity or serial column's sequence, as
    `option=value`. `inherited_from` names the parents of a column that has no definition of its own.
    """

    kind: ClassVar[str] = "column"

    type: str
    nullable: bool = True
    default: str | None = None
    generated: str | None = None
    identity: str | None = None
    sequence: tuple[str, ...] = ()
    collation: str | None = None
    inherited_from: tuple[QualifiedName, ...] = ()

    @property
    def containers(self) -> tuple[Key, ...]:
        inherited = ((self.kind, schema, table, self.name) for schema, table in self.inherited_from)
        return (("relation", self.schema, "", self.table), *inherited)


class Constraint(OnTable, frozen=True, kw_only=True):
    """A constraint. `type`: `primary key`, `unique`, `foreign key`, `check` or `exclusion`.

    `columns` are those of keys and foreign keys, in order; a check has its `expression` and an exclusion constraint its
    `exclusion`, the text after EXCLUDE. `include`, `nulls_not_distinct` and `storage_parameters` are of the index that
    backs the constraint. `temporal` means WITHOUT OVERLAPS, or PERIOD. `parent` is the constraint (schema, table, name)
    that a partition's own is attached to. NOT NULL is not listed: it is the column's, on every major.
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
    include: tuple[str, ...] = ()
    nulls_not_distinct: bool = False
    storage_parameters: tuple[str, ...] = ()
    parent: tuple[str, str, str] | None = None

    @property
    def containers(self) -> tuple[Key, ...]:
        return _attached(self, self.parent)


class Index(OnTable, frozen=True, kw_only=True):
    """An index that no constraint stands for.

    `keys` are as PostgreSQL prints them, with collation, operator class and order where they are not the default.
    `valid` is false after a failed CREATE INDEX CONCURRENTLY, or on a partitioned table that lacks an attached part.
    `parent` is the index (schema, table, name) that a partition's own is attached to.
    """

    kind: ClassVar[str] = "index"

    method: str
    keys: tuple[str, ...]
    include: tuple[str, ...] = ()
    where: str | None = None
    unique: bool = False
    nulls_not_distinct: bool = False
    valid: bool = True
    storage_parameters: tuple[str, ...] = ()
    parent: tuple[str, str, str] | None = None

    @property
    def containers(self) -> tuple[Key, ...]:
        return _attached(self, self.parent)


class Trigger(OnTable, frozen=True, kw_only=True):
    """A trigger. `enabled`: `origin` (the default), `always`, `replica` or `disabled`.

    `arguments` are literals, `columns` those after UPDATE OF, `when` the condition. A constraint trigger has
    `constraint` set, and may name a `referenced_table`.
    """

    kind: ClassVar[str] = "trigger"

    timing: str
    events: tuple[str, ...]
    columns: tuple[str, ...] = ()
    for_each: str = "row"
    when: str | None = None
    function: QualifiedName
    arguments: tuple[str, ...] = ()
    old_table: str | None = None
    new_table: str | None = None
    enabled: str = "origin"
    constraint: bool = False
    referenced_table: QualifiedName | None = None
    deferrable: bool = False
    initially_deferred: bool = False


def _attached(part: Index | Constraint, parent: tuple[str, str, str] | None) -> tuple[Key, ...]:
    table = ("relation", part.schema, "", part.table)
    return (table,) if parent is None else (table, (part.kind, *parent))
