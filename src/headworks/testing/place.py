"""Which project the tests are about: the one around pytest's root folder, or the one that the ini names."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from headworks.errors import UsageError

if TYPE_CHECKING:
    from headworks.config import Settings
    from headworks.migrations.project import Project

__all__ = ["ConfigElsewhere", "Place", "begin", "current", "end"]


class ConfigElsewhere(UsageError):
    """headworks_config = {path}: there is no such file or folder"""

    hint = "name the project's folder, or a TOML file with its [tool.headworks], relative to pytest's root folder"


class Place:
    """Where a project is: a folder (its settings are looked for as headworks would there), or a TOML file."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._project: Project | None = None

    @property
    def settings(self) -> "Settings":
        """The project's settings. Raises what `config.load` raises, `NoProject` among it, or `ConfigElsewhere`."""
        from headworks import config

        if self._path is None or self._path.is_dir():
            return config.load(folder=self._path)
        if not self._path.is_file():
            raise ConfigElsewhere(path=self._path)
        return config.load(self._path)

    @property
    def settings_if_any(self) -> "Settings | None":
        """The same for what works without a project, too."""
        from headworks.config import NoProject

        try:
            return self.settings
        except NoProject:
            return None

    @property
    def project(self) -> "Project":
        """The Alembic project; one object, so that its history is loaded once."""
        from headworks.migrations.project import Project

        if self._project is None:
            self._project = Project(self.settings)
        return self._project


_places: list[Place] = []


def begin(folder: Path, named: str | None) -> None:
    """A run of pytest begins whose root is `folder`; `named` is its ini's `headworks_config`, if any."""
    _places.append(Place(folder / named if named else folder))


def end() -> None:
    """It ends: one that runs within another (pytester) leaves the outer one its place."""
    if _places:
        _places.pop()


def current(config: "str | os.PathLike[str] | None" = None) -> Place:
    """The place of this run of pytest, or that of `config`; without pytest, the current folder's."""
    if config is not None:
        return Place(Path(config))
    return _places[-1] if _places else Place()
