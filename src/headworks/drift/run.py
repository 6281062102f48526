"""`drift`: one outcome for each of the four things that a live database can be compared with."""

import time
from collections.abc import Callable
from pathlib import Path

from headworks.drift.compare import compare
from headworks.drift.filters import Filter, without_version_tables
from headworks.drift.sources import (
    has_models,
    metadata_of,
    picture_of,
    picture_of_file,
    picture_of_migrations,
    picture_of_models,
)
from headworks.findings import Finding, Outcome, Severity
from headworks.migrations.environment import look
from headworks.migrations.project import Project
from headworks.postgres.shadow import Shadow
from headworks.postgres.url import DatabaseUrl
from headworks.schema import Schema, Table
from headworks.words import plural

__all__ = ["drift_against_migrations", "drift_against_models", "drift_against_picture", "picture_named"]

Tell = Callable[[int, int, str], None]


def _silent(number: int, total: int, name: str) -> None:
    pass


def drift_against_models(project: Project, live: DatabaseUrl, shadow: Shadow, tell: Tell = _silent) -> Outcome:
    """The models, realised on the shadow, beside the live database. `tell` hears what is being done."""
    began = time.monotonic()
    configured = look(project, live)
    metadata = metadata_of(project, configured)
    tell(1, 2, "reading the live database")
    actual = picture_of(live)
    tell(2, 2, "creating the models on the shadow")
    expected = picture_of_models(metadata, shadow.url, actual)
    only = Filter(configured, metadata)
    findings = _compare(expected, actual, only, "the models", partial=True)
    return _outcome(findings, shadow, only, actual, began, _pending(project, configured.rows))


def drift_against_migrations(project: Project, live: DatabaseUrl, shadow: Shadow, tell: Tell = _silent) -> Outcome:
    """The revisions that the live database says it has run, run on the shadow, beside it."""
    began = time.monotonic()
    configured = look(project, live)
    # Without models there is still something to compare: the migrations need none.
    only = Filter(configured, metadata_of(project, configured) if has_models(project, configured) else ())
    tell(1, 2, "reading the live database")
    actual = picture_of(live)
    tell(2, 2, "running the migrations on the shadow")
    expected = picture_of_migrations(project, shadow.url, configured.rows, only)
    findings = _compare(expected, actual, only, "the migrations")
    return _outcome(findings, shadow, only, actual, began, _pending(project, configured.rows))


def drift_against_picture(expected: Schema, actual: Schema, name: str) -> Outcome:
    """A snapshot, or another database, beside the live one: every schema that is not the system's."""
    began = time.monotonic()
    actual = without_version_tables(actual)
    findings = compare(without_version_tables(expected), actual, source=name)
    return Outcome.of("drift", findings, **_stats(actual, began))


def picture_named(text: str) -> Schema:
    """The picture in a snapshot file or of the database at a URL. Raises `SnapshotMissing`."""
    return picture_of(DatabaseUrl.parse(text, source="--against")) if "://" in text else picture_of_file(Path(text))


def _compare(
    expected: Schema, actual: Schema, only: Filter, source: str, *, partial: bool = False
) -> tuple[Finding, ...]:
    schemas = only.schemas(expected, actual)
    return compare(only.apply(expected, schemas), only.apply(actual, schemas), source=source, partial=partial)


def _pending(project: Project, rows: tuple[str, ...]) -> int:
    history = project.history
    return len(history.by_id) - len(history.applied(rows))


def _outcome(
    findings: tuple[Finding, ...], shadow: Shadow, only: Filter, actual: Schema, began: float, pending: int
) -> Outcome:
    said = list(findings)
    if pending:
        text = f"the database has not run {plural(pending, 'revision')} of the history"
        said.insert(0, Finding(rule="drift.pending", severity=Severity.NOTE, message=text, hint="headworks upgrade"))
    if shadow.remark:
        said.insert(0, Finding(rule="drift.shadow", severity=Severity.NOTE, message=shadow.remark))
    return Outcome.of("drift", said, **_stats(only.apply(actual, only.schemas(actual)), began))


def _stats(actual: Schema, began: float) -> dict[str, object]:
    return {
        "tables": len(actual.all(Table)),
        "objects": len(actual),
        "postgresql": actual.server_major,
        "seconds": round(time.monotonic() - began, 3),
    }
