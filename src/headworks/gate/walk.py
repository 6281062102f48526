"""The walk: each revision up, down and up again, with a picture between the steps.

It happens inside one run of env.py, whose connection does the steps; the picture is kept up to date over another one,
so each step is committed before it is looked at. Where a step fails, or leaves something behind, the walk goes on in a
new scratch database, brought to where the revision's upgrade leaves it, so that one fault does not hide the next.
"""

import contextlib
import secrets
from collections.abc import Callable, Iterator

import msgspec

from headworks.catalog.errors import CatalogUnreadable, ConnectionDropped
from headworks.catalog.kept import KeptPicture
from headworks.errors import HeadworksError
from headworks.migrations.errors import DowngradeMissing, RevisionFailed
from headworks.migrations.heard import unheard
from headworks.migrations.history import Revision
from headworks.migrations.moves import Move, run_moves
from headworks.migrations.plan import dependents
from headworks.migrations.project import Project
from headworks.migrations.realise import bootstrap, run_plan
from headworks.postgres.connect import connect
from headworks.postgres.databases import create_database, drop_database
from headworks.postgres.errors import ConnectionFailed, ServerDown
from headworks.postgres.url import DatabaseUrl
from headworks.schema import Schema

__all__ = ["Begins", "Forget", "Walked", "walk"]

Begins = Callable[[Revision], None]
Forget = Callable[[Schema], Schema]


class ServerLost(HeadworksError):
    """the server was lost while {revision} was walked: {reason}"""

    hint = "headworks gate --revisions {revision} tries it alone; the server's log says what ended it"


class Walked(msgspec.Struct):
    """What was seen of one revision. A picture is `None` when the step before it did not happen.

    `failures` holds the error of a step by its name: `upgrade`, `downgrade`, `reupgrade`. `together` is true when the
    upgrade failed alone but runs in one go with those before it; `lost` when it ran once and not again, in a new
    database; `skipped` names the revision whose failure kept this one from running.
    """

    revision: Revision
    before: Schema | None = None
    upgraded: Schema | None = None
    downgraded: Schema | None = None
    reupgraded: Schema | None = None
    failures: dict[str, HeadworksError] = msgspec.field(default_factory=dict)
    together: bool = False
    lost: bool = False
    skipped: str | None = None


def walk(
    project: Project, server: DatabaseUrl, chosen: frozenset[str], *, begins: Begins, forget: Forget
) -> tuple[list[Walked], Schema]:
    """Walk the whole history on scratch databases of `server`; the revisions in `chosen` also down and up again.

    `forget` takes out of a picture what does not count (the version table). Returns what was seen of each chosen
    revision, in order, and the picture at the heads.
    """
    one = _Walk(project, server, chosen, begins, forget)
    with unheard(one.spoil), one:
        seen = one.run()
    if one.exact:
        return seen
    # Something changed the catalog that nothing told of: once more, reading all of it after every step.
    with _Walk(project, server, chosen, lambda revision: None, forget, whole=True) as one:
        return one.run()


