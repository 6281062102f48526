"""What each revision of a history touches, seen by running it: once up, on a scratch database, with rows of nobody.

The schema is looked at before and after each revision, as the gate does. What a revision only writes rows into leaves
no trace there, as the tables are empty; the locks that its statements took tell it.
"""

import contextlib
from collections.abc import Generator, Mapping
from typing import Any

import msgspec
import psycopg

from headworks.catalog.errors import ConnectionDropped
from headworks.catalog.kept import KeptPicture
from headworks.errors import HeadworksError
from headworks.gate.locks.seen import SeenStep
from headworks.gate.locks.watch import LockWatch
from headworks.gate.picture import touched_tables
from headworks.gate.replay import Failure, Replay
from headworks.gate.scene import Scene
from headworks.migrations.domains import TABLES
from headworks.migrations.heard import unheard
from headworks.migrations.history import Revision
from headworks.migrations.moves import Move
from headworks.postgres.connect import connect
from headworks.postgres.errors import ConnectionFailed, ServerDown
from headworks.postgres.url import DatabaseUrl
from headworks.schema import QualifiedName, Schema, Table

__all__ = ["Observed", "Seen", "observe"]

_WRITES = "RowExclusiveLock"
"""What INSERT, UPDATE, DELETE and MERGE take, and nothing else
(https://www.postgresql.org/docs/current/explicit-locking.html)."""


class Seen(msgspec.Struct, frozen=True):
    """What the upgrade of a revision touched: the tables that it changed (or made, or dropped), and wrote rows into.

    Tables have the names that they have in the end, or had last. `failure` says why it did not run; `together`, that
    it runs only in one go with those before it; `skipped` names the revision whose failure kept it from running.
    """

    revision: Revision
    changed: frozenset[QualifiedName] = frozenset()
    wrote: frozenset[QualifiedName] = frozenset()
    failure: HeadworksError | None = None
    together: bool = False
    skipped: str | None = None

    @property
    def touched(self) -> frozenset[QualifiedName]:
        """Both."""
        return self.changed | self.wrote

    @property
    def ran(self) -> bool:
        """Whether it was run, be it in one go with others."""
        return not self.skipped and (self.failure is None or self.together)


class Observed(msgspec.Struct, frozen=True):
    """A history that was run: what was seen of each revision, in order, and the picture that it ends with.

    `given` are the tables that were there before the first one. `stepwise` says that env.py keeps a transaction around
    all revisions.
    """

    seen: tuple[Seen, ...]
    picture: Schema
    given: frozenset[QualifiedName]
    stepwise: bool

    @property
    def tables(self) -> frozenset[QualifiedName]:
        """Those that there are in the end, partitions aside."""
        return frozenset(_tables_of(self.picture))

    @property
    def ran(self) -> int:
        """How many revisions have been run, be it in one go with others."""
        return sum(one.ran for one in self.seen)

    @property
    def failed(self) -> tuple[Seen, ...]:
        """The revisions that did not run for a fault of their own."""
        return tuple(one for one in self.seen if one.failure is not None and not one.together)


def observe(scene: Scene) -> Observed:
    """Run the history of the scene once up. Revisions that fail are gone without."""
    one = _Upwards(scene)
    with unheard(one.spoil), contextlib.closing(one):
        seen = one.run()
    if one.exact:
        return seen
    # Something changed the catalog that nothing told of: once more, reading all of it after every step.
    with contextlib.closing(_Upwards(scene, whole=True)) as one:
        return one.run()


class _Step(msgspec.Struct):
    """A revision's pictures, and the new names of tables that were there under another one."""

    before: Schema
    after: Schema
    renamed: Mapping[QualifiedName, QualifiedName]


