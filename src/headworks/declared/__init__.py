"""A project's models, realised: its MetaData created in a scratch database, to be read back like any other."""

import contextlib
import importlib
import re
import traceback
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

import sqlalchemy
from psycopg import sql
from sqlalchemy import CheckConstraint, MetaData, Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import (
    CircularDependencyError,
    DBAPIError,
    NoReferencedColumnError,
    NoReferencedTableError,
    SQLAlchemyError,
)
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateIndex

from headworks.declared.unmoved import as_they_were
from headworks.errors import HeadworksError, UsageError
from headworks.postgres.collations import make_collations
from headworks.postgres.connect import connect
from headworks.postgres.databases import scratch_database
from headworks.postgres.errors import ExtensionMissing
from headworks.postgres.url import DatabaseUrl
from headworks.postgres.variables import hidden_from

__all__ = [
    "MetadataEmpty",
    "MetadataMissing",
    "MetadataPathBroken",
    "MetadataStrange",
    "ModelsApart",
    "ModelsFailed",
    "ModelsUnresolved",
    "ddl_of",
    "declared",
    "in_creation_order",
    "load_metadata",
]

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
_LITERALLY = {"literal_binds": True}
_UNDEFINED = frozenset({"42883", "42704", "42P01", "3F000"})
"""SQLSTATE of a function, an object (a type, a collation), a relation and a schema that are not there."""

Mend = Callable[[DatabaseUrl, str], bool]
"""Makes in a database what PostgreSQL says it lacks; whether there is something more than before."""

_STEP = re.compile(r"(?P<name>[A-Za-z_]\w*)(?P<call>\(\))?")


class MetadataMissing(UsageError):
    """there are no models to look at: env.py configures no target_metadata, and the config names none"""

    hint = 'name them in pyproject.toml: [tool.headworks] metadata = ["package.models:Base.metadata"]'


class MetadataStrange(MetadataMissing):
    """there are no models to look at: {entry} is no MetaData, but {what}"""


class MetadataEmpty(UsageError):
    """the models that env.py configures have no tables: nothing has imported the modules that declare them"""

    hint = 'name those modules in pyproject.toml: [tool.headworks] preload = ["package.models"]'


class MetadataPathBroken(UsageError):
    """[tool.headworks] metadata = {path!r}: {reason}"""

    hint = 'write it as "package.module:Base.metadata"; a step may be called: "package.db:interface().metadata"'


class ModelsUnresolved(UsageError):
    """the models cannot be put together: {reason}"""

    hint = "mend it in the models; MetaData.create_all of SQLAlchemy alone says the same"


class ModelsApart(ModelsUnresolved):
    """the models cannot be put together: {reason}"""

    hint = (
        "a foreign key written as a string is looked up in its own MetaData alone; "
        "across two MetaData give the column itself: ForeignKey(User.__table__.c.id)"
    )


class ModelsFailed(HeadworksError):
    """PostgreSQL does not take the models: {reason}"""

    hint = "what models cannot declare (a function, an extension) their DDL events must make, or it must exist live"


def load_metadata(paths: Sequence[str]) -> tuple[MetaData, ...]:
    """The MetaData that the config's `metadata` paths name. Raises `MetadataPathBroken`."""
    return tuple(_load(path) for path in paths)


def in_creation_order(metadata: Iterable[MetaData]) -> tuple[MetaData, ...]:
    """The MetaData with those first that others refer to. Raises `ModelsUnresolved`."""
    todo = list(dict.fromkeys(metadata))
    needs = {id(one): {id(table.metadata) for table in _referred(one)} - {id(one)} for one in todo}
    ordered: list[MetaData] = []
    while todo:
        free = [one for one in todo if not needs[id(one)] & {id(other) for other in todo}]
        if not free:
            raise ModelsApart(reason="two MetaData refer to each other; put their tables into one")
        ordered += free
        todo = [one for one in todo if one not in free]
    return tuple(ordered)


