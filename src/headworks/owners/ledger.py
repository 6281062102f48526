"""The manifest beside the tables that there are: one row for each table, as the page and the command show it."""

from collections.abc import Iterable

import msgspec

from headworks.migrations.project import Project
from headworks.owners.codeowners import CodeOwners
from headworks.owners.manifest import Manifest, Owner
from headworks.owners.tables import Seen, SeenTable

__all__ = ["Row", "code_owners_of", "ledger"]


class Row(msgspec.Struct, frozen=True):
    """A table with its owners (one, or something is wrong), its domains (at most one) and its code owners.

    `lasting` is one that is there without a look into a database: somebody declares, makes or names it.
    """

    table: SeenTable
    owners: tuple[Owner, ...]
    domains: tuple[str, ...]
    code_owners: tuple[str, ...]
    lasting: bool

    @property
    def seen(self) -> tuple[str, ...]:
        """Where the table was seen."""
        places = (self.table.in_models, self.table.in_migrations, self.table.in_database)
        return tuple(word for word, there in zip(("models", "migrations", "database"), places, strict=True) if there)


def ledger(project: Project, manifest: Manifest, seen: Seen) -> tuple[Row, ...]:
    """One row for each table that was seen, in their order."""
    # Domains that the config reads into a history have no revisions: their owners are the manifest's to name.
    owners = {domain: code_owners_of(project, manifest, domain) for domain in project.history.domains}
    return tuple(_row(table, manifest, owners) for table in seen.tables)


def code_owners_of(project: Project, manifest: Manifest, domain: str) -> tuple[str, ...]:
    """Those that the manifest names for the domain, else those of its revisions' files in CODEOWNERS."""
    if said := manifest.code_owners(domain):
        return said
    files = CodeOwners(project.settings.root)
    return tuple(
        dict.fromkeys(one for revision in project.history.of_domain(domain) for one in files.of(revision.path))
    )


def _row(table: SeenTable, manifest: Manifest, code_owners: dict[str, tuple[str, ...]]) -> Row:
    owners = manifest.owners_of(table.schema, table.name)
    if owners == (Owner.ALEMBIC,) and not (manifest.settings.alembic or table.in_models or table.in_migrations):
        owners = ()  # neither a model nor a revision knows it, and no list names it
    domains = manifest.domains_of(table.schema, table.name) or ((table.domain,) if table.domain else ())
    found: Iterable[str] = (
        one for domain in domains for one in code_owners.get(domain) or manifest.code_owners(domain)
    )
    literal = any(claim.literal and claim.pattern.names(table.schema, table.name) for claim in manifest.claims)
    lasting = table.in_models or table.in_migrations or literal
    return Row(table, owners, domains, tuple(dict.fromkeys(found)), lasting)
