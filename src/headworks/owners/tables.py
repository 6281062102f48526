"""The tables that there are: in the models, at the heads of the migrations, in a live database."""

import contextlib
from collections.abc import Iterable

import msgspec
from sqlalchemy import MetaData

from headworks.declared import MetadataEmpty, MetadataMissing
from headworks.drift.filters import Filter
from headworks.drift.models import metadata_of
from headworks.drift.pictures import picture_of
from headworks.drift.realised import Realiser
from headworks.errors import HeadworksError
from headworks.migrations.domains import declared_domains, observed_domains, said_domains
from headworks.migrations.environment import Configured, look_apart
from headworks.migrations.errors import DowngradeMissing, RevisionFailed
from headworks.migrations.log import LOG_TABLE
from headworks.migrations.project import Project
from headworks.owners.manifest import Manifest
from headworks.postgres.databases import scratch_database
from headworks.postgres.shadow import Shadow
from headworks.postgres.url import DatabaseUrl
from headworks.schema import Enum, QualifiedName, Schema, Table

__all__ = ["DEFAULT_SCHEMA", "Seen", "SeenTable", "see"]

DEFAULT_SCHEMA = "public"


class SeenTable(msgspec.Struct, frozen=True):
    """A table, where it was seen, and the domain that its model, the config or the revision that makes it says."""

    schema: str
    name: str
    in_models: bool
    in_migrations: bool
    in_database: bool
    domain: str | None
    included: bool
    """Whether env.py lets Alembic see it."""

    @property
    def label(self) -> str:
        """Its name, with its schema where that is not the default one."""
        return self.name if self.schema == DEFAULT_SCHEMA else f"{self.schema}.{self.name}"


class Seen(msgspec.Struct, frozen=True):
    """All tables, by name. `enums` are those that the migrations make; `failure` is why these could not be run.

    `helpers` are the tables that Alembic and headworks keep for themselves, which are nobody's business.
    """

    tables: tuple[SeenTable, ...]
    enums: tuple[QualifiedName, ...]
    helpers: tuple[QualifiedName, ...]
    failure: HeadworksError | None
    live: bool


def see(project: Project, shadow: Shadow, manifest: Manifest, live: DatabaseUrl | None) -> Seen:
    """Look at all three; the migrations are run on the shadow. A live database is only read.

    Tables of schemas that the project does not look at are there when the manifest names them with their schema.
    Partitions belong to their table. Raises what env.py, the models and the connection raise.
    """
    configured = look_apart(project, shadow.url)
    metadata = _models(project, configured)
    only = Filter(configured, metadata, DEFAULT_SCHEMA)
    migrated, failure = _migrated(project, shadow)
    database = picture_of(live) if live is not None else Schema()
    declared = declared_domains(metadata, DEFAULT_SCHEMA)
    models = {(table.schema or DEFAULT_SCHEMA, table.name) for one in metadata for table in one.tables.values()}
    theirs = only.schemas(migrated, database)

    def counts(item: Table) -> bool:
        if item.bound is not None or item.name.startswith("headworks_") or only.version_table(item):
            return False
        return item.schema in theirs or _named(manifest, item)

    made = {(one.schema, one.name) for one in migrated.all(Table) if counts(one)}
    there = {(one.schema, one.name) for one in database.all(Table) if counts(one)}
    said = {
        _qualified(claim.pattern.path) for claim in manifest.claims if claim.literal and claim.owner.value != "alembic"
    }
    domains = said_domains(project.settings, models | made | there | said, declared)
    if failure is None:
        domains = _domains(project, shadow, domains, made)
    tables = [
        SeenTable(
            schema,
            name,
            in_models=(schema, name) in models,
            in_migrations=(schema, name) in made,
            in_database=(schema, name) in there,
            domain=domains.get((schema, name)),
            included=only.includes(Table(schema=schema, name=name)),
        )
        for schema, name in sorted(models | made | there | said)
    ]
    enums = tuple(sorted((one.schema, one.name) for one in migrated.all(Enum) if one.schema in theirs))
    place = configured.version_table_schema or DEFAULT_SCHEMA
    log = ((place, LOG_TABLE),) if project.settings.keys.log else ()
    helpers = (*configured.version_tables(DEFAULT_SCHEMA), *log)
    return Seen(tuple(tables), enums, helpers, failure, live is not None)


def _models(project: Project, configured: Configured) -> tuple[MetaData, ...]:
    with contextlib.suppress(MetadataMissing, MetadataEmpty):
        return metadata_of(project, configured)
    return ()


def _migrated(project: Project, shadow: Shadow) -> tuple[Schema, HeadworksError | None]:
    history = project.history
    heads = [head for domain in history.domains for head in history.heads(domain)]
    try:
        return Realiser(project, shadow).migrations(heads), None
    except (RevisionFailed, DowngradeMissing) as error:
        return Schema(), error


def _domains(
    project: Project, shadow: Shadow, declared: dict[QualifiedName, str], made: Iterable[QualifiedName]
) -> dict[QualifiedName, str]:
    """What models and config say; else, where there are several to choose from, the revision that makes the table."""
    domains = project.history.domains
    if all(one in declared for one in made) or not domains:
        return declared
    if len(domains) == 1:
        return dict.fromkeys(made, domains[0]) | declared
    with scratch_database(shadow.url) as url:
        return observed_domains(project, url) | declared


def _named(manifest: Manifest, item: Table) -> bool:
    """Whether a pattern names it with its schema."""
    paths = (one.pattern for one in manifest.claims)
    return any("." in one.path and one.names(item.schema, item.name) for one in paths)


def _qualified(path: str) -> QualifiedName:
    schema, dot, name = path.rpartition(".")
    return (schema, name) if dot else (DEFAULT_SCHEMA, path)
