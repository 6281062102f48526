"""Bring a scratch database to a set of revisions, by running them."""

import contextlib
import importlib
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from weakref import WeakKeyDictionary

import sqlalchemy
from alembic.runtime.migration import MigrationContext, MigrationStep
from psycopg import sql
from sqlalchemy.pool import NullPool

from headworks.errors import UsageError
from headworks.migrations.ended import Ended
from headworks.migrations.environment import Configured, look, look_apart, run_env
from headworks.migrations.errors import CommitFailed, RevisionFailed
from headworks.migrations.failures import from_nothing
from headworks.migrations.history import Revision
from headworks.migrations.project import Project
from headworks.migrations.runner import steps_of, widen_version_table
from headworks.postgres.collations import make_collations
from headworks.postgres.connect import connect
from headworks.postgres.databases import scratch_database
from headworks.postgres.url import DatabaseUrl
from headworks.postgres.variables import hidden_from

__all__ = ["BootstrapBroken", "beginning", "bootstrap", "configured_once", "is_bare", "realised", "run_plan"]


class BootstrapBroken(UsageError):
    """[tool.headworks.gate] bootstrap = {name!r}: {reason}"""

    hint = 'name a function as "module:function" (it gets a SQLAlchemy connection) or a file of SQL'


@contextlib.contextmanager
def realised(
    project: Project, server: DatabaseUrl, ids: Iterable[str], collations: Collection[str] = ()
) -> Iterator[DatabaseUrl]:
    """A scratch database on `server` in which these revisions, and all that they need, have been run.

    `collations` are those that the server may lack.
    """
    wanted = project.history.applied(ids)
    with scratch_database(server) as url:
        make_collations(url, collations)
        bootstrap(project, url)
        with beginning(project, scratch=True):
            run_plan(project, url, tuple(one for one in project.history.revisions if one.id in wanted), "upgrade")
        yield url


@contextlib.contextmanager
def beginning(project: Project, *, scratch: bool) -> Iterator[None]:
    """Within it the history is run from its beginning: a revision that fails may lack what was there before."""
    try:
        yield
    except RevisionFailed as error:
        found = from_nothing(error, project.settings.keys.gate.bootstrap, scratch=scratch)
        raise found from found.__cause__


def run_plan(project: Project, url: DatabaseUrl, plan: tuple[Revision, ...], direction: str) -> None:
    """Run exactly these revisions, in this order, with no lock: for databases that are ours alone.

    Raises what `run_env` does, and `RevisionFailed` for one that Alembic runs, and then rolls back without a word, or
    for the one whose fault it is that the transaction of all cannot be committed.
    """
    ended = Ended()

    def steps(rows: tuple[str, ...], context: MigrationContext) -> Iterator[MigrationStep]:
        ended.begins(context)
        widen_version_table(context, project.history)
        for _, step in steps_of(project, plan, direction):
            yield step
            ended.after(step, context)
        ended.last(context)

    try:
        run_env(project, url, steps)
    except CommitFailed:  # all of them have been rolled back
        for one in plan:
            run_plan(project, url, (one,), direction)
        raise
    ended.check(project, url)


def bootstrap(project: Project, url: DatabaseUrl) -> None:
    """What must be there before the first revision: the version table's schema, and the config's bootstrap, if any.

    Raises `BootstrapBroken`.
    """
    _make_version_schema(project, url)
    name = project.settings.keys.gate.bootstrap
    if not name:
        return
    if name.endswith(".sql"):
        file = project.settings.root / name
        if not file.is_file():
            raise BootstrapBroken(name=name, reason="there is no such file")
        _run_sql(file, url, name)
        return
    module, colon, function = name.partition(":")
    if not colon:
        raise BootstrapBroken(name=name, reason="it is neither module:function nor a .sql file")
    with project.at_home():
        try:
            call = getattr(importlib.import_module(module), function)
        except (ImportError, AttributeError) as error:
            raise BootstrapBroken(name=name, reason=error) from error
        engine = sqlalchemy.create_engine(url.sqlalchemy("psycopg"), poolclass=NullPool)
        with hidden_from(url), engine.begin() as connection:
            call(connection)


def is_bare(url: DatabaseUrl) -> bool:
    """Whether nothing is there before the first revision: neither a bootstrap nor env.py made anything of its own."""
    with connect(url, read_only=True) as connection:
        row = connection.execute("SELECT count(*) FROM pg_catalog.pg_class WHERE oid >= 16384").fetchone()
    return row == (0,)


# By project: env.py says the same each time, and a walk makes many scratch databases.
_CONFIGURED: WeakKeyDictionary[Project, Configured] = WeakKeyDictionary()


def configured_once(project: Project, server: DatabaseUrl) -> Configured:
    """What env.py configures in an empty scratch database, asked for once."""
    if project not in _CONFIGURED:
        _CONFIGURED[project] = look_apart(project, server)
    return _CONFIGURED[project]


def _make_version_schema(project: Project, url: DatabaseUrl) -> None:
    """Alembic does not make the schema that it is told to keep its table in; somebody once did by hand."""
    if project not in _CONFIGURED:
        _CONFIGURED[project] = look(project, url)
    configured = _CONFIGURED[project]
    schemas = sorted(filter(None, {configured.version_table_schema, *(schema for schema, _ in configured.others)}))
    if schemas:
        with connect(url) as connection:
            for schema in schemas:
                connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(schema)))


def _run_sql(file: Path, url: DatabaseUrl, name: str) -> None:
    with connect(url) as connection:
        try:
            connection.execute(file.read_bytes())
        except Exception as error:
            raise BootstrapBroken(name=name, reason=str(error).splitlines()[0]) from error
