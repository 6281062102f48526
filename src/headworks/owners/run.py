"""`owners` of a project: who owns each table, and what disagrees with the manifest."""

import msgspec

from headworks.findings import Outcome
from headworks.migrations.project import Project
from headworks.owners.document import document
from headworks.owners.external import external_tables
from headworks.owners.judge import judge
from headworks.owners.ledger import Row, ledger
from headworks.owners.manifest import Manifest
from headworks.owners.tables import see
from headworks.postgres.shadow import Shadow
from headworks.postgres.url import DatabaseUrl

__all__ = ["Owned", "owned"]


class Owned(msgspec.Struct, frozen=True):
    """The rows, the outcome, the page, and the lists for Prisma's config."""

    rows: tuple[Row, ...]
    outcome: Outcome
    page: str
    external_tables: str


def owned(project: Project, shadow: Shadow, live: DatabaseUrl | None) -> Owned:
    """Look at the models, the migrations and, where one is named, the live database, which is only read."""
    manifest = Manifest(project.settings.keys.owners)
    seen = see(project, shadow, manifest, live)
    rows = ledger(project, manifest, seen)
    outcome = Outcome.of("owners", judge(project, manifest, seen, rows), tables=len(rows))
    details = {
        "tables": [
            {
                "schema": row.table.schema,
                "name": row.table.name,
                "owners": [one.value for one in row.owners],
                "domain": row.domains[0] if row.domains else None,
                "code_owners": list(row.code_owners),
                "seen": list(row.seen),
            }
            for row in rows
        ]
    }
    outcome = msgspec.structs.replace(outcome, details=details)
    return Owned(rows, outcome, document(manifest, rows), external_tables(rows, seen))
