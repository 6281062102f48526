"""Security labels."""

from typing import ClassVar

from headworks.findings import ObjectRef
from headworks.schema.base import Key, Object
from headworks.schema.objects.holders import RELATIONS, holder_of, key_of
from headworks.schema.quoting import literal, regclass

__all__ = ["SecurityLabel"]


class SecurityLabel(Object, frozen=True, kw_only=True):
    """What the label provider `name` is told of `object`, of the kind `of`, or of a `column` of it.

    The database has no name here.
    """

    kind: ClassVar[str] = "security label"
    identified_by: ClassVar[tuple[str, ...]] = ("of", "schema", "object", "column", "name")
    commentable: ClassVar[bool] = False

    of: str
    schema: str
    object: str
    column: str = ""
    label: str

    @property
    def key(self) -> Key:
        if self.column:
            return (f"security label of {self.name} on column", self.schema, self.object, self.column)
        return (f"security label on {self.of}", self.schema, self.object, self.name)

    @property
    def ref(self) -> ObjectRef:
        if self.of in RELATIONS or self.column:
            name = f"{self.name} on column {self.column}" if self.column else self.name
            return ObjectRef(kind=self.kind, schema=self.schema, table=self.object, name=name)
        name = f"{self.name} on {self.of} {self.object}".rstrip()
        return ObjectRef(kind=self.kind, schema=self.schema or None, name=name)

    @property
    def containers(self) -> tuple[Key, ...]:
        column: tuple[Key, ...] = (("column", self.schema, self.object, self.column),) if self.column else ()
        return (key_of(self.of, self.schema, self.object), *column)

    @property
    def shown_by(self) -> str:
        shared = self.of in ("database", "subscription")
        place = holder_of(self.of, self.schema, self.object)
        catalog, where, column = place.catalog, place.where, ""
        if self.column:
            catalog, where = "pg_class", f"oid = {regclass(self.schema, self.object)}"
            column = (
                " AND objsubid = (SELECT attnum FROM pg_attribute"
                f" WHERE attrelid = objoid AND attname = {literal(self.column)})"
            )
        return (
            f"SELECT * FROM {'pg_shseclabel' if shared else 'pg_seclabel'} WHERE provider = {literal(self.name)}"
            f" AND classoid = '{catalog}'::regclass AND objoid = (SELECT oid FROM {catalog} WHERE {where}){column}"
        )
