"""Sequences."""

from typing import ClassVar

from headworks.schema.base import InSchema, Key
from headworks.schema.quoting import regclass

__all__ = ["Sequence"]


class Sequence(InSchema, frozen=True, kw_only=True):
    """A sequence that is more than a part of its column: those of identity and serial columns are `Column.sequence`.

    `owned_by` is the table (of the same schema) and the column that the sequence goes with.
    """

    kind: ClassVar[str] = "sequence"

    type: str
    start: int
    increment: int
    minimum: int
    maximum: int
    cycle: bool = False
    cache: int = 1
    persistence: str = "permanent"
    owned_by: tuple[str, str] | None = None

    @property
    def containers(self) -> tuple[Key, ...]:
        if self.owned_by is None:
            return ()
        table, column = self.owned_by
        return (("relation", self.schema, "", table), ("column", self.schema, table, column))

    @property
    def shown_by(self) -> str:
        return f"SELECT * FROM pg_sequence WHERE seqrelid = {regclass(self.schema, self.name)}"
