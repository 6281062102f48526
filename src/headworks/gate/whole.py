"""What the gate says of the history as a whole: one head a domain, models = heads, each domain alone."""

import bisect
import contextlib
from collections.abc import Iterable, Iterator

import msgspec
from sqlalchemy import MetaData

from headworks.declared import MetadataEmpty, MetadataMissing, ModelsFailed, ModelsUnresolved, in_creation_order
from headworks.drift.autogenerate import Autogenerate, revision_hint
from headworks.drift.compare import differences, drift_finding
from headworks.drift.filters import Filter
from headworks.drift.models import metadata_of
from headworks.drift.policy import Policy
from headworks.drift.realised import picture_of_models
from headworks.drift.scope import of_models
from headworks.findings import Finding, ObjectRef, Severity
from headworks.gate.base import Base
from headworks.gate.missed import missed
from headworks.gate.scene import Scene
from headworks.migrations.enclosing import advice_on_enclosing, is_enclosing
from headworks.migrations.environment import Configured
from headworks.migrations.errors import RevisionFailed
from headworks.migrations.history import History, Revision
from headworks.migrations.plan import closure, dependents
from headworks.migrations.project import Project
from headworks.migrations.realise import realised, run_plan
from headworks.postgres.apart import at_work
from headworks.postgres.connect import connect
from headworks.postgres.databases import scratch_database
from headworks.postgres.url import DatabaseUrl
from headworks.schema import Action, Schema

__all__ = ["branches_alone", "in_one_go", "models_against", "models_of", "several_heads"]


Lacking = dict[str, set[str]]
"""A revision, and those that it needs and does not depend on."""


def several_heads(history: History) -> Iterator[Finding]:
    """`gate.heads`: a domain must have one head."""
    for domain in history.domains:
        heads = history.heads(domain)
        if len(heads) > 1:
            last = history.by_id[heads[-1]]
            named = ", ".join(f"{head} ({history.by_id[head].file})" for head in heads)
            yield Finding(
                rule="gate.heads",
                revision=last.id,
                file=last.file,
                line=1,
                message=f"domain {domain} has {len(heads)} heads: {named}",
                hint=f'headworks merge --domain {domain} -m "merge heads"',
            )


def models_of(project: Project, configured: Configured) -> tuple[MetaData, ...] | Finding:
    """The models in the order in which they can be made, or the note that there are none."""
    try:
        return in_creation_order(metadata_of(project, configured))
    except (MetadataMissing, MetadataEmpty) as error:
        return Finding(rule="gate.models-differ", severity=Severity.NOTE, message=str(error), hint=error.advice)
    except ModelsUnresolved as error:
        return Finding(rule="gate.models-differ", message=str(error), hint=error.advice)


def models_against(
    project: Project,
    server: DatabaseUrl,
    configured: Configured,
    metadata: tuple[MetaData, ...],
    heads: Schema,
    failing: frozenset[str],
) -> tuple[Finding, ...]:
    """`gate.models-differ`: the models, realised, against the picture at the heads (unknown when a revision fails)."""
    if failing:
        named = ", ".join(one.id for one in project.history.revisions if one.id in failing)
        text = f"the models were not compared with the heads: {named} cannot be run"
        return (Finding(rule="gate.models-differ", severity=Severity.NOTE, message=text),)
    only = Filter(configured, metadata)
    try:
        with _roles_of_the_history(server):
            models = picture_of_models(metadata, server, heads)
    except (ModelsFailed, ModelsUnresolved) as error:
        return (Finding(rule="gate.models-differ", message=str(error), hint=error.advice),)
    schemas = only.schemas(models, heads)
    policy = Policy(project.settings)
    models, heads = (policy.apply(only.apply(one, schemas)) for one in (models, heads))
    scope = of_models(models, policy)
    found = differences(models, heads, only.between)
    written = Autogenerate(models, heads, configured)
    where = "--domain DOMAIN " if project.history.domains[1:] else ""
    differing = [
        msgspec.structs.replace(
            drift_finding(one, "the models", "the migrations"),
            hint=revision_hint(written.refusal(one), where, extra=one.change.action is Action.UNEXPECTED),
        )
        for one in found
        if scope.covers(one)
    ]
    return (
        *(msgspec.structs.replace(one, rule="gate.models-differ", sql=None) for one in policy.judged(differing)),
        *(
            msgspec.structs.replace(one, rule="gate.models-differ", hint=None)
            for one in scope.notes(found, there="migrated", other="the history")
        ),
    )


@contextlib.contextmanager
def _roles_of_the_history(server: DatabaseUrl) -> Iterator[None]:
    """Models may grant rights to a role that a revision makes; it went with the scratch database of the walk."""
    if (apart := at_work()) is None:
        yield
        return
    with connect(server.with_database("postgres")) as admin, apart.roles_again(admin):
        yield


