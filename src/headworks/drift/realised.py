"""Models and migrations realised on a shadow and read back, or taken from the cache where nothing has changed."""

import contextlib
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import MetaData

from headworks.declared import ddl_of, declared
from headworks.drift.cache import PictureCache, fingerprint
from headworks.drift.lacking import Lacking
from headworks.drift.pictures import picture_of
from headworks.migrations.project import Project
from headworks.migrations.realise import realised
from headworks.postgres.shadow import Shadow
from headworks.postgres.url import DatabaseUrl
from headworks.schema import Extension, Schema

__all__ = ["Realiser", "picture_of_models"]


class Realiser:
    """Makes the pictures of one project on one shadow, whose server starts when the cache has no answer."""

    def __init__(self, project: Project, shadow: Shadow, cache: PictureCache | None = None) -> None:
        self._project = project
        self._shadow = shadow
        self._cache = cache or PictureCache()

    def models(self, metadata: Sequence[MetaData], live: Schema | None = None) -> Schema:
        """The models, created on the shadow; `live` has what they may need and cannot make: see `Lacking`."""
        collations = self._shadow.live.collations
        ddl = ddl_of(metadata)
        needed = () if live is None else sorted((one.name, one.schema) for one in live.all(Extension))
        key = None if ddl is None else fingerprint("models", *self._server, ddl, repr(needed), Lacking(live).mark)
        return self._cache.through(key, lambda: picture_of_models(metadata, self._shadow.url, live, collations))

    def migrations(self, ids: Sequence[str]) -> Schema:
        """The revisions `ids` and all below them, run on the shadow; the version table is among its tables.

        Raises what a revision or env.py raises.
        """
        history = self._project.history
        wanted = history.applied(ids)
        # The history was loaded before, and Alembic does not list its files among Python's modules.
        files = [self._project.file.resolve(), *(history.by_id[one].path.resolve() for one in wanted)]
        root = self._project.settings.root.resolve()
        key = fingerprint("migrations", *self._server, self._settings, *map(str, files[:1]), *sorted(wanted))
        return self._cache.while_unchanged(key, lambda: self._run(ids), root, files)

    def models_at(
        self, metadata: Sequence[MetaData], live: Schema | None = None
    ) -> contextlib.AbstractContextManager[DatabaseUrl]:
        """A scratch database with the models in it, for what a picture does not answer."""
        return declared(metadata, self._shadow.url, _extensions(live), self._shadow.live.collations, Lacking(live).mend)

    def migrations_at(self, ids: Sequence[str]) -> contextlib.AbstractContextManager[DatabaseUrl]:
        """A scratch database in which these revisions, and all below them, have been run."""
        return realised(self._project, self._shadow.url, ids, self._shadow.live.collations)

    def _run(self, ids: Sequence[str]) -> Schema:
        with self.migrations_at(ids) as url:
            return replace(picture_of(url), source="migrations")

    @property
    def _settings(self) -> str:
        """What the config says of how the revisions are run; the files that it names are seen when they are read."""
        keys = self._project.settings.keys
        said = (keys.gate.bootstrap, keys.preload, keys.configure, keys.url_env, keys.driver, keys.metadata)
        return repr((str(self._project.settings.root.resolve()), *said))

    @property
    def _server(self) -> tuple[str, ...]:
        """What the same DDL could meet elsewhere."""
        return (self._shadow.version, repr(self._shadow.live))


def picture_of_models(
    metadata: Sequence[MetaData], server: DatabaseUrl, live: Schema | None = None, collations: Sequence[str] = ()
) -> Schema:
    """The models, realised on a shadow server."""
    lacking = Lacking(live)
    with declared(metadata, server, _extensions(live), collations, lacking.mend) as url:
        return replace(lacking.without(picture_of(url)), source="models")


def _extensions(live: Schema | None) -> list[tuple[str, str]]:
    return [(one.name, one.schema) for one in live.all(Extension)] if live is not None else []
