"""Kinds that lie directly in the database."""

from typing import ClassVar

from headworks.schema.base import Object

__all__ = ["Extension", "Namespace"]


class Namespace(Object, frozen=True, kw_only=True):
    """A schema, in the sense of `CREATE SCHEMA`."""

    kind: ClassVar[str] = "schema"


class Extension(Object, frozen=True, kw_only=True):
    """An extension. What belongs to it is not listed: the version says it.

    `version` is `None` when it is the one that this server installs by default, so that servers of two majors agree.
    """

    kind: ClassVar[str] = "extension"

    schema: str
    version: str | None = None
