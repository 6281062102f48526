"""What was seen of one revision: the pictures between its steps, and what failed."""

import msgspec

from headworks.errors import HeadworksError
from headworks.migrations.history import Revision
from headworks.schema import QualifiedName, Schema

__all__ = ["Walked"]


class Walked(msgspec.Struct):
    """What was seen of one revision. A picture is `None` when the step before it did not happen.

    `failures` holds the error of a step by its name: `upgrade`, `downgrade`, `reupgrade`. `together` is true when the
    upgrade failed alone but runs in one go with those before it; `lost` when it ran once and not again, in a new
    database; `skipped` names the revision whose failure kept this one from running. `seconds` is what it took. `named`
    are the tables that the DDL of a step was about, where event triggers tell (`KeptPicture.named`). `beside` is the
    error of a base that fails where others have been run, and runs alone; `apart` names the base of the branch that was
    walked by itself for that.
    """

    revision: Revision
    before: Schema | None = None
    upgraded: Schema | None = None
    downgraded: Schema | None = None
    reupgraded: Schema | None = None
    failures: dict[str, HeadworksError] = msgspec.field(default_factory=dict)
    together: bool = False
    lost: bool = False
    skipped: str | None = None
    seconds: float | None = None
    named: dict[str, frozenset[QualifiedName]] = msgspec.field(default_factory=dict)
    beside: HeadworksError | None = None
    apart: str | None = None

    @property
    def upgrades(self) -> bool:
        """Whether its upgrade was made where it belongs, so that what comes after it finds what it should."""
        return not ("upgrade" in self.failures or self.lost or self.skipped or self.beside or self.apart)