@contextlib.contextmanager
def declared(
    metadata: Sequence[MetaData],
    server: DatabaseUrl,
    extensions: Sequence[tuple[str, str]] = (),
    collations: Collection[str] = (),
    mend: Mend = lambda url, said: False,
) -> Iterator[DatabaseUrl]:
    """A scratch database on `server` in which the models have been created.

    `extensions` are (name, schema) of those that the live database has; they are made first when the models alone do
    not run, as models cannot declare them. `collations` are those that the live database has and the server may lack;
    so are those that the models name. `mend` is asked to make what PostgreSQL says is not there.

    Raises `ModelsUnresolved`, `ModelsFailed`, `ExtensionMissing`.
    """
    ordered = in_creation_order(metadata)
    with contextlib.ExitStack() as stack:
        url = stack.enter_context(scratch_database(server))
        make_collations(url, collations)
        try:
            _create_with(mend, ordered, url)
        except DBAPIError as error:
            if all(schema == "pg_catalog" for _, schema in extensions):  # plpgsql, which every database has
                raise _failed(error) from error
            url = stack.enter_context(scratch_database(server))
            make_collations(url, collations)
            lacking = _make_extensions(url, extensions)
            try:
                _create_with(mend, ordered, url)
            except DBAPIError as again:
                if lacking:
                    raise ExtensionMissing(bindir="use", extension=lacking[0], wanted_by="the live database") from again
                raise _failed(again) from again
        yield url


def ddl_of(metadata: Sequence[MetaData]) -> str | None:
    """The DDL that would create the models, as SQLAlchemy prints it, with that of their events.

    `None` when it cannot be had without a database: an event that looks into one.
    """
    statements: list[tuple[bool, str]] = []

    def keep(statement: Any, *values: Any, **options: Any) -> None:
        text = statement if isinstance(statement, str) else str(statement.compile(dialect=_DIALECT))
        statements.append((isinstance(statement, CreateIndex), f"{text} {values or ''} {options or ''}"))

    engine = sqlalchemy.create_mock_engine("postgresql+psycopg://", keep)
    try:
        with as_they_were(metadata), _said_once(metadata):
            for one in in_creation_order(metadata):
                one.create_all(engine, checkfirst=False)
    except HeadworksError:
        raise
    except Exception:  # noqa: BLE001 - whatever an event of theirs does with a connection that is none
        return None
    # A table's indexes are a set: they come in another order in each process.
    groups = [list(group) for _, group in groupby(statements, key=itemgetter(0))]
    ordered = [text for group in groups for text in (sorted(group) if group[0][0] else group)]
    return ";\n".join(text for _, text in ordered)


def _collations(metadata: Sequence[MetaData]) -> set[str]:
    columns = (column for one in metadata for table in one.tables.values() for column in table.columns)
    return {name for column in columns if (name := getattr(column.type, "collation", None))}


def _create_with(mend: Mend, metadata: Sequence[MetaData], url: DatabaseUrl) -> None:
    while True:
        try:
            return _create(metadata, url)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) not in _UNDEFINED:
                raise
            if not mend(url, str(error.orig)) and not make_collations(url, _collations(metadata)):
                raise


def _create(metadata: Sequence[MetaData], url: DatabaseUrl) -> None:
    engine = sqlalchemy.create_engine(url.sqlalchemy("psycopg"), poolclass=NullPool)
    schemas = {table.schema for one in metadata for table in one.tables.values() if table.schema}
    try:
        with hidden_from(url), as_they_were(metadata), _said_once(metadata), engine.begin() as connection:
            for name in sorted(schemas):
                connection.execute(sqlalchemy.schema.CreateSchema(name, if_not_exists=True))
            for one in metadata:
                one.create_all(connection, checkfirst=True)
    except DBAPIError:
        raise
    except SQLAlchemyError as error:
        apart = isinstance(error, NoReferencedTableError | NoReferencedColumnError)
        raise (ModelsApart if apart else ModelsUnresolved)(reason=str(error).splitlines()[0]) from error


