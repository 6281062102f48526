"""Where a database is in each domain."""

import msgspec

from headworks.migrations.environment import look
from headworks.migrations.project import Project
from headworks.postgres.url import DatabaseUrl

__all__ = ["DomainState", "read_status"]


class DomainState(msgspec.Struct, frozen=True):
    """A domain beside a database: the applied revisions on top, the heads, and what is pending, in order."""

    domain: str
    current: tuple[str, ...]
    heads: tuple[str, ...]
    pending: tuple[str, ...]


def read_status(project: Project, url: DatabaseUrl, domain: str | None = None) -> list[DomainState]:
    """The state of each domain (or of one). Nothing is written. Raises `UnknownDomain`, `UnknownRow`."""
    history = project.history
    domains = history.domains if domain is None else (domain,)
    for name in domains:
        history.of_domain(name)
    applied = history.applied(look(project, url).rows)
    return [
        DomainState(
            name,
            history.current(name, applied),
            history.heads(name),
            tuple(revision.id for revision in history.of_domain(name) if revision.id not in applied),
        )
        for name in domains
    ]
