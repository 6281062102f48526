"""`headworks doctor`"""

from pathlib import Path

from headworks.cli import options
from headworks.cli.hints import pasteable
from headworks.cli.session import Session
from headworks.cli.terminal import coloured, out, plural

_STYLES = {"ok": "green", "warning": "yellow", "failed": "red"}


@options.command()
@options.url
@options.config
@options.quiet
@options.debug
def doctor(url: str | None, config: Path | None) -> int:
    """Look at versions, configuration, binaries, servers and permissions; say what is wrong and how to mend it.

    Nothing is changed: env.py is run on a scratch database of a throw-away server, the database is only read.
    """
    from headworks.doctor import State, examine

    session = Session(config, url)
    failed = 0
    for check in examine(lambda: session.settings, lambda: session.named_url):
        failed += check.state is State.FAILED
        out(f"{coloured(f'{check.state:<8}', _STYLES[check.state])}{check.name}: {check.text}")
        if check.hint:
            out(f"        hint: {pasteable(check.hint)}")
    if failed:
        out(f"{plural(failed, 'thing')} to mend")
    return 1 if failed else 0
