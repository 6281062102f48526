"""Find a project's Alembic configuration and its scripts, and make the URL that its code is handed."""

import configparser
import contextlib
import importlib.util
import os
import re
import shlex
import sys
import tomllib
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import alembic
import sqlalchemy
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from headworks.config import Settings
from headworks.migrations.errors import (
    AlembicConfigBroken,
    AlembicTooOld,
    DriverMissing,
    NoAlembic,
    ScriptsMissing,
    ScriptsUnreachable,
)
from headworks.migrations.history import History, load_history
from headworks.migrations.starting import NOWHERE, around, start
from headworks.postgres.errors import MalformedUrl
from headworks.postgres.url import DRIVERS, DatabaseUrl

__all__ = ["Project"]

_ASYNC_ENGINE = re.compile(r"\b(create_async_engine|async_engine_from_config)\b")
_PLAIN_ENGINE = re.compile(r"\b(create_engine|engine_from_config)\b")
_PACKAGES = {"psycopg": "'psycopg[binary]'", "psycopg2": "psycopg2-binary", "asyncpg": "asyncpg"}


class Project:
    """An Alembic project: where its configuration is, what its history holds, which driver its code uses."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.file = _alembic_file(settings)

    @cached_property
    def folder(self) -> Path:
        """Where `alembic` would be started, as a relative `script_location` is relative to that.

        Usually that is the folder of its configuration; in some projects it is the project's own, with `alembic -c`.
        """
        try:
            location = self.config().get_main_option("script_location") or ""
        except (configparser.Error, UnicodeDecodeError) as error:
            raise AlembicConfigBroken(file=self.settings.name_of(self.file), reason=error) from None
        if location and (self.settings.root / location / "env.py").is_file():
            return self.settings.root.resolve()
        return self.file.parent

    def config(self, url: DatabaseUrl | None = None) -> Config:
        """A fresh Alembic configuration, with `sqlalchemy.url` set when a URL is given. Raises `AlembicTooOld`."""
        if self.file.name == "pyproject.toml":
            if not hasattr(Config, "toml_alembic_config"):
                raise AlembicTooOld(file=self.settings.name_of(self.file), version=alembic.__version__)
            config = Config(toml_file=str(self.file))
        else:
            config = Config(str(self.file))
            if self._has_toml_table:
                config.toml_file_name = str(self.file.parent / "pyproject.toml")
        if url is not None:
            config.set_main_option("sqlalchemy.url", self.handed(url).replace("%", "%%"))
        return config

    @cached_property
    def script(self) -> ScriptDirectory:
        """The script folder. Raises `ScriptsMissing`, and what the function that `configure` names does wrong."""
        with self.at_home():
            config = self._started() if self.settings.keys.configure else self.config()
            try:
                script = ScriptDirectory.from_config(config)
            except CommandError as error:
                raise ScriptsMissing(file=self.settings.name_of(self.file), reason=error) from None
            except (Exception, SystemExit) as error:  # "package:folder" imports that package
                reason = f"{type(error).__name__}: {error}"
                raise ScriptsUnreachable(file=self.settings.name_of(self.file), reason=reason) from error
            # Alembic keeps the ini's words; relative ones would follow whoever changes the folder.
            script.dir = str(Path(script.dir).resolve())
            if not (Path(script.dir) / "env.py").is_file():
                raise ScriptsMissing(file=self.settings.name_of(Path(script.dir)), reason="there is no env.py")
            return script

    def _started(self) -> Config:
        """The configuration as the project's start-up code leaves it, which may say where the revisions are.

        The history is read before a database is chosen: the code gets the URL that it gets in Alembic's offline mode.
        """
        env = ""
        with contextlib.suppress(Exception, SystemExit):  # where the scripts are, it may be about to say
            env = _env_in(ScriptDirectory.from_config(self.config()))
        handed = NOWHERE.sqlalchemy(self._named_driver or self._driver_for(env))
        config = self.config()
        config.set_main_option("sqlalchemy.url", handed)
        with around(self.settings, NOWHERE, handed):
            start(self.settings, config)
        return config

    @cached_property
    def history(self) -> History:
        """The revisions. Raises `RevisionFileBroken` or `HistoryBroken`."""
        with self.at_home():
            return load_history(self.script, self.settings, self._alembic("heads"))

    def handed(self, url: DatabaseUrl) -> str:
        """The SQLAlchemy URL that the project's code gets for `url`, with its driver where the project names none."""
        said = url.driver if url.driver and _fits(url.driver, _env_in(self.script)) else None
        return url.sqlalchemy(self._named_driver or said or self.driver)

    @cached_property
    def driver(self) -> str:
        """The SQLAlchemy driver of the URLs handed to the project's code (`docs/cli.md`, "Any project")."""
        if self._named_driver:
            return self._named_driver
        return self._driver_for(_env_in(self.script))

    def _driver_for(self, env: str) -> str:
        # A bare postgresql:// is psycopg2 to SQLAlchemy 2.0 and psycopg to 2.1.
        order: tuple[str, ...] = DRIVERS if _sqlalchemy_version() >= (2, 1) else ("psycopg2", "psycopg", "asyncpg")
        if not _fits("psycopg2", env):
            order = tuple(reversed(DRIVERS))  # psycopg is here because headworks is, asyncpg because of the project
        return next(driver for driver in order if _installed(driver) and _fits(driver, env))

    @cached_property
    def _named_driver(self) -> str | None:
        if self.settings.keys.driver:
            wanted = self.settings.keys.driver
            if not _installed(wanted):
                raise DriverMissing(driver=wanted, package=_PACKAGES[wanted])
            return wanted
        for text in self._own_urls():
            try:
                named = DatabaseUrl.parse(text).driver
            except MalformedUrl:
                continue  # the template's driver://user:pass@localhost/dbname, or another database's URL
            if named is not None:
                if named in DRIVERS and not _installed(named):
                    raise DriverMissing(driver=named, package=_PACKAGES[named])
                return named
        return None

    def _alembic(self, *words: str) -> str:
        """The command line that has Alembic do it, in the folder and with the module path that its code finds here."""
        named = [] if self.file.name in ("alembic.ini", "pyproject.toml") else ["-c", self.file.name]
        if self.file.parent.resolve() != self.folder.resolve():
            named = ["-c", os.path.relpath(self.file, self.folder)]
        command = shlex.join(["python", "-m", "alembic", *named, *words])
        folder = self.settings.name_of(self.folder)
        return command if folder == "." else f"(cd {shlex.quote(folder)} && {command})"

    @contextlib.contextmanager
    def at_home(self) -> Iterator[None]:
        """Be in the project's folder, with its own modules importable, as if `alembic` had been started there."""
        with contextlib.chdir(self.folder):
            # Last, as what is installed goes first; Alembic's own prepend_sys_path puts its entries in front. It stays
            # there: models import more when they are used.
            if str(self.folder) not in sys.path:
                sys.path.append(str(self.folder))
            yield

    def _own_urls(self) -> Iterator[str]:
        for name in self.settings.keys.url_env:
            if text := os.environ.get(name):
                yield text
        with contextlib.suppress(Exception):  # an interpolation that only the project's own start-up can fill
            if text := self.config().get_main_option("sqlalchemy.url"):
                yield text

    @property
    def _has_toml_table(self) -> bool:
        return _toml_table(self.file.parent / "pyproject.toml") and hasattr(Config, "toml_file_name")


