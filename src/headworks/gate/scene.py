"""What every check of the gate is given."""

from collections.abc import Callable
from dataclasses import dataclass, field

from headworks.drift.filters import Filter
from headworks.gate.base import Base
from headworks.migrations.environment import Configured
from headworks.migrations.errors import RevisionFailed
from headworks.migrations.history import Revision
from headworks.migrations.project import Project
from headworks.migrations.realise import configured_once
from headworks.postgres.shadow import Shadow
from headworks.schema import Schema

__all__ = ["Scene", "Tell"]

Tell = Callable[[int, int, str], None]
"""Hears what is being done: the number of the step, how many there are, its name."""


@dataclass(frozen=True, kw_only=True)
class Scene:
    """The project, the server to make scratch databases on, and the revisions to look at.

    `chosen` are ids; `only` takes out of a picture what is not the project's; on the `base` scratch databases begin.
    `tried` is what became of revisions, by their ids, that were run in one go in an empty database.
    """

    project: Project
    shadow: Shadow
    configured: Configured
    only: Filter
    chosen: frozenset[str]
    tell: Tell
    base: Base | None = None
    tried: dict[frozenset[str], RevisionFailed | None] = field(default_factory=dict)

    @classmethod
    def of(
        cls, project: Project, shadow: Shadow, chosen: frozenset[str], tell: Tell, base: Base | None = None
    ) -> "Scene":
        """The scene of a project, whose env.py is asked what it configures."""
        configured = configured_once(project, shadow.url)
        only = Filter(configured, ())
        return cls(
            project=project, shadow=shadow, configured=configured, only=only, chosen=chosen, tell=tell, base=base
        )

    def forget(self, picture: Schema) -> Schema:
        """The picture without what does not count: the version table."""
        return picture.without(self.only.version_table)

    @property
    def revisions(self) -> tuple[Revision, ...]:
        """The chosen ones, in the order of the history."""
        return tuple(one for one in self.project.history.revisions if one.id in self.chosen)

    def counted(self, what: str = "") -> Callable[[Revision], None]:
        """Tells of each chosen revision as it begins; `what` is said before its name."""
        number = iter(range(1, len(self.chosen) + 1))

        def begins(revision: Revision) -> None:
            self.tell(next(number, len(self.chosen)), len(self.chosen), f"{what} {revision.id}".strip())

        return begins
