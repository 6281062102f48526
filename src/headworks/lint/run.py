"""Lint: a picture of the models, the migrations or a live database, under every rule that is on."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal, TypeVar, get_args

import msgspec
from sqlalchemy import MetaData

from headworks.config import DriftSettings, Settings
from headworks.declared import ModelsFailed
from headworks.drift.filters import Filter
from headworks.drift.models import metadata_or_none
from headworks.drift.pictures import picture_of, without_version_tables
from headworks.drift.policy import Policy
from headworks.drift.realised import Realiser
from headworks.errors import HeadworksError
from headworks.findings import Finding, Outcome, Severity
from headworks.lint.keywords import reserved_at, reserved_words
from headworks.lint.known import all_rules
from headworks.lint.places import ModelPlaces, Place
from headworks.lint.planned import Builder, Built, Planned, built_in, unbuilt
from headworks.lint.policy import Standards
from headworks.lint.rule import LintRule, Scene, Violation
from headworks.migrations.environment import Configured, look, look_apart, look_offline
from headworks.migrations.project import Project
from headworks.postgres.shadow import Shadow
from headworks.postgres.url import DatabaseUrl
from headworks.schema import Constraint, Namespace, Schema, Table

__all__ = [
    "OWN_RULES",
    "SOURCES",
    "Source",
    "explained",
    "judged",
    "lint_database",
    "lint_project",
    "scene_of",
    "violations",
]

T = TypeVar("T")

Source = Literal["models", "live", "migrations"]
SOURCES: tuple[str, ...] = get_args(Source)

Judged = tuple[LintRule, Severity, Violation]
"""A violation of a rule, and how much it matters here."""

OWN_RULES = {
    "lint.unused-ignore": {
        "meaning": "An ignore of [tool.headworks.lint] hides nothing.",
        "advice": "Take it out, or correct it.",
        "severity": "warning",
    },
    "lint.not-realised": {
        "meaning": "The models cannot be created on a scratch database, so only what their names say was looked at.",
        "advice": "Mend what the other findings say, and run it again.",
        "severity": "error",
    },
}
"""What lint says of its own run."""


def lint_project(project: Project, source: Source, live: Callable[[], DatabaseUrl], shadow: Shadow) -> Outcome:
    """The project's schema under the rules; `live` is called for the source `live` alone, and only read.

    Raises what realising the models or the migrations raises, and `ConfigBroken`.
    """
    began = time.monotonic()
    standards = Standards(project.settings)
    configured = look(project, live()) if source == "live" else _configured(project, shadow)
    metadata = metadata_or_none(project, configured, required=source == "models")
    try:
        scene = _scene(project, source, live, shadow, configured, metadata)
    except HeadworksError as error:
        # SQLAlchemy, too, refuses some names, in words that do not say which table and what to do.
        bare = Scene(Schema(), project.settings.keys.lint, metadata, frozenset)
        looked = [one for one in all_rules() if one.of_models]
        found = list(violations(bare, standards, looked))
        if source != "models" or not found:
            raise
        rest = f"nothing else was looked at, as the models cannot be created: {error}"
        note = Finding(rule="lint.not-realised", message=rest, hint="mend the names first")
        return _outcome(bare, found, [note], standards, project.settings, began, looked)
    return _outcome(scene, list(violations(scene, standards)), standards.unused(), standards, project.settings, began)


def lint_database(url: DatabaseUrl, settings: Settings | None) -> Outcome:
    """A live database with no project at hand, under the rules that are on by default, or that `settings` say."""
    began = time.monotonic()
    standards = Standards(settings)
    picture = without_version_tables(picture_of(url))
    scene = Scene(picture, standards.keys, (), lambda: reserved_at(url))
    return _outcome(scene, list(violations(scene, standards)), standards.unused(), standards, settings, began)


def scene_of(project: Project, source: Source, live: Callable[[], DatabaseUrl], shadow: Shadow) -> Scene:
    """What the rules look at: the project's own tables in a picture from this source."""
    configured = look(project, live()) if source == "live" else _configured(project, shadow)
    metadata = metadata_or_none(project, configured, required=source == "models")
    return _scene(project, source, live, shadow, configured, metadata)


def violations(scene: Scene, standards: Standards, rules: Iterable[LintRule] | None = None) -> Iterator[Judged]:
    """What the rules that are on have against the picture, less what the config leaves alone; by table."""
    found = [
        (rule, severity if one.severity is None or rule.name in standards.keys.rules else one.severity, one)
        for rule in (all_rules() if rules is None else rules)
        if (severity := standards.severity(rule)) is not None
        for one in rule.check(scene)
        if not standards.ignored(rule, one)
    ]
    yield from sorted(found, key=lambda each: (each[2].table or ("", ""), each[0].name, each[2].object.name))


