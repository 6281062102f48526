"""The walk with rows: up, down and up again, on tables that are filled before each upgrade.

It has scratch databases of its own, so that what fails on rows does not disturb the walk that looks at the schema. A
step that fails is tried on a copy without rows: where it runs there, it fails on data, and the walk goes on from that
copy; where it fails there too, that is for the other walk to say.
"""

import contextlib
import datetime
import secrets
from collections.abc import Generator, Sequence
from typing import Protocol

import msgspec

from headworks.errors import HeadworksError
from headworks.gate.data.compare import Lost, lost
from headworks.gate.data.content import Content
from headworks.gate.data.rows import Rows, Unfilled
from headworks.gate.scene import Scene
from headworks.gate.source import RevisionSource
from headworks.migrations.errors import DowngradeMissing, RevisionFailed
from headworks.migrations.history import Revision
from headworks.migrations.moves import Move, run_moves
from headworks.migrations.plan import dependents
from headworks.migrations.realise import bootstrap, run_plan
from headworks.postgres.databases import create_database, drop_database
from headworks.postgres.url import DatabaseUrl

__all__ = ["Observer", "SeenRows", "WalkedRows", "walk_with_rows"]


class Observer(Protocol):
    """Looks at steps while they run."""

    def during(self, revision: Revision, direction: str, url: DatabaseUrl) -> contextlib.AbstractContextManager[None]:
        """Around one step, `upgrade` or `downgrade`, in the database `url`, whose tables hold rows.

        It is entered before the step and left when the step is committed. Where the step fails it is left by a
        `GeneratorExit`, which must not be kept.
        """


class SeenRows(msgspec.Struct):
    """What became of the rows in one revision.

    `failures` holds the error of a step (`upgrade`, `downgrade`, `reupgrade`) that runs on empty tables.
    """

    revision: Revision
    failures: dict[str, RevisionFailed] = msgspec.field(default_factory=dict)
    losses: list[Lost] = msgspec.field(default_factory=list)


class WalkedRows(msgspec.Struct):
    """What was seen of each revision whose upgrade runs, in order, and how far the tables could be filled."""

    seen: list[SeenRows]
    tables: int
    rows: int
    unfilled: list[Unfilled]


def walk_with_rows(scene: Scene, observers: Sequence[Observer], *, compared: bool) -> WalkedRows:
    """Walk the whole history; the chosen revisions with rows, down and up again.

    Without `compared` nobody looks at what becomes of the rows, and steps go by for the observers alone.
    """
    one = _Walk(scene, observers, compared=compared)
    try:
        return one.run()
    finally:
        one.close()


