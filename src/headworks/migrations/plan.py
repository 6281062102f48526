"""What an upgrade or a downgrade will run, worked out on the graph alone."""

import re
from collections.abc import Iterable, Sequence

from headworks.migrations.errors import TargetRefused, UnknownDomain, UnknownRevision
from headworks.migrations.history import History, Revision

__all__ = ["closure", "dependents", "find_revision", "plan_downgrade", "plan_upgrade", "stamp_targets"]

_RELATIVE = re.compile(r"(?P<sign>[+-])(?P<count>\d+)")


def plan_upgrade(history: History, rows: Iterable[str], targets: Sequence[str]) -> tuple[Revision, ...]:
    """The revisions to run, in order, so that every target and all that it needs is applied.

    A target is `heads`, a domain, `DOMAIN@head`, `DOMAIN@+N`, `+N`, or a revision id (or its unambiguous beginning).
    """
    applied = history.applied(rows)
    wanted: set[str] = set()
    for target in targets:
        wanted |= closure(history, _upgrade_target(history, applied, target))
    return tuple(revision for revision in history.revisions if revision.id in wanted - applied)


def plan_downgrade(history: History, rows: Iterable[str], target: str) -> tuple[Revision, ...]:
    """The revisions to undo, in order, so that nothing above the target is left.

    A target is `base`, `DOMAIN@base`, `DOMAIN@-N`, `-N` (where there is but one head), or a revision id: that one
    stays. Whatever depends on a revision that goes, goes before it.
    """
    applied = history.applied(rows)
    gone = dependents(history, _downgrade_target(history, applied, target))
    return tuple(revision for revision in reversed(history.revisions) if revision.id in gone & applied)


def closure(history: History, ids: Iterable[str]) -> set[str]:
    """These revisions and everything they need."""
    return set(history.applied(ids))


def dependents(history: History, ids: Iterable[str]) -> set[str]:
    """These revisions and everything that needs them."""
    found = set(ids)
    for revision in history.revisions:  # needs come first in this order, so one pass is enough
        if found.intersection(revision.needs):
            found.add(revision.id)
    return found


def find_revision(history: History, target: str) -> Revision:
    """The revision of that id, or of the one id that begins so. Raises `UnknownRevision` or `TargetRefused`."""
    if target in history.by_id:
        return history.by_id[target]
    alike = [revision for revision in history.revisions if revision.id.startswith(target)] if len(target) > 2 else []
    if not alike:
        raise UnknownRevision(target=target, folder=history.folder)
    if len(alike) > 1:
        several = ", ".join(revision.id for revision in alike[:4])
        raise TargetRefused(direction="go", target=target, reason=f"several revisions begin so: {several}")
    return alike[0]


def stamp_targets(history: History, targets: Sequence[str]) -> tuple[str, ...]:
    """The revisions that the words of a stamp name, only the topmost of each line; none for `base`."""
    if list(targets) == ["base"]:
        return ()
    named = [found for target in targets for found in _upgrade_target(history, frozenset(), target)]
    below = {need for one in named for need in closure(history, [one]) - {one}}
    return tuple(dict.fromkeys(one for one in named if one not in below))


def _upgrade_target(history: History, applied: frozenset[str], target: str) -> list[str]:
    if target == "heads":
        return [history.head(domain) for domain in history.domains]
    if target == "head":
        if len(history.domains) > 1:
            reason = f"there is one head for each of {len(history.domains)} domains; say heads, or a domain"
            raise TargetRefused(direction="upgrade", target=target, reason=reason)
        return [history.head(domain) for domain in history.domains]
    domain, at, place = target.rpartition("@")
    if target in history.domains:
        return [history.head(target)]
    if at:
        own = history.of_domain(domain)
        if place == "heads":
            return list(history.heads(domain))
        if place == "head":
            return [history.head(domain)]
        if relative := _RELATIVE.fullmatch(place):
            return _next(own, applied, relative, target)
        return [_in_domain(history, domain, place).id]
    if relative := _RELATIVE.fullmatch(target):
        return _next(history.revisions, applied, relative, target)
    if target == "base":
        raise TargetRefused(direction="upgrade", target=target, reason="base is below everything; use downgrade")
    return [_named(history, target).id]


def _downgrade_target(history: History, applied: frozenset[str], target: str) -> set[str]:
    if target == "base":
        return set(applied)
    domain, at, place = target.rpartition("@")
    if at:
        own = [revision for revision in history.of_domain(domain) if revision.id in applied]
        if place == "base":
            return {revision.id for revision in own}
        if relative := _RELATIVE.fullmatch(place):
            return _last(own, relative, target)
        return _above(history, _in_domain(history, domain, place), applied, target)
    if relative := _RELATIVE.fullmatch(target):
        if len(history.domains) > 1:
            reason = f"there are {len(history.domains)} domains; say DOMAIN@{target}"
            raise TargetRefused(direction="downgrade", target=target, reason=reason)
        return _last([revision for revision in history.revisions if revision.id in applied], relative, target)
    if target in history.domains:
        reason = f"that is a domain; say {target}@base to remove all of it, or {target}@-1"
        raise TargetRefused(direction="downgrade", target=target, reason=reason)
    if target in ("head", "heads"):
        raise TargetRefused(direction="downgrade", target=target, reason="that is above everything; use upgrade")
    return _above(history, _named(history, target), applied, target)


def _above(history: History, stays: Revision, applied: frozenset[str], target: str) -> set[str]:
    """What is built on a revision, and all that needs any of that. What only depends on the one that stays, stays."""
    if stays.id not in applied:
        raise TargetRefused(direction="downgrade", target=target, reason="the database has not run that revision")
    return dependents(history, [one.id for one in history.revisions if stays.id in one.down])


def _next(line: Sequence[Revision], applied: frozenset[str], relative: re.Match[str], target: str) -> list[str]:
    pending = [revision for revision in line if revision.id not in applied]
    count = int(relative["count"])
    if relative["sign"] == "-":
        raise TargetRefused(direction="upgrade", target=target, reason="a minus goes down; use downgrade")
    if count > len(pending):
        raise TargetRefused(direction="upgrade", target=target, reason=f"only {len(pending)} revisions are pending")
    return [revision.id for revision in pending[:count]]


def _last(own: Sequence[Revision], relative: re.Match[str], target: str) -> set[str]:
    count = int(relative["count"])
    if relative["sign"] == "+":
        raise TargetRefused(direction="downgrade", target=target, reason="a plus goes up; use upgrade")
    if count > len(own):
        raise TargetRefused(direction="downgrade", target=target, reason=f"only {len(own)} revisions are applied")
    return {revision.id for revision in own[len(own) - count :]}


def _in_domain(history: History, domain: str, place: str) -> Revision:
    revision = find_revision(history, place)
    if revision.domain != domain:
        raise UnknownRevision(target=f"{domain}@{place}", folder=history.folder)
    return revision


def _named(history: History, target: str) -> Revision:
    try:
        return find_revision(history, target)
    except UnknownRevision as error:
        # A word that looks like a domain is one more often than it is an id.
        if target.isidentifier() and len(history.domains) > 1 and not any(letter.isdigit() for letter in target):
            raise UnknownDomain(domain=target, known=", ".join(history.domains)) from error
        raise
