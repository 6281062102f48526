"""The walk with rows: up, down and up again, on tables that are filled before each upgrade.

It has scratch databases of its own, so that what fails on rows does not disturb the walk that looks at the schema. A
step that fails is tried on a copy without rows: where it runs there, it fails on data, and the walk goes on from that
copy; where it fails there too, that is for the other walk to say.

Downgrades need not restore what was there, so a copy has run all that its original has, down and up. A step that fails
there as well, without rows, may have failed for what an earlier downgrade left: it is tried again, with rows, where
nothing has been downgraded.
"""

import contextlib
import datetime
from collections.abc import Generator, Sequence
from typing import Protocol

import msgspec
import psycopg
from psycopg.errors import DiskFull

from headworks.errors import HeadworksError
from headworks.gate.data.compare import Lost, lost
from headworks.gate.data.content import Content
from headworks.gate.data.rows import Rows, Unfilled
from headworks.gate.errors import DiskWasFull, ServerLost
from headworks.gate.replay import Failure, Replay
from headworks.gate.scene import Scene
from headworks.gate.source import RevisionSource
from headworks.migrations.errors import DowngradeMissing, RevisionFailed
from headworks.migrations.history import Revision
from headworks.migrations.limit import Overdue, forget_late, late_steps
from headworks.migrations.moves import EndsTransaction, Move, run_moves
from headworks.migrations.realise import run_plan
from headworks.postgres.connect import probe
from headworks.postgres.errors import ConnectionFailed, ServerDown
from headworks.postgres.url import DatabaseUrl

__all__ = ["LostRevision", "Observer", "SeenRows", "WalkedRows", "walk_with_rows"]


class SessionsEnded(HeadworksError):
    """{revision} ended the other sessions in its database again and again, so the walk with rows cannot go on"""

    hint = "headworks gate --checks schema,branches,whole looks at the rest"


class Observer(Protocol):
    """Looks at steps while they run."""

    def during(self, revision: Revision, direction: str, url: DatabaseUrl) -> contextlib.AbstractContextManager[None]:
        """Around one step, `upgrade` or `downgrade`, in the database `url`, whose tables hold rows.

        It is entered before the step and left when the step is committed. Where the step fails it is left by a
        `GeneratorExit`, which must not be kept.
        """


class SeenRows(msgspec.Struct):
    """What became of the rows in one revision.

    `failures` holds the error of a step (`upgrade`, `downgrade`, `reupgrade`) that runs on empty tables, `columns`
    those that there were before it: schema, table, name. One that `ended_others` ended the sessions that look at the
    rows, so nobody saw what became of them.
    """

    revision: Revision
    failures: dict[str, RevisionFailed] = msgspec.field(default_factory=dict)
    columns: frozenset[tuple[str, str, str]] = frozenset()
    losses: list[Lost] = msgspec.field(default_factory=list)
    ended_others: bool = False


class LostRevision(msgspec.Struct, frozen=True):
    """A revision that could not be run, why, and the chosen ones that were not run for its sake."""

    revision: Revision
    reason: str
    needing: tuple[Revision, ...]


class WalkedRows(msgspec.Struct):
    """What was seen of each revision whose upgrade runs, in order, and how far the tables could be filled.

    `seconds` is what each one took, by id; `lost` has those of which nothing was seen: why, and which need them.
    """

    seen: list[SeenRows]
    tables: int
    rows: int
    unfilled: list[Unfilled]
    seconds: dict[str, float]
    lost: list[LostRevision]


def walk_with_rows(scene: Scene, observers: Sequence[Observer], *, compared: bool) -> WalkedRows:
    """Walk the whole history; the chosen revisions with rows, down and up again.

    Without `compared` nobody looks at what becomes of the rows, and steps go by for the observers alone. Raises
    `ServerLost`, `DiskWasFull`, `SessionsEnded`.
    """
    one = _Walk(scene, observers, compared=compared)
    try:
        return one.run()
    except (ServerDown, ConnectionFailed) as error:
        raise ServerLost(revision=one.at, reason=error) from error
    except DiskFull as error:
        raise DiskWasFull(revision=one.at, reason=str(error).partition("\n")[0]) from error
    finally:
        with contextlib.suppress(ServerDown, ConnectionFailed, DiskFull):  # with the server its databases are gone
            one.leave()


