"""`headworks drift`"""

import gc
from pathlib import Path

import click

from headworks.cli import options, state
from headworks.cli.reporting import check_format, finish
from headworks.cli.session import Session
from headworks.cli.terminal import Progress
from headworks.errors import UsageError


class QuickElsewhere(UsageError):
    """--quick compares with the models, not with {against}"""

    hint = "headworks drift --quick, or leave --quick out"


@options.command()
@click.option(
    "--against", default="models", metavar="WHAT", help="models, migrations, a snapshot file, or another URL."
)
@click.option("--quick", is_flag=True, help="What SQLAlchemy's automap sees, beside the models: no shadow database.")
@options.url
@options.shadow_url
@options.shadow_on_live
@options.output_format
@options.output
@options.strict
@options.config
@options.quiet
@options.debug
def drift(
    against: str,
    quick: bool,
    url: str | None,
    shadow_url: str | None,
    shadow_on_live: bool,
    output_format: str,
    output: Path | None,
    strict: bool,
    config: Path | None,
) -> int:
    """Compare a live database with what it should be; the database is only read.

    The models and the migrations are realised on a throw-away server of the same major and read back from its catalog,
    so nothing is compared as text. What differs is hot-patched, a missing migration, or not migrated yet, and which
    revision it differs from is said. With a file or a URL no project is needed.
    """
    check_format(output_format)
    # Models and pictures live to the end: a quarter of the time would go into looking for rubbish among them.
    gc.disable()
    session = Session(config, url)
    if against not in ("models", "migrations"):
        if quick:
            raise QuickElsewhere(against=against)
        from headworks.drift.reading import both, name_of

        # While the server works: the rest of the imports.
        expected, actual = both(against, session.url, lambda: _imported(output_format))
        state.keep(expected, actual)
        from headworks.drift.direct import drift_against_picture
        from headworks.drift.policy import Policy
        from headworks.postgres.shadow import shadow_server

        outcome = drift_against_picture(
            expected,
            actual,
            name_of(against),
            Policy(session.settings_if_any),
            lambda major: shadow_server(session.shadow(shadow_url), major=major),
        )
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


def _imported(output_format: str) -> None:
    import headworks.drift.direct
    import headworks.postgres.shadow  # noqa: F401
    from headworks.report import imported

    imported(output_format)
