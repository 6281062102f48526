"""`gate.trespass`: what a revision was seen to do to tables that its domain, or Alembic, does not own.

Nothing is parsed. Event triggers tell the tables that DDL is about, which a table that a foreign key refers to is not;
privileges and extended statistics, of which they do not say the table, are compared before and after; the backend's own
counters, read after each statement, tell whose rows it wrote. Where a role may have no event triggers, the pictures are
compared, and a table counts also when a type that it uses has got another name.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

import msgspec

from headworks.declared import MetadataEmpty, MetadataMissing
from headworks.drift.models import metadata_of
from headworks.findings import Finding, ObjectRef
from headworks.gate.locks.seen import SeenStep
from headworks.gate.scene import Scene
from headworks.gate.source import RevisionSource
from headworks.gate.walked import Walked
from headworks.migrations.domains import declared_domains, observed_domains
from headworks.migrations.errors import DowngradeMissing, RevisionFailed
from headworks.migrations.history import Revision
from headworks.owners.manifest import Manifest, Owner
from headworks.postgres.databases import scratch_database
from headworks.schema import Object, OnTable, Privilege, QualifiedName, Schema, Statistics, Table
from headworks.words import plural

__all__ = ["trespasses"]


class _Touch(msgspec.Struct, frozen=True):
    """What was seen of a step: a table, what was done to it, and where in the file (`None`: not known)."""

    direction: str
    table: QualifiedName
    deed: str
    line: int | None = None


def trespasses(
    scene: Scene, manifest: Manifest, walked: Sequence[Walked], steps: Sequence[SeenStep]
) -> Iterator[Finding]:
    """One finding for each revision and each table of others, the first thing that it was seen to do to it."""
    domains = _Domains(scene, manifest, walked)
    seen = {one.revision.id: one for one in walked}
    for revision in scene.revisions:
        own = [step for step in steps if step.revision == revision.id]
        found: dict[QualifiedName, Finding] = {}
        for touch in (*_by_ddl(seen.get(revision.id), own), *_by_rows(own)):
            if touch.table in found or _helper(scene, touch.table):
                continue
            if (reason := _reason(manifest, domains, revision, touch.table)) is not None:
                found[touch.table] = _finding(revision, touch, *reason)
        yield from found.values()


# What was seen


def _by_ddl(seen: Walked | None, steps: Sequence[SeenStep]) -> Iterator[_Touch]:
    """The tables that the walk saw made, altered or dropped, by name."""
    if seen is None or seen.before is None or seen.upgraded is None:
        return
    lines = {(step.direction, table): line for step in reversed(steps) for table, line in _altered(step)}
    pairs = [("upgrade", seen.before, seen.upgraded)]
    pairs += [("downgrade", seen.upgraded, seen.downgraded)] if seen.downgraded is not None else []
    for direction, before, after in pairs:
        named = seen.named.get(direction)
        differing = {table for one in before.objects ^ after.objects for table in _tables_of(one, any_=named is None)}
        for name in sorted(differing | (named or frozenset())):
            was, now = before.table(*name), after.table(*name)
            if table := _whole(now, after) or _whole(was, before):
                key = (table.schema, table.name)
                # What becomes of a partition, its table goes through.
                deed = _deed(was, now) if key == name else "alters"
                yield _Touch(direction, key, deed, lines.get((direction, key)))


def _deed(was: Table | None, now: Table | None) -> str:
    if now is None:
        return "drops or renames"
    return "creates" if was is None else "alters"


def _tables_of(item: Object, *, any_: bool) -> Iterator[QualifiedName]:
    """The table that a changed object says something of: what event triggers do not name, or with `any_` all of it."""
    if isinstance(item, Privilege):
        yield (item.schema, item.object)
    elif isinstance(item, Statistics):
        yield item.relation
    elif any_ and isinstance(item, OnTable):
        yield (item.schema, item.table)
    elif any_ and isinstance(item, Table):
        yield (item.schema, item.name)


def _whole(table: Table | None, picture: Schema) -> Table | None:
    """The table, or that of which it is a partition."""
    while table is not None and table.bound is not None and table.inherits:
        table = picture.table(*table.inherits[0])
    return table


def _altered(step: SeenStep) -> list[tuple[QualifiedName, int | None]]:
    """For each table the first statement that altered it, the earliest last."""
    found = [
        ((touch.relation.schema, touch.relation.name), statement.line)
        for statement in step.statements
        for touch in statement.touched
        if touch.changes or touch.rewritten or touch.taken == "AccessExclusiveLock"
    ]
    return list(reversed(found))


def _by_rows(steps: Sequence[SeenStep]) -> Iterator[_Touch]:
    """The tables whose rows a statement wrote."""
    for step in steps:
        for statement in step.statements:
            for write in statement.writes:
                if write.relation.kind == "m":
                    continue
                if write.rows:
                    deed = f"writes {plural(write.rows, 'row')} of"
                else:
                    deed = "empties" if write.emptied else "writes to"
                table = (write.relation.schema, write.relation.name)
                yield _Touch(step.direction, table, deed, statement.line)


# What is a trespass


def _reason(
    manifest: Manifest, domains: "_Domains", revision: Revision, table: QualifiedName
) -> tuple[str, str] | None:
    """Whose the table is, and what to do instead; `None` where the revision may touch it."""
    if not manifest.alembic_owns(*table):
        owners = manifest.owners_of(*table)
        owner = owners[0].spoken if owners else "nobody"
        if Owner.PRISMA in owners:
            return f"which {owner} owns", "leave it to a migration of Prisma's"
        return f"which {owner} owns", "leave it to its owner" if owners else "name it in [tool.headworks.owners]"
    if not manifest.settings.exclusive:
        return None
    theirs = domains.of(table)
    if theirs is None or revision.domain in theirs:
        return None
    named = " and ".join(theirs)
    advice = f'do it in a revision of {theirs[0]}: headworks revision --domain {theirs[0]} -m "what it does"'
    return f"which the domain {named} owns, and {revision.id} is of {revision.domain}", advice


class _Domains:
    """The domain of each table: what the manifest says, else its model, else the revision that makes it."""

    def __init__(self, scene: Scene, manifest: Manifest, walked: Sequence[Walked]) -> None:
        self._scene = scene
        self._manifest = manifest
        self._made = _made(walked)

    def of(self, table: QualifiedName) -> tuple[str, ...] | None:
        """`None` where nobody says; several only where the manifest names several."""
        if named := self._manifest.domains_of(*table):
            return named
        for known in (self._declared, self._made):
            if table in known:
                return (known[table],)
        # Made below the revisions that were walked, and declared by no model.
        return (self._observed[table],) if table in self._observed else None

    @cached_property
    def _declared(self) -> Mapping[QualifiedName, str]:
        try:
            return declared_domains(metadata_of(self._scene.project, self._scene.configured))
        except (MetadataMissing, MetadataEmpty):
            return {}

    @cached_property
    def _observed(self) -> Mapping[QualifiedName, str]:
        try:
            with scratch_database(self._scene.shadow.url) as url:
                return observed_domains(self._scene.project, url)
        except (RevisionFailed, DowngradeMissing):  # which is said already
            return {}


def _made(walked: Iterable[Walked]) -> dict[QualifiedName, str]:
    found: dict[QualifiedName, str] = {}
    for seen in walked:
        if seen.before is not None and seen.upgraded is not None:
            new = (one for one in seen.upgraded.objects - seen.before.objects if isinstance(one, Table))
            for one in new:
                if seen.before.table(one.schema, one.name) is None:
                    found.setdefault((one.schema, one.name), seen.revision.domain)
    return found


def _helper(scene: Scene, table: QualifiedName) -> bool:
    """Whether it is Alembic's own, or headworks'."""
    schema, name = table
    return name.startswith("headworks_") or scene.only.version_table(Table(schema=schema, name=name))


def _finding(revision: Revision, touch: _Touch, whose: str, advice: str) -> Finding:
    schema, name = touch.table
    return Finding(
        rule="gate.trespass",
        object=ObjectRef("table", name, schema),
        revision=revision.id,
        direction=touch.direction,
        file=revision.file,
        line=touch.line or RevisionSource(revision).line_of(touch.direction),
        message=f"the {touch.direction} of {revision.id} {touch.deed} table {schema}.{name}, {whose}",
        hint=f"{advice}; or say so in the file: # headworks: allow gate.trespass - the reason",
    )
