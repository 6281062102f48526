"""The SQL of each revision as Alembic's offline mode prints it, every statement with the line that issued it."""

import contextlib
import io
import sys
from collections.abc import Collection, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import msgspec
import sqlalchemy
from alembic.runtime.migration import MigrationContext, MigrationStep

from headworks.errors import HeadworksError
from headworks.migrations.environment import render_sql
from headworks.migrations.errors import CannotPrint, EnvFailed, EnvSkippedMigrations
from headworks.migrations.failures import revision_of
from headworks.migrations.history import Revision
from headworks.migrations.project import Project
from headworks.migrations.reasons import frame_in, reason_of
from headworks.migrations.runner import steps_of, wide_version_column

__all__ = ["Printed", "Statement", "printed", "printing"]


class Statement(msgspec.Struct, frozen=True):
    """What was sent at once, and the line of the revision's file that had it sent."""

    sql: str
    line: int


class Printed(msgspec.Struct, frozen=True):
    """A revision's upgrade. Where it cannot be printed, `refusal` says why and `line` where; the SQL before it stands.

    That is the case for one that reads the database, or refuses to run offline.
    """

    revision: Revision
    statements: tuple[Statement, ...]
    refusal: str = ""
    line: int = 1


@contextlib.contextmanager
def printing(instead: str) -> Iterator[None]:
    """For the `with` block, an env.py that connects, or does nothing, where SQL is printed: `CannotPrint`.

    `instead` is what to run where it stays as it is. What else is wrong with env.py has its own error.
    """
    try:
        yield
    except EnvSkippedMigrations as error:
        raise CannotPrint(reason=error, instead=instead) from error
    except EnvFailed as error:
        cause = error.__cause__
        # What a driver raises: SQLAlchemy's of most, and asyncpg's own when it connects.
        if isinstance(cause, sqlalchemy.exc.DBAPIError | OSError) or hasattr(cause, "sqlstate"):
            raise CannotPrint(reason=error, instead=instead) from error
        raise


def printed(project: Project, chosen: Collection[str] | None = None) -> tuple[Printed, ...]:
    """The upgrades of the revisions (those `chosen` alone), in the order of the history; nothing connects.

    env.py runs once, in its offline mode. Raises `CannotPrint`, and what else is wrong with env.py.
    """
    found: list[Printed] = []

    def steps(_: tuple[str, ...], context: MigrationContext) -> Iterator[MigrationStep]:
        wide_version_column(context, project.history)
        for revision, step in steps_of(project, project.history.revisions, "upgrade"):
            recording = _Recording(revision, step, context)
            yield step
            if chosen is None or revision.id in chosen:
                found.append(recording.printed)

    with printing("headworks gate runs the revisions instead"):
        render_sql(project, steps, io.StringIO())
    return tuple(found)


class _Recording:
    """Takes the place of a step's function and, while that runs, of what prints its statements."""

    def __init__(self, revision: Revision, step: MigrationStep, context: MigrationContext) -> None:
        assert revision_of(step) == revision.id
        self._revision = revision
        self._run = step.migration_fn
        self._context = context
        self._statements: list[Statement] = []
        self._refusal = ""
        self._line = 1
        step.migration_fn = self.run

    @property
    def printed(self) -> Printed:
        """What was recorded."""
        return Printed(self._revision, tuple(self._statements), self._refusal, self._line)

    def run(self, **arguments: Any) -> Any:
        """The revision's function. What it raises is written down: the revisions after it are printed all the same."""
        implementation = self._context.impl
        output = implementation.static_output

        def heard(text: str) -> None:
            self._statements.append(Statement(text, _line_in(self._revision.path)))
            output(text)

        implementation.static_output = heard  # type: ignore[method-assign]
        try:
            return self._run(**arguments)
        except HeadworksError as error:
            self._refusal = str(error)
        except Exception as error:  # noqa: BLE001 - whatever the revision does without a database
            self._refusal, self._line = reason_of(error), frame_in(error, self._revision.path) or 1
        finally:
            implementation.static_output = output  # type: ignore[method-assign]


def _line_in(file: Path) -> int:
    """The line of `file` that is being run, of all that is being run; 1 where it has gone."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        name = frame.f_code.co_filename
        if name == str(file) or (Path(name).name == file.name and Path(name).resolve() == file.resolve()):
            return frame.f_lineno
        frame = frame.f_back
    return 1
