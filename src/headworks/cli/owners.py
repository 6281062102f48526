"""`headworks owners`"""

from pathlib import Path

import click

from headworks.cli import options
from headworks.cli.prisma import beside_prisma
from headworks.cli.reporting import check_format
from headworks.cli.session import Session


@options.command()
@click.option("--prisma", "prisma", is_flag=True, required=True, help="The Prisma schema beside the database.")
@click.option("--schema", type=options.FILE, metavar="FILE", help="The Prisma schema [prisma/schema.prisma].")
@click.option("--source", default="live", metavar="WHAT", help="With --prisma: live, models or migrations.")
@click.option("--write", "writing", is_flag=True, help="With --prisma: bring the shared part of the file up to date.")
@options.url
@options.shadow_url
@options.output_format
@options.output
@options.strict
@options.config
@options.quiet
@options.debug
def owners(
    prisma: bool,
    schema: Path | None,
    source: str,
    writing: bool,
    url: str | None,
    shadow_url: str | None,
    output_format: str,
    output: Path | None,
    strict: bool,
    config: Path | None,
) -> int:
    """Where a Prisma schema and the database that it describes disagree, by line.

    What the config gives to Prisma (`[tool.headworks.owners] prisma`) follows the file; in every other table the file
    follows the database.
    """
    check_format(output_format)
    return beside_prisma(
        Session(config, url),
        schema=schema,
        source=source,
        writing=writing,
        shadow_url=shadow_url,
        output_format=output_format,
        output=output,
        strict=strict,
    )
