"""`headworks owners`"""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from headworks.cli import options
from headworks.cli.prisma import beside_prisma
from headworks.cli.reporting import check_format, finish, read_page, write
from headworks.cli.session import Session
from headworks.cli.table import table
from headworks.cli.terminal import note, out
from headworks.errors import UsageError
from headworks.findings import Outcome
from headworks.pages import out_of_date

if TYPE_CHECKING:
    from headworks.owners.run import Owned


class WriteAndCheck(UsageError):
    """--write and --check exclude each other"""

    hint = "headworks owners --write writes the page; --check says whether it is up to date"


class PrismaAlone(UsageError):
    """--prisma and {other} exclude each other"""

    hint = "headworks owners --prisma, or leave --prisma out"


@options.command()
@click.option(
    "--write",
    "writing",
    is_flag=True,
    help="Write the page that says it all (see the config's `document`); with --prisma, the shared part of that file.",
)
@click.option("--check", is_flag=True, help="Also exit 1 when a generated file is out of date; write nothing.")
@click.option("--external-tables", is_flag=True, help="The lists for prisma.config.ts; with -o, between its markers.")
@click.option("--url", metavar="URL", help="A database to look at as well (default: a named one, or none).")
@click.option("--prisma", "prisma", is_flag=True, help="The Prisma schema beside the database, by line.")
@click.option(
    "--schema", type=options.FILE, metavar="PATH", help="The Prisma schema, a file or a folder [prisma/schema.prisma]."
)
@click.option("--source", default="live", metavar="WHAT", help="With --prisma: live, models or migrations.")
@options.shadow_url
@options.output_format
@options.output
@options.strict
@options.config
@options.quiet
@options.debug
def owners(
    writing: bool,
    check: bool,
    external_tables: bool,
    prisma: bool,
    schema: Path | None,
    source: str,
    url: str | None,
    shadow_url: str | None,
    output_format: str,
    output: Path | None,
    strict: bool,
    config: Path | None,
) -> int:
    """Who owns each table: Alembic, Prisma or another program; of which domain it is, and who its code owners are.

    The manifest, [tool.headworks.owners], beside the models and the migrations, which are run on a scratch database,
    and beside the live database where one is named, which is only read. With --prisma: where a Prisma schema and the
    database that it describes disagree. What the manifest gives to Prisma follows the file; in every other table the
    file follows the database.
    """
    from headworks.owners.run import owned
    from headworks.postgres.shadow import shadow_server

    check_format(output_format)
    if writing and check:
        raise WriteAndCheck
    session = Session(config, url)
    if prisma:
        for word, given in (("--check", check), ("--external-tables", external_tables)):
            if given:
                raise PrismaAlone(other=word)
        return beside_prisma(
            session,
            schema=schema,
            source=source,
            writing=writing,
            shadow_url=shadow_url,
            output_format=output_format,
            output=output,
            strict=strict,
        )
    live = session.named_url
    with shadow_server(session.shadow(shadow_url), live) as shadow:
        found = owned(session.project, shadow, live)
    again = shlex.join(["headworks", "owners", *(["--config", str(config)] if config else [])])
    if external_tables:
        return _external_tables(found, output, again, check=check)
    outcome, page = found.outcome, session.settings.root / session.settings.keys.owners.document
    name = session.settings.name_of(page)
    if writing:
        write(found.page, page)
        note(f"{name}: who owns what")
    elif check:
        outcome = _checked(outcome, page, name, found.page, f"{again} --write")
    if output_format == "text" and output is None:
        out(_table(found))
        out()
    return finish(outcome, output_format, output, strict=strict)


def _external_tables(found: "Owned", output: Path | None, again: str, *, check: bool) -> int:
    """The lists on stdout, or in a file that is written by hand otherwise."""
    from headworks.owners.external import put_between

    if output is None:
        write(found.external_tables, None)
        return 0
    text = read_page(output, "an editor")
    wanted = put_between(text or "", found.external_tables, str(output))
    if check:
        words = f"{again} --external-tables -o {shlex.quote(str(output))}"
        return finish(_checked(Outcome(command="owners"), output, str(output), wanted, words), "text", None)
    write(wanted, output)
    note(f"{output}: what Prisma Migrate leaves alone")
    return 0


def _checked(outcome: Outcome, file: Path, name: str, wanted: str, words: str) -> Outcome:
    import msgspec

    finding = out_of_date("owners.out-of-date", name, read_page(file, words), wanted, words)
    findings = (*outcome.findings, finding) if finding is not None else outcome.findings
    return msgspec.structs.replace(outcome, findings=findings)


def _table(found: "Owned") -> str:
    rows = [
        (
            row.table.label,
            ", ".join(one.value for one in row.owners) or "nobody",
            ", ".join(row.domains) or "-",
            " ".join(row.code_owners) or "-",
            ", ".join(row.seen) or "named only",
        )
        for row in found.rows
    ]
    return table(("table", "owner", "domain", "code owners", "seen in"), rows)
