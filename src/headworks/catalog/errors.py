"""What can go wrong while a catalog is read."""

from headworks.errors import HeadworksError

__all__ = [
    "CatalogChanging",
    "CatalogUnreadable",
    "ConnectionDropped",
    "PermissionMissing",
    "ServerTooOld",
    "TransactionOpen",
]


class CatalogUnreadable(HeadworksError):
    """cannot read the catalog of database {database!r}: {reason}"""

    hint = "headworks doctor checks the server and what its role may do"


class ConnectionDropped(CatalogUnreadable):
    """the connection to database {database!r} was lost while its catalog was read: {reason}"""

    hint = "run it again; if it happens again, look into the server's log"


class PermissionMissing(CatalogUnreadable):
    """role {role!r} may not read the catalog of database {database!r}: {reason}"""

    hint = "every role may read the catalog unless that right was revoked; GRANT SELECT on what is named"


class CatalogChanging(CatalogUnreadable):
    """the schema of database {database!r} was being changed while it was read ({reason}), {attempts} times in a row"""

    hint = "run it again when the other migration is done"


class TransactionOpen(CatalogUnreadable):
    """the connection to database {database!r} is in a transaction, so its catalog cannot be read in one snapshot"""

    hint = "commit or roll back first, or read over a connection of its own"


class ServerTooOld(CatalogUnreadable):
    """database {database!r} is on PostgreSQL {found}; headworks reads {oldest} and later"""

    hint = "upgrade the server"
