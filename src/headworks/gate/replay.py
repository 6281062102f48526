"""The history run revision by revision on scratch databases, one after the other where the last one was spoilt.

What the walks of the gate have in common: which revisions are done and which are still to come, a run of env.py for as
many steps as it lives through, and how it goes on after a step that failed. What is looked at between the steps, and
what a failure means, is each walk's own.
"""

import secrets
import time
from collections.abc import Callable, Collection, Generator, Iterator
from typing import TypeAlias

from headworks.errors import HeadworksError
from headworks.gate.base import Base
from headworks.gate.scene import Scene
from headworks.migrations.errors import DowngradeMissing, RevisionFailed
from headworks.migrations.history import Revision
from headworks.migrations.moves import EndsTransaction, Move, run_moves
from headworks.migrations.plan import closure, dependents
from headworks.migrations.realise import bootstrap, run_plan
from headworks.postgres.databases import SCRATCH, create_database, drop_database
from headworks.postgres.url import DatabaseUrl

__all__ = ["Begins", "Failure", "Replay"]

Begins = Callable[[Revision], None]
"""Hears of each revision that is looked at, as it begins."""

Failure: TypeAlias = RevisionFailed | DowngradeMissing


class Replay:
    """`done` have been run in the scratch database `place`, which is as the first of `todo` should find it, or `stale`.

    With a base the scratch databases begin as copies of it. `seconds` says how long each
    revision that was begun took. `branch` is the base of the branch that is walked by itself, if one is.
    """

    def __init__(self, scene: Scene, word: str, *, begins: Begins) -> None:
        project, base = scene.project, scene.base
        self.project = project
        self.done: list[Revision] = list(base.revisions) if base is not None else []
        self.todo = list(project.history.revisions[len(self.done) :])
        self.stale = True
        self.seconds: dict[str, float] = {}
        self.branch: str | None = None
        self.enclosed = False  # whether env.py begins a transaction of its own around all revisions
        self._branches: dict[str, tuple[Revision, ...]] = {}  # those that cannot live with what is done, by base
        self._begun: tuple[Revision, float] | None = None
        self._begins = begins
        self._base = base
        self._server = scene.shadow.url
        self._name = f"{SCRATCH}{word}_{secrets.token_hex(4)}"
        self._number = 0
        self._url: DatabaseUrl | None = None
        # One run of env.py for each step: also where it has several contexts, which it runs one after the other.
        self._stepwise = scene.configured.contexts > 1

    # What a walk adds

    def moves(self) -> Generator[Move, None, None]:
        """The steps to make, one at a time, as long as the database is not stale."""
        raise NotImplementedError

    def failed(self, revision: Revision, error: Failure) -> None:
        """A step of the revision, the first of `todo`, failed: it has to be finished or lost."""
        raise NotImplementedError

    def entered(self, url: DatabaseUrl) -> None:
        """A new scratch database is there; env.py has not connected to it."""
        raise NotImplementedError

    def left(self) -> None:
        """The scratch database is given up."""
        raise NotImplementedError

    def ran_once(self, revision: Revision, error: RevisionFailed) -> None:
        """It ran, and does not run again in a new database: it left something outside of the old one."""

    def without(self, revision: Revision, lost: set[str]) -> None:
        """`revision` cannot be run, nor can these, which need it."""

    # What is done with it

    def replay(self) -> None:
        """All of `todo`. Raises what steps raise that is no failure of a revision's."""
        while self.todo:
            if self.stale:
                self.fresh()
            try:
                self._run()
            except (RevisionFailed, DowngradeMissing) as error:
                self.failed(self.todo[0], error)

    def apart(self, chosen: Collection[str]) -> Iterator[str]:
        """After `replay`: each branch that cannot live with the others, up to what is `chosen`, by itself. Its base."""
        for base, branch in self._branches.items():
            last = max((number for number, one in enumerate(branch) if one.id in chosen), default=-1)
            if last >= 0:
                self.branch, self._base = base, None
                self.done, self.todo, self.stale = [], list(branch[: last + 1]), True
                self.replay()
                yield base

    def stands_apart(self, revision: Revision) -> bool:
        """Whether it is the base of such a branch."""
        return revision.id in self._branches

    @property
    def stands_any_apart(self) -> bool:
        """Whether there is such a branch."""
        return bool(self._branches)

    @property
    def place(self) -> DatabaseUrl:
        """The scratch database of now."""
        assert self._url is not None
        return self._url

    def begin(self, revision: Revision) -> None:
        """The revision is looked at from now on."""
        self._begins(revision)
        self._begun = (revision, time.monotonic())

    def finish(self, revision: Revision) -> None:
        """It is done."""
        self._stop()
        self.todo.remove(revision)
        self.done.append(revision)

    def lose(self, revision: Revision) -> None:
        """Go on without it, and without what needs it; a base that runs where nothing else has comes later, `apart`."""
        self._stop()
        lost = set(dependents(self.project.history, [revision.id]))
        if not revision.needs and self.done and revision in self.todo and self._runs_alone(revision):
            needs = {one.id: closure(self.project.history, [one.id]) for one in self.todo if one.id in lost}
            self._branches[revision.id] = tuple(one for one in self.todo if needs.get(one.id, {""}) <= lost)
        self.without(revision, lost - {one.id for one in self._branches.get(revision.id, ())})
        self.todo = [one for one in self.todo if one.id not in lost]
        self.done = [one for one in self.done if one.id not in lost]

    def fresh(self) -> None:
        """Go on in a new scratch database in which all that is done has been run."""
        self._empty(self._base)
        if self._above:
            try:
                run_plan(self.project, self.place, self._above, "upgrade")
            except RevisionFailed:  # what runs one by one need not run in one transaction; `whole` says so
                self._empty(self._base)
                self._one_by_one()
        self.stale = False

    def together(self, revision: Revision) -> bool:
        """Whether it runs in one go with all that is done before it, in a new scratch database."""
        self.stale = True
        try:
            self._empty(None)
            run_plan(self.project, self.place, (*self.done, revision), "upgrade")
        except HeadworksError:
            return False
        self.stale = False
        return True

    def _runs_alone(self, revision: Revision) -> bool:
        self.stale = True
        try:
            self._empty(None)
            run_plan(self.project, self.place, (revision,), "upgrade")
        except HeadworksError:
            return False
        return True

    def leave(self) -> None:
        """Give the scratch database up."""
        self.left()
        if self._url is not None:
            url, self._url = self._url, None
            drop_database(url)

    def _stop(self) -> None:
        if self._begun is not None:
            revision, since = self._begun
            self.seconds[revision.id] = time.monotonic() - since
            self._begun = None

    @property
    def _above(self) -> tuple[Revision, ...]:
        """What is done and not in the base."""
        return tuple(self.done[len(self._base.revisions) if self._base is not None else 0 :])

    def _run(self) -> None:
        """As far as one run of env.py goes."""
        moves = self.moves()
        try:
            if self._stepwise:
                for revision, direction in moves:
                    run_plan(self.project, self.place, (revision,), direction)
            else:
                self._stepwise = self.enclosed = not run_moves(self.project, self.place, moves)
        except EndsTransaction:
            self._stepwise, self.stale = True, True
        finally:
            moves.close()  # who is inside of a step that failed comes out of it now

    def _one_by_one(self) -> None:
        for revision in self._above:
            if revision in self.done:
                try:
                    run_plan(self.project, self.place, (revision,), "upgrade")
                except RevisionFailed as error:
                    self.ran_once(revision, error)
                    self.lose(revision)

    def _empty(self, base: Base | None) -> None:
        self.leave()
        self._number += 1
        url = self._server.with_database(f"{self._name}_{self._number}")
        create_database(url, template=base.url.database if base is not None else None)
        self._url = url
        if base is None:
            bootstrap(self.project, url)
        self.entered(url)
