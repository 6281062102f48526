"""What is unlike the rest in a project's migrations, and worth knowing before headworks works with them."""

from collections.abc import Iterator

import msgspec

from headworks.adopt.observe import Observed, Seen
from headworks.drift.models import metadata_of
from headworks.errors import HeadworksError
from headworks.gate.source import RevisionSource
from headworks.migrations.enclosing import advice_on_enclosing
from headworks.migrations.environment import Configured
from headworks.migrations.failures import BOOTSTRAP
from headworks.migrations.history import History
from headworks.migrations.project import Project
from headworks.migrations.reasons import sqlstate_of
from headworks.schema import QualifiedName
from headworks.words import plural

__all__ = ["Quirk", "quirks", "some"]

_ALEMBICS_WIDTH = 32
_UNDEFINED_TABLE = "42P01"
_FEW = 5


class Quirk(msgspec.Struct, frozen=True):
    """One of them, and what to do about it; nothing where headworks sees to it."""

    text: str
    hint: str = ""


def quirks(project: Project, configured: Configured, observed: Observed) -> Iterator[Quirk]:
    """All that was found."""
    yield from _of_the_graph(project.history)
    yield from _of_env(project, configured, observed)
    yield from _of_upgrades(observed)
    yield from _of_downgrades(project, observed)
    if not observed.failed:  # else it says what was not run
        yield from _of_models(project, configured, observed)


def some(names: list[str], few: int = _FEW) -> str:
    """The first of them, and how many more there are."""
    more = [f"{len(names) - few:,} more"] if len(names) > few else []
    return ", ".join([*names[:few], *more])


def _of_the_graph(history: History) -> Iterator[Quirk]:
    bases = [one.id for one in history.revisions if not one.down]
    if len(bases) > 1:
        yield Quirk(f"{len(bases)} bases: {some(bases)}")
    for domain in history.domains:
        if len(heads := history.heads(domain)) > 1:
            hint = f'headworks merge --domain {domain} -m "merge heads"'
            yield Quirk(f"{len(heads)} heads of {domain}: {some(list(heads))}", hint)
    if merges := [one.id for one in history.revisions if len(one.down) > 1]:
        yield Quirk(f"{plural(len(merges), 'merge')}: {some(merges)}")
    long = [one.id for one in history.revisions if len(one.id) > _ALEMBICS_WIDTH]
    if long:
        yield Quirk(f"{plural(len(long), 'id')} longer than Alembic's version_num: headworks widens it")


def _of_env(project: Project, configured: Configured, observed: Observed) -> Iterator[Quirk]:
    if observed.stepwise:
        yield Quirk(
            "env.py keeps a transaction around all revisions: autocommit_block() fails in it",
            advice_on_enclosing(project),
        )
    if observed.given:
        yield Quirk(
            f"{plural(len(observed.given), 'table')} there before the first revision: {_tables(observed.given)}"
        )
    if len(configured.metadata) > 1:
        yield Quirk(f"{len(configured.metadata)} MetaData objects in target_metadata")


def _of_upgrades(observed: Observed) -> Iterator[Quirk]:
    for one in observed.seen:
        if one.together:
            yield Quirk(f"{one.revision.id} runs only in one go with the revisions before it: {_reason(one)}")
    for one in observed.failed:
        skipped = sum(other.skipped == one.revision.id for other in observed.seen)
        after = f", so {plural(skipped, 'revision')} after it did not run" if skipped else ""
        yield Quirk(f"{one.revision.id} does not run{after}: {_reason(one)}", _advice(one))


def _reason(seen: Seen) -> str:
    error = seen.failure
    assert error is not None
    return str(error.fields.get("reason") or error)


def _advice(seen: Seen) -> str:
    error = seen.failure
    assert error is not None
    if sqlstate_of(error.__cause__) == _UNDEFINED_TABLE:
        return BOOTSTRAP
    return error.advice


def _of_downgrades(project: Project, observed: Observed) -> Iterator[Quirk]:
    kinds: dict[str, list[str]] = {"missing": [], "empty": [], "refuses": []}
    for one in observed.seen:
        if not hasattr(project.script.get_revision(one.revision.id).module, "downgrade"):
            kinds["missing"].append(one.revision.id)
        elif (body := RevisionSource(one.revision).body_of("downgrade")) == "raises":
            kinds["refuses"].append(one.revision.id)
        elif body == "empty" and one.changed:
            kinds["empty"].append(one.revision.id)
    if ids := kinds["missing"]:
        yield Quirk(f"no downgrade() in {plural(len(ids), 'revision')}: {some(ids)}", _OPTIONAL)
    if ids := kinds["refuses"]:
        yield Quirk(f"a downgrade() that refuses in {plural(len(ids), 'revision')}: {some(ids)}", _OPTIONAL)
    if ids := kinds["empty"]:
        yield Quirk(f"an empty downgrade() in {plural(len(ids), 'revision')} that changed something: {some(ids)}")


_OPTIONAL = 'where that is meant: [tool.headworks.gate] downgrades = "optional"'


def _of_models(project: Project, configured: Configured, observed: Observed) -> Iterator[Quirk]:
    try:
        metadata = metadata_of(project, configured)
    except HeadworksError as error:
        yield Quirk(str(error), error.advice)
        return
    declared = {(table.schema or "public", table.name) for one in metadata for table in one.tables.values()}
    if missing := declared - observed.tables:
        yield Quirk(f"{plural(len(missing), 'table')} of the models that no revision makes: {_tables(missing)}")
    if extra := observed.tables - declared:
        yield Quirk(f"{plural(len(extra), 'table')} of the history that no model has: {_tables(extra)}")


def _tables(names: frozenset[QualifiedName] | set[QualifiedName]) -> str:
    return some([name if schema == "public" else f"{schema}.{name}" for schema, name in sorted(names)])
