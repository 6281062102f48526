"""What a partition may share with its partitioned table."""

from typing import Annotated, ClassVar

from headworks.schema.base import FromParents, Key, OnTable, Relation

__all__ = ["Attachable"]


class Attachable(OnTable, frozen=True, kw_only=True):
    """What a partition has of its own, attached to the like (schema, table, name) of the partitioned table."""

    copied: ClassVar[bool] = False
    """Whether it comes with the attachment of the partition and goes with its detachment."""

    parent: Annotated[tuple[str, str, str] | None, FromParents()] = None

    @property
    def containers(self) -> tuple[Key, ...]:
        table = (Relation.name_space, self.schema, "", self.table)
        return (table,) if self.parent is None else (table, (self.kind, *self.parent))
