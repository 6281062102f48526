"""Run the project's own env.py, as it stands, on a database that we name, and stay in charge of what it runs."""

import contextlib
import io
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO
from weakref import WeakSet

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext, MigrationStep
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from headworks.errors import HeadworksError
from headworks.migrations.configured import Configured, Contexts, sorted_out
from headworks.migrations.enclosing import beginnings
from headworks.migrations.env_failures import env_failed
from headworks.migrations.errors import (
    CommitFailed,
    DatabaseElsewhere,
    EnvFailed,
    EnvSkippedMigrations,
    NotPostgres,
)
from headworks.migrations.failures import direction_of, revision_failed, revision_of
from headworks.migrations.handed import Attributes, connection_for
from headworks.migrations.interrupt import cancelled_by_interrupt
from headworks.migrations.limit import Overdue, late_before, on_time, remember_late
from headworks.migrations.project import Project
from headworks.migrations.reasons import causes_kept, let_go, reason_of, sqlstate_of
from headworks.migrations.starting import NOWHERE, around, start
from headworks.postgres.connect import connect
from headworks.postgres.databases import scratch_database
from headworks.postgres.url import DatabaseUrl

__all__ = [
    "Configured",
    "Steps",
    "at_work",
    "configured",
    "explained",
    "look",
    "look_apart",
    "look_offline",
    "render_sql",
    "run_env",
]

Steps = Callable[[tuple[str, ...], MigrationContext], Iterable[MigrationStep]]
"""Given the version rows and the context, the steps to run; asked for the next one after each has been done."""

# The same server process and the same database, whatever way each side came there (socket, TCP, pooler).
_IDENTITY = "SELECT current_database()::text, extract(epoch FROM pg_postmaster_start_time())::text"


def look(project: Project, url: DatabaseUrl) -> Configured:
    """Run env.py without running or writing anything, to see what it configures and where the database is."""
    seen = Contexts()

    def steps(rows: tuple[str, ...], context: MigrationContext) -> Iterable[MigrationStep]:
        seen.add(configured(project, rows, context))
        return ()

    run_env(project, url, steps, dont_mutate=True)
    return seen.together()


def look_apart(project: Project, server: DatabaseUrl) -> Configured:
    """The same in an empty scratch database of `server`: what env.py configures, wherever the project's database is."""
    with scratch_database(server) as empty:
        return look(project, empty)


def look_offline(project: Project) -> Configured:
    """The same with no connection at all, in env.py's offline mode; the version rows are empty."""
    seen = Contexts()

    def steps(rows: tuple[str, ...], context: MigrationContext) -> Iterable[MigrationStep]:
        seen.add(configured(project, (), context))
        return ()

    render_sql(project, steps, io.StringIO())
    return seen.together()


def configured(project: Project, rows: tuple[str, ...], context: MigrationContext) -> Configured:
    """What a context holds of env.py's words.

    The history is loaded first, as `alembic` does: in some projects it is a revision that imports the models.
    """
    assert project.history is not None
    options = context.opts
    metadata, strange = sorted_out(options.get("target_metadata"))
    return Configured(
        rows=tuple(rows),
        version_table=context.version_table,
        version_table_schema=context.version_table_schema,
        metadata=metadata,
        strange=strange,
        include_name=options.get("include_name"),
        include_object=options.get("include_object"),
        include_schemas=bool(options.get("include_schemas")),
        compare_type=bool(options.get("compare_type", True)),
        compare_server_default=bool(options.get("compare_server_default")),
    )


