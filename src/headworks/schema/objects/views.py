"""Views and materialized views."""

from typing import ClassVar

from headworks.schema.base import Relation
from headworks.schema.quoting import regclass

__all__ = ["MaterializedView", "View"]


class View(Relation, frozen=True, kw_only=True):
    """A view. `options` are `name=value`, by name (`check_option`, `security_barrier`, `security_invoker`)."""

    kind: ClassVar[str] = "view"

    definition: str
    options: tuple[str, ...] = ()

    @property
    def shown_by(self) -> str:
        return (
            "SELECT pg_get_viewdef(oid) AS definition, reloptions FROM pg_class"
            f" WHERE oid = {regclass(self.schema, self.name)}"
        )


class MaterializedView(Relation, frozen=True, kw_only=True):
    """A materialized view; `populated` is false after WITH NO DATA.

    `tablespace`, `storage_parameters` and `replica_identity` are as those of a table; `depends_on_extensions` are those
    of DEPENDS ON EXTENSION, with which it is dropped.
    """

    kind: ClassVar[str] = "materialized view"

    definition: str
    access_method: str | None = None
    tablespace: str | None = None
    storage_parameters: tuple[str, ...] = ()
    replica_identity: str | None = None
    populated: bool = True
    depends_on_extensions: tuple[str, ...] = ()

    @property
    def shown_by(self) -> str:
        return (
            "SELECT pg_get_viewdef(oid) AS definition, relispopulated, relreplident, reloptions FROM pg_class"
            f" WHERE oid = {regclass(self.schema, self.name)}"
        )
