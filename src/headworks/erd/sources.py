"""The graph of a project's models, of its migrations or of a live database."""

import contextlib
import functools
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Literal, get_args

import msgspec
from sqlalchemy import MetaData

from headworks.declared import ModelsFailed
from headworks.drift.filters import Filter
from headworks.drift.models import metadata_or_none
from headworks.drift.pictures import picture_of
from headworks.drift.realised import picture_of_models
from headworks.erd.build import build, drawn_tables
from headworks.erd.graph import DEFAULT_DOMAIN, Graph
from headworks.errors import HeadworksError
from headworks.migrations.domains import declared_domains, observed_domains, said_domains
from headworks.migrations.environment import look, look_apart
from headworks.migrations.errors import DowngradeMissing, RevisionFailed
from headworks.migrations.project import Project
from headworks.postgres.databases import scratch_database
from headworks.postgres.shadow import Shadow
from headworks.postgres.url import DatabaseUrl
from headworks.schema import Extension, QualifiedName, Schema

__all__ = ["SOURCES", "Drawn", "Source", "draw_database", "draw_project"]

Source = Literal["models", "live", "migrations"]
SOURCES: tuple[str, ...] = get_args(Source)


class Drawn(msgspec.Struct, frozen=True):
    """A graph, and what the person who asked for it should know about its domains."""

    graph: Graph
    remark: str = ""


def draw_database(url: DatabaseUrl) -> Drawn:
    """A live database, all its schemas, with no project at hand: one domain. It is only read."""
    return Drawn(build(picture_of(url)))


def draw_project(
    project: Project,
    source: Source,
    live: Callable[[], DatabaseUrl],
    shadow: Callable[[], AbstractContextManager[Shadow]],
) -> Drawn:
    """A project's tables, those alone that its env.py lets through.

    `live` is called for the source `live` only, and that database is only read. `shadow` is entered when something has
    to be realised: models, migrations, or the history when domains are not declared.
    """
    with contextlib.ExitStack() as stack:

        @functools.cache
        def server() -> DatabaseUrl:
            return stack.enter_context(shadow()).url

        configured = look(project, live()) if source == "live" else look_apart(project, server())
        metadata = metadata_or_none(project, configured, required=source == "models")
        observed: Mapping[QualifiedName, str] | None = None
        if source == "live":
            picture = picture_of(live())
        elif source == "models":
            picture = _picture_of_models(project, metadata, server())
        else:
            with scratch_database(server()) as url:
                observed = observed_domains(project, url)
                picture = picture_of(url)
        only = Filter(configured, metadata)
        picture = only.apply(picture, only.schemas(picture))
        return _drawn(project, picture, declared_domains(metadata), observed, server)


def _drawn(
    project: Project,
    picture: Schema,
    declared: Mapping[QualifiedName, str],
    observed: Mapping[QualifiedName, str] | None,
    server: Callable[[], DatabaseUrl],
) -> Drawn:
    """The domain of a table is what its model says, else the config, else the revision that makes it.

    The history is asked only when there is a table of which nobody says it, and more than one to choose from.
    """
    keys = [(one.schema, one.name) for one in drawn_tables(picture)]
    declared = said_domains(project.settings, keys, declared)
    domains = project.history.domains
    undeclared = any(key not in declared for key in keys)
    if not undeclared or len(domains) < 2:
        return Drawn(build(picture, declared, otherwise=domains[0] if len(domains) == 1 else DEFAULT_DOMAIN))
    remark = ""
    if observed is None:
        try:
            with scratch_database(server()) as url:
                observed = observed_domains(project, url)
        except (RevisionFailed, DowngradeMissing) as error:
            # A diagram without domains is better than none: what is drawn does not come from the history.
            observed = {}
            remark = (
                f"the history does not run, so a table whose model names no domain is in {DEFAULT_DOMAIN!r}: {error}"
            )
    return Drawn(build(picture, {**observed, **declared}), remark)


def _picture_of_models(project: Project, metadata: tuple[MetaData, ...], server: DatabaseUrl) -> Schema:
    try:
        return picture_of_models(metadata, server)
    except ModelsFailed as failed:
        # Models cannot declare extensions; the history that makes them can be asked which there are.
        try:
            with scratch_database(server) as url:
                observed_domains(project, url)
                made = picture_of(url)
        except HeadworksError:
            raise failed from None
        # Those of pg_catalog (plpgsql) are in every new database.
        made = made.without(lambda item: isinstance(item, Extension) and item.schema.startswith("pg_"))
        return picture_of_models(metadata, server, made)
