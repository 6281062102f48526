"""Logical replication: publications, what they publish, and subscriptions."""

from typing import Annotated, ClassVar, Self

import msgspec

from headworks.schema.base import Guarded, InSchema, Key, Object, OnTable
from headworks.schema.objects.holders import key_of, same_database
from headworks.schema.quoting import literal, regclass, regnamespace

__all__ = ["Publication", "PublicationSchema", "PublicationTable", "Subscription"]


class Publication(Object, frozen=True, kw_only=True):
    """A publication. `publish`: of `delete`, `insert`, `truncate` and `update`. `generated_columns`: `none`, `stored`.

    Its tables and schemas are kinds of their own.
    """

    kind: ClassVar[str] = "publication"

    all_tables: bool = False
    publish: tuple[str, ...] = ()
    via_partition_root: bool = False
    generated_columns: str = "none"

    @property
    def shown_by(self) -> str:
        return f"SELECT * FROM pg_publication WHERE pubname = {literal(self.name)}"

    def as_of(self, major: int) -> Self | None:
        return self if major >= 18 else msgspec.structs.replace(self, generated_columns="none")


class PublicationTable(OnTable, frozen=True, kw_only=True):
    """A table in the publication `name`. `columns` are by name, and not set when all are published."""

    kind: ClassVar[str] = "publication table"
    commentable: ClassVar[bool] = False

    columns: tuple[str, ...] | None = None
    where: str | None = None

    @property
    def containers(self) -> tuple[Key, ...]:
        return (*super().containers, key_of(Publication.kind, "", self.name))

    @property
    def shown_by(self) -> str:
        return (
            "SELECT prattrs, pg_get_expr(prqual, prrelid) AS where FROM pg_publication_rel"
            f" WHERE prrelid = {regclass(self.schema, self.table)}"
            f" AND prpubid = (SELECT oid FROM pg_publication WHERE pubname = {literal(self.name)})"
        )


class PublicationSchema(InSchema, frozen=True, kw_only=True):
    """A schema of which the publication `name` has all tables."""

    kind: ClassVar[str] = "publication schema"
    commentable: ClassVar[bool] = False

    @property
    def containers(self) -> tuple[Key, ...]:
        return (key_of("schema", "", self.schema), key_of(Publication.kind, "", self.name))

    @property
    def shown_by(self) -> str:
        return (
            f"SELECT * FROM pg_publication_namespace WHERE pnnspid = {regnamespace(self.schema)}"
            f" AND pnpubid = (SELECT oid FROM pg_publication WHERE pubname = {literal(self.name)})"
        )


class Subscription(Object, frozen=True, kw_only=True):
    """A subscription. Of its connection string only `host`, `port`, `dbname` and `user` are kept, as `name=value`.

    `streaming`: `off`, `on` or `parallel`. `slot` is not set after `slot_name = NONE`. Few may see the connection.
    """

    kind: ClassVar[str] = "subscription"

    connection: Annotated[tuple[str, ...] | None, Guarded()] = ()
    publications: tuple[str, ...] = ()
    enabled: bool = True
    slot: str | None = None
    binary: bool = False
    streaming: str = "off"
    two_phase: bool = False
    disable_on_error: bool = False
    password_required: bool = True
    run_as_owner: bool = False
    origin: str = "any"
    failover: bool = False
    synchronous_commit: str = "off"

    @property
    def shown_by(self) -> str:
        # Not all of it: nobody but a superuser may read subconninfo, and a terminal is no place for a password.
        return (
            "SELECT subname, subenabled, subbinary, substream, subtwophasestate, subdisableonerr, subslotname,"
            " subsynccommit, subpublications FROM pg_subscription"
            f" WHERE subname = {literal(self.name)} AND subdbid = {same_database()}"
        )

    def as_of(self, major: int) -> Self | None:
        changed: dict[str, bool | str] = {}
        if major < 18 and self.streaming == "parallel":
            changed["streaming"] = "off"  # both are what a subscription has that says nothing of it, here and there
        if major < 17:
            changed["failover"] = False
        if major < 16:
            changed |= {"password_required": True, "run_as_owner": False, "origin": "any"}
        return msgspec.structs.replace(self, **changed) if changed else self
