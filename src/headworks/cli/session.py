"""What every command starts from: the settings, the project, the database."""

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from headworks import config
from headworks.cli import state
from headworks.cli.hints import pasteable
from headworks.cli.terminal import note
from headworks.errors import UsageError

if TYPE_CHECKING:  # they load psycopg and Alembic, which `--help` and a command that needs no project do not pay for
    from headworks.migrations.project import Project
    from headworks.postgres.kept import KeptServer
    from headworks.postgres.shadow import ShadowChoice
    from headworks.postgres.url import DatabaseUrl

__all__ = ["Session", "ShadowTwice"]


class ShadowTwice(UsageError):
    """--shadow-url and --shadow-on-live exclude each other"""

    hint = "leave one of them out"


class Session:
    """Settings and places of one command line; each is looked for when it is first asked for."""

    def __init__(self, config_file: Path | None = None, url: str | None = None, *, embedded: bool = False) -> None:
        """With `embedded`, on the embedded server, whatever the environment and the config name."""
        self._config_file = config_file
        self._url = url
        self._embedded = embedded
        state.set_named(config=config_file, url=url)

    @cached_property
    def settings(self) -> config.Settings:
        """The project's settings."""
        found = config.load(self._config_file)
        state.set_root(found.root)
        return found

    @property
    def settings_if_any(self) -> "config.Settings | None":
        """The project's settings, for what works without a project, too."""
        try:
            return self.settings
        except config.NoProject:
            return None

    @cached_property
    def project(self) -> "Project":
        """The Alembic project."""
        from headworks.migrations.project import Project

        return Project(self.settings)

    @cached_property
    def kept(self) -> "KeptServer":
        """The project's embedded server (running or not)."""
        from headworks.postgres.kept import KeptServer

        return KeptServer(self.settings.root, self.settings.pgbin)

    @property
    def named_url(self) -> "DatabaseUrl | None":
        """The database that somebody named: --url, $HEADWORKS_URL, $DATABASE_URL, the config; in this order."""
        from headworks.postgres.url import DatabaseUrl

        if self._url is not None:
            return DatabaseUrl.parse(self._url, source="--url")
        if self._embedded:
            return None
        for name in ("HEADWORKS_URL", "DATABASE_URL"):
            if text := os.environ.get(name):
                return DatabaseUrl.parse(text, source=f"${name}")
        if text := self.settings.keys.url:
            return DatabaseUrl.parse(text, source=f"{self.settings.file}: [tool.headworks] url")
        return None

    def shadow(self, named: str | None = None, *, on_live: bool = False) -> "ShadowChoice":
        """Where scratch databases are made: --shadow-url, the config's shadow_url, the live or a throw-away server."""
        from headworks.postgres.shadow import ShadowChoice
        from headworks.postgres.url import DatabaseUrl

        if on_live and named:
            raise ShadowTwice
        state.set_named(shadow_url=named, shadow_on_live=on_live)
        settings = self.settings_if_any
        text = named or (settings.keys.shadow_url if settings is not None and not on_live else None)
        url = DatabaseUrl.parse(text, source="--shadow-url" if named else "shadow_url of the config") if text else None
        return ShadowChoice(url, on_live, settings.pgbin if settings is not None else None)

    @cached_property
    def url(self) -> "DatabaseUrl":
        """The database to work on: the named one, else the embedded server's, which is started."""
        if (named := self.named_url) is not None:
            return named
        from headworks.postgres.kept import FOLDER

        if not self.kept.running():
            note(pasteable(f"starting the embedded PostgreSQL in {FOLDER}/ (headworks db stop ends it)"))
        return self.kept.start()
