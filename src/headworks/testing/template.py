"""A database at heads to be copied for each test: the project's migrations are run once."""

import contextlib
from collections.abc import Callable, Iterator

from psycopg import sql

from headworks.migrations.project import Project
from headworks.migrations.realise import realised
from headworks.postgres.connect import connect
from headworks.postgres.databases import end_sessions
from headworks.postgres.url import DatabaseUrl
from headworks.testing.database import Database, place_of

__all__ = ["migrated"]


@contextlib.contextmanager
def migrated(
    project: Project, server: Database, prepare: Callable[[Database], object] | None = None
) -> Iterator[Database]:
    """A database in which all revisions have been run by the project's env.py, and then `prepare`, if there is one.

    Nobody can connect to it afterwards, as PostgreSQL copies no database that somebody is in.
    """
    with realised(project, place_of(server), [one.id for one in project.history.revisions]) as url:
        template = Database(url)
        if prepare is not None:
            prepare(template)
        _close(url)
        yield template


def _close(url: DatabaseUrl) -> None:
    with connect(url.with_database("postgres")) as admin:
        name = sql.Identifier(url.database)
        admin.execute(sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS false").format(name))
        end_sessions(admin, url.database)
