"""`read_schema`: everything the catalog of one database says, in one snapshot."""

from collections.abc import Callable
from typing import Any

import psycopg
from psycopg import errors as sql
from psycopg.pq import TransactionStatus

from headworks.catalog.decoding import Decoder
from headworks.catalog.errors import (
    CatalogChanging,
    CatalogUnreadable,
    ConnectionDropped,
    PermissionMissing,
    ServerTooOld,
    TransactionOpen,
)
from headworks.catalog.snapshot import MOVED, Another, snapshot
from headworks.schema import EventTrigger, Namespace, Relation, Schema, Sequence, kinds

__all__ = ["OLDEST_MAJOR", "read_schema", "without_own"]

OLDEST_MAJOR = 15
"""The oldest server whose catalog the queries understand."""

OWN_PREFIX = "headworks_"
"""How the names of what headworks keeps for itself begin; it is in no picture."""

_NAMED = tuple(kind for kind in kinds() if issubclass(kind, Relation | Sequence | Namespace | EventTrigger))
"""The kinds that it names so."""

_ATTEMPTS = 3


def read_schema(
    connection: "psycopg.Connection[Any]",
    another: Another | None = None,
    *,
    again: bool = False,
    decoder: Decoder | None = None,
    asked: Callable[[], None] = lambda: None,
) -> Schema:
    """The picture of the database that `connection` is in.

    Reads in one REPEATABLE READ, READ ONLY transaction and leaves the connection as it was: in autocommit or not, no
    transaction open, its settings unchanged. A role that may only CONNECT is enough: the little that it cannot see is
    the picture's `unseen`. Tables named `headworks_*`, system schemas, temporary objects, what belongs to extensions,
    and secrets are left out. With `another`, a large catalog is read over two connections at once, in one snapshot;
    with `again` the connection is one that will be read over many times. A `decoder` that remembers may be shared by
    several readings. `asked` is called when the server is at work
    and nothing is left to do here until it answers.

    Raises a `headworks.catalog.errors.CatalogUnreadable`.
    """
    if connection.closed:
        raise ConnectionDropped(database="", reason="it is closed")
    database = connection.info.dbname
    major = connection.info.server_version // 10000
    if major < OLDEST_MAJOR:
        raise ServerTooOld(database=database, found=major, oldest=OLDEST_MAJOR)
    if connection.info.transaction_status is not TransactionStatus.IDLE:
        raise TransactionOpen(database=database)
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            groups, owner = snapshot(connection, another, again=again, decoder=decoder, asked=asked)
        except MOVED as error:
            if attempt == _ATTEMPTS:
                raise CatalogChanging(database=database, reason=_reason(error), attempts=attempt) from error
        except sql.InsufficientPrivilege as error:
            raise PermissionMissing(database=database, role=connection.info.user, reason=_reason(error)) from error
        except psycopg.Error as error:
            kind = ConnectionDropped if connection.closed else CatalogUnreadable
            raise kind(database=database, reason=_reason(error)) from error
        else:
            return without_own(Schema.of_groups(groups, server_major=major, owner=owner))
    raise AssertionError("unreachable")


def without_own(picture: Schema) -> Schema:
    """The picture without what headworks keeps for itself."""
    named = {item.key for kind in _NAMED for item in picture.by_kind.get(kind, ()) if item.name.startswith(OWN_PREFIX)}
    if not named:
        return picture
    own = {one.name for one in picture.all(Namespace) if one.key in named}
    return picture.without(lambda item: item.key in named or getattr(item, "schema", None) in own)


def _reason(error: Exception) -> str:
    said = error.diag.message_primary if isinstance(error, psycopg.Error) else None
    return said or next(iter(str(error).splitlines()), type(error).__name__)
