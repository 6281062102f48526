"""What an env.py ended with, where in it, and what to do about that."""

import contextlib
import os
from pathlib import Path

import sqlalchemy
from alembic.config import Config

from headworks.errors import HeadworksError
from headworks.migrations.errors import EnvFailed, EnvStatementFailed
from headworks.migrations.handed import AttributeMissing
from headworks.migrations.reasons import advice_on, frame_in, reason_of
from headworks.postgres.variables import PLACE, libpq_variables

__all__ = ["env_failed"]

_CONFIGURE = 'have a function of yours do that: [tool.headworks] configure = "module:function"'


def env_failed(error: BaseException, env: Path, name: str) -> HeadworksError:
    """The typed error for what came out of `env`, which messages call `name`."""
    line = frame_in(error, env)
    if isinstance(error, sqlalchemy.exc.DBAPIError) and (known := advice_on(error)):
        return EnvStatementFailed(file=name, line=line, reason=reason_of(error), advice_text=known)
    if isinstance(error, SyntaxError) and error.filename:
        name, line = str(error.filename), error.lineno or 0
        with contextlib.suppress(ValueError):
            name = str(Path(name).relative_to(env.parent.parent))
    return EnvFailed(file=name, line=line or 1, reason=reason_of(error), advice_text=_advice(error))


def _advice(error: BaseException) -> str:
    missing = getattr(error, "name", None)
    if isinstance(error, ModuleNotFoundError) and missing:
        return f"install what brings the module {missing!r}, or set prepend_sys_path in the Alembic configuration"
    if isinstance(error, sqlalchemy.exc.MissingGreenlet):
        return 'that driver needs an async engine; name another one: [tool.headworks] driver = "psycopg"'
    if isinstance(error, AttributeMissing):
        return f"the project's own start-up code puts {error} into config.attributes; {_CONFIGURE}"
    if isinstance(error, AttributeError) and isinstance(error.obj, Config):
        return f"the project's own start-up code gives Alembic's Config its {error.name}; {_CONFIGURE}"
    if isinstance(error, KeyError) and error.args[:1] and error.args[0] in libpq_variables() | {"PGPASSWORD"}:
        return _of_libpq(error.args[0])
    if isinstance(error, sqlalchemy.exc.OperationalError) and "PGHOST" in os.environ:
        return (
            "where env.py puts a URL together of $PGHOST: on headworks' own servers that is a socket's folder, which "
            "sqlalchemy.URL.create takes and no f-string; or let it read a URL from a variable named in url_env"
        )
    return "run `alembic current` to see it fail alone, or --debug for the traceback"


def _of_libpq(name: str) -> str:
    """On a variable that env.py insists on."""
    if name in os.environ:
        return f"{name} is hidden on headworks' own servers: see 'What env.py is handed' in the docs"
    if name in (*PLACE, "PGPASSWORD"):
        return (
            f"set {name} to anything: on its own servers headworks says there where they are; or name a URL in url_env"
        )
    return f"set {name}, or let env.py do without: headworks hands it a URL"
