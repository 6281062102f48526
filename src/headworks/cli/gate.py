"""`headworks gate`"""

import gc
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from headworks.cli import options
from headworks.cli.reporting import check_format, finish, write
from headworks.cli.session import Session
from headworks.cli.terminal import Progress, note, plural
from headworks.redaction import redact

if TYPE_CHECKING:
    from headworks.gate.listing import Listing
    from headworks.gate.run import GateChoice
    from headworks.migrations.history import Revision

_FEW = 4
"""Revisions that are all named."""


@options.command()
@click.option("--checks", metavar="LIST", help="Of schema,branches,whole,data,locks,compat (default: all but compat).")
@click.option("--revisions", metavar="A:B", help="From revision A to revision B.")
@click.option("--since", metavar="GITREF", help="The revisions that are new since that commit.")
@click.option("--compat", is_flag=True, help="Also: the models of --since must work at the new heads.")
@click.option("--sizes", type=options.FILE, metavar="FILE", help="Rows of the live tables: headworks sizes -o FILE.")
@click.option("--list", "listed", is_flag=True, help="Show what would run, and run nothing.")
@options.url
@options.shadow_url
@options.shadow_on_live
@options.output_format
@options.output
@options.strict
@options.config
@options.quiet
@options.debug
def gate(
    checks: str | None,
    revisions: str | None,
    since: str | None,
    compat: bool,
    sizes: Path | None,
    listed: bool,
    url: str | None,
    shadow_url: str | None,
    shadow_on_live: bool,
    output_format: str,
    output: Path | None,
    strict: bool,
    config: Path | None,
) -> int:
    """Prove every revision by running it on scratch databases: up, down (exactly what was there before?), up again.

    Also: each domain runs with nothing but what it depends on, has one head, and the models equal the heads. The
    database of --url is asked for its major version and the names of its roles, and for nothing else.
    """
    if listed:
        check_format(output_format, option="--list --format", known=("text", "json"))
    check_format(output_format)
    gc.disable()  # models and pictures live to the end
    session = Session(config, url)

    def chosen() -> "GateChoice":
        from headworks.gate.run import choose

        return choose(session.project, checks, revisions, since, compat=compat, sizes=sizes)

    if listed:
        from headworks.gate.listing import listing

        return _list(listing(session.project, chosen()), output_format, output)

    from headworks.postgres.shadow import shadow_server

    where = session.shadow(shadow_url, on_live=shadow_on_live)
    with Progress("gate") as progress, shadow_server(where, session.named_url) as shadow:
        if revisions is None and since is None:
            shadow.soon()  # Alembic is loaded meanwhile; with revisions below the chosen ones, it may be a kept copy
        choice = chosen()

        from headworks.gate.run import gate as run_gate

        outcome = run_gate(session.project, shadow, choice, progress.step)
    return finish(outcome, output_format, output, strict=strict)


def _list(found: "Listing", output_format: str, output: Path | None) -> int:
    """The revisions on stdout, a line each; what else would run beside them, for the person who watches."""
    if output_format == "json":
        write(redact(msgspec.json.format(msgspec.json.encode(found.document)).decode()) + "\n", output)
        return 0
    note(f"checks: {', '.join(found.checks)}" + (f"; alone: {', '.join(found.alone)}" if found.alone else ""))
    if found.base:
        note(f"base: {plural(len(found.base), 'revision')}, run once and not looked at: {_named(found.base)}")
    if found.upgraded:
        note(f"upgraded: {plural(len(found.upgraded), 'revision')}, not looked at: {_named(found.upgraded)}")
    if not found.revisions and found.since is not None:
        note(f"no revision is new since {found.since[0]}")
    write(redact("".join(f"{one.domain}  {one.id}  {one.file}\n" for one in found.revisions)), output)
    return 0


def _named(revisions: "Sequence[Revision]") -> str:
    """The first and the last of many."""
    names = [one.id for one in revisions]
    return ", ".join(names) if len(names) <= _FEW else f"{names[0]} to {names[-1]}"
