"""Names of constraints and indexes: what the project's convention says, and whether a name follows it."""

import hashlib
from collections.abc import Sequence
from fnmatch import fnmatchcase

from headworks.config import NamingSettings

__all__ = ["LONGEST", "follows", "index_name", "spelled"]

LONGEST = 63
"""Bytes of a name that PostgreSQL keeps (NAMEDATALEN - 1)."""

# What SQLAlchemy leaves of a name that its convention makes too long: `max - 8` of it, `_` and four digits.
_KEPT = LONGEST - 8


def spelled(template: str, table: str, columns: Sequence[str]) -> str:
    """The convention's template with the table's and the columns' names in it; `*` is left as it is."""
    return template.replace("{table}", table).replace("{columns}", "_".join(columns))


def follows(name: str, template: str, table: str, columns: Sequence[str]) -> bool:
    """Whether a name is as the template says; of one that would be too long, its beginning is."""
    wanted = spelled(template, table, columns)
    if len(wanted.encode()) > LONGEST:
        return name.startswith(wanted[:_KEPT].partition("*")[0])
    return fnmatchcase(name, wanted)


def index_name(naming: NamingSettings, table: str, words: Sequence[str], *, unique: bool) -> str:
    """A name for a new index: by the convention, else `ix_table_columns`; never longer than PostgreSQL keeps."""
    template = (naming.uq if unique else naming.ix) or ("uq" if unique else "ix") + "_{table}_{columns}"
    made = spelled(template, table, words)
    if "*" in made:  # the convention leaves this part open
        made = made.replace("*", "_".join(words), 1).replace("*", "")
    if len(made.encode()) > LONGEST:
        digest = hashlib.md5(made.encode(), usedforsecurity=False).hexdigest()[-4:]
        made = f"{made.encode()[:_KEPT].decode(errors='ignore')}_{digest}"
    return made
