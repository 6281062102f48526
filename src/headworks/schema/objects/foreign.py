"""Other people's data: foreign-data wrappers, servers, and who is whom there. Secrets are not kept: `***`."""

from typing import Annotated, ClassVar

from headworks.findings import ObjectRef
from headworks.schema.base import Guarded, Key, Object
from headworks.schema.objects.names import PrintedName
from headworks.schema.quoting import literal

__all__ = ["ForeignDataWrapper", "Server", "UserMapping"]


class ForeignDataWrapper(Object, frozen=True, kw_only=True):
    """A foreign-data wrapper. `options` are `name=value`, by name."""

    kind: ClassVar[str] = "foreign data wrapper"

    handler: PrintedName | None = None
    validator: PrintedName | None = None
    options: tuple[str, ...] = ()

    @property
    def shown_by(self) -> str:
        return f"SELECT * FROM pg_foreign_data_wrapper WHERE fdwname = {literal(self.name)}"


class Server(Object, frozen=True, kw_only=True):
    """A foreign server, to be reached by `wrapper`. `options` are `name=value`, by name."""

    kind: ClassVar[str] = "server"

    wrapper: str
    type: str | None = None
    version: str | None = None
    options: tuple[str, ...] = ()

    @property
    def containers(self) -> tuple[Key, ...]:
        return ((ForeignDataWrapper.kind, "", "", self.wrapper),)

    @property
    def shown_by(self) -> str:
        return f"SELECT * FROM pg_foreign_server WHERE srvname = {literal(self.name)}"


class UserMapping(Object, frozen=True, kw_only=True):
    """Whom a role (`name`, or `PUBLIC`) is on a server. `options` are `name=value`, by name; few may see them."""

    kind: ClassVar[str] = "user mapping"
    identified_by: ClassVar[tuple[str, ...]] = ("server", "name")
    commentable: ClassVar[bool] = False

    server: str
    options: Annotated[tuple[str, ...] | None, Guarded()] = ()

    @property
    def key(self) -> Key:
        return (self.kind, "", self.server, self.name)

    @property
    def ref(self) -> ObjectRef:
        return ObjectRef(kind=self.kind, name=f"{self.name} on {self.server}")

    @property
    def containers(self) -> tuple[Key, ...]:
        return ((Server.kind, "", "", self.server),)

    @property
    def shown_by(self) -> str:
        role = literal("public" if self.name == "PUBLIC" else self.name)
        return f"SELECT * FROM pg_user_mappings WHERE srvname = {literal(self.server)} AND usename = {role}"
