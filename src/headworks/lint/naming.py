"""Names of constraints and indexes: what the project's convention says, and whether a name follows it."""

import hashlib
import re
from collections.abc import Sequence
from fnmatch import fnmatchcase

from headworks.config import NamingSettings

__all__ = ["LONGEST", "follows", "index_name", "spelled", "suggested"]

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


def suggested(template: str, table: str, columns: Sequence[str], name: str) -> str:
    """A name as the template says for what is called `name` now, which fills what the template leaves open."""
    rest = name.removeprefix(template.partition("{")[0]).removeprefix(f"{table}_")
    rest = re.sub(r"_(pkey|key|fkey|check|excl|idx)\d*$", "", rest)
    return _filled(spelled(template, table, columns), rest)


def index_name(naming: NamingSettings, table: str, words: Sequence[str], *, unique: bool) -> str:
    """A name for a new index: by the convention, else `ix_table_columns`; never longer than PostgreSQL keeps."""
    template = (naming.uq if unique else naming.ix) or ("uq" if unique else "ix") + "_{table}_{columns}"
    return _filled(spelled(template, table, words), "_".join(words))


def _filled(made: str, rest: str) -> str:
    """With `rest` where the convention leaves a part open, and as SQLAlchemy shortens what is too long."""
    made = made.replace("*", rest, 1).replace("*", "")
    if len(made.encode()) > LONGEST:
        digest = hashlib.md5(made.encode(), usedforsecurity=False).hexdigest()[-4:]
        made = f"{made.encode()[:_KEPT].decode(errors='ignore')}_{digest}"
    return made