class _Upwards(Replay):
    def __init__(self, scene: Scene, *, whole: bool = False) -> None:
        super().__init__(scene, "init", begins=scene.counted())
        self._forget = scene.forget
        self._whole = whole
        self.exact = True  # whether the kept pictures were what a whole one would have been
        self._watch = LockWatch()
        self._kept: KeptPicture | None = None
        self._names: psycopg.Connection[Any] | None = None
        self._now: Schema | None = None
        self._steps: dict[str, _Step] = {}
        self._failures: dict[str, HeadworksError] = {}
        self._together: set[str] = set()
        self._skipped: dict[str, str] = {}

    def run(self) -> Observed:
        self.fresh()
        given = frozenset(_tables_of(self._look()))
        self.replay()
        if self.stale:
            self.fresh()
        picture = self._look()
        self.leave()
        changed, wrote = self._touched()
        seen = tuple(
            Seen(
                revision=one,
                changed=changed.get(one.id, frozenset()),
                wrote=wrote.get(one.id, frozenset()) - changed.get(one.id, frozenset()),
                failure=self._failures.get(one.id),
                together=one.id in self._together,
                skipped=self._skipped.get(one.id),
            )
            for one in self.project.history.revisions
        )
        return Observed(seen, picture, given, self.enclosed)

    def spoil(self) -> None:
        """The next picture has to be read whole."""
        if self._kept is not None:
            self._kept.spoil()

    def close(self) -> None:
        """Give the scratch database up; with the server its databases are gone."""
        with contextlib.suppress(ServerDown, ConnectionFailed):
            self.leave()

    def entered(self, url: DatabaseUrl) -> None:
        self._kept = KeptPicture(connect(url), self._forget, whole=self._whole)
        self._names = connect(url)

    def left(self) -> None:
        if self._kept is not None:
            self.exact = self.exact and self._kept.exact()
            self._kept.close()
        if self._names is not None:
            self._names.close()
        self._kept = self._names = None

    def moves(self) -> Generator[Move, None, None]:
        while self.todo and not self.stale:
            revision = self.todo[0]
            self.begin(revision)
            before, names = self._look(), self._by_oid()
            with self._watch.during(revision, "upgrade", self.place):
                yield revision, "upgrade"
            after = self._by_oid()
            renamed = {name: after[oid] for oid, name in names.items() if after.get(oid, name) != name}
            self._steps[revision.id] = _Step(before, self._look(), renamed)
            self.finish(revision)

    def failed(self, revision: Revision, error: Failure) -> None:
        self._failures[revision.id] = error
        before = self._now
        if self.together(revision):
            self._together.add(revision.id)
            if before is not None:
                self._steps[revision.id] = _Step(before, self._look(), {})
            self.finish(revision)
        else:
            self.lose(revision)

    def without(self, revision: Revision, lost: set[str]) -> None:
        self._skipped |= {name: revision.id for name in lost if name != revision.id}

    def _look(self) -> Schema:
        assert self._kept is not None
        try:
            self._now = self._kept.look()
        except ConnectionDropped:  # by a revision that ends other sessions, say
            self._kept.close()
            self._kept = KeptPicture(connect(self.place), self._forget, whole=True)
            self._now = self._kept.look()
        return self._now

    def _by_oid(self) -> dict[int, QualifiedName]:
        assert self._names is not None
        try:
            rows = self._names.execute(TABLES).fetchall()
        except psycopg.OperationalError:
            self._names.close()
            self._names = connect(self.place)
            rows = self._names.execute(TABLES).fetchall()
        return {oid: (schema, name) for oid, schema, name in rows}

    def _touched(self) -> tuple[dict[str, frozenset[QualifiedName]], dict[str, frozenset[QualifiedName]]]:
        """By revision, the tables that it changed and those that it wrote into, by the last of their names."""
        if not self._steps:
            return {}, {}
        changed = touched_tables([(name, one.before, one.after) for name, one in self._steps.items()])
        wrote = {
            one.revision: _written(one) & set(_tables_of(self._steps[one.revision].before))  # and none of the catalog's
            for one in self._watch.steps
            if one.revision in self._steps
        }
        last: dict[QualifiedName, QualifiedName] = {}
        found: tuple[dict[str, frozenset[QualifiedName]], ...] = ({}, {})
        for name, step in reversed(self._steps.items()):
            later = dict(last)
            last |= {old: later.get(new, new) for old, new in step.renamed.items()}
            for into, tables in zip(found, (changed[name], wrote.get(name, set())), strict=True):
                into[name] = frozenset(last.get(one, one) for one in tables)
        return found[0], found[1]


def _written(step: SeenStep) -> set[QualifiedName]:
    """The tables into which statements of the revision wrote rows; a partition counts as its table."""
    tables = {one.relation.root for statement in step.statements for one in statement.touched if one.held == _WRITES}
    return {(step.relations[oid].schema, step.relations[oid].name) for oid in tables if oid in step.relations}


def _tables_of(picture: Schema) -> list[QualifiedName]:
    return [(one.schema, one.name) for one in picture.all(Table) if one.bound is None]
