"""Where a project's models are."""

from collections.abc import Callable

from sqlalchemy import MetaData

from headworks.declared import MetadataEmpty, MetadataMissing, MetadataStrange, load_metadata
from headworks.migrations.environment import Configured, look, look_offline
from headworks.migrations.errors import EnvFailed
from headworks.migrations.project import Project
from headworks.postgres.url import DatabaseUrl

__all__ = ["declared_metadata", "has_models", "metadata_of", "metadata_or_none"]


def metadata_of(project: Project, configured: Configured) -> tuple[MetaData, ...]:
    """The models: those that the config names, else env.py's. Raises `MetadataMissing`, `MetadataEmpty`.

    Models of which only some could be looked at are none: the others' tables would be called unexpected.
    """
    if paths := project.settings.keys.metadata:
        with project.at_home():
            # env.py has run: what it put on sys.path is there.
            return load_metadata(paths)
    if configured.strange:
        entry, what = configured.strange[0]
        raise MetadataStrange(entry=entry, what=what)
    if not configured.metadata:
        raise MetadataMissing()
    if not any(one.tables for one in configured.metadata):
        raise MetadataEmpty()
    return configured.metadata


def has_models(project: Project, configured: Configured) -> bool:
    """Whether anybody says where the models are, and they have tables."""
    if project.settings.keys.metadata:
        return True
    return not configured.strange and any(one.tables for one in configured.metadata)


def declared_metadata(project: Project, url: Callable[[], DatabaseUrl]) -> tuple[MetaData, ...]:
    """The models, with no connection where the config names them or env.py has an offline mode, else by `url()`."""
    if project.settings.keys.metadata:
        with project.at_home():
            return load_metadata(project.settings.keys.metadata)
    try:
        configured = look_offline(project)
    except EnvFailed:
        configured = look(project, url())
    return metadata_of(project, configured)


def metadata_or_none(project: Project, configured: Configured, *, required: bool) -> tuple[MetaData, ...]:
    """The same; without models nothing, unless they are `required`. Raises what `metadata_of` does."""
    try:
        return metadata_of(project, configured)
    except (MetadataMissing, MetadataEmpty):
        if required:
            raise
        return ()
