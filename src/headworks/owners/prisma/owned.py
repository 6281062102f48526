"""Which tables are Prisma's, by the config."""

from fnmatch import fnmatchcase

from headworks.config import Settings
from headworks.owners.prisma.compare import Owned

__all__ = ["owned_by_prisma"]


def owned_by_prisma(settings: Settings | None) -> Owned:
    """What `[tool.headworks.owners] prisma` says; without a config Prisma owns nothing."""
    patterns = settings.keys.owners.prisma if settings is not None else ()

    def owned(schema: str, name: str) -> bool:
        return any(fnmatchcase(path, one) for one in patterns for path in (name, f"{schema}.{name}"))

    return owned
