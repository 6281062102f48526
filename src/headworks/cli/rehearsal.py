"""`--dry-run`: a plan run on a shadow copy, and what it changes there."""

from headworks.cli.session import Session
from headworks.cli.terminal import coloured, note, out, plural
from headworks.migrations.history import Revision
from headworks.schema import Action, diff

__all__ = ["rehearse"]

_SIGNS = {Action.MISSING: ("-", "red"), Action.UNEXPECTED: ("+", "green"), Action.CHANGED: ("~", "yellow")}


def rehearse(
    session: Session, rows: tuple[str, ...], plan: tuple[Revision, ...], direction: str, shadow: str | None
) -> int:
    """Run it there, say what it would run here and what that changes. The database is not touched."""
    from headworks.migrations.losses import rehearsed
    from headworks.postgres.shadow import shadow_server

    for revision in plan:
        out(f"{direction} {revision.domain} {revision.id}  {revision.doc}")
    note(f"running {plural(len(plan), 'revision')} on a shadow copy")
    with shadow_server(session.shadow(shadow), session.url) as server:
        before, after = rehearsed(session.project, server.url, rows, plan, direction)
    for change in diff(before, after):
        sign, style = _SIGNS[change.action]
        text = (
            f"{change.object}"
            if change.attribute is None
            else f"{change.object} {change.attribute}: {change.expected} -> {change.actual}"
        )
        out(coloured(f"{sign} {text}", style))
    out(f"dry run: {plural(len(plan), 'revision')} would run, and did on a shadow copy; nothing was changed here")
    return 0
