"""Upgrade and downgrade a database: one runner at a time, one revision after the other, with lock timeouts.

The version rows are read again once the lock is had, so that of ten runners that start at once one works and nine see
that nothing is left to do. A lock that a statement does not get in time is given up (an ALTER TABLE that waits makes
every query behind it wait as well), and the run goes on from the revision it had reached.
"""

import random
import time
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import msgspec
import sqlalchemy
from alembic.runtime.migration import MigrationContext, MigrationStep

from headworks.migrations import failures
from headworks.migrations.ended import Ended
from headworks.migrations.environment import look, run_env
from headworks.migrations.errors import LockTimeout, RevisionFailed
from headworks.migrations.history import History, Revision
from headworks.migrations.lock import one_runner
from headworks.migrations.log import keep_log
from headworks.migrations.modules import as_loaded
from headworks.migrations.project import Project
from headworks.migrations.reasons import sqlstate_of
from headworks.migrations.work import mark_autocommit_blocks, mark_transaction, set_lock_timeout
from headworks.postgres.url import DatabaseUrl

__all__ = ["Ran", "Runner", "Silent", "Watcher", "steps_of", "wide_version_column", "widen_version_table"]

Planner = Callable[[tuple[str, ...]], tuple[Revision, ...]]
_LOCK_NOT_AVAILABLE = "55P03"
_WIDE = 255


class Watcher(Protocol):
    """Hears what a runner does, for progress."""

    def begins(self, revision: Revision, direction: str, number: int, total: int) -> None:
        """A revision is about to run: the `number`th of `total`."""

    def ends(self, revision: Revision, direction: str, seconds: float) -> None:
        """It is done."""

    def waits(self) -> None:
        """Another runner has the lock."""

    def retries(self, error: RevisionFailed, pause: float) -> None:
        """A lock was not had in time; the run goes on after `pause` seconds."""


class Silent:
    """A watcher that says nothing."""

    def begins(self, revision: Revision, direction: str, number: int, total: int) -> None:
        """Nothing."""

    def ends(self, revision: Revision, direction: str, seconds: float) -> None:
        """Nothing."""

    def waits(self) -> None:
        """Nothing."""

    def retries(self, error: RevisionFailed, pause: float) -> None:
        """Nothing."""


class Ran(msgspec.Struct, frozen=True):
    """A revision that was run, and the seconds it took."""

    revision: Revision
    seconds: float


