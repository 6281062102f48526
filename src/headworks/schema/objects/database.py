"""The database itself, and kinds that lie directly in it."""

from typing import ClassVar

from headworks.findings import ObjectRef
from headworks.schema.base import Key, Object
from headworks.schema.objects.holders import same_database
from headworks.schema.quoting import literal

__all__ = ["Database", "Extension", "Namespace", "Setting"]


class Namespace(Object, frozen=True, kw_only=True):
    """A schema, in the sense of `CREATE SCHEMA`."""

    kind: ClassVar[str] = "schema"

    @property
    def shown_by(self) -> str:
        return (
            "SELECT nspname, pg_get_userbyid(nspowner) AS owner, nspacl AS privileges,"
            " obj_description(oid, 'pg_namespace') AS comment"
            f" FROM pg_namespace WHERE nspname = {literal(self.name)}"
        )


class Extension(Object, frozen=True, kw_only=True):
    """An extension. What belongs to it is not listed: the version says it.

    `version` is `None` when it is the one that this server installs by default, so that servers of two majors agree.
    """

    kind: ClassVar[str] = "extension"

    schema: str
    version: str | None = None

    @property
    def shown_by(self) -> str:
        return (
            "SELECT extname, extnamespace::regnamespace AS schema, extversion AS version,"
            " (SELECT default_version FROM pg_available_extensions WHERE name = extname) AS default_version"
            f" FROM pg_extension WHERE extname = {literal(self.name)}"
        )


class Database(Object, frozen=True, kw_only=True):
    """What is said of the whole database, without its name: `name` is empty. Listed when there is something to say."""

    kind: ClassVar[str] = "database"
    implied: ClassVar[bool] = True

    connection_limit: int | None = None

    @property
    def ref(self) -> ObjectRef:
        return ObjectRef(kind=self.kind, name="current")

    @property
    def shown_by(self) -> str:
        return (
            "SELECT datname, datconnlimit, shobj_description(oid, 'pg_database') AS comment"
            " FROM pg_database WHERE datname = current_database()"
        )


class Setting(Object, frozen=True, kw_only=True):
    """A parameter that ALTER DATABASE .. SET, or ALTER ROLE .. IN DATABASE .. SET, gives to sessions.

    `role` is empty for everybody's. The value of a name that sounds like a secret's is not kept.
    """

    kind: ClassVar[str] = "setting"
    identified_by: ClassVar[tuple[str, ...]] = ("role", "name")
    commentable: ClassVar[bool] = False

    role: str
    value: str

    @property
    def key(self) -> Key:
        return (self.kind, "", self.role, self.name)

    @property
    def ref(self) -> ObjectRef:
        return ObjectRef(kind=self.kind, name=f"{self.name} of role {self.role}" if self.role else self.name)

    @property
    def shown_by(self) -> str:
        role = f"(SELECT oid FROM pg_roles WHERE rolname = {literal(self.role)})" if self.role else "0"
        return (
            "SELECT setting FROM pg_db_role_setting, unnest(setconfig) AS setting"
            f" WHERE setdatabase = {same_database()} AND setrole = {role}"
            f" AND starts_with(setting, {literal(self.name + '=')})"
        )