class _Walk(Replay):
    def __init__(self, scene: Scene, observers: Sequence[Observer], *, compared: bool) -> None:
        super().__init__(scene, "rows", begins=scene.counted("with rows:"))
        self._chosen = scene.chosen
        self._observers = observers
        self._compared = compared
        self._rows = Rows(scene.configured.version_tables())
        self._before: dict[int, Content] = {}
        self._upgraded: dict[int, Content] = {}
        self._seen: dict[str, SeenRows] = {}
        self._judged: list[SeenRows] = []
        self._lost: list[LostRevision] = []
        self._why = ""  # what the upgrade that failed last has failed with
        self._late = late_steps()
        self._enders: set[str] = set()
        self._step = "upgrade"
        self._begun_with: tuple[Revision, ...] = ()  # what had been run, up alone, when the database was new
        self._walked: list[Move] = []  # and what has been since
        self._again: set[str] = set()
        self.at = ""  # the revision that was begun last

    def run(self) -> WalkedRows:
        last = max((n for n, one in enumerate(self.todo) if one.id in self._chosen), default=-1)
        del self.todo[last + 1 :]  # nothing is looked at up there
        self.replay()
        held = self._end()
        held += sum(self._end() for _ in self.apart(self._chosen))
        rows = self._rows
        return WalkedRows(self._judged, rows.tables_seen, held, rows.unfilled, self.seconds, self._lost)

    def _end(self) -> int:
        """Of one line of databases: how many rows the last one holds."""
        if self._chosen.intersection(one.id for one in self.done):
            if self.stale:
                self.fresh()
            self._fill()  # what the last one made must take rows, too
        self._judged += (self._seen[one.id] for one in self.done if one.id in self._seen)
        return self._rows.held

    def entered(self, url: DatabaseUrl) -> None:
        self._rows.enter(url)

    def left(self) -> None:
        self._rows.leave()

    def moves(self) -> Generator[Move, None, None]:
        ran = ""
        try:
            with contextlib.closing(self._steps()) as steps:
                for revision, direction in steps:
                    ran = revision.id
                    yield revision, direction
                    self._walked.append((revision, direction))
        except DiskFull as error:
            raise DiskWasFull(revision=ran, reason=str(error).partition("\n")[0]) from error
        except psycopg.OperationalError as error:
            # Our own sessions': what happens to env.py's is raised in env.py. With the server all of them are gone.
            if probe(self.place.with_database("postgres")) is not None:
                raise ServerLost(revision=ran, reason=str(error).partition("\n")[0]) from error
            if ran in self._enders:
                raise SessionsEnded(revision=ran) from error
            self._go_on_after(self.project.history.by_id[ran])

    def fresh(self) -> None:
        super().fresh()
        self._begun_with, self._walked = tuple(self.done), []
        self._rows.revive(self.place)  # a revision that ends other sessions has been run once more

    def together(self, revision: Revision) -> bool:
        runs = super().together(revision)
        self._begun_with, self._walked = (*self.done, revision), []
        return runs

    def _go_on_after(self, revision: Revision) -> None:
        """It ended the other sessions, ours among them: in a new database it is behind us."""
        self._enders.add(revision.id)
        if revision.id in self._chosen:
            self._seen[revision.id] = SeenRows(revision, ended_others=True)
        if self.todo and self.todo[0] is revision:
            self.finish(revision)
        self.stale = True

    def _steps(self) -> Generator[Move, None, None]:
        while self.todo and not self.stale:
            revision = self.todo[0]
            self.at = revision.id
            self._step = "upgrade"
            if revision.id not in self._chosen:
                yield revision, "upgrade"
                self.finish(revision)
                continue
            if revision.id not in self._again:
                self.begin(revision)
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
            self.finish(revision)

    def _fill(self) -> None:
        self._rows.fill(self.done[-1].id if self.done else None)

    def _watched(self, revision: Revision, direction: str) -> contextlib.ExitStack:
        with contextlib.ExitStack() as stack:
            for observer in self._observers:
                stack.enter_context(observer.during(revision, direction, self.place))
            return stack.pop_all()

    # A step fails

    def failed(self, revision: Revision, error: Failure) -> None:
        late = (revision.id, "downgrade" if self._step == "downgrade" else "upgrade")
        if isinstance(error.__cause__, Overdue) and late not in self._late:
            forget_late(*late)  # perhaps it is the rows that it takes so long with
        seen = self._seen.get(revision.id)
        columns = self._rows.columns
        refuses = self._step == "downgrade" and self._refuses(revision, error)
        if not refuses and not self._runs_there_empty(revision):
            self._seen.pop(revision.id, None)
            self._again.add(revision.id)
            self.stale = True
            return
        if seen is None:
            self._upgrade_failed(revision, error, columns)
            return
        if refuses:
            if self._compared:  # nothing comes back: what the upgrade took away is lost
                seen.losses += lost(self._before, self._upgraded, None, _now())
            # One that was rolled back left the database where the upgrade had left it.
            self.stale = not (self._compared and self._rows.unchanged())
        else:
            steps = ("upgrade", "downgrade") if self._step == "downgrade" else ("upgrade", "downgrade", "upgrade")
            if self._runs_empty(revision, steps) and isinstance(error, RevisionFailed):
                seen.failures[self._step], seen.columns = error, columns
            self.stale = True
        self.finish(revision)

    def _refuses(self, revision: Revision, error: Failure) -> bool:
        """Whether there is no downgrade at all, whatever the tables hold."""
        return isinstance(error, DowngradeMissing) or RevisionSource(revision).raises_at(error.fields.get("line") or 0)

    def ran_once(self, revision: Revision, error: RevisionFailed) -> None:
        self._why = str(error.fields["reason"])

    def without(self, revision: Revision, lost: set[str]) -> None:
        needing = (one for one in (*self.done, *self.todo) if one.id in lost & self._chosen and one is not revision)
        if revision.id in lost:  # else it is walked apart
            self._lost.append(LostRevision(revision, self._why, tuple(needing)))

    def _upgrade_failed(self, revision: Revision, error: Failure, columns: frozenset[tuple[str, str, str]]) -> None:
        self._why = str(error.fields.get("reason", error))
        if self._runs_empty(revision, ("upgrade",)):
            if revision.id in self._chosen and isinstance(error, RevisionFailed):
                self._seen[revision.id] = SeenRows(revision, {"upgrade": error}, columns)
            self.stale = False
            self.finish(revision)
        elif self.together(revision):  # it runs in one go with those before it alone
            self.finish(revision)
        else:
            self.lose(revision)

    def _runs_there_empty(self, revision: Revision) -> bool:
        """Whether the step that failed runs without rows of ours after all that was run before it in this database.

        Where nothing but the revision itself was downgraded that is not asked: a new database is no other one.
        """
        walked = [*self._walked, (revision, "downgrade" if self._step == "downgrade" else "upgrade")]
        if all(direction == "upgrade" or one is revision for one, direction in self._walked):
            return True
        done, self.done = self.done, list(self._begun_with)
        try:
            self.fresh()
            if self._stepwise or not run_moves(self.project, self.place, walked):
                for one, direction in walked:
                    run_plan(self.project, self.place, (one,), direction)
        except (RevisionFailed, DowngradeMissing, EndsTransaction):
            return False
        finally:
            gone = {one.id for one in self._begun_with} - {one.id for one in self.done}
            self.done = [one for one in done if one.id not in gone]
        return True

    def _runs_empty(self, revision: Revision, directions: Sequence[str]) -> bool:
        """Whether these steps run where no row of ours is."""
        self.fresh()
        try:
            for direction in directions:
                # An observer has not seen the end of the step that failed: here it does.
                seen = direction == self._step and revision.id in self._chosen
                with self._watched(revision, direction) if seen else contextlib.nullcontext():
                    run_plan(self.project, self.place, (revision,), direction)
                self._walked.append((revision, direction))
        except (RevisionFailed, DowngradeMissing):
            return False
        return True


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
