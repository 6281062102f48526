"""`--sql`: what an upgrade or a downgrade would run, as Alembic's offline mode prints it."""

from collections.abc import Iterator
from typing import TextIO

from alembic.runtime.migration import MigrationContext, MigrationStep

from headworks.migrations.environment import render_sql
from headworks.migrations.errors import TargetRefused
from headworks.migrations.history import Revision
from headworks.migrations.plan import find_revision, plan_downgrade, plan_upgrade
from headworks.migrations.printed import printing
from headworks.migrations.project import Project
from headworks.migrations.runner import steps_of, wide_version_column

__all__ = ["downgrade_sql", "upgrade_sql"]


def upgrade_sql(project: Project, targets: list[str], output: TextIO) -> None:
    """Write the SQL from base, or from FROM of `FROM:TO`, to the targets. Nothing connects."""
    rows: tuple[str, ...] = ()
    if len(targets) == 1 and ":" in targets[0]:
        start, _, end = targets[0].partition(":")
        rows, targets = _rows(project, start), [end or "heads"]
    _render(project, rows, plan_upgrade(project.history, rows, targets), "upgrade", output)


def downgrade_sql(project: Project, target: str, output: TextIO) -> None:
    """Write the SQL of a downgrade from FROM to TO; the target must say both (`FROM:TO`), as nothing connects."""
    start, colon, end = target.partition(":")
    if not colon:
        raise TargetRefused(direction="print a downgrade", target=target, reason=f"say where it starts: heads:{target}")
    rows = _rows(project, start)
    _render(project, rows, plan_downgrade(project.history, rows, end), "downgrade", output)


def _rows(project: Project, start: str) -> tuple[str, ...]:
    history = project.history
    if start == "base":
        return ()
    if start in ("heads", "head", ""):
        return tuple(head for domain in history.domains for head in history.heads(domain))
    return tuple(find_revision(history, part).id for part in start.split(","))


def _render(
    project: Project, rows: tuple[str, ...], plan: tuple[Revision, ...], direction: str, output: TextIO
) -> None:
    """Write the SQL of a plan, from the rows `rows` on. Raises `CannotPrint`, and what `render_sql` raises."""

    def steps(_: tuple[str, ...], context: MigrationContext) -> Iterator[MigrationStep]:
        wide_version_column(context, project.history)
        yield from (step for _, step in steps_of(project, plan, direction))

    if not plan:
        return
    with printing(f"headworks {direction} --dry-run needs none"):
        render_sql(project, steps, output, start=rows or None)
