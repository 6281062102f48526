"""`headworks lint`"""

import gc
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from headworks.cli import options
from headworks.cli.hints import pasteable
from headworks.cli.reporting import check_format, finish
from headworks.cli.session import Session
from headworks.cli.terminal import note, out
from headworks.config import NoProject
from headworks.errors import UsageError

if TYPE_CHECKING:
    from headworks.findings import Outcome
    from headworks.lint.run import Source


class UnknownSource(UsageError):
    """--source {name}: it is one of {known}"""

    hint = "headworks lint --source models"


class NothingToTry(UsageError):
    """--dry-run says what --fix would write, and --fix is not there"""

    hint = "headworks lint --fix --dry-run"


class SinceWithoutMigrations(UsageError):
    """--since names revisions, and only --migrations looks at them"""

    hint = "headworks lint --migrations --since {ref}"


class FixesNoRevision(UsageError):
    """--fix writes new revisions, and changes none of those that --migrations looks at"""

    hint = "headworks lint --migrations"


_WITHOUT_GIT = "leave --since out, and every revision is looked at"


@options.command()
@click.option("--source", default="models", metavar="WHAT", help="models, live or migrations.")
@click.option("--fix", is_flag=True, help="Write revisions with the indexes that the migrations lack.")
@click.option("--dry-run", is_flag=True, help="With --fix: print them, and write nothing.")
@click.option("--migrations", is_flag=True, help="Each revision's SQL under squawk's rules; no database.")
@click.option("--since", metavar="GITREF", help="With --migrations: the revisions that are new since that commit.")
@click.option("--list", "listed", is_flag=True, help="The rules, how much each matters here, and what it finds.")
@options.url
@options.shadow_url
@options.output_format
@options.output
@options.strict
@options.config
@options.quiet
@options.debug
def lint(
    source: str,
    fix: bool,
    dry_run: bool,
    migrations: bool,
    since: str | None,
    listed: bool,
    url: str | None,
    shadow_url: str | None,
    output_format: str,
    output: Path | None,
    strict: bool,
    config: Path | None,
) -> int:
    """Hold the schema to standards: names, keys, indexes, types; each rule is configurable, by table too.

    With --source live no project is needed. --fix writes what is safe: a revision for each domain, with CREATE INDEX
    CONCURRENTLY. --migrations is for where the gate cannot run: squawk reads the revisions' SQL.
    """
    from headworks.lint.run import SOURCES

    if dry_run and not fix:
        raise NothingToTry()
    if since is not None and not migrations:
        raise SinceWithoutMigrations(ref=since)
    if fix and migrations:
        raise FixesNoRevision()
    if source not in SOURCES:
        raise UnknownSource(name=source, known=", ".join(SOURCES))
    check_format(output_format)
    gc.disable()  # models and pictures live to the end
    session = Session(config, url)
    if listed:
        return _list(session)
    if migrations:
        return finish(_revisions(session, since), output_format, output, strict=strict)
    if fix:
        return _fix(session, shadow_url, dry_run=dry_run)
    return finish(_lint(session, cast("Source", source), shadow_url), output_format, output, strict=strict)


def _lint(session: Session, source: "Source", shadow_url: str | None) -> "Outcome":
    from headworks.lint.run import lint_database, lint_project
    from headworks.migrations.errors import NoAlembic
    from headworks.postgres.shadow import shadow_server

    try:
        project = session.project
    except (NoProject, NoAlembic):
        if source != "live" or session.named_url is None:
            raise
        return lint_database(session.url, session.settings_if_any)
    with shadow_server(session.shadow(shadow_url), session.named_url) as shadow:
        return lint_project(project, source, lambda: session.url, shadow)


def _revisions(session: Session, since: str | None) -> "Outcome":
    from headworks.gate.since import new_since
    from headworks.lint.revisions import lint_revisions

    chosen = new_since(session.project, since, _WITHOUT_GIT).revisions if since is not None else None
    return lint_revisions(session.project, chosen)


def _list(session: Session) -> int:
    from headworks.lint.known import all_rules
    from headworks.lint.policy import Standards

    standards = Standards(session.settings_if_any)
    width = max(len(rule.name) for rule in all_rules())
    for rule in all_rules():
        out(f"{rule.name:{width}}  {standards.severity(rule) or 'off':7}  {rule.problem}")
    return 0


def _fix(session: Session, shadow_url: str | None, *, dry_run: bool) -> int:
    from headworks.lint.fix import fixes, write
    from headworks.lint.index_words import in_model, repeated
    from headworks.postgres.shadow import shadow_server

    project = session.project
    with shadow_server(session.shadow(shadow_url), session.named_url) as shadow:
        found = fixes(project, shadow)
    for schema, table in found.partitioned:
        note(
            f"{schema}.{table} is partitioned: its index cannot be built concurrently; make it ON ONLY the table, then"
            " one CONCURRENTLY for each partition, and attach these"
        )
    for schema, table in found.no_domain:
        note(
            f"{schema}.{table} lacks an index, and no revision of a domain has made the table: say in"
            f' [tool.headworks.domains] whose it is, as in NAME = ["{table}"], and run it again'
        )
    for (schema, table), name in found.constraints:
        note(
            f"{schema}.{table} lacks the index of {name}, a constraint of the models: it comes with that, from"
            " headworks revision --autogenerate"
        )
    for one in found.revisions:
        if dry_run:
            out(f"# {one.domain}: {one.message}")
            for line in one.body.upgrade:
                out(line)
        else:
            out(session.settings.name_of(write(project, one)))
        for index in one.not_in_models:
            note(f"the model of {index.table[1]} needs it too, in __table_args__: {in_model(index)}")
        for index in (each for each in one.indexes if each.unique):
            query = repeated(index)
            note(
                f"the index {index.name} is unique: where rows of {index.table[1]} repeat, the revision fails"
                + (f"; these do: {query}" if query else "")
            )
    if not found.revisions:
        note("the migrations lack no index that could be written")
    elif not dry_run:
        note(pasteable("headworks gate proves them, headworks upgrade runs them"))
    return 0