class _Walk:
    def __init__(
        self,
        project: Project,
        server: DatabaseUrl,
        chosen: frozenset[str],
        begins: Begins,
        forget: Forget,
        *,
        whole: bool = False,
    ) -> None:
        self._project = project
        self._server = server
        self._chosen = chosen
        self._begins = begins
        self._forget = forget
        self._whole = whole
        self._kept: KeptPicture | None = None
        self.exact = True  # whether the kept pictures were what a whole one would have been
        self._name = f"headworks_gate_{secrets.token_hex(4)}"
        self._number = 0
        self._url: DatabaseUrl | None = None
        self._seen: dict[str, Walked] = {}
        self._done: list[Revision] = []
        self._todo = list(project.history.revisions)
        self._stale = True  # the database is not what the next revision should find
        self._at = ""  # the revision that was begun last
        self._stepwise = False  # one run of env.py for each step

    def run(self) -> tuple[list[Walked], Schema]:
        try:
            while self._todo:
                self._advance()
            if self._stale:
                self._fresh()
            heads = self._look()
        except (ServerDown, ConnectionFailed, CatalogUnreadable) as error:
            raise ServerLost(revision=self._at, reason=error) from error
        order = [one.id for one in self._project.history.revisions if one.id in self._seen]
        return [self._seen[name] for name in order], heads

    def _advance(self) -> None:
        """As far as one run of env.py goes."""
        if self._stale:
            self._fresh()
        try:
            if self._stepwise:
                self._run_apart()
            else:
                self._run_together()
        except (RevisionFailed, DowngradeMissing) as error:
            self._after_failure(self._todo[0], error)

    def __enter__(self) -> "_Walk":
        return self

    def __exit__(self, *_: object) -> None:
        self._leave()

    def spoil(self) -> None:
        """The next picture has to be read whole."""
        if self._kept is not None:
            self._kept.spoil()

    def _leave(self) -> None:
        """Give the scratch database up."""
        if self._kept is not None:
            self.exact = self.exact and self._kept.exact()
            self._kept.close()
            self._kept = None
        if self._url is not None:
            url, self._url = self._url, None
            with contextlib.suppress(ServerDown, ConnectionFailed):  # with the server its databases are gone
                drop_database(url)

    def _moves(self) -> Iterator[Move]:
        """The steps to make, one at a time; asked for the next one, it looks at what the last one did."""
        now: Schema | None = None
        while self._todo and not self._stale:
            revision = self._todo[0]
            self._at = revision.id
            if revision.id not in self._chosen:
                yield revision, "upgrade"
                self._finish(revision)
                now = None
                continue
            seen = self._seen[revision.id] = Walked(revision)
            self._begins(revision)
            seen.before = self._look() if now is None else now
            yield revision, "upgrade"
            seen.upgraded = self._look()
            yield revision, "downgrade"
            seen.downgraded = self._look()
            if seen.downgraded == seen.before:
                yield revision, "upgrade"
                seen.reupgraded = self._look()
            now = seen.reupgraded
            self._stale = now != seen.upgraded
            self._finish(revision)

    def _run_together(self) -> None:
        self._stepwise = not run_moves(self._project, self._place, self._moves())

    def _run_apart(self) -> None:
        for revision, direction in self._moves():
            run_plan(self._project, self._place, (revision,), direction)

    def _after_failure(self, revision: Revision, error: HeadworksError) -> None:
        seen = self._seen.setdefault(revision.id, Walked(revision))
        if seen.upgraded is None:
            seen.failures["upgrade"] = error
            self._after_failed_upgrade(revision, seen)
            return
        seen.failures["downgrade" if seen.downgraded is None else "reupgrade"] = error
        self.spoil()  # a statement outside of a transaction leaves its half behind, and no event
        # A failed downgrade that was rolled back left the database where the upgrade had left it.
        self._stale = self._look() != seen.upgraded
        self._finish(revision)

    def _after_failed_upgrade(self, revision: Revision, seen: Walked) -> None:
        self._stale = True
        try:
            self._empty()
            run_plan(self._project, self._place, (*self._done, revision), "upgrade")
        except HeadworksError:
            self._lose(revision)
        else:
            self._stale = False
            seen.together = True
            seen.upgraded = self._look()
            self._finish(revision)

    def _lose(self, revision: Revision) -> None:
        """Go on without it, and without what needs it."""
        lost = dependents(self._project.history, [revision.id])
        for one in self._todo:
            if one.id in lost and one.id in self._chosen and one is not revision:
                self._seen[one.id] = Walked(one, skipped=revision.id)
        self._todo = [one for one in self._todo if one.id not in lost]
        self._done = [one for one in self._done if one.id not in lost]

    def _finish(self, revision: Revision) -> None:
        self._todo.remove(revision)
        self._done.append(revision)

    @property
    def _place(self) -> DatabaseUrl:
        assert self._url is not None
        return self._url

    def _look(self) -> Schema:
        assert self._kept is not None
        try:
            return self._kept.look()
        except ConnectionDropped:  # by a revision that ends other sessions, say
            self._kept.close()
            self._kept = KeptPicture(connect(self._place), self._forget, whole=True)
            return self._kept.look()

    def _fresh(self) -> None:
        """Go on in a new scratch database in which all that is done has been run."""
        self._empty()
        if self._done:
            try:
                run_plan(self._project, self._place, tuple(self._done), "upgrade")
            except RevisionFailed:  # what runs one by one need not run in one transaction; `whole` says so
                self._empty()
                self._one_by_one()
        self._stale = False

    def _one_by_one(self) -> None:
        for revision in tuple(self._done):
            if revision not in self._done:
                continue
            try:
                run_plan(self._project, self._place, (revision,), "upgrade")
            except RevisionFailed as error:  # it ran, and does not run again: it left something outside of the database
                seen = self._seen.setdefault(revision.id, Walked(revision))
                seen.failures.setdefault("reupgrade", error)
                seen.lost = True
                self._lose(revision)

    def _empty(self) -> None:
        self._leave()
        self._number += 1
        self._url = self._server.with_database(f"{self._name}_{self._number}")
        create_database(self._url)
        bootstrap(self._project, self._url)
        # Before env.py connects: a transaction that had begun would not hear of the event triggers at first.
        self._kept = KeptPicture(connect(self._url), self._forget, whole=self._whole)
