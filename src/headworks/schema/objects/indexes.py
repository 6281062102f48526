"""Indexes."""

from typing import ClassVar

from headworks.schema.objects.attachable import Attachable
from headworks.schema.quoting import regclass

__all__ = ["Index"]


class Index(Attachable, frozen=True, kw_only=True):
    """An index that no constraint stands for.

    `keys` are as PostgreSQL prints them, with collation, operator class and order where they are not the default.
    `valid` is false after a failed CREATE INDEX CONCURRENTLY, or on a partitioned table that lacks an attached part.
    `tablespace` is set when it is not the database's. `statistics` are targets of expressions, as `position=target`.
    `clustered` means that CLUSTER goes by it. `depends_on_extensions` are those of DEPENDS ON EXTENSION, with which it
    is dropped. Whether it is the replica identity, its table says.
    """

    kind: ClassVar[str] = "index"

    method: str
    keys: tuple[str, ...]
    include: tuple[str, ...] = ()
    where: str | None = None
    unique: bool = False
    nulls_not_distinct: bool = False
    valid: bool = True
    tablespace: str | None = None
    storage_parameters: tuple[str, ...] = ()
    statistics: tuple[str, ...] = ()
    clustered: bool = False
    depends_on_extensions: tuple[str, ...] = ()

    @property
    def shown_by(self) -> str:
        return (
            "SELECT pg_get_indexdef(indexrelid) AS definition, indisvalid, indisclustered FROM pg_index"
            f" WHERE indexrelid = {regclass(self.schema, self.name)}"
        )
