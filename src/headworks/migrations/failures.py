"""The typed errors for what a revision ended with."""

from alembic.runtime.migration import MigrationStep

from headworks.errors import HeadworksError
from headworks.migrations.enclosing import advice_on_enclosing
from headworks.migrations.errors import DowngradeMissing, RevisionFailed
from headworks.migrations.history import History
from headworks.migrations.limit import Overdue
from headworks.migrations.project import Project
from headworks.migrations.reasons import (
    advice_on,
    cannot_leave_transaction,
    first_reason,
    frame_in,
    reason_of,
    sqlstate_of,
)

__all__ = [
    "BOOTSTRAP",
    "advice_given",
    "direction_of",
    "from_nothing",
    "missing_function",
    "revision_failed",
    "revision_of",
    "with_advice",
]

_MEND = "mend that revision and run it again; headworks status says where the database is"

BOOTSTRAP = (
    "where the project's own start-up makes tables before the first revision, name what does it: "
    '[tool.headworks.gate] bootstrap = "module:function" or "file.sql"'
)
_BOOTSTRAPPED = (
    "it ran on an empty database and what [tool.headworks.gate] bootstrap makes there: that must be all that was there"
    " before the first revision"
)
_MEND_UNTOUCHED = "mend that revision; it ran on a scratch database, and yours was not touched"
_UNDEFINED = frozenset({"42P01", "42703", "42704", "42883", "3F000"})
"""SQLSTATE of a relation, a column, an object, a function and a schema that are not there."""


def revision_of(step: MigrationStep) -> str:
    """The id of the revision that a step runs."""
    return str(step.revision.revision)  # type: ignore[attr-defined]


def direction_of(step: MigrationStep) -> str:
    """`upgrade` or `downgrade`."""
    return "upgrade" if step.is_upgrade else "downgrade"


def revision_failed(error: BaseException, step: MigrationStep, project: Project) -> HeadworksError:
    """The typed error for a step that raised."""
    revision = project.history.by_id[revision_of(step)]
    direction = direction_of(step)
    line = frame_in(error, revision.path) or (error.line if isinstance(error, Overdue) else 0)
    stuck = cannot_leave_transaction(first_reason(error))
    advice = advice_on_enclosing(project) if stuck else advice_on(error) or _MEND
    return RevisionFailed(
        file=revision.file,
        line=line,
        direction=direction,
        revision=revision.id,
        reason=reason_of(error),
        advice_text=advice,
    )


def advice_given(error: HeadworksError) -> str | None:
    """What `advice_on` knew of the error that such an error of a step's was made of, where that was anything."""
    given = error.fields.get("advice_text")
    return None if given in (None, _MEND, _MEND_UNTOUCHED) else str(given)


def from_nothing(error: RevisionFailed, bootstrap: str | None, *, scratch: bool) -> RevisionFailed:
    """The error of a history that was run from its beginning, with what may be the matter with that.

    `bootstrap` is the config's; `scratch` says that it was on a database of ours.
    """
    if error.fields["advice_text"] != _MEND:
        return error
    if sqlstate_of(error.__cause__) in _UNDEFINED:
        return with_advice(error, _BOOTSTRAPPED if bootstrap else BOOTSTRAP)
    return with_advice(error, _MEND_UNTOUCHED) if scratch else error


def with_advice(error: RevisionFailed, advice: str) -> RevisionFailed:
    """The same, with other advice."""
    other = RevisionFailed(**error.fields | {"advice_text": advice})
    other.__cause__ = error.__cause__
    return other


def missing_function(step_script: str, direction: str, history: History) -> DowngradeMissing:
    """The typed error for a revision without the function that is to run."""
    revision = history.by_id[step_script]
    return DowngradeMissing(file=revision.file, line=1, revision=revision.id, direction=direction)
