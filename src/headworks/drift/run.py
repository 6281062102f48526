"""`drift` of a project: the live database beside its models and its migrations."""

import time
from collections.abc import Callable, Iterator, Sequence

import msgspec

from headworks.drift.causes import Revisions, against_claimed, against_heads, pending, three_ways, unclaimed
from headworks.drift.claimed import claimed_rows
from headworks.drift.compare import differences, drift_finding
from headworks.drift.direct import outcome_of
from headworks.drift.filters import Filter
from headworks.drift.models import has_models, metadata_of
from headworks.drift.pictures import picture_of
from headworks.drift.policy import Policy
from headworks.drift.reading import reading_of
from headworks.drift.realised import Realiser
from headworks.drift.reprint import not_printed, printed_alike, printer
from headworks.drift.scope import of_migrations, of_models
from headworks.drift.standing import standing
from headworks.errors import HeadworksError
from headworks.findings import Finding, Outcome, Severity
from headworks.migrations.domains import declared_domains
from headworks.migrations.environment import Configured, look, look_offline
from headworks.migrations.errors import EnvStatementFailed, VersionTableUnreadable
from headworks.migrations.project import Project
from headworks.migrations.reasons import sqlstate_of
from headworks.postgres.shadow import Shadow
from headworks.postgres.url import DatabaseUrl
from headworks.schema import Change, Schema, Table

__all__ = ["differences_from", "drift_against_migrations", "drift_against_models", "drift_quickly"]

Tell = Callable[[int, int, str], None]


def _silent(number: int, total: int, name: str) -> None:
    pass


def drift_against_models(project: Project, live: DatabaseUrl, shadow: Shadow, tell: Tell = _silent) -> Outcome:
    """The models beside the live database and, where it has run any of them, the migrations beside both.

    `tell` hears what is being done. A history that does not run is a warning: the models are compared all the same.
    """
    began = time.monotonic()
    reading = reading_of(live)
    tell(1, 3, "reading the live database")
    configured = _look(project, live)
    metadata = metadata_of(project, configured)
    only = Filter(configured, metadata)
    sides = _Sides(project, shadow, only)
    actual = reading.result()
    notes: list[Finding] = []
    try:
        rows, known = claimed_rows(live, configured, actual), True
    except VersionTableUnreadable as error:
        rows, known = (), False
        text, advice = str(error), error.advice
        notes.append(Finding(rule="drift.unseen", severity=Severity.WARNING, message=text, hint=advice))
    tell(2, 3, "creating the models on the shadow")
    models = sides.realiser.models(metadata, actual)
    tell(3, 3, "running the migrations on the shadow")
    revisions = Revisions(project.history, rows, declared_domains(metadata))
    heads, claimed, runs = None, None, True
    # A database with nothing in it is at its beginning; one with tables and no revision was made in another way.
    if rows or (known and not sides.scoped(actual)[0].count(Table)):
        try:
            heads, claimed = sides.migrations(revisions)
            notes += pending(revisions)
        except HeadworksError as error:
            runs = False
            notes.append(_not_run(error))
    elif known and not sides.share_tables(models, actual):
        notes += pending(revisions)
    elif known:
        fits: Sequence[tuple[str, ...]] = ()
        try:
            heads = sides.realiser.migrations(revisions.heads)
            fits = sides.fitting(heads, actual, revisions, configured)
        except HeadworksError as error:
            runs = False
            notes.append(_not_run(error))
        if fits:
            claimed, revisions = sides.realiser.migrations(fits[0]), msgspec.structs.replace(revisions, rows=fits[0])
        notes += unclaimed(revisions, fits, runs=runs)
    if claimed is None or heads is None:
        models, actual = sides.scoped(models, actual)
        actual = sides.printed(actual, models)
        scope = of_models(models, sides.policy)
        found = differences(models, actual, only.between)
        findings = [drift_finding(one, "the models", "the database") for one in found if scope.covers(one)]
        findings += scope.notes(found, migrations=known and runs)
    else:
        models, heads, claimed, actual = sides.scoped(models, heads, claimed, actual)
        actual = sides.printed(actual, claimed, models)
        findings = list(three_ways(models, heads, claimed, actual, revisions, sides.policy, configured, only.between))
    return outcome_of([*sides.remarks(), *notes, *findings], actual, sides.policy, began)


def drift_against_migrations(project: Project, live: DatabaseUrl, shadow: Shadow, tell: Tell = _silent) -> Outcome:
    """The revisions that the live database says it has run, run on the shadow, beside it."""
    began = time.monotonic()
    reading = reading_of(live)
    tell(1, 2, "reading the live database")
    configured = _look(project, live)
    # Without models there is still something to compare: the migrations need none.
    metadata = metadata_of(project, configured) if has_models(project, configured) else ()
    only = Filter(configured, metadata)
    sides = _Sides(project, shadow, only)
    actual = reading.result()
    rows = claimed_rows(live, configured, actual)
    revisions = Revisions(project.history, rows, declared_domains(metadata))
    tell(2, 2, "running the migrations on the shadow")
    heads = None
    if not rows and sides.scoped(actual)[0].count(Table):
        heads = sides.realiser.migrations(revisions.heads)
    if heads is not None and sides.share_tables(heads, actual):
        # Beside no revision at all, each table would be blamed; one that makes what is there can be stamped.
        fits = sides.fitting(heads, actual, revisions, configured)
        claimed, actual = sides.scoped(sides.realiser.migrations(fits[0]) if fits else heads, actual)
        actual = sides.printed(actual, claimed)
        findings = list(against_heads(claimed, actual, revisions, sides.policy, only.between))
        notes = list(unclaimed(revisions, fits, heads=True))
    else:
        claimed, actual = sides.scoped(sides.realiser.migrations(rows), actual)
        actual = sides.printed(actual, claimed)
        findings = list(against_claimed(claimed, actual, revisions, sides.policy, only.between))
        notes = list(pending(revisions))
    return outcome_of([*sides.remarks(), *notes, *findings], actual, sides.policy, began)


