"""What Prisma calls a constraint or an index that `map:` does not name.

Source: psl/psl-core/src/datamodel_connector/constraint_names.rs in https://github.com/prisma/prisma-engines.
"""

from collections.abc import Sequence

__all__ = ["foreign_key_name", "index_name", "primary_key_name", "unique_name"]

_LIMIT = 63
"""The bytes of a name that PostgreSQL keeps."""


def primary_key_name(table: str) -> str:
    """`table_pkey`."""
    return _cut(table, "_pkey")


def unique_name(table: str, columns: Sequence[str]) -> str:
    """`table_a_b_key`."""
    return _cut(f"{table}_{'_'.join(columns)}", "_key")


def index_name(table: str, columns: Sequence[str]) -> str:
    """`table_a_b_idx`."""
    return _cut(f"{table}_{'_'.join(columns)}", "_idx")


def foreign_key_name(table: str, columns: Sequence[str]) -> str:
    """`table_a_b_fkey`."""
    return _cut(f"{table}_{'_'.join(columns)}", "_fkey")


def _cut(name: str, suffix: str) -> str:
    """The name with its suffix, never longer than the limit, and no character cut in two."""
    kept = name.encode()[: _LIMIT - len(suffix)].decode(errors="ignore")
    return kept + suffix
