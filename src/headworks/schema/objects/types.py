"""Types that users make. Array types and the row types of tables come with what they belong to and are not listed."""

from typing import ClassVar, Self

import msgspec

from headworks.findings import ObjectRef
from headworks.schema.base import InSchema, Key, QualifiedName
from headworks.schema.objects.names import PrintedName
from headworks.schema.quoting import literal, regnamespace, regtype

__all__ = ["BaseType", "Domain", "DomainConstraint", "Enum", "Range"]


class Enum(InSchema, frozen=True, kw_only=True):
    """An enum type; `values` in their order."""

    kind: ClassVar[str] = "enum"

    values: tuple[str, ...] = ()

    @property
    def shown_by(self) -> str:
        return (
            "SELECT array_agg(enumlabel ORDER BY enumsortorder) AS values FROM pg_enum"
            f" WHERE enumtypid = {regtype(self.schema, self.name)}"
        )


class Domain(InSchema, frozen=True, kw_only=True):
    """A domain. Its checks are a kind of their own.

    `collation` is set when it is not the type's. PostgreSQL 17 and later name NOT NULL: `not_null_name` is set when
    that is not the name that it gets by itself.
    """

    kind: ClassVar[str] = "domain"

    type: PrintedName
    nullable: bool = True
    not_null_name: str | None = None
    not_null_comment: str | None = None
    default: str | None = None
    collation: PrintedName | None = None

    @property
    def shown_by(self) -> str:
        return (
            "SELECT format_type(typbasetype, typtypmod) AS type, typnotnull AS not_null, typdefault AS default"
            f" FROM pg_type WHERE oid = {regtype(self.schema, self.name)}"
        )

    def as_of(self, major: int) -> Self | None:
        return self if major >= 17 else msgspec.structs.replace(self, not_null_name=None, not_null_comment=None)


class DomainConstraint(InSchema, frozen=True, kw_only=True):
    """A check of a domain; in `expression` its value is called VALUE."""

    kind: ClassVar[str] = "domain constraint"
    identified_by: ClassVar[tuple[str, ...]] = ("schema", "domain", "name")

    domain: str
    expression: str
    validated: bool = True

    @property
    def key(self) -> Key:
        return (self.kind, self.schema, self.domain, self.name)

    @property
    def ref(self) -> ObjectRef:
        return ObjectRef(kind=self.kind, schema=self.schema, table=self.domain, name=self.name)

    @property
    def containers(self) -> tuple[Key, ...]:
        return ((Domain.kind, self.schema, "", self.domain),)

    @property
    def shown_by(self) -> str:
        return (
            "SELECT pg_get_constraintdef(oid) AS definition FROM pg_constraint"
            f" WHERE contypid = {regtype(self.schema, self.domain)} AND conname = {literal(self.name)}"
        )


class Range(InSchema, frozen=True, kw_only=True):
    """A range type, and with it its multirange type and their constructors.

    `operator_class` is set when it is not the subtype's default for btree, `collation` when it is not the subtype's.
    """

    kind: ClassVar[str] = "range"

    subtype: PrintedName
    operator_class: QualifiedName | None = None
    collation: PrintedName | None = None
    canonical: PrintedName | None = None
    subtype_diff: PrintedName | None = None
    multirange: QualifiedName

    @property
    def shown_by(self) -> str:
        return f"SELECT * FROM pg_range WHERE rngtypid = {regtype(self.schema, self.name)}"


class BaseType(InSchema, frozen=True, kw_only=True):
    """A type whose values only its functions understand; a `shell` is a name alone, to be filled in later.

    `length` is in bytes, -1 for variable. `alignment` is a type of the same alignment (`int4`), `default` a text that
    the input function reads.
    """

    kind: ClassVar[str] = "base type"

    shell: bool = False
    input: PrintedName | None = None
    output: PrintedName | None = None
    receive: PrintedName | None = None
    send: PrintedName | None = None
    modifier_input: PrintedName | None = None
    modifier_output: PrintedName | None = None
    analyze: PrintedName | None = None
    subscript: PrintedName | None = None
    length: int = -1
    passed_by_value: bool = False
    alignment: str = "int4"
    storage: str = "plain"
    category: str = "U"
    preferred: bool = False
    default: str | None = None
    element_type: PrintedName | None = None
    delimiter: str = ","
    collatable: bool = False

    @property
    def shown_by(self) -> str:
        # Not by regtype, which refuses a shell.
        return (
            f"SELECT * FROM pg_type WHERE typnamespace = {regnamespace(self.schema)} AND typname = {literal(self.name)}"
        )