@contextlib.contextmanager
def _said_once(metadata: Sequence[MetaData]) -> Iterator[None]:
    """Without the checks that a table has twice, by name and text, for as long as it is created.

    A revision that writes `CheckConstraint(Model.column.in_(...), name=...)`, as published ones do, attaches it to the
    model's own table when it is imported; the model, made by itself, has it once.
    """
    taken: list[tuple[Table, CheckConstraint]] = []
    for table in (table for one in metadata for table in one.tables.values()):
        seen: dict[str, list[CheckConstraint]] = {}
        for constraint in [one for one in table.constraints if isinstance(one, CheckConstraint) and one.name]:
            namesakes = seen.setdefault(str(constraint.name), [])
            if any(_alike(constraint, other) for other in namesakes):
                taken.append((table, constraint))
            namesakes.append(constraint)
    for table, constraint in taken:
        table.constraints.discard(constraint)
    try:
        yield
    finally:
        for table, constraint in taken:
            table.constraints.add(constraint)


def _alike(one: CheckConstraint, other: CheckConstraint) -> bool:
    """Whether PostgreSQL is told the same. What does not compile is made, and SQLAlchemy says then what is wrong."""
    try:
        texts = {str(each.sqltext.compile(dialect=_DIALECT, compile_kwargs=_LITERALLY)) for each in (one, other)}
    except Exception:  # noqa: BLE001 - a construct of theirs compiles itself
        return False
    return len(texts) == 1


def _make_extensions(url: DatabaseUrl, extensions: Sequence[tuple[str, str]]) -> list[str]:
    """Make what this server has of them and the database has not yet; the names of those that it lacks."""
    with connect(url) as connection:
        rows = connection.execute(
            "SELECT name::text, installed_version FROM pg_catalog.pg_available_extensions"
        ).fetchall()
        available = dict(rows)
        for name, schema in extensions:
            if name in available and available[name] is None:
                place = sql.Identifier(schema)
                connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(place))
                statement = sql.SQL("CREATE EXTENSION IF NOT EXISTS {} SCHEMA {} CASCADE")
                connection.execute(statement.format(sql.Identifier(name), place))
    return [name for name, _ in extensions if name not in available]


def _referred(metadata: MetaData) -> Iterator[Table]:
    try:
        for table in metadata.tables.values():
            for key in table.foreign_keys:
                yield key.column.table
    except (NoReferencedTableError, NoReferencedColumnError, CircularDependencyError) as error:
        raise ModelsApart(reason=error) from error


def _failed(error: DBAPIError) -> ModelsFailed:
    first = str(error.orig).splitlines()[0] if error.orig else str(error)
    statement = " ".join((error.statement or "").split())[:100]
    return ModelsFailed(reason=f"{first} in: {statement}")


def _load(path: str) -> MetaData:
    module_name, colon, rest = path.partition(":")
    if not colon or not rest:
        raise MetadataPathBroken(path=path, reason="it has no colon between module and attribute")
    try:
        found: Any = importlib.import_module(module_name)
    except (Exception, SystemExit) as error:  # whatever the project's module does when it is imported
        raise MetadataPathBroken(path=path, reason=_said(error)) from error
    for part in rest.split("."):
        step = _STEP.fullmatch(part)
        if step is None:
            raise MetadataPathBroken(path=path, reason=f"{part!r} is neither a name nor a call without arguments")
        try:
            found = getattr(found, step["name"])
            found = found() if step["call"] else found
        except (Exception, SystemExit) as error:
            raise MetadataPathBroken(path=path, reason=f"at {part}: {_said(error)}") from error
    if not isinstance(found, MetaData):
        found = getattr(found, "metadata", found)
    if not isinstance(found, MetaData):
        raise MetadataPathBroken(path=path, reason=f"that is a {type(found).__name__}, not a MetaData")
    return found


def _said(error: BaseException) -> str:
    """What happened in the project's code, and where."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if not frame.filename.startswith("<")]
    last = frames[-1]
    place = "" if last.filename in (__file__, importlib.__file__) else f" ({last.filename}, line {last.lineno})"
    return f"{type(error).__name__}: {error}{place}"