def in_one_go(scene: Scene, failing: frozenset[str]) -> Iterator[Finding]:
    """`gate.upgrade-failed`, too: what every new database meets first, all revisions in one run of env.py.

    With a base, what a database that is at the base meets. `failing` are those that are known to fail by themselves.
    """
    project, history, base = scene.project, scene.project.history, scene.base
    broken = dependents(history, failing)
    sound = [revision for revision in history.revisions if revision.id not in broken]
    if base is None:
        error = _failure(scene, [one.id for one in sound])
    else:
        error = _failure_above(project, base, tuple(one for one in sound if one not in base.revisions))
    if error and error.revision not in failing:
        revision = history.by_id[error.revision]
        text = f"upgrade of {revision.id} fails in one go with those before it; alone it runs"
        hint = "let env.py commit after each revision: context.configure(..., transaction_per_migration=True)"
        if is_enclosing(project):  # which that alone does not make Alembic commit
            hint = f"{hint}; and {advice_on_enclosing(project)}"
        yield _failing(revision, "gate.upgrade-failed", error, text, hint)


def branches_alone(scene: Scene, failing: frozenset[str]) -> Iterator[Finding]:
    """`gate.dependency`: each domain must run with nothing but the revisions that it says it needs.

    Tried are the domains with a revision that is `chosen`: the others are what they were. `failing` are revisions that
    are known to fail with all others there, too.
    """
    history = scene.project.history
    if len(history.domains) < 2:
        return
    lacking: Lacking = {}
    said = set(failing)
    for domain in history.domains:
        if scene.chosen.isdisjoint(one.id for one in history.of_domain(domain)):
            continue
        while error := _failure(scene, _with(history, history.heads(domain), lacking)):
            revision = history.by_id[error.revision]
            if revision.id in said:
                break
            needed = _needed(scene, revision, lacking)
            if needed is None:
                said.add(revision.id)
                alone = f"headworks gate --revisions {revision.id}"
                yield _failing(revision, "gate.upgrade-failed", error, f"upgrade of {revision.id} fails", alone)
                break
            below = closure(history, _with(history, [revision.id], lacking)) - {revision.id}
            lacking.setdefault(revision.id, set()).add(needed)
            text = f"{revision.id} needs {needed} and does not depend on it"
            hint = f'depends_on = "{needed}" in {revision.file}'
            lacks = missed(scene, error, below, needed)
            yield _failing(revision, "gate.dependency", error, text, hint, lacks)


def _failing(
    revision: Revision, rule: str, error: RevisionFailed, text: str, hint: str, about: ObjectRef | None = None
) -> Finding:
    return Finding(
        rule=rule,
        object=about,
        revision=revision.id,
        direction="upgrade",
        file=revision.file,
        line=error.line or None,
        message=f"{text}: {error.reason}",
        hint=hint,
    )


def _needed(scene: Scene, revision: Revision, lacking: Lacking) -> str | None:
    """The revision before `revision`, in the order of the history, with which it runs and without which it does not."""
    history = scene.project.history
    own = closure(history, _with(history, [revision.id], lacking))
    earlier = history.revisions[: history.revisions.index(revision)]
    others = [one.id for one in earlier if one.id not in own]

    def runs(count: int) -> bool:
        return _failure(scene, _with(history, [revision.id, *others[:count]], lacking)) is None

    if not runs(len(others)):
        return None
    return others[bisect.bisect_left(range(len(others)), True, key=lambda place: runs(place + 1))]


def _with(history: History, ids: Iterable[str], lacking: Lacking) -> list[str]:
    """These revisions, and what is known to be lacking below them."""
    found = list(ids)
    while more := {need for one in closure(history, found) for need in lacking.get(one, ())} - closure(history, found):
        found += sorted(more)
    return found


def _failure(scene: Scene, ids: Iterable[str]) -> RevisionFailed | None:
    """What these revisions and all that they need fail with, in one go in an empty database."""
    named = tuple(ids)
    key = frozenset(closure(scene.project.history, named))
    if key not in scene.tried:
        try:
            with realised(scene.project, scene.shadow.url, named):
                scene.tried[key] = None
        except RevisionFailed as error:
            scene.tried[key] = error
    return scene.tried[key]


def _failure_above(project: Project, base: Base, plan: tuple[Revision, ...]) -> RevisionFailed | None:
    try:
        with scratch_database(base.url, template=base.url.database) as url:
            run_plan(project, url, plan, "upgrade")
    except RevisionFailed as error:
        return error
    return None
