"""A history read by domains: which of them each revision touches. Nothing of the history is changed by it."""

from collections import Counter
from collections.abc import Mapping

import msgspec

from headworks.adopt.observe import Observed, Seen
from headworks.config import Settings
from headworks.migrations.domains import configured_domain
from headworks.migrations.history import History
from headworks.schema import QualifiedName

__all__ = ["DomainRead", "Reading", "of_branches", "of_config", "read_by"]


class DomainRead(msgspec.Struct, frozen=True):
    """A domain: its tables, and how many revisions touch it alone, and how many with others."""

    name: str
    tables: tuple[QualifiedName, ...]
    alone: int
    shared: int


class Reading(msgspec.Struct, frozen=True):
    """The domains, the tables in none of them, and the revisions that touch several, each with these domains.

    `without` counts the revisions that touch no table that is there in the end.
    """

    domains: tuple[DomainRead, ...]
    left: tuple[QualifiedName, ...]
    several: tuple[tuple[Seen, tuple[str, ...]], ...]
    without: int


def read_by(observed: Observed, domain_of: Mapping[QualifiedName, str]) -> Reading:
    """The history by these domains of its tables, in the order in which they are first named there."""
    alone: Counter[str] = Counter()
    shared: Counter[str] = Counter()
    several: list[tuple[Seen, tuple[str, ...]]] = []
    without = 0
    for seen in observed.seen:
        if not seen.ran:
            continue
        names = sorted({domain_of[table] for table in seen.touched if table in domain_of})
        if len(names) > 1:
            several.append((seen, tuple(names)))
            shared.update(names)
        elif names:
            alone.update(names)
        elif not seen.touched & observed.tables:
            without += 1
    domains = tuple(
        DomainRead(name, tuple(sorted(one for one in domain_of if domain_of[one] == name)), alone[name], shared[name])
        for name in dict.fromkeys(domain_of.values())
    )
    return Reading(domains, tuple(sorted(observed.tables - domain_of.keys())), tuple(several), without)


def of_config(observed: Observed, settings: Settings) -> dict[QualifiedName, str]:
    """The domain that the config gives to each table, in the order of the config."""
    place = {name: number for number, name in enumerate(settings.keys.domains)}
    known = [(table, configured_domain(settings, table)) for table in sorted(observed.tables)]
    found = [(table, domain) for table, domain in known if domain is not None]
    return dict(sorted(found, key=lambda one: (place[one[1]], one[0])))


def of_branches(observed: Observed, history: History) -> dict[QualifiedName, str]:
    """The domain, an Alembic branch, of the revision that was the first to touch each table."""
    found: dict[QualifiedName, str] = {}
    for seen in observed.seen:
        for table in sorted(seen.changed & observed.tables - observed.given):
            found.setdefault(table, seen.revision.domain)
    place = {name: number for number, name in enumerate(history.domains)}
    return dict(sorted(found.items(), key=lambda one: (place[one[1]], one[0])))
