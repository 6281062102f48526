"""`headworks init`"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from headworks import config as settings_of
from headworks.cli import options
from headworks.cli.adopting import described, graph
from headworks.cli.terminal import Progress, out
from headworks.errors import HeadworksError, UsageError

if TYPE_CHECKING:
    from headworks.adopt.run import Adoption


class UnknownCi(UsageError):
    """--ci {name}: it is one of {known}"""

    hint = "headworks init --ci github"


@options.command()
@click.option(
    "--ci", metavar="KIND", help="github, gitlab, pre-commit or none (default: what .github or .gitlab-ci.yml shows)."
)
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")
@options.shadow_url
@options.quiet
@options.debug
def init(ci: str | None, dry_run: bool, shadow_url: str | None) -> int:
    """Write [tool.headworks] for the Alembic project found here, or a small project into an empty folder.

    The project is tried out on a throw-away server: its env.py, and its history once up. What that shows is said, with
    domains for tables and revisions where the history has none, and a file for the CI. No revision and no env.py of
    yours is changed, and no file is written over.
    """
    from headworks.scaffold import find_projects, has_config
    from headworks.scaffold.ci import KINDS

    if ci is not None and ci not in KINDS:
        raise UnknownCi(name=ci, known=", ".join(KINDS))
    folder = Path.cwd()
    configured = has_config(folder)
    keys: dict[str, str] = {}
    if found := [file.relative_to(folder) for file in find_projects(folder)]:
        others = f" (and {', '.join(map(str, found[1:]))}: name one in the config)" if found[1:] else ""
        out(f"found {found[0]}{others}")
        if len(found[0].parts) > 1:
            keys["alembic"] = found[0].as_posix()
    elif not _has_toml_project(folder) and not _new_project(folder, dry_run=dry_run):
        return 0
    settings = settings_of.load(folder=folder) if configured else settings_of.unwritten(folder, keys.get("alembic"))
    adoption = _try_out(settings, shadow_url)
    _config(folder, keys, adoption, configured=configured, dry_run=dry_run)
    if adoption is not None:
        _ci(folder, ci, dry_run=dry_run)
        out("next: headworks quickstart")
    return 0


def _has_toml_project(folder: Path) -> bool:
    try:
        return settings_of.load(folder=folder).root == folder
    except settings_of.NoProject:
        return False


def _new_project(folder: Path, *, dry_run: bool) -> bool:
    """Write a small project; with `dry_run` only say so, and that nothing is there to be tried."""
    from headworks.scaffold import check_empty, new_files, write_project

    check_empty(folder)
    for name in new_files() if dry_run else write_project(folder):
        out(f"{'would write' if dry_run else 'wrote'} {name}")
    if dry_run:
        out("would write [tool.headworks] to pyproject.toml")
    return not dry_run


def _try_out(settings: settings_of.Settings, shadow_url: str | None) -> "Adoption | None":
    """Run the project's env.py and its history on a scratch database, and say what that shows; `None`: it does not."""
    from headworks.adopt.run import adopt
    from headworks.cli.session import Session
    from headworks.migrations.environment import look_apart
    from headworks.migrations.project import Project
    from headworks.postgres.shadow import shadow_server

    project = Project(settings)
    out(graph(project))
    session = Session()
    session.settings = settings
    with Progress("init") as progress, shadow_server(session.shadow(shadow_url)) as shadow:
        try:
            configured = look_apart(project, shadow.url)
        except HeadworksError as error:
            out(f"env.py does not run on a scratch database yet: {error}")
            out(f"hint: {error.advice}")
            return None
        found = adopt(project, shadow, configured, progress.step)
    for line in described(project, found):
        out(line)
    return found


def _config(
    folder: Path, keys: Mapping[str, str], adoption: "Adoption | None", *, configured: bool, dry_run: bool
) -> None:
    from headworks.scaffold import config_text, write_config

    proposal = adoption.proposal if adoption is not None else None
    domains = {one.name: one.patterns for one in proposal.domains} if proposal is not None else {}
    text = config_text(keys, domains, headed=configured)
    tables = " and ".join(line for line in text.splitlines() if line.startswith("["))
    if not text:
        out("pyproject.toml has a [tool.headworks] already: left as it is")
    elif dry_run:
        out(f"would write {tables} to pyproject.toml:")
        out(text.rstrip("\n"))
    else:
        out(f"wrote {tables} to {write_config(folder, text)}")


def _ci(folder: Path, named: str | None, *, dry_run: bool) -> None:
    from headworks.scaffold.ci import NONE, ci_file, ci_of_folder, write_ci

    kind = named or ci_of_folder(folder)
    if kind == NONE:
        return
    file = ci_file(kind, folder)
    if file.there:
        out(f"{file.there} runs headworks already: left as it is")
        return
    place = os.path.relpath(file.top / file.place, folder)
    if file.place and dry_run:
        out(f"would write {place}:")
        out(file.text.rstrip("\n"))
    elif file.place:
        write_ci(file)
        out(f"wrote {place}")
    if file.paste:
        out(file.paste)
