"""`headworks drift`"""

from typing import Annotated

import typer

from headworks.cli import options
from headworks.cli.reporting import check_format, finish
from headworks.cli.session import Session
from headworks.cli.terminal import Progress

app = options.command_app()


@app.command()
def drift(
    against: Annotated[
        str, typer.Option("--against", metavar="WHAT", help="models, migrations, a snapshot file, or another URL.")
    ] = "models",
    url: options.Url = None,
    shadow_url: options.ShadowUrl = None,
    shadow_on_live: options.ShadowOnLive = False,
    output_format: options.Format = "text",
    output: options.Output = None,
    strict: options.Strict = False,
    config: options.Config = None,
    quiet: options.Quiet = False,
    debug: options.Debug = False,
) -> int:
    """Compare a live database with what it should be; the database is only read.

    The models, or the migrations that the database says it has run, are realised on a throw-away server of the same
    major and read back from its catalog, so nothing is compared as text. With a file or a URL no project is needed.
    """
    check_format(output_format)
    session = Session(config, url)
    if against not in ("models", "migrations"):
        from headworks.drift.run import drift_against_picture, picture_named
        from headworks.drift.sources import picture_of

        expected = picture_named(against)
        name = "the other database" if "://" in against else against
        return finish(
            drift_against_picture(expected, picture_of(session.url), name), output_format, output, strict=strict
        )
    from headworks.drift.run import drift_against_migrations, drift_against_models
    from headworks.postgres.shadow import shadow_server

    project = session.project
    run = drift_against_models if against == "models" else drift_against_migrations
    where = session.shadow(shadow_url, on_live=shadow_on_live)
    with shadow_server(where, session.url) as shadow, Progress("drift") as progress:
        outcome = run(project, session.url, shadow, progress.step)
    return finish(outcome, output_format, output, strict=strict)
