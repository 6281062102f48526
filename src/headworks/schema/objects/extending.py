"""What makes the server do more: event triggers, languages, casts, transforms, access methods."""

from typing import ClassVar, Self

from headworks.schema.base import Key, Object, QualifiedName
from headworks.schema.objects.names import PrintedName
from headworks.schema.quoting import literal, split_last

__all__ = ["AccessMethod", "Cast", "EventTrigger", "Language", "Transform"]


class EventTrigger(Object, frozen=True, kw_only=True):
    """An event trigger. `enabled` as in `Trigger`; `tags` are the commands after WHEN TAG IN, by name."""

    kind: ClassVar[str] = "event trigger"

    event: str
    tags: tuple[str, ...] = ()
    function: QualifiedName
    enabled: str = "origin"

    @property
    def shown_by(self) -> str:
        return f"SELECT * FROM pg_event_trigger WHERE evtname = {literal(self.name)}"

    def as_of(self, major: int) -> Self | None:
        return None if major < 17 and self.event == "login" else self


class Language(Object, frozen=True, kw_only=True):
    """A procedural language that no extension brought."""

    kind: ClassVar[str] = "language"

    handler: PrintedName | None = None
    inline: PrintedName | None = None
    validator: PrintedName | None = None
    trusted: bool = False

    @property
    def shown_by(self) -> str:
        return f"SELECT * FROM pg_language WHERE lanname = {literal(self.name)}"


class Cast(Object, frozen=True, kw_only=True):
    """A cast; its name is `integer AS public.mood`.

    `method`: `function`, `inout` or `binary`. `context`: `explicit`, `assignment` or `implicit`.
    """

    kind: ClassVar[str] = "cast"

    name: PrintedName
    method: str = "function"
    function: PrintedName | None = None
    context: str = "explicit"

    @property
    def shown_by(self) -> str:
        source, target = split_last(" AS ", self.name)
        return (
            f"SELECT * FROM pg_cast WHERE castsource = {literal(source)}::regtype"
            f" AND casttarget = {literal(target)}::regtype"
        )


class Transform(Object, frozen=True, kw_only=True):
    """A transform; its name is `hstore LANGUAGE plperl`."""

    kind: ClassVar[str] = "transform"

    name: PrintedName
    from_sql: PrintedName | None = None
    to_sql: PrintedName | None = None

    @property
    def containers(self) -> tuple[Key, ...]:
        return ((Language.kind, "", "", self._type_and_language[1]),)

    @property
    def shown_by(self) -> str:
        source, language = self._type_and_language
        return (
            f"SELECT t.* FROM pg_transform AS t JOIN pg_language AS l ON l.oid = trflang"
            f" WHERE trftype = {literal(source)}::regtype AND lanname = {literal(language)}"
        )

    @property
    def _type_and_language(self) -> tuple[str, str]:
        source, language = split_last(" LANGUAGE ", self.name)
        return source, language[1:-1].replace('""', '"') if language.startswith('"') else language


class AccessMethod(Object, frozen=True, kw_only=True):
    """An access method; `type`: `table` or `index`."""

    kind: ClassVar[str] = "access method"

    type: str
    handler: PrintedName

    @property
    def shown_by(self) -> str:
        return f"SELECT * FROM pg_am WHERE amname = {literal(self.name)}"
