"""Which tables are Prisma's, by the config."""

from headworks.config import OwnersSettings, Settings
from headworks.owners.manifest import Manifest, Owner
from headworks.owners.prisma.compare import Owned

__all__ = ["owned_by_prisma"]


def owned_by_prisma(settings: Settings | None) -> Owned:
    """What the manifest says; without a config Prisma owns nothing."""
    manifest = Manifest(settings.keys.owners if settings is not None else OwnersSettings())
    return lambda schema, name: Owner.PRISMA in manifest.owners_of(schema, name)