class Runner:
    """Runs plans on one database. `wait` and `lock_timeout` are seconds; a `lock_timeout` of 0 waits for ever."""

    tries = 4

    def __init__(
        self,
        project: Project,
        url: DatabaseUrl,
        *,
        wait: float = 300.0,
        lock_timeout: float = 3.0,
        watcher: Watcher | None = None,
    ) -> None:
        self._project = project
        self._url = url
        self._wait = wait
        self._lock_timeout = lock_timeout
        self._watcher = watcher or Silent()

    def rows(self) -> tuple[str, ...]:
        """The version rows of the database; nothing is written."""
        return look(self._project, self._url).rows

    def run(self, direction: str, planner: Planner) -> tuple[Ran, ...]:
        """Run what `planner` makes of the version rows, under the lock. Returns what was run, in order.

        Raises `LockNotHad`, `LockTimeout`, all that `run_env` raises, and `RevisionFailed`, also for one that Alembic
        has run and then rolled back without a word.
        """
        done: list[Ran] = []
        planner = _planned_once(planner, self._project.history, direction)
        with one_runner(self._url, wait=self._wait, waiting=self._watcher.waits):
            for attempt in range(1, self.tries + 1):
                try:
                    self._once(direction, planner, done)
                except RevisionFailed as error:
                    if sqlstate_of(error.__cause__) != _LOCK_NOT_AVAILABLE:
                        raise
                    if attempt == self.tries:
                        raise LockTimeout(
                            revision=error.revision, seconds=self._lock_timeout, tries=attempt, reason=error.reason
                        ) from error
                    pause = 2 ** (attempt - 1) * random.uniform(0.5, 1.0)  # noqa: S311
                    self._watcher.retries(error, pause)
                    time.sleep(pause)
                else:
                    break
        return tuple(done)

    def stamp(self, ids: tuple[str, ...]) -> None:
        """Write the version rows of these revisions, running nothing; no ids are the base."""
        script = self._project.script

        def steps(rows: tuple[str, ...], context: MigrationContext) -> Iterator[MigrationStep]:
            widen_version_table(context, self._project.history)
            self._project.history.applied(rows)  # Alembic would blame env.py for a row that nobody knows
            # One call with several ids of several branches, as `alembic stamp A B` does.
            yield from script._stamp_revs(ids or "base", rows)

        with one_runner(self._url, wait=self._wait, waiting=self._watcher.waits):
            run_env(self._project, self._url, steps)

    def _once(self, direction: str, planner: Planner, done: list[Ran]) -> None:
        ended = Ended()

        def steps(rows: tuple[str, ...], context: MigrationContext) -> Iterator[MigrationStep]:
            ended.begins(context)
            plan = planner(rows)
            if not plan:
                return
            # Where env.py runs everything in one transaction, a failed try has undone what it had done.
            again = {revision.id for revision in plan}
            done[:] = [ran for ran in done if ran.revision.id not in again]
            set_lock_timeout(context, self._lock_timeout)
            mark_autocommit_blocks(context, self._lock_timeout)
            widen_version_table(context, self._project.history)
            if self._project.settings.keys.log:
                keep_log(context)
            for number, (revision, step) in enumerate(steps_of(self._project, plan, direction), start=1):
                self._watcher.begins(revision, direction, number, len(plan))
                mark_transaction(context)
                began = time.monotonic()
                yield step
                seconds = time.monotonic() - began
                ended.after(step, context)
                done.append(Ran(revision, seconds))
                self._watcher.ends(revision, direction, seconds)
            ended.last(context)

        run_env(self._project, self._url, steps)
        ended.check(self._project, self._url)


def _planned_once(planner: Planner, history: History, direction: str) -> Planner:
    """What a first try left over is the plan of the next: `+2` and `-2` count from where the first one began."""
    first: list[tuple[Revision, ...]] = []

    def plan(rows: tuple[str, ...]) -> tuple[Revision, ...]:
        if not first:
            first.append(planner(rows))
        applied = history.applied(rows)
        return tuple(one for one in first[0] if (one.id in applied) == (direction == "downgrade"))

    return plan


def steps_of(project: Project, plan: tuple[Revision, ...], direction: str) -> Iterator[tuple[Revision, MigrationStep]]:
    """Alembic's step for each revision of a plan. Raises `DowngradeMissing` for one without the function."""
    script = project.script
    make: Any = MigrationStep.upgrade_from_script if direction == "upgrade" else MigrationStep.downgrade_from_script
    for revision in plan:
        found = as_loaded(script.get_revision(revision.id))
        if not hasattr(found.module, direction):  # some published revisions define no downgrade at all
            raise failures.missing_function(revision.id, direction, project.history)
        yield revision, make(script.revision_map, found)


def wide_version_column(context: MigrationContext, history: History) -> None:
    """Offline, Alembic prints CREATE TABLE for its version table from this column: make it wide enough in time."""
    longest = max((len(revision.id) for revision in history.revisions), default=0)
    column = context._version.c.version_num
    if (getattr(column.type, "length", None) or _WIDE) < longest:
        column.type = sqlalchemy.String(max(_WIDE, longest))


def widen_version_table(context: MigrationContext, history: History) -> None:
    """Alembic makes `version_num` VARCHAR(32); where an id of this history is longer, make it wide enough first."""
    longest = max((len(revision.id) for revision in history.revisions), default=0)
    connection = context.connection
    if connection is None:
        return
    table = connection.dialect.identifier_preparer.format_table(context._version)
    width = connection.execute(
        sqlalchemy.text(
            "SELECT atttypmod - 4 FROM pg_catalog.pg_attribute"
            " WHERE attrelid = to_regclass(:table) AND attname = 'version_num' AND atttypmod > 0"
        ),
        {"table": table},
    ).scalar()
    if width is not None and width < longest:
        connection.execute(
            sqlalchemy.text(f"ALTER TABLE {table} ALTER COLUMN version_num TYPE varchar({max(_WIDE, longest)})")
        )
