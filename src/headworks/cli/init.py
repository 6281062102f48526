"""`headworks init`"""

from pathlib import Path

from headworks import config as settings_of
from headworks.cli import options
from headworks.cli.terminal import out, plural
from headworks.errors import HeadworksError


@options.command()
@options.quiet
@options.debug
def init() -> int:
    """Write [tool.headworks] for the Alembic project found here, or a small project into an empty folder.

    No revision and no env.py of yours is changed. The project is then tried out on a throw-away server, and what that
    shows is said.
    """
    from headworks.scaffold import find_projects, has_config, write_config, write_project

    folder = Path.cwd()
    configured = has_config(folder)
    keys: dict[str, str] = {}
    if found := [file.relative_to(folder) for file in find_projects(folder)]:
        others = f" (and {', '.join(map(str, found[1:]))}: name one in the config)" if found[1:] else ""
        out(f"found {found[0]}{others}")
        if len(found[0].parts) > 1:
            keys["alembic"] = found[0].as_posix()
    elif not _has_toml_project(folder):
        for name in write_project(folder):
            out(f"wrote {name}")
    if configured:
        out("pyproject.toml has a [tool.headworks] already: left as it is")
    else:
        out(f"wrote [tool.headworks] to {write_config(folder, keys)}")
    return _try_out()


def _has_toml_project(folder: Path) -> bool:
    try:
        return settings_of.load(folder=folder).root == folder
    except settings_of.NoProject:
        return False


def _try_out() -> int:
    """Run the project's env.py on a scratch database and say what it has."""
    from headworks.migrations.environment import look_apart
    from headworks.migrations.project import Project
    from headworks.postgres.binaries import find_binaries
    from headworks.postgres.server import ThrowawayServer

    settings = settings_of.load()
    project = Project(settings)
    history = project.history
    domains = ", ".join(history.domains) or "none yet"
    counts = f"{plural(len(history.revisions), 'revision')}, {plural(len(history.domains), 'domain')} ({domains})"
    out(f"{counts}, driver {project.driver}")
    try:
        with ThrowawayServer(find_binaries(settings.pgbin)) as server:
            tables = sum(len(one.tables) for one in look_apart(project, server.url).metadata)
    except HeadworksError as error:
        out(f"env.py does not run on a scratch database yet: {error}")
        out(f"hint: {error.advice}")
        return 0
    out(f"env.py runs; its models have {plural(tables, 'table')}")
    out("next: headworks quickstart")
    return 0
