"""Which tables of the shared database belong to another program.

The shop's web app signs people in with Auth.js, whose Prisma adapter keeps its tables in this database. Alembic owns
`users` and `sessions`, which Auth.js reads and writes; the tables named here are Prisma's, and Alembic neither
creates, alters, drops nor compares them.
"""

__all__ = ["HEADWORKS_PREFIX", "PRISMA_TABLES", "owned_by_alembic"]

#: Owned by Prisma: what Auth.js keeps for itself, and Prisma's own list of the migrations that it ran.
PRISMA_TABLES = frozenset({"accounts", "verification_tokens", "_prisma_migrations"})

#: headworks keeps its helper tables (history, seed ledger) beside Alembic's version table, under this prefix.
HEADWORKS_PREFIX = "headworks_"


def owned_by_alembic(table: str) -> bool:
    """Whether Alembic may create, alter, drop and compare the table of this name."""
    return table not in PRISMA_TABLES and not table.startswith(HEADWORKS_PREFIX)
