"""`gate.dependency`, the second way: every order that the history allows must make the same.

Where two domains are independent on paper, one deployment runs the first and another the second before the other. Tried
are the two orders that differ most from the usual one: domain after domain, and that backwards.
"""

from collections.abc import Callable, Iterator, Sequence

from headworks.catalog import read_schema
from headworks.catalog.kept import KeptPicture
from headworks.findings import Finding, ObjectRef, Severity
from headworks.gate.names import Difference, differences
from headworks.migrations.errors import RevisionFailed
from headworks.migrations.history import History, Revision
from headworks.migrations.plan import closure
from headworks.migrations.project import Project
from headworks.migrations.realise import bootstrap, run_plan
from headworks.postgres.connect import connect
from headworks.postgres.databases import scratch_database
from headworks.postgres.url import DatabaseUrl
from headworks.schema import Schema

__all__ = ["interleaved", "orders"]

Order = tuple[Revision, ...]
Forget = Callable[[Schema], Schema]


def orders(history: History) -> tuple[Order, ...]:
    """The other orders to try; none where the history allows one alone."""
    found: list[Order] = []
    for domains in (history.domains, history.domains[::-1]):
        order = _domain_after_domain(history, domains)
        if order != history.revisions and order not in found:
            found.append(order)
    return tuple(found)


def _domain_after_domain(history: History, domains: Sequence[str]) -> Order:
    """Always a revision of the first of `domains` that has one whose needs are done."""
    todo = {domain: list(history.of_domain(domain)) for domain in domains}
    done: dict[str, Revision] = {}
    while len(done) < len(history.revisions):
        revision = next(one for domain in domains for one in todo[domain] if all(need in done for need in one.needs))
        todo[revision.domain].remove(revision)
        done[revision.id] = revision
    return tuple(done.values())


def interleaved(
    project: Project, server: DatabaseUrl, forget: Forget, usual: Schema | None = None
) -> Iterator[Finding]:
    """What comes out otherwise in another order, named with the two revisions between which nothing is said.

    `usual` is the picture that the usual order makes, where it is known. Only for histories whose domains are known to
    run, each alone and all together.
    """
    history = project.history
    tried = orders(history)
    if not tried:
        return
    if usual is None:
        usual = _picture(project, server, history.revisions, forget)
    said: set[tuple[ObjectRef, str | None]] = set()
    for order in tried:
        try:
            picture = _picture(project, server, order, forget)
        except RevisionFailed as error:
            yield _fails(history, order, error)
            continue
        # Names that PostgreSQL makes up have numbers where they are taken, by the order; whatever a person wrote stays.
        found = differences(usual, picture, lambda _: True)
        found = [one for one in found if (one.change.object, one.change.attribute) not in said]
        said |= {(one.change.object, one.change.attribute) for one in found}
        if found:
            touching = _touching(project, server, order, forget, {one.change.object for one in found})
            for one in found:
                yield _differs(history, one, touching.get(one.change.object, []))


def _picture(project: Project, server: DatabaseUrl, order: Order, forget: Forget) -> Schema:
    with scratch_database(server) as url:
        bootstrap(project, url)
        run_plan(project, url, order, "upgrade")
        with connect(url, read_only=True) as connection:
            return forget(read_schema(connection))


def _touching(
    project: Project, server: DatabaseUrl, order: Order, forget: Forget, refs: set[ObjectRef]
) -> dict[ObjectRef, list[Revision]]:
    """For each object the revisions that change it, in this order."""
    found: dict[ObjectRef, list[Revision]] = {}
    with scratch_database(server) as url:
        bootstrap(project, url)
        kept = KeptPicture(connect(url), forget)
        try:
            before = kept.look()
            for revision in order:
                run_plan(project, url, (revision,), "upgrade")
                after = kept.look()
                for ref in refs:
                    if before.get(ref) != after.get(ref):
                        found.setdefault(ref, []).append(revision)
                before = after
        finally:
            kept.close()
    return found


def _fails(history: History, order: Order, error: RevisionFailed) -> Finding:
    revision = history.by_id[error.revision]
    run = {one.id for one in order[: order.index(revision)]}
    before = [one for one in history.revisions[: history.revisions.index(revision)] if one.id not in run]
    after = [
        one
        for one in order[: order.index(revision)]
        if history.revisions.index(one) > history.revisions.index(revision)
    ]
    other = (before or after or [revision])[-1]
    place = f"{'before' if before else 'after'} {other.id}"
    text = f"upgrade of {revision.id} fails in an order that the history allows, {place}"
    return Finding(
        rule="gate.dependency",
        revision=revision.id,
        direction="upgrade",
        file=revision.file,
        line=error.line or None,
        message=f"{text}: {error.reason}",
        hint=_depends(*((revision, other) if before else (other, revision))),
    )


def _differs(history: History, difference: Difference, touching: list[Revision]) -> Finding:
    change = difference.change
    slight = difference.in_name_alone or change.attribute == "column_order"
    pair = _unordered(history, touching)
    later = max(pair, key=history.revisions.index) if pair else None
    earlier = min(pair, key=history.revisions.index) if pair else None
    why = f": {earlier.id} and {later.id} both change it, and neither depends on the other" if earlier and later else ""
    return Finding(
        rule="gate.dependency",
        severity=Severity.WARNING if slight else Severity.ERROR,
        object=change.object,
        attribute=change.attribute,
        expected=change.expected,
        actual=change.actual,
        revision=later.id if later else None,
        direction="upgrade",
        file=later.file if later else None,
        line=1 if later else None,
        message=f"in another order that the history allows, {change}{why}",
        hint=_depends(later, earlier) if later and earlier else "say with depends_on which revision comes first",
    )


def _unordered(history: History, touching: list[Revision]) -> tuple[Revision, Revision] | None:
    """The last two of these of which neither needs the other."""
    for second in reversed(touching):
        below = closure(history, [second.id])
        for first in reversed(touching):
            if first.id not in below and second.id not in closure(history, [first.id]):
                return first, second
    return None


def _depends(revision: Revision, on: Revision) -> str:
    return f'depends_on = "{on.id}" in {revision.file}'