def judged(found: Iterable[Judged], scene: Scene, settings: Settings | None) -> Iterator[Finding]:
    """The violations as findings, each at its model's line where that can be found."""
    places = ModelPlaces(scene.metadata)
    for rule, severity, one in found:
        item = scene.picture.get(one.object)
        place = places.of(one.object, item.columns if isinstance(item, Constraint) else ())
        if one.config is not None and settings is not None and settings.file is not None:
            key, number = one.config
            place = Place(settings.file, settings.line_of("lint", key, nth=number))
        yield Finding(
            rule=rule.id,
            severity=severity,
            object=one.object,
            attribute=one.attribute,
            expected=one.expected,
            actual=one.actual,
            file=settings.name_of(place.file) if place and settings else None,
            line=place.line if place else None,
            message=one.message,
            hint=one.hint,
            sql=item.shown_by if item is not None and scene.picture.source == "" else None,
        )


def explained(rules: Iterable[LintRule]) -> dict[str, dict[str, str]]:
    """What reports say of these rules."""
    return {
        one.id: {"meaning": one.problem, "advice": one.fix, "severity": str(one.severity or Severity.WARNING)}
        for one in rules
    }


def _outcome(
    scene: Scene,
    found: Sequence[Judged],
    more: Iterable[Finding],
    standards: Standards,
    settings: Settings | None,
    began: float,
    rules: Iterable[LintRule] | None = None,
) -> Outcome:
    findings = [*judged(found, scene, settings), *more]
    looked = all_rules() if rules is None else rules
    # Without a picture no table was looked at, and PostgreSQL of no version.
    seen = {} if rules is not None else {
        "tables": scene.picture.count(Table), "postgresql": scene.picture.server_major
    }  # fmt: skip
    outcome = Outcome.of(
        "lint",
        findings,
        rules=sum(standards.severity(rule) is not None for rule in looked),
        **seen,
        seconds=round(time.monotonic() - began, 3),
    )
    meant = explained(rule for rule, _, _ in found)
    meant |= {one.rule: OWN_RULES[one.rule] for one in findings if one.rule in OWN_RULES}
    return msgspec.structs.replace(outcome, details={"rules": meant} if meant else {})


def _configured(project: Project, shadow: Shadow) -> Configured:
    """Without a server where env.py has an offline mode."""
    try:
        return look_offline(project)
    except HeadworksError:
        return look_apart(project, shadow.url)


def _scene(
    project: Project,
    source: Source,
    live: Callable[[], DatabaseUrl],
    shadow: Shadow,
    configured: Configured,
    metadata: tuple[MetaData, ...],
) -> Scene:
    picture = _picture(project, source, live, shadow, metadata)
    only = Filter(configured, metadata)
    # Without models nobody says which schemas are the project's: all that there are.
    schemas = only.schemas(picture) if metadata else frozenset(one.name for one in picture.all(Namespace))
    picture = _others_left_out(project.settings).apply(only.apply(picture, schemas))
    build = _builder(project, source, shadow, metadata)
    return Scene(picture, project.settings.keys.lint, metadata, lambda: reserved_words(shadow), build)


def _picture(
    project: Project, source: Source, live: Callable[[], DatabaseUrl], shadow: Shadow, metadata: tuple[MetaData, ...]
) -> Schema:
    if source == "live":
        return picture_of(live())
    realiser = Realiser(project, shadow)
    if source == "migrations":
        return realiser.migrations(_heads(project))
    return _of_models(project, realiser, lambda made: realiser.models(metadata, made))


def _heads(project: Project) -> list[str]:
    return [head for domain in project.history.domains for head in project.history.heads(domain)]


def _of_models(project: Project, realiser: Realiser, make: Callable[[Schema | None], T]) -> T:
    """What is made of the models; with the extensions of the history where they need some, which models cannot say."""
    try:
        return make(None)
    except ModelsFailed as failed:
        try:
            made = realiser.migrations(_heads(project))
        except HeadworksError:
            raise failed from None
        return make(made)


def _builder(project: Project, source: Source, shadow: Shadow, metadata: tuple[MetaData, ...]) -> Builder:
    """Builds planned indexes on what the picture is of; of a live database, which is only read, on its history."""
    realiser = Realiser(project, shadow)

    def of_history(planned: Sequence[Planned]) -> list[Built]:
        with realiser.migrations_at(_heads(project)) as url:
            return built_in(url, planned)

    def of_models(planned: Sequence[Planned]) -> list[Built]:
        def make(made: Schema | None) -> list[Built]:
            with realiser.models_at(metadata, made) as url:
                return built_in(url, planned)

        return _of_models(project, realiser, make)

    def for_live(planned: Sequence[Planned]) -> list[Built]:
        try:
            # What is refused there may be right here.
            return [Built(index=one.index) for one in of_history(planned)]
        except HeadworksError:
            return unbuilt(planned)

    return {"models": of_models, "migrations": of_history, "live": for_live}[source]


def _others_left_out(settings: Settings) -> Policy:
    """Drift's policy with nothing of drift's own: what others own is theirs to lint."""
    keys = msgspec.structs.replace(settings.keys, drift=DriftSettings())
    return Policy(msgspec.structs.replace(settings, keys=keys))
