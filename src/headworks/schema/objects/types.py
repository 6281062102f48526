"""Types that users make. Array types and the row types of tables come with what they belong to and are not listed."""

from typing import ClassVar

from headworks.schema.base import InSchema

__all__ = ["Domain", "Enum"]


class Enum(InSchema, frozen=True, kw_only=True):
    """An enum type; `values` in their order."""

    kind: ClassVar[str] = "enum"

    values: tuple[str, ...] = ()


class Domain(InSchema, frozen=True, kw_only=True):
    """A domain.

    `constraints` are the checks by name, each as `name CHECK (...)`. `collation` is set when it is not the type's.
    """

    kind: ClassVar[str] = "domain"

    type: str
    nullable: bool = True
    default: str | None = None
    collation: str | None = None
    constraints: tuple[str, ...] = ()
