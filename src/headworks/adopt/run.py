"""A project that is there already, as a whole: what runs, what is odd, and how its history reads by domain."""

import time
from typing import Literal, TypeAlias

import msgspec

from headworks.adopt.links import links_of
from headworks.adopt.observe import Observed, observe
from headworks.adopt.proposal import Proposal, propose
from headworks.adopt.quirks import Quirk, quirks
from headworks.adopt.reading import Reading, of_branches, of_config, read_by
from headworks.drift.filters import Filter
from headworks.gate.scene import Scene, Tell
from headworks.migrations.environment import Configured
from headworks.migrations.limit import limited
from headworks.migrations.project import Project
from headworks.postgres.apart import kept_apart
from headworks.postgres.shadow import Shadow
from headworks.schema import QualifiedName

__all__ = ["MOST_FAILING", "Adoption", "Source", "adopt"]

MOST_FAILING = 0.1
"""The part of the revisions that may fail to run for domains to be proposed: of half a history they would be half."""

Source: TypeAlias = Literal["", "config", "branches", "proposal"]
"""Where the domains of a reading come from; empty where there are none."""


class Adoption(msgspec.Struct, frozen=True):
    """What was found. `proposal` is there where neither the config nor branches say domains, and enough of it runs."""

    configured: Configured
    observed: Observed
    quirks: tuple[Quirk, ...]
    source: Source
    reading: Reading
    proposal: Proposal | None
    postgresql: str
    seconds: float


def adopt(
    project: Project, shadow: Shadow, configured: Configured, tell: Tell = lambda number, total, name: None
) -> Adoption:
    """Run the project's history once up on a scratch database of the shadow server, and read it.

    `configured` is what `look_apart` saw there. Raises `BootstrapBroken`, and what a server that is lost does.
    """
    began = time.monotonic()
    scene = Scene(
        project=project,
        shadow=shadow,
        configured=configured,
        only=Filter(configured, ()),
        chosen=frozenset(project.history.by_id),
        tell=tell,
    )
    with limited(project.settings.keys.gate.timeout), kept_apart(ours=shadow.twin is not None):
        observed = observe(scene)
    proposal: Proposal | None = None
    source: Source = ""
    domain_of: dict[QualifiedName, str] = {}
    if project.settings.keys.domains:
        source, domain_of = "config", of_config(observed, project.settings)
    elif len(project.history.domains) > 1:
        source, domain_of = "branches", of_branches(observed, project.history)
    elif _enough(observed):
        touched = [one.touched for one in observed.seen]
        proposal = propose(links_of(observed.picture, observed.tables, touched))
        domain_of = {table: domain.name for domain in proposal.domains for table in domain.tables}
        source = "proposal" if proposal.domains else ""
    return Adoption(
        configured=configured,
        observed=observed,
        quirks=tuple(quirks(project, configured, observed)),
        source=source,
        reading=read_by(observed, domain_of),
        proposal=proposal,
        postgresql=shadow.version,
        seconds=time.monotonic() - began,
    )


def _enough(observed: Observed) -> bool:
    return len(observed.seen) > 0 and observed.ran >= (1 - MOST_FAILING) * len(observed.seen)