class _Walk:
    def __init__(self, scene: Scene, observers: Sequence[Observer], *, compared: bool) -> None:
        self._project = scene.project
        self._server = scene.shadow.url
        self._scene = scene
        self._observers = observers
        self._compared = compared
        self._begins = scene.counted("with rows:")
        configured = scene.configured
        self._rows = Rows((configured.version_table_schema or "public", configured.version_table))
        self._before: dict[int, Content] = {}
        self._upgraded: dict[int, Content] = {}
        self._name = f"headworks_rows_{secrets.token_hex(4)}"
        self._number = 0
        self._url: DatabaseUrl | None = None
        self._seen: dict[str, SeenRows] = {}
        self._done: list[Revision] = []
        self._todo = list(scene.project.history.revisions)
        self._step = "upgrade"
        self._stale = True  # the database is not what the next revision should find
        self._stepwise = False  # one run of env.py for each step

    def run(self) -> WalkedRows:
        last = max((n for n, one in enumerate(self._todo) if one.id in self._scene.chosen), default=-1)
        del self._todo[last + 1 :]  # nothing is looked at up there
        while self._todo:
            if self._stale:
                self._fresh()
            try:
                self._run()
            except (RevisionFailed, DowngradeMissing) as error:
                self._after_failure(self._todo[0], error)
        if self._scene.chosen.intersection(one.id for one in self._done):
            if self._stale:
                self._fresh()
            self._fill()  # what the last one made must take rows, too
        seen = [self._seen[one.id] for one in self._done if one.id in self._seen]
        return WalkedRows(seen, self._rows.tables_seen, self._rows.held, self._rows.unfilled)

    def close(self) -> None:
        self._rows.leave()
        if self._url is not None:
            drop_database(self._url)
            self._url = None

    def _run(self) -> None:
        moves = self._moves()
        try:
            if self._stepwise:
                for revision, direction in moves:
                    run_plan(self._project, self._place, (revision,), direction)
            else:
                self._stepwise = not run_moves(self._project, self._place, moves)
        finally:
            moves.close()  # an observer that is inside of a step that failed comes out of it now

    def _moves(self) -> Generator[Move, None, None]:
        """The steps to make, one at a time."""
        while self._todo and not self._stale:
            revision = self._todo[0]
            self._step = "upgrade"
            if revision.id not in self._scene.chosen:
                yield revision, "upgrade"
                self._finish(revision)
                continue
            self._begins(revision)
            self._fill()
            self._before = self._rows.contents
            with self._watched(revision, "upgrade"):
                yield revision, "upgrade"
            seen = self._seen[revision.id] = SeenRows(revision)
            self._upgraded = self._rows.look() if self._compared else {}
            self._step = "downgrade"
            with self._watched(revision, "downgrade"):
                yield revision, "downgrade"
            if self._compared:
                seen.losses += lost(self._before, self._upgraded, self._rows.look(), _now())
            self._step = "reupgrade"
            yield revision, "upgrade"
            self._finish(revision)

    def _fill(self) -> None:
        self._rows.fill(self._done[-1].id if self._done else None)

    def _watched(self, revision: Revision, direction: str) -> contextlib.ExitStack:
        with contextlib.ExitStack() as stack:
            for observer in self._observers:
                stack.enter_context(observer.during(revision, direction, self._place))
            return stack.pop_all()

    # A step fails

    def _after_failure(self, revision: Revision, error: RevisionFailed | DowngradeMissing) -> None:
        seen = self._seen.get(revision.id)
        if seen is None:
            self._after_failed_upgrade(revision, error)
            return
        if self._step == "downgrade" and self._refuses(revision, error):
            if self._compared:  # nothing comes back: what the upgrade took away is lost
                seen.losses += lost(self._before, self._upgraded, None, _now())
            # One that was rolled back left the database where the upgrade had left it.
            self._stale = not (self._compared and self._rows.unchanged())
        else:
            steps = ("upgrade", "downgrade") if self._step == "downgrade" else ("upgrade", "downgrade", "upgrade")
            if self._runs_empty(revision, steps) and isinstance(error, RevisionFailed):
                seen.failures[self._step] = error
            self._stale = True
        self._finish(revision)

    def _refuses(self, revision: Revision, error: RevisionFailed | DowngradeMissing) -> bool:
        """Whether there is no downgrade at all, whatever the tables hold."""
        return isinstance(error, DowngradeMissing) or RevisionSource(revision).raises_at(error.fields.get("line") or 0)

    def _after_failed_upgrade(self, revision: Revision, error: RevisionFailed | DowngradeMissing) -> None:
        if self._runs_empty(revision, ("upgrade",)):
            if revision.id in self._scene.chosen and isinstance(error, RevisionFailed):
                self._seen[revision.id] = SeenRows(revision, {"upgrade": error})
            self._stale = False
            self._finish(revision)
            return
        self._stale = True
        try:
            self._empty()
            run_plan(self._project, self._place, (*self._done, revision), "upgrade")
        except HeadworksError:
            self._lose(revision)
        else:  # it runs in one go with those before it alone
            self._stale = False
            self._finish(revision)

    def _runs_empty(self, revision: Revision, directions: Sequence[str]) -> bool:
        """Whether these steps run where no row of ours is."""
        self._fresh()
        try:
            for direction in directions:
                # An observer has not seen the end of the step that failed: here it does.
                seen = direction == self._step and revision.id in self._scene.chosen
                with self._watched(revision, direction) if seen else contextlib.nullcontext():
                    run_plan(self._project, self._place, (revision,), direction)
        except (RevisionFailed, DowngradeMissing):
            return False
        return True

    # Databases

    def _lose(self, revision: Revision) -> None:
        """Go on without it, and without what needs it."""
        lost = dependents(self._project.history, [revision.id])
        self._todo = [one for one in self._todo if one.id not in lost]
        self._done = [one for one in self._done if one.id not in lost]

    def _finish(self, revision: Revision) -> None:
        self._todo.remove(revision)
        self._done.append(revision)

    @property
    def _place(self) -> DatabaseUrl:
        assert self._url is not None
        return self._url

    def _fresh(self) -> None:
        """Go on in a new scratch database in which all that is done has been run, on empty tables."""
        self._empty()
        if self._done:
            try:
                run_plan(self._project, self._place, tuple(self._done), "upgrade")
            except RevisionFailed:  # what runs one by one need not run in one transaction
                self._empty()
                self._one_by_one()
        self._stale = False

    def _one_by_one(self) -> None:
        for revision in tuple(self._done):
            if revision in self._done:
                try:
                    run_plan(self._project, self._place, (revision,), "upgrade")
                except RevisionFailed:  # it ran, and does not run again: the check `schema` says so
                    self._lose(revision)

    def _empty(self) -> None:
        self.close()
        self._number += 1
        url = self._server.with_database(f"{self._name}_{self._number}")
        create_database(url)
        self._url = url
        bootstrap(self._project, url)
        self._rows.enter(url)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
