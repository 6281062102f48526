"""Three ways: what the models say, what the migrations make, what the database is; and who of them is alone.

A difference is *hot-patched* where the database is not what the revisions that it claims make, and a *missing
migration* where the models are not what the migrations' heads make. A database behind its heads is no finding: it is
compared with the revisions that it claims.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from headworks.drift.autogenerate import Autogenerate, revision_hint
from headworks.drift.compare import Difference, Only, differences, drift_finding
from headworks.drift.policy import Policy
from headworks.drift.scope import of_migrations, of_models
from headworks.findings import Finding, ObjectRef, Severity
from headworks.migrations.environment import Configured
from headworks.migrations.history import History
from headworks.schema import Action, QualifiedName, Schema

__all__ = ["Revisions", "against_claimed", "pending", "three_ways"]


class Revisions(msgspec.Struct, frozen=True):
    """The history, the version rows of the database, and the domain of each table where the models say it."""

    history: History
    rows: tuple[str, ...]
    domains: Mapping[QualifiedName, str] = {}

    @property
    def heads(self) -> tuple[str, ...]:
        """All heads."""
        return tuple(head for domain in self.history.domains for head in self.history.heads(domain))

    def domain(self, ref: ObjectRef) -> str | None:
        """The domain of the object's table, where the models say it."""
        return self.domains.get((ref.schema or "", ref.table or ref.name))

    def claimed(self, ref: ObjectRef) -> str | None:
        """The revision that the database claims for this object: its domain's, else all of them."""
        return self._of(ref, self.rows)

    def head(self, ref: ObjectRef) -> str | None:
        """The head that a new revision for this object would follow."""
        return self._of(ref, self.heads)

    def _of(self, ref: ObjectRef, ids: Iterable[str]) -> str | None:
        domain = self.domain(ref)
        known = [one for one in ids if one in self.history.by_id]
        own = [one for one in known if self.history.by_id[one].domain == domain]
        return ", ".join(own or known) or None


def pending(revisions: Revisions) -> Iterator[Finding]:
    """A note for each domain of which the database has not run all."""
    history = revisions.history
    applied = history.applied(revisions.rows)
    for domain in history.domains:
        left = [one.id for one in history.of_domain(domain) if one.id not in applied]
        if left:
            current = ", ".join(history.current(domain, applied))
            at = f"at {current}" if current else "before its first revision"
            word = f"domain {domain} is {at}" if len(history.domains) > 1 else f"the database is {at}"
            yield Finding(
                rule="drift.pending",
                severity=Severity.NOTE,
                revision=current or None,
                message=f"not migrated yet: {word}; to run: {', '.join(left)}",
                hint="headworks upgrade",
            )


def unclaimed(
    revisions: Revisions, fits: Sequence[tuple[str, ...]] = (), *, heads: bool = False, runs: bool = True
) -> Iterator[Finding]:
    """A note on a database that has the project's tables and no version row: an upgrade would make them again.

    `fits` are the rows with which it would be what the revisions make, several where some of these change no schema;
    none where no revisions make what it is. `heads` says whether it is compared with the heads then, `runs` whether the
    history runs on the shadow.
    """
    if not revisions.heads:
        return
    message = "the database claims no revision though it has tables of the project"
    named = [", ".join(rows) for rows in fits]
    if fits and set(fits[-1]) == set(revisions.heads):
        message += f"; it is what the heads make ({', '.join(revisions.heads)})"
        hint = "headworks stamp heads"
    elif fits:
        history = revisions.history
        applied = history.applied(fits[0])
        left = ", ".join(one.id for one in history.revisions if one.id not in applied)
        made = f"it is what an upgrade to {' or '.join(named)} makes"
        message += f"; not migrated yet: {made}; to run once it is stamped: {left}"
        hint = f"headworks stamp {' '.join(fits[0])}"
        if others := named[1:]:
            hint += f"; where it has been run: {' or '.join(others)}, which the schema does not tell"
    elif heads:
        message += f"; compared with the heads ({', '.join(revisions.heads)}), as no revisions make what it is"
        hint = "when they agree: headworks stamp heads; when it is at an older revision: headworks stamp REVISION"
    elif not runs:
        hint = "where you know which revision it is at: headworks stamp --force REVISION"
    else:
        hint = "headworks drift --against migrations compares it with the heads; when they agree: headworks stamp heads"
    yield Finding(
        rule="drift.unclaimed",
        severity=Severity.NOTE,
        revision=named[0] if named else None,
        message=message,
        hint=hint,
    )


