"""What comes before env.py: the modules that the config names, and the function that stands for start-up code."""

import contextlib
import importlib
import sys
from collections.abc import Iterator

from alembic.config import Config

from headworks.config import Settings
from headworks.migrations.errors import ConfigureBroken, PreloadFailed
from headworks.migrations.reasons import reason_of
from headworks.migrations.surroundings import RedactedStream, exits_raised, quiet_logging, stdout_aside
from headworks.postgres.url import DatabaseUrl
from headworks.postgres.variables import hidden_from, variables

__all__ = ["NOWHERE", "around", "start"]

NOWHERE = DatabaseUrl({"host": "localhost", "dbname": "offline"})
"""What the project's code is handed where nothing connects: for the history, and in Alembic's offline mode."""


@contextlib.contextmanager
def around(settings: Settings, url: DatabaseUrl | None, handed: str) -> Iterator[None]:
    """What the project's code finds around it: the URL, as it is `handed`, in its variables, and quiet logs."""
    with contextlib.ExitStack() as stack:
        if url is not None:
            stack.enter_context(hidden_from(url))
            stack.enter_context(variables(dict.fromkeys(settings.keys.url_env, handed)))
        # stdout is ours, for data: what their code prints is a remark.
        stack.enter_context(stdout_aside())
        stack.enter_context(contextlib.redirect_stdout(RedactedStream(sys.stderr)))
        stack.enter_context(quiet_logging())
        stack.enter_context(exits_raised())
        yield


def start(settings: Settings, config: Config) -> None:
    """Import what `preload` names and call what `configure` names. Raises `PreloadFailed`, `ConfigureBroken`."""
    for module in settings.keys.preload:
        try:
            __import__(module)
        except (Exception, SystemExit) as error:
            raise PreloadFailed(module=module, reason=reason_of(error)) from error
    name = settings.keys.configure
    if not name:
        return
    module, colon, function = name.partition(":")
    if not colon:
        raise ConfigureBroken(name=name, reason="it is no module:function")
    try:
        getattr(importlib.import_module(module), function)(config)
    except (Exception, SystemExit) as error:
        raise ConfigureBroken(name=name, reason=reason_of(error)) from error
