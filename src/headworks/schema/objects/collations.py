"""How text is ordered and how it is encoded: collations and conversions."""

from typing import ClassVar

from headworks.schema.base import InSchema
from headworks.schema.objects.names import PrintedName
from headworks.schema.quoting import literal, qualified, regnamespace

__all__ = ["Collation", "Conversion"]


class Collation(InSchema, frozen=True, kw_only=True):
    """A collation. `provider`: `libc` (with `lc_collate` and `lc_ctype`), `icu` or `builtin` (with `locale`).

    The version that the provider had at its creation is the environment's and not listed. ICU's locales are those that
    the catalog has: since PostgreSQL 16 a language tag, whatever was written.
    """

    kind: ClassVar[str] = "collation"

    provider: str
    locale: str | None = None
    lc_collate: str | None = None
    lc_ctype: str | None = None
    rules: str | None = None
    deterministic: bool = True

    @property
    def shown_by(self) -> str:
        return f"SELECT * FROM pg_collation WHERE oid = {literal(qualified(self.schema, self.name))}::regcollation"


class Conversion(InSchema, frozen=True, kw_only=True):
    """A conversion between two encodings; the `default` one is what the server uses by itself."""

    kind: ClassVar[str] = "conversion"

    from_encoding: str
    to_encoding: str
    function: PrintedName
    default: bool = False

    @property
    def shown_by(self) -> str:
        return (
            f"SELECT * FROM pg_conversion WHERE connamespace = {regnamespace(self.schema)}"
            f" AND conname = {literal(self.name)}"
        )
