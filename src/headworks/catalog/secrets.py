"""What a picture keeps of options, settings and connection strings: no secret."""

import re
from collections.abc import Callable
from typing import Any

import msgspec
import psycopg
from psycopg.conninfo import conninfo_to_dict

from headworks.redaction import MASK, redact
from headworks.schema import ForeignDataWrapper, ForeignTable, Object, Server, Setting, Subscription, UserMapping

__all__ = ["cleaner"]

_SECRET = re.compile(r"pass(?:w|file|phrase)|pwd|secret|token|key|credential", re.IGNORECASE)
_NO_SECRET = frozenset({"password_encryption", "password_required"})
_KEPT = ("dbname", "host", "port", "user")


def cleaner(kind: type[Object]) -> Callable[[Any], Object] | None:
    """What takes the secrets out of a record of this kind, or `None` for a kind that can hold none."""
    return _CLEANERS.get(kind)


def _value(name: str, value: str) -> str:
    return MASK if _SECRET.search(name) and name not in _NO_SECRET else redact(value)


def _options(item: ForeignDataWrapper | ForeignTable | Server | UserMapping) -> Object:
    if not item.options:
        return item
    pairs = (option.partition("=") for option in item.options)
    return msgspec.structs.replace(item, options=tuple(f"{name}={_value(name, value)}" for name, _, value in pairs))


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
    return msgspec.structs.replace(item, connection=tuple(f"{name}={said[name]}" for name in _KEPT if name in said))


_CLEANERS: dict[type[Object], Callable[[Any], Object]] = {
    ForeignDataWrapper: _options,
    ForeignTable: _options,
    Server: _options,
    Setting: _setting,
    Subscription: _connection,
    UserMapping: _options,
}
