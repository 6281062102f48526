"""What a picture keeps of options, settings and connection strings: no secret."""

import re
from collections.abc import Callable
from typing import Any

import msgspec
import psycopg
from psycopg.conninfo import conninfo_to_dict

from headworks.redaction import MASK, redact
from headworks.schema import (
    Column,
    ForeignDataWrapper,
    ForeignTable,
    Function,
    Object,
    Procedure,
    Server,
    Setting,
    Subscription,
    UserMapping,
)

__all__ = ["cleaner"]

# Of a name that may be one's place: hiding too much is the safe mistake.
_SECRET = re.compile(
    r"pass(?!ive)|pwd|secret|token|key|credential|auth(?!or(?:$|_))|signature|private|(?:^|_)sas(?:_|$)"
    r"|conn(?:ection)?_?str(?:ing)?",
    re.IGNORECASE,
)
_NO_SECRET = frozenset({"password_encryption", "password_required", "passcode_mode", "require_auth"})
_PLACE = ("dbname", "host", "port", "user")
"""What of a connection string comes first."""


def cleaner(kind: type[Object], text: bytes | None = None) -> Callable[[Any], Object] | None:
    """What takes the secrets out of a record of this kind, or `None` where none can be: in a kind, or in this JSON."""
    if kind is Column and text is not None and b'"fdw_options":' not in text:
        return None  # there may be very many, and a foreign table's alone have options
    return _CLEANERS.get(kind)


def _is_secret(name: str) -> bool:
    return name not in _NO_SECRET and _SECRET.search(name) is not None


def _value(name: str, value: str) -> str:
    return MASK if _is_secret(name) else redact(value)


def _pairs(options: tuple[str, ...]) -> tuple[str, ...]:
    pairs = (option.partition("=") for option in options)
    return tuple(f"{name}={_value(name, value)}" for name, _, value in pairs)


def _options(item: ForeignDataWrapper | ForeignTable | Server | UserMapping) -> Object:
    return msgspec.structs.replace(item, options=_pairs(item.options)) if item.options else item


def _column(item: Column) -> Column:
    return msgspec.structs.replace(item, fdw_options=_pairs(item.fdw_options)) if item.fdw_options else item


def _routine(item: Function | Procedure) -> Object:
    return msgspec.structs.replace(item, settings=_pairs(item.settings)) if item.settings else item


def _setting(item: Setting) -> Setting:
    return msgspec.structs.replace(item, value=_value(item.name, item.value))


def _connection(item: Subscription) -> Subscription:
    if not item.connection:
        return item
    try:
        # libpq's own reading: a pattern might take the end of a quoted password for a host.
        said = conninfo_to_dict(item.connection[0])
    except psycopg.ProgrammingError:  # a keyword that this libpq is too old for
        return msgspec.structs.replace(item, connection=None)
    open_ = [name for name in said if not _is_secret(name)]
    names = sorted(open_, key=lambda name: (name not in _PLACE, name))
    return msgspec.structs.replace(item, connection=tuple(f"{name}={_value(name, str(said[name]))}" for name in names))


_CLEANERS: dict[type[Object], Callable[[Any], Object]] = {
    Column: _column,
    ForeignDataWrapper: _options,
    ForeignTable: _options,
    Function: _routine,
    Procedure: _routine,
    Server: _options,
    Setting: _setting,
    Subscription: _connection,
    UserMapping: _options,
}
