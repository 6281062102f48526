"""`headworks drift`"""

from typing import TYPE_CHECKING, Annotated

import typer

from headworks.cli import options
from headworks.cli.reporting import check_format, finish
from headworks.cli.session import Session
from headworks.cli.terminal import Progress
from headworks.errors import UsageError

if TYPE_CHECKING:
    from headworks.drift.policy import Policy

app = options.command_app()


class QuickElsewhere(UsageError):
    """--quick compares with the models, not with {against}"""

    hint = "headworks drift --quick, or leave --quick out"


@app.command()
def drift(
    against: Annotated[
        str, typer.Option("--against", metavar="WHAT", help="models, migrations, a snapshot file, or another URL.")
    ] = "models",
    quick: Annotated[
        bool, typer.Option("--quick", help="What SQLAlchemy's automap sees, beside the models: no shadow database.")
    ] = False,
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

    The models and the migrations are realised on a throw-away server of the same major and read back from its catalog,
    so nothing is compared as text. What differs is hot-patched, a missing migration, or not migrated yet, and which
    revision it differs from is said. With a file or a URL no project is needed.
    """
    check_format(output_format)
    session = Session(config, url)
    if against not in ("models", "migrations"):
        from headworks.drift.direct import drift_against_picture
        from headworks.drift.pictures import picture_named, picture_of

        if quick:
            raise QuickElsewhere(against=against)
        expected = picture_named(against)
        name = "the other database" if "://" in against else against
        outcome = drift_against_picture(expected, picture_of(session.url), name, _policy(session))
        return finish(outcome, output_format, output, strict=strict)
    project = session.project
    if quick:
        from headworks.drift.run import drift_quickly

        if against == "migrations":
            raise QuickElsewhere(against=against)
        return finish(drift_quickly(project, session.url), output_format, output, strict=strict)
    from headworks.drift.run import drift_against_migrations, drift_against_models
    from headworks.postgres.shadow import shadow_server

    run = drift_against_models if against == "models" else drift_against_migrations
    where = session.shadow(shadow_url, on_live=shadow_on_live)
    with shadow_server(where, session.url) as shadow, Progress("drift") as progress:
        outcome = run(project, session.url, shadow, progress.step)
    return finish(outcome, output_format, output, strict=strict)


def _policy(session: Session) -> "Policy":
    """The words of the config, if there is a project here."""
    from headworks.config import NoProject
    from headworks.drift.policy import Policy

    try:
        return Policy(session.settings)
    except NoProject:
        return Policy()
