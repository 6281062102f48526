"""Names as PostgreSQL prints them."""

from typing import Annotated, TypeAlias

import msgspec

__all__ = ["PrintedName"]

PrintedName: TypeAlias = Annotated[str, msgspec.Meta(pattern="[^?0-9]")]
"""What `regprocedure`, `regoperator`, `regcollation` or `format_type` print for an empty search path.

Of what was dropped while the catalog was read they print an OID or `???`, which no name ever is (such ones are quoted):
a row with that does not decode, and the reader starts again.
"""
