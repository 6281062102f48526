"""Where a database stands in the history that does not say so: which revisions make what it is.

The history is run once, with a look after each revision. It stands where one of these pictures is like it; else, where
there are several domains, at the revision of each up to which what the domain's revisions did is there, and no more.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import NamedTuple

from headworks.drift.passing import look_on_the_way
from headworks.errors import HeadworksError
from headworks.migrations.history import History, Revision
from headworks.migrations.project import Project
from headworks.postgres.shadow import Shadow
from headworks.schema import Object, Schema

__all__ = ["Fits", "standing"]

Fits = Callable[[Schema, Schema], bool]
"""Whether what revisions make is what is there, as far as that is compared."""

Rows = tuple[str, ...]
"""Version rows."""


class _Step(NamedTuple):
    """What one revision did to the picture."""

    removed: frozenset[Object]
    added: frozenset[Object]


def standing(project: Project, shadow: Shadow, live: Schema, fits: Fits, *, one_run: bool) -> list[Rows]:
    """The version rows that the database could have, several where revisions change no schema; none where none fits.

    They are as good as pictures that were kept up to date, not read whole: to be looked at again.
    """
    history = project.history
    steps: dict[int, _Step] = {}
    found: set[int] = set()
    before: frozenset[Object] = frozenset()

    def see(number: int, picture: Schema) -> None:
        nonlocal before
        if number:
            steps[number - 1] = _Step(before - picture.objects, picture.objects - before)
            if fits(picture, live):
                found.add(number)
        before = picture.objects

    with suppress(HeadworksError):  # what runs as a whole need not run step by step; the gate says why
        look_on_the_way(project, shadow, see, one_run=one_run)
    if found or len(history.domains) == 1:
        return [_tops(history.revisions[:number]) for number in sorted(found)]
    return list(_by_domain(history, [steps[number] for number in sorted(steps)], live, fits))


def _by_domain(history: History, steps: Sequence[_Step], live: Schema, fits: Fits) -> Iterator[Rows]:
    """The rows of each domain taken together, where each domain has one that fits and all go together."""
    run: list[Revision] = []
    for domain in history.domains:
        own = [(one, step) for one, step in zip(history.revisions, steps, strict=False) if one.domain == domain]
        keys = {item.key for _, step in own for item in (*step.removed, *step.added)}
        there = live.with_objects(item for item in live.objects if item.key in keys)
        made: frozenset[Object] = frozenset()
        last = 0 if fits(live.with_objects(made), there) else None
        for number, (_, step) in enumerate(own, start=1):
            made = (made - step.removed) | step.added
            if last is None and fits(live.with_objects(made), there):
                last = number
        if last is None:
            return
        run += [one for one, _ in own[:last]]
    rows = _tops(run)
    if rows and history.applied(rows) == {one.id for one in run}:
        yield rows


def _tops(revisions: Sequence[Revision]) -> Rows:
    """The version rows of a database that has run these revisions: those that no other of them needs."""
    needed = {need for one in revisions for need in one.needs}
    return tuple(one.id for one in revisions if one.id not in needed)
