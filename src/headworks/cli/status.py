"""`headworks status`"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from headworks.cli import options
from headworks.cli.hints import pasteable
from headworks.cli.reporting import check_format, finish, write
from headworks.cli.session import Session
from headworks.cli.table import table
from headworks.cli.terminal import coloured, plural, uncoloured
from headworks.findings import Finding, Outcome, Severity
from headworks.redaction import redact

if TYPE_CHECKING:
    from headworks.migrations.status import DomainState


@options.command()
@click.option("--check", is_flag=True, help="Exit 1 when something is pending.")
@options.domain
@options.output_format
@options.output
@options.url
@options.config
@options.quiet
@options.debug
def status(
    check: bool, domain: str | None, output_format: str, output: Path | None, url: str | None, config: Path | None
) -> int:
    """Per domain: where the database is, the head, and what is pending. Nothing is written."""
    from headworks.migrations.status import read_status

    check_format(output_format)
    session = Session(config, url)
    states = read_status(session.project, session.url, domain)
    pending = sum(len(state.pending) for state in states)
    if output_format == "json":
        import msgspec

        answer = {"headworks": 1, "command": "status", "ok": not pending, "domains": states}
        write(redact(msgspec.json.format(msgspec.json.encode(answer)).decode()) + "\n", output)
    elif output_format == "text":
        text = "".join(f"{redact(line)}\n" for line in _lines(states))
        write(text if output is None else uncoloured(text), output)
    else:
        found = _findings(states, Severity.ERROR if check else Severity.NOTE)
        return finish(Outcome.of("status", found, domains=len(states), revisions=pending), output_format, output)
    return 1 if check and pending else 0


def _lines(states: "Sequence[DomainState]") -> Iterator[str]:
    rows = [
        (
            state.domain,
            ", ".join(state.current) or "-",
            ", ".join(state.heads),
            coloured(f"{len(state.pending)} pending", "yellow") if state.pending else coloured("up to date", "green"),
        )
        for state in states
    ]
    yield table(("domain", "current", "head", ""), rows)
    for state in states:
        if len(state.heads) > 1:
            hint = pasteable(f'headworks merge --domain {state.domain} -m "..."')
            yield f"{state.domain} has {len(state.heads)} heads: {hint}"
    if pending := sum(len(state.pending) for state in states):
        yield f"{plural(pending, 'revision')} pending: {pasteable('headworks upgrade')}"


def _findings(states: "Sequence[DomainState]", severity: Severity) -> Iterator[Finding]:
    """One for each domain that is behind."""
    for state in states:
        if state.pending:
            yield Finding(
                rule="status.pending",
                severity=severity,
                message=f"domain {state.domain}: {plural(len(state.pending), 'revision')} pending: "
                + ", ".join(state.pending),
                hint="headworks upgrade",
            )
