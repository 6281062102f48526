"""`headworks seed`"""

import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from headworks.cli import options
from headworks.cli.hints import pasteable
from headworks.cli.reporting import check_format, finish
from headworks.cli.session import Session
from headworks.cli.terminal import coloured, out, plural
from headworks.findings import Outcome

if TYPE_CHECKING:
    from headworks.seed import RowChange, SeedResult, SeedSet


@options.command()
@click.argument("sets", metavar="[SET]...", nargs=-1)
@click.option("--dry-run", is_flag=True, help="Show the row changes; write nothing.")
@click.option("--check", is_flag=True, help="Exit 1 when rows differ; write nothing.")
@click.option("--prune", is_flag=True, help="Remove rows that left the files (mode: sync).")
@click.option("--sql", is_flag=True, help="Print the statements; nothing connects.")
@options.url
@options.output_format
@options.output
@options.config
@options.quiet
@options.debug
def seed(
    sets: tuple[str, ...],
    dry_run: bool,
    check: bool,
    prune: bool,
    sql: bool,
    url: str | None,
    output_format: str,
    output: Path | None,
    config: Path | None,
) -> int:
    """Bring reference data to what the seed files say: by natural key, in one transaction.

    SET is a folder of seeds/ (default: the sets that the config names).

    A second run writes nothing, `updated_at` included. The files are checked
    against the models before anything connects.
    """
    from headworks import seed as seeding
    from headworks.postgres.connect import connect

    check_format(output_format)
    began = time.monotonic()
    session = Session(config, url)
    loaded = load_sets(session, sets)
    if sql:
        print(seeding.render_sql(loaded), end="")
        return 0
    if check or dry_run:
        with connect(session.url, read_only=True) as connection:
            plan = seeding.plan(connection, loaded)
        if check:
            found = seeding.findings(plan)
            rows = len(plan) + sum(plan.unchanged.values())
            return finish(
                Outcome.of("seed", found, rows=rows, seconds=round(time.monotonic() - began, 3)), output_format, output
            )
        actions = [action for action in seeding.Action if prune or action is not seeding.Action.DELETE]
        for change in plan:
            if change.action in actions:
                _show(change)
        text = ", ".join(f"{plan.count(action):,} to {action}" for action in actions)
        out(f"dry run: {text}, {sum(plan.unchanged.values()):,} unchanged; nothing was written")
        if not prune:
            _say_extra(plan.count(seeding.Action.DELETE))
        return 0
    with connect(session.url) as connection:
        result = seeding.apply(connection, loaded, prune=prune)
    for table in result.tables:
        counts = {
            "inserted": table.inserted,
            "updated": table.updated,
            "deleted": table.deleted,
            "unchanged": table.unchanged,
        }
        said = ", ".join(f"{count:,} {word}" for word, count in counts.items() if count) or "no rows"
        out(f"{table.table.name}: {said}")
        _say_extra(table.extra)
    out(summary(result))
    return 0


def load_sets(session: Session, names: Sequence[str] = ()) -> "list[SeedSet]":
    """Read and check the sets of these names (default: the config's), before anything connects."""
    from headworks import seed as seeding
    from headworks.drift.models import declared_metadata

    settings = session.settings
    metadata = declared_metadata(session.project, lambda: session.url)
    # Errors name the files as the person who wrote them would.
    folder = Path(os.path.relpath(settings.seed_folder))
    return [seeding.load_set(folder / name, metadata) for name in names or settings.keys.seed.sets]


def summary(result: "SeedResult") -> str:
    """`seed: 3 tables, 12 rows written`"""
    rows = plural(result.written, "row") + " written" if result.written else "every row as the files say"
    return f"seed: {plural(len(result.tables), 'table')}, {rows}"


def _say_extra(count: int) -> None:
    if count:
        which = "it" if count == 1 else "them"
        out(pasteable(f"  {plural(count, 'row')} not in the files, left there: headworks seed --prune removes {which}"))


def _show(change: "RowChange") -> None:
    from headworks.seed.check import without_secrets

    change = without_secrets(change)
    sign, style = {"insert": ("+", "green"), "update": ("~", "yellow"), "delete": ("-", "red")}[change.action]
    key = ", ".join(f"{field}={value}" for field, value in change.key.items())
    pairs = ", ".join(f"{field}: {change.old.get(field)} -> {value}" for field, value in change.new.items())
    out(coloured(f"{sign} {change.table.name} {key}" + (f"  {pairs}" if change.action == "update" else ""), style))
