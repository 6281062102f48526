"""Who may do what: owners, privileges, and the privileges that objects get at their creation."""

from typing import ClassVar, Self

import msgspec

from headworks.findings import ObjectRef
from headworks.schema.base import Key, Object, Relation
from headworks.schema.objects.holders import RELATIONS, holder_of, key_of
from headworks.schema.quoting import literal, regnamespace

__all__ = ["DefaultPrivilege", "Owner", "Privilege"]

OWNER = "OWNER"
"""Whoever owns the object, as grantee; whoever owns the database, as the role of default privileges."""


class Owner(Object, frozen=True, kw_only=True):
    """The role that owns an object of the kind `of`: not set when it is the owner of the database.

    So a dump that is restored for somebody else has the same owners. Nobody gives an owner to indexes, to row types or
    to the sequences of identity and serial columns: theirs is the owner of what they belong to.
    """

    kind: ClassVar[str] = "owner"
    identified_by: ClassVar[tuple[str, ...]] = ("of", "schema", "name")
    implied: ClassVar[bool] = True
    commentable: ClassVar[bool] = False

    of: str
    schema: str
    role: str | None = None

    @property
    def key(self) -> Key:
        return (f"owner of {self.of}", self.schema, "", self.name)

    @property
    def ref(self) -> ObjectRef:
        name = self.name if self.of in RELATIONS else f"{self.of} {self.name}"
        return ObjectRef(kind=self.kind, schema=self.schema or None, name=name)

    @property
    def containers(self) -> tuple[Key, ...]:
        return (key_of(self.of, self.schema, self.name),)

    @property
    def shown_by(self) -> str:
        place = holder_of(self.of, self.schema, self.name)
        return f"SELECT pg_get_userbyid({place.owner}) AS owner FROM {place.catalog} WHERE {place.where}"


class _Granted(Object, frozen=True, kw_only=True):
    """What privileges share: `name` is the grantee.

    `grants` are PostgreSQL's words, by name, with the column for which one was granted, WITH GRANT OPTION, and the role
    that granted where that is not the owner: `SELECT (email) GRANTED BY clerk`. `initial` are those that the grantee
    has when nobody says anything, which is what a picture without the record means.
    """

    implied: ClassVar[bool] = True
    commentable: ClassVar[bool] = False

    of: str
    schema: str
    initial: tuple[str, ...] = ()
    grants: tuple[str, ...] = ()

    @property
    def when_absent(self) -> Self:
        return msgspec.structs.replace(self, grants=self.initial)

    def as_of(self, major: int) -> Self | None:
        if major >= 17:
            return self
        initial, grants = _without_maintain(self.initial), _without_maintain(self.grants)
        return msgspec.structs.replace(self, initial=initial, grants=grants) if grants != initial else None


class Privilege(_Granted, frozen=True, kw_only=True):
    """What a role may do with `object`, of the kind `of`: listed when it is not what it may without a GRANT or REVOKE.

    `name` is the role, `PUBLIC`, or `OWNER` for the object's owner. Of what `initdb` or an extension made, the grants
    that came with it are the initial ones. The database has no name here. `owned_by` (table, column) and `extension`
    say with what a sequence or an extension's object goes.
    """

    kind: ClassVar[str] = "privilege"
    identified_by: ClassVar[tuple[str, ...]] = ("of", "schema", "object", "name", "owned_by", "extension", "initial")

    object: str
    owned_by: tuple[str, str] | None = None
    extension: str | None = None

    @property
    def key(self) -> Key:
        return (f"privilege on {self.of}", self.schema, self.object, self.name)

    @property
    def ref(self) -> ObjectRef:
        if self.of in RELATIONS:
            return ObjectRef(kind=self.kind, schema=self.schema, table=self.object, name=self.name)
        name = f"{self.name} on {self.of} {self.object}".rstrip()
        return ObjectRef(kind=self.kind, schema=self.schema or None, name=name)

    @property
    def containers(self) -> tuple[Key, ...]:
        found = [key_of(self.of, self.schema, self.object)]
        if self.owned_by is not None:
            table, column = self.owned_by
            found += [(Relation.name_space, self.schema, "", table), ("column", self.schema, table, column)]
        if self.extension is not None:
            found += [("extension", "", "", self.extension)]
        return tuple(found)

    @property
    def shown_by(self) -> str:
        place = holder_of(self.of, self.schema, self.object)
        columns = (
            ", ARRAY(SELECT attname || ': ' || attacl::text FROM pg_attribute WHERE attrelid = c.oid"
            " AND attacl IS NOT NULL ORDER BY attnum) AS of_columns"
            if place.catalog == "pg_class"
            else ""
        )
        return (
            f"SELECT pg_get_userbyid({place.owner}) AS owner, {place.acl} AS privileges{columns}"
            f" FROM {place.catalog} AS c WHERE {place.where}"
        )


class DefaultPrivilege(_Granted, frozen=True, kw_only=True):
    """What ALTER DEFAULT PRIVILEGES says of the objects that `role` will make in `schema` (empty: in any).

    `of` are the objects (`tables`, `functions`); `role` is `OWNER` when it owns the database, which is whom a migration
    without FOR ROLE means. `name` is the grantee, `OWNER` being the role itself. In a schema they come on top of what
    the role gives in any; else they stand instead of PostgreSQL's own.
    """

    kind: ClassVar[str] = "default privilege"
    identified_by: ClassVar[tuple[str, ...]] = ("of", "role", "schema", "name", "initial")

    role: str

    @property
    def key(self) -> Key:
        return (f"default privilege on {self.of}", self.schema, self.role, self.name)

    @property
    def ref(self) -> ObjectRef:
        name = f"{self.name} on {self.of} made by {self.role}"
        return ObjectRef(kind=self.kind, schema=self.schema or None, name=name)

    @property
    def containers(self) -> tuple[Key, ...]:
        return (key_of("schema", "", self.schema),) if self.schema else ()

    @property
    def shown_by(self) -> str:
        role = f"(SELECT oid FROM pg_roles WHERE rolname = {literal(self.role)})"
        if self.role == OWNER:
            role = "(SELECT datdba FROM pg_database WHERE datname = current_database())"
        return (
            "SELECT pg_get_userbyid(defaclrole) AS role, defaclacl AS privileges FROM pg_default_acl"
            f" WHERE defaclrole = {role} AND defaclobjtype = {literal(_LETTERS[self.of])}"
            f" AND defaclnamespace = {regnamespace(self.schema) if self.schema else 0}"
        )

    def as_of(self, major: int) -> Self | None:
        return super().as_of(major) if major >= 18 or self.of != "large objects" else None


_LETTERS = {"tables": "r", "sequences": "S", "functions": "f", "types": "T", "schemas": "n", "large objects": "L"}


def _without_maintain(grants: tuple[str, ...]) -> tuple[str, ...]:
    """The words of PostgreSQL 16: MAINTAIN is younger."""
    return tuple(one for one in grants if not one.startswith("MAINTAIN"))
