"""A runner's progress, a line a revision, on stderr."""

from headworks.cli.terminal import note
from headworks.migrations.errors import RevisionFailed
from headworks.migrations.history import Revision

__all__ = ["Lines"]


class Lines:
    """Says what a runner does while it does it."""

    def begins(self, revision: Revision, direction: str, number: int, total: int) -> None:
        """Nothing yet: the line is written when the time is known."""
        self._count = f"{number:>{len(str(total))}}/{total}"

    def ends(self, revision: Revision, direction: str, seconds: float) -> None:
        """`upgrade 3/17 commerce 20251015_03_commerce_core 41 ms`"""
        took = f"{seconds * 1000:.0f} ms" if seconds < 10 else f"{seconds:.1f} s"
        note(f"{direction} {self._count} {revision.domain} {revision.id} {took}")

    def waits(self) -> None:
        """Somebody else works on the database."""
        note("another headworks is at work on this database; waiting for it")

    def retries(self, error: RevisionFailed, pause: float) -> None:
        """A lock was not had."""
        note(f"{error.revision}: a lock was not had in time; trying again in {pause:.1f} s")
