"""The walk: each revision up, down and up again, with a picture between the steps.

It happens inside one run of env.py, whose connection does the steps; the picture is kept up to date over another one,
so each step is committed before it is looked at. Where a step fails, or leaves something behind, the walk goes on in a
new scratch database, brought to where the revision's upgrade leaves it, so that one fault does not hide the next.
"""

import contextlib
from collections.abc import Generator, Sequence

from psycopg.errors import DiskFull

from headworks.catalog.errors import CatalogUnreadable, ConnectionDropped
from headworks.catalog.kept import KeptPicture
from headworks.gate.chunks import Chunk, chunked
from headworks.gate.errors import DiskWasFull, ServerLost
from headworks.gate.judge import nearly
from headworks.gate.passed import taken
from headworks.gate.replay import Begins, Failure, Replay
from headworks.gate.scene import Scene
from headworks.gate.walked import Walked
from headworks.migrations.errors import RevisionFailed
from headworks.migrations.heard import unheard
from headworks.migrations.history import Revision
from headworks.migrations.moves import Move
from headworks.postgres.connect import connect
from headworks.postgres.errors import ConnectionFailed, ServerDown
from headworks.postgres.url import DatabaseUrl
from headworks.schema import Schema

__all__ = ["walk", "walk_chunk"]


def walk(scene: Scene, *, looking: bool = True) -> tuple[list[Walked], Schema]:
    """Walk the whole history on scratch databases; the chosen revisions also down and up again, when `looking`.

    Returns what was seen of each chosen revision, in order, and the picture at the heads. A long history is walked by
    several processes side by side. Raises `ServerLost`, `DiskWasFull`.
    """
    chosen = scene.chosen if looking else frozenset()
    begins = scene.counted()
    with chunked(scene, chosen, begins) as others:
        return _exactly(scene, chosen, begins, others)


def walk_chunk(scene: Scene, *, heads: bool) -> tuple[list[Walked], Schema]:
    """The same for one chunk, with the picture at its end, or with `heads` at those."""
    return _exactly(scene, scene.chosen, scene.counted(), until_chosen=not heads)


def _exactly(
    scene: Scene, chosen: frozenset[str], begins: Begins, others: Sequence[Chunk] = (), *, until_chosen: bool = False
) -> tuple[list[Walked], Schema]:
    one = _Walk(scene, chosen, begins, until_chosen=until_chosen)
    with unheard(one.spoil), contextlib.closing(one):
        seen = one.run(others)
    if seen is None:
        return _exactly(scene, chosen, begins, until_chosen=until_chosen)
    if one.exact:
        return seen
    # Something changed the catalog that nothing told of: once more, reading all of it after every step.
    with contextlib.closing(_Walk(scene, chosen, lambda revision: None, until_chosen=until_chosen, whole=True)) as one:
        again = one.run()
    assert again is not None
    return again