def run_env(project: Project, url: DatabaseUrl, steps: Steps, **options: Any) -> None:
    """Run env.py against `url` and, inside its `run_migrations()`, the steps that `steps` yields.

    `options` go to Alembic's `EnvironmentContext`. Raises `EnvFailed` for what env.py does wrong, `RevisionFailed` for
    a step, `DatabaseElsewhere` (before any step) when env.py connects to another database than `url`.
    """
    name = project.settings.name_of(Path(project.script.dir) / "env.py")
    with connect(url) as connection:  # says what is wrong with the URL before a stack of other people's code does
        wanted = connection.execute(_IDENTITY).fetchone()
    stack = contextlib.ExitStack()

    def before(context: MigrationContext) -> None:
        begun.configured(context)
        _check_place(context, wanted, url, name)
        connection = context.connection
        if connection is not None and connection.dialect.driver == "psycopg2":
            backend = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
            stack.enter_context(cancelled_by_interrupt(url, backend))

    watched = _Watched(steps, before)
    with explained(project, watched), causes_kept(), beginnings(project) as begun, stack:
        _execute_online(project, url, watched, {"as_sql": False, **options})


def render_sql(project: Project, steps: Steps, output: TextIO, *, start: tuple[str, ...] | None = None) -> None:
    """Alembic's offline mode: write the SQL of the steps to `output`, with no connection."""
    watched = _Watched(steps)
    buffer = io.StringIO()  # nothing half-written when a revision fails
    with explained(project, watched):
        _execute(project, NOWHERE, watched, {"as_sql": True, "starting_rev": start}, output=buffer)
    output.write(buffer.getvalue())


class _Watched:
    """The steps of a run, handed to Alembic one by one, and what becomes of them."""

    def __init__(self, steps: Steps, before: Callable[[MigrationContext], None] = lambda context: None) -> None:
        self._steps = steps
        self._before = before
        self.forget()

    def forget(self) -> None:
        """Be as new: env.py is run again."""
        self.entered = False
        self.admitted = False
        self.current: MigrationStep | None = None
        self.made: list[MigrationStep] = []  # in this context, whose transaction may still be open
        self.overdue: Overdue | None = None
        self.refusal: HeadworksError | None = None

    def __call__(self, rows: tuple[str, ...], context: MigrationContext) -> Iterator[MigrationStep]:
        self.entered = True
        self.made = []
        try:
            self._before(context)
            self.admitted = True
            for step in self._steps(rows, context):
                self.current = step
                if late := late_before(*_key(step)):
                    raise late
                clock = on_time()
                try:
                    with clock:
                        yield step
                finally:
                    if clock.overdue:
                        self.overdue = Overdue(f"it did not end within {clock.seconds:g} s")
                self.current = None
                self.made.append(step)
        except HeadworksError as error:
            self.refusal = error
            raise


def _key(step: MigrationStep) -> tuple[str, str]:
    """A step's revision and direction; one that only stamps has no revision, and nothing that could take long."""
    return (revision_of(step) if hasattr(step, "revision") else "", direction_of(step))


@contextlib.contextmanager
def explained(project: Project, watched: "_Watched | None" = None) -> Iterator[None]:
    """Turn what env.py and the revisions raise into typed errors, also where env.py catches it and goes on or exits."""
    env = Path(project.script.dir) / "env.py"
    name = project.settings.name_of(env)
    try:
        yield
    except HeadworksError:
        raise
    except KeyboardInterrupt as error:
        if watched and watched.overdue and watched.current:
            late, step = watched.overdue.with_traceback(error.__traceback__), watched.current
            failure = revision_failed(late, step, project)
            late.line = failure.fields["line"]
            remember_late(*_key(step), late)
            let_go(error)
            raise failure from late
        raise
    except (Exception, SystemExit) as error:
        if watched and watched.refusal:
            raise watched.refusal from error
        cause: BaseException = error
        while isinstance(cause, SystemExit) and isinstance(cause.__context__, Exception):
            cause = cause.__context__
        if watched and watched.current:
            failure = revision_failed(cause, watched.current, project)
            let_go(cause)
            raise failure from cause
        if watched and watched.made and _is_of_commit(cause):
            raise _commit_failed(cause, watched.made, project) from cause
        raise env_failed(cause, env, name) from cause
    if watched is None:
        return
    if watched.refusal:
        raise watched.refusal
    if watched.current:
        raise revision_failed(RuntimeError(f"{name} caught its error and went on"), watched.current, project)
    if not watched.entered:
        raise EnvSkippedMigrations(file=name)


