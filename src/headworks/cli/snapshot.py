"""`headworks snapshot`"""

from pathlib import Path

import click

from headworks.cli import options
from headworks.cli.pictures import check_source, picture_from
from headworks.cli.reporting import CheckWithoutFile, check_format, finish, write
from headworks.cli.session import Session


@options.command()
@click.option("--source", default="live", metavar="WHAT", help="live, models or migrations.")
@options.output
@click.option("--check", is_flag=True, help="Exit 1 when the file differs; write nothing.")
@click.option("--fingerprint", is_flag=True, help="Print 64 digits that stand for the schema, and no schema.")
@options.report
@options.url
@options.shadow_url
@options.config
@options.quiet
@options.debug
def snapshot(
    source: str,
    output: Path | None,
    check: bool,
    fingerprint: bool,
    report: str,
    url: str | None,
    shadow_url: str | None,
    config: Path | None,
) -> int:
    """Write the schema as canonical JSON: sorted, one property a line, the same bytes for the same schema.

    `headworks drift --against FILE` compares a database with it later, with no project at hand.
    """
    import msgspec

    from headworks.drift.direct import drift_against_picture
    from headworks.drift.pictures import picture_of_file
    from headworks.postgres.shadow import shadow_server
    from headworks.schema import encode
    from headworks.schema import fingerprint as digits

    check_source(source, "headworks snapshot --source live")
    check_format(report, option="--report")
    session = Session(config, url)
    if check:
        if output is None:
            raise CheckWithoutFile(example="headworks snapshot --check -o schema.json")
        expected = picture_of_file(output)
        actual = picture_from(session, source, shadow_url)
        outcome = drift_against_picture(
            expected, actual, str(output), shadow=lambda major: shadow_server(session.shadow(shadow_url), major=major)
        )
        return finish(msgspec.structs.replace(outcome, command="snapshot"), report, None)
    picture = picture_from(session, source, shadow_url)
    write(f"{digits(picture)}\n" if fingerprint else encode(picture), output)
    return 0