class _Walk(Replay):
    def __init__(
        self, scene: Scene, chosen: frozenset[str], begins: Begins, *, until_chosen: bool = False, whole: bool = False
    ) -> None:
        super().__init__(scene, "gate", begins=begins)
        self._chosen = chosen
        if until_chosen:
            while self.todo and self.todo[-1].id not in chosen:
                self.todo.pop()
        self._forget = scene.forget
        self._whole = whole
        self._kept: KeptPicture | None = None
        self.exact = True  # whether the kept pictures were what a whole one would have been
        self._seen: dict[str, Walked] = {}
        self._lost: dict[str, str] = {}  # what cannot be run, and for which revision's sake
        self._at = ""  # the revision that was begun last

    def run(self, others: Sequence[Chunk] = ()) -> tuple[list[Walked], Schema] | None:
        """All of the history; of it these chunks are walked by others, unless one of them gives no answer.

        `None` where it cannot be done in chunks: a branch that cannot live with others may go on in any of them.
        """
        later = self._leave_to(others)
        try:
            self.replay()
            if later and self.stands_any_apart:
                return None
            heads = self._take(others) if later else None
            if later and heads is None:
                self._take_up(later)
                self.replay()
            if heads is None:
                if self.stale:
                    self.fresh()
                heads = self._look()
            for _ in self.apart(self._chosen):
                pass
        except (ServerDown, ConnectionFailed, CatalogUnreadable) as error:
            raise ServerLost(revision=self._at, reason=error) from error
        except DiskFull as error:
            raise DiskWasFull(revision=self._at, reason=str(error).partition("\n")[0]) from error
        for name, seen in self._seen.items():
            seen.seconds = self.seconds.get(name)
        order = [one.id for one in self.project.history.revisions if one.id in self._seen]
        return [self._seen[name] for name in order], heads

    def _leave_to(self, others: Sequence[Chunk]) -> list[Revision]:
        """Take out of `todo` what comes after our own chunk."""
        if not others:
            return []
        first = next(place for place, one in enumerate(self.todo) if one.id == others[0].chosen[0])
        self.todo, later = self.todo[:first], self.todo[first:]
        return later

    def _take(self, others: Sequence[Chunk]) -> Schema | None:
        """What the others saw, and the picture at the heads; `None` where one of them does not answer."""
        heads = None
        for chunk in others:
            answer = chunk.answer()
            if answer is None:
                return None
            walked, heads = taken(answer, self.project.history)
            for seen in walked:
                self._seen[seen.revision.id] = seen
                if seen.seconds is not None:
                    self.seconds[seen.revision.id] = seen.seconds
        return heads

    def _take_up(self, later: Sequence[Revision]) -> None:
        """Walk what the others could not, and nothing again that they saw."""
        self._chosen -= self._seen.keys()
        for revision in later:
            blame = self._lost.get(revision.id)
            if blame is None:
                self.todo.append(revision)
            elif revision.id in self._chosen:
                self._seen[revision.id] = Walked(revision, skipped=blame)

    def spoil(self) -> None:
        """The next picture has to be read whole."""
        if self._kept is not None:
            self._kept.spoil()

    def close(self) -> None:
        """Give the scratch database up; with the server its databases are gone."""
        with contextlib.suppress(ServerDown, ConnectionFailed, DiskFull):
            self.leave()

    def entered(self, url: DatabaseUrl) -> None:
        # Before env.py connects: a transaction that had begun would not hear of the event triggers at first.
        self._kept = KeptPicture(connect(url), self._forget, whole=self._whole)

    def left(self) -> None:
        if self._kept is not None:
            self.exact = self.exact and self._kept.exact()
            self._kept.close()
            self._kept = None

    def moves(self) -> Generator[Move, None, None]:
        """The steps to make, one at a time; asked for the next one, it looks at what the last one did."""
        now: Schema | None = None
        while self.todo and not self.stale:
            revision = self.todo[0]
            self._at = revision.id
            if revision.id not in self._chosen:
                yield revision, "upgrade"
                self.finish(revision)
                now = None
                continue
            known = self._seen.get(revision.id)
            seen = Walked(revision, beside=known.beside if known else None, apart=self.branch)
            self._seen[revision.id] = seen
            self.begin(revision)
            seen.before = self._look() if now is None else now
            yield revision, "upgrade"
            seen.upgraded = self._look_after(seen, "upgrade")
            yield revision, "downgrade"
            seen.downgraded = self._look_after(seen, "downgrade")
            if seen.downgraded == seen.before or nearly(seen):
                yield revision, "upgrade"
                seen.reupgraded = self._look()
            now = seen.reupgraded
            self.stale = now != seen.upgraded
            self.finish(revision)

    def failed(self, revision: Revision, error: Failure) -> None:
        seen = self._seen.setdefault(revision.id, Walked(revision))
        if seen.upgraded is None:
            seen.failures["upgrade"] = error
            if self.together(revision):
                seen.together = True
                seen.upgraded = self._look()
                self.finish(revision)
            else:
                self.lose(revision)
                if self.stands_apart(revision):
                    seen.beside = seen.failures.pop("upgrade")
            return
        seen.failures["downgrade" if seen.downgraded is None else "reupgrade"] = error
        self.spoil()  # a statement outside of a transaction leaves its half behind, and no event
        # A failed downgrade that was rolled back left the database where the upgrade had left it.
        self.stale = self._look() != seen.upgraded
        self.finish(revision)

    def ran_once(self, revision: Revision, error: RevisionFailed) -> None:
        seen = self._seen.setdefault(revision.id, Walked(revision))
        seen.failures.setdefault("reupgrade", error)
        seen.lost = True

    def without(self, revision: Revision, lost: set[str]) -> None:
        self._lost |= dict.fromkeys(lost, revision.id)
        for one in self.todo:
            if one.id in lost and one.id in self._chosen and one is not revision:
                self._seen[one.id] = Walked(one, skipped=revision.id)

    def _look_after(self, seen: Walked, direction: str) -> Schema:
        picture = self._look()
        if self._kept is not None and self._kept.named is not None:
            seen.named[direction] = self._kept.named
        return picture

    def _look(self) -> Schema:
        assert self._kept is not None
        try:
            return self._kept.look()
        except ConnectionDropped:  # by a revision that ends other sessions, say
            self._kept.close()
            self._kept = KeptPicture(connect(self.place), self._forget, whole=True)
            return self._kept.look()
