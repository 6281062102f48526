"""Names of tables and of what is on them, as the config writes them."""

from fnmatch import fnmatchcase

from headworks.findings import ObjectRef
from headworks.schema import Relation

__all__ = ["matches", "named"]


def named(table: Relation, pattern: str) -> bool:
    """Whether a table has this name, `table` or `schema.table`, with the wildcards of the shell."""
    return any(fnmatchcase(one, pattern) for one in (table.name, f"{table.schema}.{table.name}"))


def matches(ref: ObjectRef, pattern: str) -> bool:
    """Whether a pattern is about this object: `table` (with all that is on it), `table.name`, each in its schema."""
    paths = [".".join(part for part in (ref.table, ref.name) if part), *([ref.table] if ref.table else [])]
    paths += [f"{ref.schema}.{one}" for one in paths if ref.schema]
    return any(fnmatchcase(one, pattern) for one in paths)
