"""All that decides what revisions make, as text: the same text, the same schema."""

import importlib.util
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

from headworks.errors import HeadworksError
from headworks.migrations.offline import render
from headworks.migrations.project import Project

__all__ = ["printed"]


def printed(project: Project, ids: Iterable[str]) -> str | None:
    """The files of the revisions `ids` and of all below them, env.py, the bootstrap, and the SQL that they print.

    The SQL is what they take from elsewhere: a constant of the models, a file. `None` where Alembic's offline mode
    cannot print them, because one of them looks into the database first.
    """
    wanted = project.history.applied(ids)
    plan = tuple(one for one in project.history.revisions if one.id in wanted)
    output = io.StringIO()
    try:
        render(project, (), plan, "upgrade", output)
        files = [Path(project.script.dir) / "env.py", project.file, *(one.path for one in plan), *_bootstrap(project)]
        return output.getvalue() + "".join(f"\n-- {file}\n{file.read_text(errors='replace')}" for file in files)
    except (HeadworksError, OSError):
        return None


def _bootstrap(project: Project) -> Iterator[Path]:
    name = project.settings.keys.gate.bootstrap
    if name is None:
        return
    if name.endswith(".sql"):
        yield project.settings.root / name
        return
    with project.at_home():
        found = importlib.util.find_spec(name.partition(":")[0])
    if found is not None and found.origin:
        yield Path(found.origin)
