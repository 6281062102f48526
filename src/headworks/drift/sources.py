"""The pictures that drift compares: models and migrations realised on a shadow, a database, a file."""

from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import MetaData

from headworks.catalog.reader import read_schema
from headworks.declared import MetadataEmpty, MetadataMissing, declared, load_metadata
from headworks.drift.filters import Filter
from headworks.errors import UsageError
from headworks.migrations.environment import Configured, look, look_offline
from headworks.migrations.errors import EnvFailed
from headworks.migrations.project import Project
from headworks.migrations.realise import realised
from headworks.postgres.connect import connect
from headworks.postgres.url import DatabaseUrl
from headworks.schema import Extension, Schema, decode

__all__ = [
    "SnapshotMissing",
    "declared_metadata",
    "has_models",
    "metadata_of",
    "picture_of",
    "picture_of_file",
    "picture_of_migrations",
    "picture_of_models",
]


class SnapshotMissing(UsageError):
    """there is no snapshot to compare with in {file}: {reason}"""

    hint = "headworks snapshot -o {file} writes one; drift compares with models, migrations, a file or a URL"


def picture_of(url: DatabaseUrl) -> Schema:
    """What a database is now; it is only read."""
    with connect(url, read_only=True) as connection:
        return read_schema(connection)


def picture_of_file(file: Path) -> Schema:
    """What a snapshot file holds. Raises `SnapshotMissing` or a `PictureError`."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise SnapshotMissing(file=file, reason=error.strerror) from None
    return decode(content, source=str(file))


def metadata_of(project: Project, configured: Configured) -> tuple[MetaData, ...]:
    """The models: those that the config names, else env.py's. Raises `MetadataMissing`, `MetadataEmpty`."""
    if paths := project.settings.keys.metadata:
        with project.at_home():
            # env.py has run: what it put on sys.path is there.
            return load_metadata(paths)
    if not configured.metadata:
        raise MetadataMissing()
    if not any(one.tables for one in configured.metadata):
        raise MetadataEmpty()
    return configured.metadata


def has_models(project: Project, configured: Configured) -> bool:
    """Whether anybody says where the models are, and they have tables."""
    return bool(project.settings.keys.metadata or any(one.tables for one in configured.metadata))


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


def picture_of_models(metadata: Sequence[MetaData], server: DatabaseUrl, live: Schema | None = None) -> Schema:
    """The models, realised on a shadow server."""
    extensions = [(one.name, one.schema) for one in live.all(Extension)] if live is not None else []
    with declared(metadata, server, extensions) as url:
        return picture_of(url)


def picture_of_migrations(project: Project, server: DatabaseUrl, ids: Sequence[str], only: Filter) -> Schema:
    """The revisions `ids` and all below them, run on a shadow server; the version table is left out."""
    with realised(project, server, ids) as url:
        return picture_of(url).without(only.version_table)