def against_heads(
    heads: Schema, live: Schema, revisions: Revisions, policy: Policy, only: Only | None = None
) -> Iterator[Finding]:
    """The database beside the heads, where it claims no revision: nobody can say that it was patched."""
    scope = of_migrations(heads, policy)
    found = differences(heads, live, only)
    yield from (drift_finding(one, "the heads", "the database") for one in found if scope.covers(one))
    yield from scope.notes(found)


def against_claimed(
    claimed: Schema, live: Schema, revisions: Revisions, policy: Policy, only: Only | None = None
) -> Iterator[Finding]:
    """The database beside the revisions that it claims."""
    scope = of_migrations(claimed, policy)
    found = differences(claimed, live, only)
    yield from (_hot(one, revisions) for one in found if scope.covers(one))
    yield from scope.notes(found)


def three_ways(
    models: Schema,
    heads: Schema,
    claimed: Schema,
    live: Schema,
    revisions: Revisions,
    policy: Policy,
    configured: Configured,
    only: Only | None = None,
) -> Iterator[Finding]:
    """The database and the models, each beside the migrations; what both have and no revision makes is said once."""
    said, made = of_models(models, policy), of_migrations(claimed, policy)
    undone = {one.key: one for one in differences(models, heads, only) if said.covers(one)}
    between = differences(claimed, live, only)
    hot = {one.key: one for one in between if made.covers(one)}
    by_hand = undone.keys() & hot.keys()
    if by_hand:
        otherwise = [one.change.object for one in differences(models, live, only)]
        by_hand -= {key for key in by_hand if any(_within(one, key[0]) for one in otherwise)}
    renamed = {there: here for here, one in hot.items() for there, two in undone.items() if _back(one, two)}
    by_hand |= renamed.keys()
    done = by_hand | set(renamed.values())
    for key, one in hot.items():
        if key not in done:
            yield _hot(one, revisions)
    written = Autogenerate(models, heads, configured)
    for key, one in undone.items():
        patched = key in hot and _patched(hot[key], one)
        yield _undone(one, revisions, written, by_hand=key in by_hand, patched=patched)
    yield from made.notes(between)


def _back(hot: Difference, undone: Difference) -> bool:
    """Whether somebody has renamed in the database what the models have renamed."""
    here, there = hot.change, undone.change
    return bool(hot.evidence and undone.evidence) and (
        (here.object.kind, here.object.schema, here.object.table, here.attribute, here.expected, here.actual)
        == (there.object.kind, there.object.schema, there.object.table, there.attribute, there.actual, there.expected)
    )


def _within(part: ObjectRef, whole: ObjectRef) -> bool:
    return part == whole or (part.schema, part.table) == (whole.schema, whole.name)


def _hot(one: Difference, revisions: Revisions) -> Finding:
    revision = revisions.claimed(one.change.object)
    name = f"revision {revision}" if revision and ", " not in revision else "the migrations"
    because = f"hot-patched at {revision}" if one.change.action is Action.CHANGED and revision else "hot-patched"
    found = drift_finding(one, name, "the database", because)
    return msgspec.structs.replace(
        found,
        revision=revision,
        hint="undo it in the database, or write it down in a revision that other databases get, too",
    )


def _patched(hot: Difference, undone: Difference) -> bool:
    """Whether what somebody did in the database leaves autogenerate, which starts from it, something else to write."""
    return undone.change.action is not Action.CHANGED or hot.change.actual == undone.change.expected


def _undone(one: Difference, revisions: Revisions, written: Autogenerate, *, by_hand: bool, patched: bool) -> Finding:
    because = "missing migration: the database has it by hand" if by_hand else "missing migration"
    found = drift_finding(one, "the models", "the migrations", because)
    domain = revisions.domain(one.change.object)
    several = len(revisions.history.domains) > 1
    where = f"--domain {domain or 'DOMAIN'} " if several else ""
    refusal = written.refusal(one)
    if refusal is None and (by_hand or patched):
        refusal = "starts from this database, where that was changed by hand"
    hint = revision_hint(refusal, where, extra=one.change.action is Action.UNEXPECTED and not by_hand)
    return msgspec.structs.replace(found, revision=revisions.head(one.change.object), hint=hint)