def drift_quickly(project: Project, live: DatabaseUrl) -> Outcome:
    """What SQLAlchemy's automap makes of the live database beside the models; no shadow, nothing realised."""
    from headworks.drift.automap import orm_drift

    began = time.monotonic()
    reading = reading_of(live)
    configured = _look(project, live)
    metadata = metadata_of(project, configured)
    only, policy = Filter(configured, metadata), Policy(project.settings)
    actual = reading.result()
    findings = orm_drift(metadata, live, only, picture=actual, policy=policy)
    actual = policy.apply(only.apply(actual, only.schemas(actual)))
    return outcome_of(findings, actual, policy, began)


def differences_from(
    project: Project, live: DatabaseUrl, shadow: Shadow, configured: Configured, ids: Sequence[str]
) -> tuple[Change, ...]:
    """What tells the database from the revisions `ids`, whatever it claims itself."""
    only = Filter(configured, configured.metadata)
    sides = _Sides(project, shadow, only)
    expected, actual = sides.scoped(sides.realiser.migrations(ids), picture_of(live))
    actual = sides.printed(actual, expected)
    scope = of_migrations(expected, sides.policy)
    return tuple(one.change for one in differences(expected, actual, only.between) if scope.covers(one))


def _look(project: Project, live: DatabaseUrl) -> Configured:
    """What env.py configures, also where its role may not read the version table."""
    try:
        return look(project, live)
    except EnvStatementFailed as error:
        if sqlstate_of(error.__cause__) != "42501":
            raise
        try:
            return look_offline(project)
        except HeadworksError:
            raise error from None


class _Sides:
    """What makes a project's pictures, and what of a picture is the project's."""

    def __init__(self, project: Project, shadow: Shadow, only: Filter) -> None:
        self.realiser = Realiser(project, shadow)
        self._project = project
        self.policy = Policy(project.settings)
        self._shadow = shadow
        self._only = only
        self._left: tuple[str, ...] = ()

    def migrations(self, revisions: Revisions) -> tuple[Schema, Schema]:
        """The pictures at the heads and at the revisions that the database claims."""
        claimed = self.realiser.migrations(revisions.rows)
        behind = revisions.history.applied(revisions.rows) != frozenset(revisions.history.by_id)
        return (self.realiser.migrations(revisions.heads) if behind else claimed), claimed

    def scoped(self, *pictures: Schema) -> tuple[Schema, ...]:
        """The pictures of the project's schemas and tables, less what the config leaves alone."""
        schemas = self._only.schemas(*pictures)
        return tuple(self.policy.apply(self._only.apply(one, schemas)) for one in pictures)

    def fitting(
        self, heads: Schema, live: Schema, revisions: Revisions, configured: Configured
    ) -> Sequence[tuple[str, ...]]:
        """The version rows with which the database is what the revisions make: the heads, else older ones."""
        if self._fits(heads, live):
            return (revisions.heads,)
        one_run = configured.contexts == 1
        rows = standing(self._project, self._shadow, live, self._fits, one_run=one_run)
        return rows if rows and self._fits(self.realiser.migrations(rows[0]), live) else ()

    def _fits(self, made: Schema, live: Schema) -> bool:
        made, live = self.scoped(made, live)
        if {(one.schema, one.name) for one in made.all(Table)} != {(one.schema, one.name) for one in live.all(Table)}:
            return False
        _, live, _ = printed_alike(made, live, lambda: printer(self._shadow))
        scope = of_migrations(made, self.policy)
        return not any(scope.covers(one) for one in differences(made, live, self._only.between))

    def share_tables(self, one: Schema, other: Schema) -> bool:
        """Whether any table of the project is in both."""
        mine, theirs = ({(item.schema, item.name) for item in seen.all(Table)} for seen in self.scoped(one, other))
        return bool(mine & theirs)

    def printed(self, live: Schema, *realised: Schema) -> Schema:
        """The live picture with its views' texts as the shadow, which printed the others, prints them."""
        for other in realised:
            _, live, left = printed_alike(other, live, lambda: printer(self._shadow))
            self._left = tuple(dict.fromkeys((*self._left, *left)))
        return live

    def remarks(self) -> Iterator[Finding]:
        """What the reader of the report must know of how it was made."""
        if self._shadow.remark:
            yield Finding(rule="drift.shadow", severity=Severity.NOTE, message=self._shadow.remark)
        # There the shadow is of the live server's major, and nothing has to be printed anew.
        yield from not_printed(self._left, "headworks drift --shadow-on-live")


def _not_run(error: HeadworksError) -> Finding:
    return Finding(
        rule="drift.migrations",
        severity=Severity.WARNING,
        message=f"compared with the models alone, as the migrations do not run on the shadow: {error}",
        hint=error.advice or None,
    )
