"""What a gate would run, told without running it: checks, the base below, the revisions that are looked at."""

from itertools import takewhile
from typing import Any

import msgspec

from headworks.gate.run import GateChoice
from headworks.migrations.history import Revision
from headworks.migrations.project import Project

__all__ = ["Listing", "listing"]


class Listing(msgspec.Struct, frozen=True):
    """`base` is run once, and each scratch database begins as a copy of it; `revisions` go up, down and up again.

    `upgraded` are the others, which come after the base and go up alone, on the way to the heads. `alone` are the
    domains that the check `branches` runs with nothing but what they need.
    """

    checks: tuple[str, ...]
    base: tuple[Revision, ...]
    revisions: tuple[Revision, ...]
    upgraded: tuple[Revision, ...]
    alone: tuple[str, ...]
    since: tuple[str, str] | None

    @property
    def document(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "headworks": 1,
            "command": "gate",
            "checks": self.checks,
            "since": {"ref": self.since[0], "commit": self.since[1]} if self.since is not None else None,
            "base": [one.id for one in self.base],
            "revisions": [{"revision": one.id, "domain": one.domain, "file": one.file} for one in self.revisions],
            "upgraded": [one.id for one in self.upgraded],
            "alone": self.alone,
        }


def listing(project: Project, choice: GateChoice) -> Listing:
    """What `gate` would do for this choice."""
    history = project.history
    chosen = choice.revisions if choice.revisions is not None else frozenset(history.by_id)
    looked_at = tuple(one for one in history.revisions if one.id in chosen)
    base = tuple(takewhile(lambda one: one.id not in chosen, history.revisions)) if chosen else ()
    rest = tuple(one for one in history.revisions if one.id not in chosen)[len(base) :]
    domains = [name for name in history.domains if any(one.id in chosen for one in history.of_domain(name))]
    several = "branches" in choice.checks and len(history.domains) > 1
    return Listing(
        checks=choice.checks,
        base=base,
        revisions=looked_at,
        upgraded=rest,
        alone=tuple(domains) if several else (),
        since=(choice.since.ref, choice.since.commit) if choice.since is not None else None,
    )
