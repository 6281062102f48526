"""Extended statistics."""

from typing import ClassVar

from headworks.schema.base import InSchema, Key, QualifiedName, Relation
from headworks.schema.quoting import literal, regnamespace

__all__ = ["Statistics"]


class Statistics(InSchema, frozen=True, kw_only=True):
    """Extended statistics on `relation`, which may lie in another schema.

    `kinds`: of `ndistinct`, `dependencies` and `mcv`; none for statistics on one expression. `columns` are by name,
    `expressions` in order. `target` is the statistics target when it is not the one of the columns.
    """

    kind: ClassVar[str] = "statistics"

    relation: QualifiedName
    kinds: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    expressions: tuple[str, ...] = ()
    target: int | None = None

    @property
    def containers(self) -> tuple[Key, ...]:
        schema, name = self.relation
        return ((Relation.name_space, schema, "", name),)

    @property
    def shown_by(self) -> str:
        return (
            "SELECT pg_get_statisticsobjdef(oid) AS definition, stxstattarget FROM pg_statistic_ext"
            f" WHERE stxnamespace = {regnamespace(self.schema)} AND stxname = {literal(self.name)}"
        )