# Those whose env.py does not get to the database by itself.
_HANDED_A_CONNECTION: WeakSet[Project] = WeakSet()


def _execute_online(project: Project, url: DatabaseUrl, watched: _Watched, options: dict[str, Any]) -> None:
    """As `alembic` runs it; where env.py asks for `config.attributes["connection"]` and does not get to our database
    without, again with one. Not at once: to some env.py an engine is meant by that name, and they do without it."""
    alone = _attempt(project, url, watched, options)
    if alone is None:
        return
    watched.forget()
    _HANDED_A_CONNECTION.add(project)
    try:
        _execute(project, url, watched, options, Attributes())
    except AttributeError as error:
        if isinstance(error.obj, Connection) and not watched.admitted:
            raise alone from None
        raise
    finally:
        if not watched.admitted:
            _HANDED_A_CONNECTION.discard(project)


def _attempt(project: Project, url: DatabaseUrl, watched: _Watched, options: dict[str, Any]) -> BaseException | None:
    """Run env.py; what came of it where a connection might help, else `None`. Raises what else is wrong with it."""
    attributes = Attributes()
    try:
        _execute(project, url, watched, options, attributes)
    except (Exception, SystemExit) as error:
        if watched.admitted or "connection" not in attributes.missed:
            raise
        return error
    if watched.admitted or "connection" not in attributes.missed:
        return None
    return watched.refusal or EnvSkippedMigrations(file=project.settings.name_of(Path(project.script.dir) / "env.py"))


def _execute(
    project: Project,
    url: DatabaseUrl,
    steps: Steps,
    options: dict[str, Any],
    attributes: Attributes | None = None,
    output: TextIO | None = None,
) -> None:
    with at_work(project, url, attributes) as config:
        if output is not None:
            config.output_buffer = output
        with EnvironmentContext(config, project.script, fn=steps, **options):
            project.script.run_env()


@contextlib.contextmanager
def at_work(project: Project, url: DatabaseUrl | None, attributes: Attributes | None = None) -> Iterator[Config]:
    """All that env.py finds when it runs: its folder, the URL in its configuration and its variables, quiet logs."""
    config = project.config(url)
    if attributes is not None:
        config.attributes = attributes
    with contextlib.ExitStack() as stack:
        stack.enter_context(project.at_home())
        handed = "" if url is None else project.handed(url)
        stack.enter_context(around(project.settings, url, handed))
        if url is not None and project in _HANDED_A_CONNECTION:
            config.attributes["connection"] = stack.enter_context(connection_for(project, url))
        start(project.settings, config)
        yield config


def _check_place(context: MigrationContext, wanted: Any, url: DatabaseUrl, name: str) -> None:
    connection = context.connection
    if connection is None:
        raise EnvFailed(file=name, line=1, reason="no connection", advice_text="it must configure a connection")
    if connection.dialect.name != "postgresql":
        raise NotPostgres(file=name, dialect=connection.dialect.name)
    found = connection.exec_driver_sql(_IDENTITY).fetchone()
    if found is None or tuple(found) != tuple(wanted):
        actual = connection.engine.url.render_as_string(hide_password=True)
        raise DatabaseElsewhere(file=name, actual=actual, wanted=str(url))


def _is_of_commit(error: BaseException) -> bool:
    """Whether it is a COMMIT that the server refused: what breaks a deferred constraint, or trigger, shows there."""
    if not isinstance(error, DBAPIError) or error.statement is not None or error.connection_invalidated:
        return False
    return not (sqlstate_of(error) or "08").startswith(("08", "57"))  # else it is the connection that is no more


def _commit_failed(error: BaseException, made: list[MigrationStep], project: Project) -> HeadworksError:
    if len(made) == 1:
        return revision_failed(error, made[0], project)
    return CommitFailed(first=revision_of(made[0]), last=revision_of(made[-1]), reason=reason_of(error))
