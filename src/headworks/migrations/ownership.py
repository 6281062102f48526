"""Which domain a table belongs to: what its model says (`Table.info["domain"]`), nothing guessed beyond that."""

from collections.abc import Callable

from headworks.migrations.environment import look
from headworks.migrations.project import Project
from headworks.postgres.url import DatabaseUrl

__all__ = ["domain_lookup"]


def domain_lookup(project: Project, url: DatabaseUrl) -> Callable[[str | None, str], str | None]:
    """A function (schema, table) -> domain, from the models that env.py configures; `None` where they do not say."""
    metadata = look(project, url).metadata
    said = {
        (table.schema, table.name): str(table.info["domain"])
        for one in metadata
        for table in one.tables.values()
        if "domain" in table.info
    }
    return lambda schema, table: said.get((schema, table))
