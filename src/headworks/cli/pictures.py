"""The picture that `--source` names."""

from typing import TYPE_CHECKING

from headworks.cli.session import Session
from headworks.errors import UsageError

if TYPE_CHECKING:
    from headworks.schema import Schema

__all__ = ["UnknownSource", "check_source", "picture_from"]


class UnknownSource(UsageError):
    """--source {name}: it is one of live, models, migrations"""

    hint = "{example}"


def check_source(source: str, example: str) -> None:
    """Before any work is done. Raises `UnknownSource`."""
    if source not in ("live", "models", "migrations"):
        raise UnknownSource(name=source, example=example)


def picture_from(session: Session, source: str, shadow_url: str | None) -> "Schema":
    """The live database, or the models or the migrations realised; for the live one no project is needed."""
    from headworks.drift.pictures import picture_of, without_version_tables

    if source == "live":
        return without_version_tables(picture_of(session.url))
    from headworks.drift.filters import Filter
    from headworks.drift.models import metadata_of
    from headworks.drift.realised import Realiser
    from headworks.migrations.environment import look_apart
    from headworks.postgres.shadow import shadow_server

    project = session.project
    with shadow_server(session.shadow(shadow_url), session.named_url) as shadow:
        configured = look_apart(project, shadow.url)
        realiser = Realiser(project, shadow)
        if source == "models":
            return realiser.models(metadata_of(project, configured))
        heads = [head for domain in project.history.domains for head in project.history.heads(domain)]
        return realiser.migrations(heads).without(Filter(configured, ()).version_table)