def _alembic_file(settings: Settings) -> Path:
    if settings.keys.alembic:
        named = settings.root / settings.keys.alembic
        if not named.is_file():
            raise NoAlembic(folder=settings.name_of(named))
        return named.resolve()
    for name in ("alembic.ini", "pyproject.toml"):
        file = settings.root / name
        if file.is_file() and (name == "alembic.ini" or _toml_table(file)):
            return file.resolve()
    raise NoAlembic(folder=settings.root)


def _toml_table(file: Path) -> bool:
    try:
        tools = tomllib.loads(file.read_text(encoding="utf-8")).get("tool")
        return isinstance(tools, dict) and "alembic" in tools
    except (OSError, tomllib.TOMLDecodeError):
        return False


def _env_in(script: ScriptDirectory) -> str:
    return (Path(script.dir) / "env.py").read_text(encoding="utf-8", errors="replace")


def _fits(driver: str, env: str) -> bool:
    """psycopg2 is no driver for an async engine, and asyncpg is none for any other."""
    async_engine, plain_engine = _ASYNC_ENGINE.search(env), _PLAIN_ENGINE.search(env)
    return not (driver == "psycopg2" and async_engine and not plain_engine) and not (
        driver == "asyncpg" and plain_engine and not async_engine
    )


def _installed(driver: str) -> bool:
    return importlib.util.find_spec(driver) is not None


def _sqlalchemy_version() -> tuple[int, ...]:
    return tuple(int(part) for part in sqlalchemy.__version__.split(".")[:2])
