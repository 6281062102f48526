"""`headworks quickstart`"""

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

import click

from headworks.cli import options
from headworks.cli.hints import pasteable
from headworks.cli.session import Session
from headworks.cli.terminal import Progress, bold, coloured, note, out, plural
from headworks.findings import Outcome, Severity
from headworks.report import render


@options.command()
@click.option("--url", metavar="URL", help="Another database than the embedded server's.")
@options.config
@options.quiet
@options.debug
def quickstart(url: str | None, config: Path | None) -> int:
    """A database made, migrated, seeded, checked for drift, gated and drawn, with a line on each.

    It works on the project's embedded server, whatever DATABASE_URL says, unless --url names another database.
    """
    session = Session(config, url, embedded=url is None)
    bad = 0
    steps = (_server, _upgrade, _seed, _drift, _gate, _erd)
    for step in steps:
        began = time.monotonic()
        name = step.__name__.strip("_")
        ok, text = step(session)
        bad += not ok
        sign = coloured("ok    ", "green") if ok else coloured("failed", "red")
        out(f"{sign} {bold(f'{name:<8}')} {text} ({time.monotonic() - began:.1f} s)")
    out()
    if bad:
        out(pasteable("next: headworks doctor, and the command that failed above, for the whole report"))
        return 1
    for line in _next(embedded=url is None):
        out(line)
    return 0


def _next(*, embedded: bool) -> Iterator[str]:
    rows = [
        ("headworks status", "what is applied, what is pending"),
        ("headworks db psql", "the database itself"),
        ("headworks revision --domain D", "a new revision; then headworks gate proves it"),
        ("headworks db stop", "ends the server; the data stay"),
    ]
    if not embedded:
        rows = [row for row in rows if not row[0].startswith("headworks db ")]
    commands = [pasteable(command) for command, _ in rows]
    width = max(map(len, commands))
    for number, (command, (_, text)) in enumerate(zip(commands, rows, strict=True)):
        yield f"{'      ' if number else 'next: '}{command:<{width}}   {text}"


def _server(session: Session) -> tuple[bool, str]:
    if session.named_url is None:
        was = session.kept.running()
        found = session.kept.start()
        place = session.kept.place
        state = "was up" if was else "is up"
        return True, f"PostgreSQL {place.major if place else ''} {state}: {found}"
    from headworks.postgres.connect import connect

    with connect(session.url, read_only=True) as connection:
        return True, f"PostgreSQL {connection.info.server_version // 10000}: {session.url}"


def _upgrade(session: Session) -> tuple[bool, str]:
    from headworks.cli.watch import Lines
    from headworks.migrations.plan import plan_upgrade
    from headworks.migrations.realise import beginning, bootstrap, is_bare
    from headworks.migrations.runner import Runner

    history = session.project.history
    if not history.revisions:
        return True, "there are no revisions yet"
    bare = is_bare(session.url)
    if session.named_url is None and session.settings.keys.gate.bootstrap and bare:
        bootstrap(session.project, session.url)  # as the gate's scratch databases begin
    runner = Runner(session.project, session.url, watcher=Lines())
    with beginning(session.project, scratch=False) if bare else contextlib.nullcontext():
        ran = runner.run("upgrade", lambda rows: plan_upgrade(history, rows, ["heads"]))
    return True, f"{plural(len(ran), 'revision')} run, {plural(len(history.domains), 'domain')} at head"


def _seed(session: Session) -> tuple[bool, str]:
    folder = session.settings.seed_folder
    if not folder.is_dir():
        return True, f"there are no seed files ({session.settings.name_of(folder)}/)"
    from headworks import seed
    from headworks.cli.seed import load_sets
    from headworks.postgres.connect import connect

    loaded = load_sets(session)
    with connect(session.url) as connection:
        result = seed.apply(connection, loaded)
    rows = sum(table.inserted + table.updated + table.unchanged for table in result.tables)
    return True, f"{plural(rows, 'row')} in {plural(len(result.tables), 'table')}, {result.written:,} written"


def _drift(session: Session) -> tuple[bool, str]:
    from headworks.drift.run import drift_against_models
    from headworks.postgres.shadow import shadow_server

    with shadow_server(session.shadow(), session.url) as shadow:
        outcome = drift_against_models(session.project, session.url, shadow)
    text = f"{plural(outcome.stats['tables'], 'table')}, {outcome.stats['objects']:,} objects equal to the models"
    return _said(outcome, text)


def _gate(session: Session) -> tuple[bool, str]:
    from headworks.gate.run import choose, gate
    from headworks.postgres.shadow import shadow_server

    with Progress("gate") as progress, shadow_server(session.shadow(), session.url) as shadow:
        outcome = gate(session.project, shadow, choose(session.project, None, None), progress.step)
    text = f"{plural(outcome.stats['revisions'], 'revision')} up, down and up again"
    compared = not any(one.rule == "gate.models-differ" for one in outcome.findings)
    return _said(outcome, text + ("; models equal the heads" if compared else ""))


def _erd(session: Session) -> tuple[bool, str]:
    from headworks.cli.reporting import write
    from headworks.erd.formats import renderer
    from headworks.erd.sources import draw_project
    from headworks.postgres.kept import FOLDER
    from headworks.postgres.shadow import shadow_server

    file = session.settings.root / FOLDER / "erd.md"
    drawn = draw_project(
        session.project, "live", lambda: session.url, lambda: shadow_server(session.shadow(), session.url)
    )
    write(renderer("mermaid", file)(drawn.graph), file)
    counts = f"{plural(len(drawn.graph.tables), 'table')}, {plural(len(drawn.graph.edges), 'foreign key')}"
    return True, f"{counts}, {plural(len(drawn.graph.domains), 'domain')} in {session.settings.name_of(file)}"


def _said(outcome: Outcome, clean: str) -> tuple[bool, str]:
    if outcome.ok():
        notes = outcome.count(Severity.WARNING)
        return True, clean + (f", {plural(notes, 'warning')}" if notes else "")
    note(render(outcome, "text"))
    return False, f"{plural(outcome.count(Severity.ERROR), 'error')}: headworks {outcome.command}"
