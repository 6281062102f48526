"""Before a downgrade: refuse it when it would lose rows or values."""

from headworks.cli.hints import again
from headworks.cli.session import Session
from headworks.migrations.errors import CannotForesee, DowngradeMissing, RevisionFailed, WouldLoseData
from headworks.migrations.history import Revision
from headworks.migrations.losses import foresee_losses
from headworks.postgres.shadow import shadow_server

__all__ = ["refuse_losses"]

_NAMED = 4


def refuse_losses(session: Session, rows: tuple[str, ...], plan: tuple[Revision, ...], shadow_url: str | None) -> None:
    """Raises `WouldLoseData` naming what would go, or `CannotForesee` when the shadow cannot show it."""
    try:
        with shadow_server(session.shadow(shadow_url), session.url) as shadow:
            losses = foresee_losses(session.project, session.url, shadow.url, rows, plan)
    except (RevisionFailed, DowngradeMissing) as error:
        raise CannotForesee(again=again(), reason=error) from error
    if losses:
        named = ", ".join(str(loss) for loss in losses[:_NAMED])
        if len(losses) > _NAMED:
            named += f" and {len(losses) - _NAMED} more"
        raise WouldLoseData(losses=named, again=again())
