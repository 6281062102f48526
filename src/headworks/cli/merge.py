"""`headworks merge`"""

from pathlib import Path

import click

from headworks.cli import options
from headworks.cli.session import Session
from headworks.cli.terminal import out
from headworks.errors import UsageError


class WhichDomain(UsageError):
    """{reason}"""

    hint = "{advice_text}"


@options.command()
@click.option("--message", "-m", default="merge heads", metavar="TEXT", help="What it is for.")
@options.domain
@options.config
@options.quiet
@options.debug
def merge(message: str, domain: str | None, config: Path | None) -> int:
    """Write the revision that merges the heads of a domain (default: of the one domain that has several)."""
    from headworks.migrations.writing import merge_heads

    session = Session(config)
    history = session.project.history
    if domain is None:
        several = [name for name in history.domains if len(history.heads(name)) > 1]
        if len(several) != 1:
            if not several:
                raise WhichDomain(reason="no domain has more than one head", advice_text="headworks status")
            reason = f"several domains have more than one head: {', '.join(several)}"
            raise WhichDomain(reason=reason, advice_text=f"headworks merge --domain {several[0]}")
        domain = several[0]
    out(session.settings.name_of(merge_heads(session.project, domain=domain, message=message)))
    return 0
