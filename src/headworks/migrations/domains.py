"""Where the domain of a table comes from: what its model says, else the config, else the revision that makes it."""

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase

from alembic.runtime.migration import MigrationContext, MigrationStep
from sqlalchemy import MetaData

from headworks.config import Settings
from headworks.migrations.environment import run_env
from headworks.migrations.project import Project
from headworks.migrations.realise import beginning, bootstrap
from headworks.migrations.runner import steps_of, widen_version_table
from headworks.postgres.url import DatabaseUrl
from headworks.schema import QualifiedName

__all__ = ["TABLES", "configured_domain", "declared_domains", "observed_domains", "said_domains"]

# By oid, schema and name: a table that a later revision renames, or moves to another schema, is the same one.
TABLES = """
SELECT c.oid::bigint, n.nspname::text, c.relname::text
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
    AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
"""


def declared_domains(metadata: Iterable[MetaData], default_schema: str = "public") -> dict[QualifiedName, str]:
    """The domains that models declare: `Table.info["domain"]`."""
    return {
        (table.schema or default_schema, table.name): str(table.info["domain"])
        for one in metadata
        for table in one.tables.values()
        if table.info.get("domain")
    }


def configured_domain(settings: Settings, table: QualifiedName) -> str | None:
    """The first domain of `[tool.headworks.domains]` of which a pattern is that of the table: `name`, `schema.name`."""
    names = (table[1], ".".join(table))
    for domain, patterns in settings.keys.domains.items():
        if any(fnmatchcase(name, pattern) for pattern in patterns for name in names):
            return domain
    return None


def said_domains(
    settings: Settings, tables: Iterable[QualifiedName], declared: Mapping[QualifiedName, str]
) -> dict[QualifiedName, str]:
    """The domains that somebody says: the models (`declared_domains`), else the config, of each of these tables."""
    found = ((table, configured_domain(settings, table)) for table in tables)
    return {**{table: domain for table, domain in found if domain is not None}, **declared}


def observed_domains(project: Project, url: DatabaseUrl) -> dict[QualifiedName, str]:
    """Run the whole history on the empty database `url`; the domain of the revision that brought each table.

    What the project's bootstrap makes has none. Raises what `run_env` raises, `RevisionFailed` above all.
    """
    domains: dict[int, str] = {}
    names: dict[int, QualifiedName] = {}
    bootstrap(project, url)

    def steps(rows: tuple[str, ...], context: MigrationContext) -> Iterator[MigrationStep]:
        widen_version_table(context, project.history)
        found = _tables(context)
        for revision, step in steps_of(project, project.history.revisions, "upgrade"):
            known = found.keys()
            yield step
            found = _tables(context)
            domains.update(dict.fromkeys(found.keys() - known, revision.domain))
        names.update(found)

    with beginning(project, scratch=True):
        run_env(project, url, steps)
    return {names[oid]: domain for oid, domain in domains.items() if oid in names}


def _tables(context: MigrationContext) -> dict[int, QualifiedName]:
    # Over the same connection: what a revision made is not committed yet where env.py keeps one transaction over all.
    assert context.connection is not None  # run_env has looked
    return {oid: (schema, name) for oid, schema, name in context.connection.exec_driver_sql(TABLES)}
