"""The page that says who owns each table: from the manifest, the models and the migrations, the same each time.

A live database has no part in it, so that a check of the page gives the same answer everywhere.
"""

from collections.abc import Iterable, Iterator, Sequence

from headworks.owners.ledger import Row
from headworks.owners.manifest import Claim, Manifest, Owner

__all__ = ["document"]

_ABOUT = {
    Owner.ALEMBIC: "Made, altered and dropped by the revisions of their domain, and by nothing else.",
    Owner.PRISMA: "Made, altered and dropped by Prisma Migrate. Alembic leaves them alone.",
    Owner.EXTERNAL: "Made, altered and dropped by other programs. Alembic leaves them alone.",
}
_TITLES = {Owner.ALEMBIC: "Alembic", Owner.PRISMA: "Prisma", Owner.EXTERNAL: "Other programs"}


def document(manifest: Manifest, rows: Sequence[Row]) -> str:
    """The page, in Markdown."""
    return "\n".join(_lines(manifest, [row for row in rows if row.lasting])) + "\n"


def _lines(manifest: Manifest, rows: Sequence[Row]) -> Iterator[str]:
    yield "# Who owns each table"
    yield ""
    yield "<!-- Made by `headworks owners --write`; what is written here by hand is lost. -->"
    for owner in Owner:
        own = [row for row in rows if row.owners == (owner,)]
        patterns = [claim for claim in manifest.claims if claim.owner is owner and not claim.literal]
        if owner is Owner.ALEMBIC:
            patterns = []  # whatever they match is in a model or made by a revision
        if own or patterns:
            yield from ("", f"## {_TITLES[owner]}", "", _ABOUT[owner], "")
            yield from _table(own, patterns)
    if wrong := [row for row in rows if len(row.owners) != 1]:
        yield from ("", "## Undecided", "", "Tables of nobody, or of several: `headworks owners` says what to do.", "")
        yield from _table(wrong, [])


def _table(rows: Iterable[Row], patterns: Iterable[Claim]) -> Iterator[str]:
    yield "| table | domain | code owners |"
    yield "|---|---|---|"
    for row in rows:
        yield f"| `{row.table.label}` | {', '.join(row.domains)} | {' '.join(row.code_owners)} |".replace("|  |", "| |")
    for claim in patterns:
        yield f"| `{claim.pattern.text}` (each that there is) | | |"
