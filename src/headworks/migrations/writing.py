"""Write new revision files: named and placed by the project's policy, filled by Alembic."""

import datetime
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path, PurePath
from typing import Any

import msgspec
from alembic import command
from alembic.autogenerate import RevisionContext
from alembic.config import Config
from alembic.operations.ops import MigrationScript, ModifyTableOps, UpgradeOps
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext, MigrationStep
from alembic.script import Script, ScriptDirectory
from alembic.util import CommandError, immutabledict, rev_id
from sqlalchemy import MetaData

from headworks.errors import UsageError
from headworks.migrations.environment import at_work, explained
from headworks.migrations.errors import TargetRefused, UnknownDomain
from headworks.migrations.history import History
from headworks.migrations.project import Project
from headworks.postgres.url import DatabaseUrl

__all__ = [
    "BadPattern",
    "Body",
    "NothingToMerge",
    "RevisionRefused",
    "TemplateMissing",
    "merge_heads",
    "new_id",
    "write_revision",
]

TableDomain = Callable[[str | None, str], str | None]
"""(schema, table) -> the domain that it belongs to, or `None` when nobody says."""


class Body(msgspec.Struct, frozen=True):
    """What a revision does: Python, line by line, as it stands in `upgrade()` and `downgrade()`."""

    upgrade: tuple[str, ...]
    downgrade: tuple[str, ...]


class BadPattern(UsageError):
    """[tool.headworks.revision] id = {pattern!r}: {reason}"""

    hint = 'it may hold {{date}}, {{number}} and {{slug}}, such as "{{date}}_{{number:02}}_{{slug}}"'


class RevisionRefused(UsageError):
    """the revision was not written: {reason}"""

    hint = "headworks history --offline shows what there is"


class TemplateMissing(UsageError):
    """{file} is not there: Alembic makes revision files of it"""

    hint = "copy Alembic's own: cp {original} {file}"


class NothingToMerge(UsageError):
    """domain {domain!r} has one head, {head}: there is nothing to merge"""

    hint = "headworks history --domain {domain}"


def new_id(history: History, pattern: str | None, message: str, today: datetime.date) -> str | None:
    """The id of the next revision by the pattern; `None` lets Alembic make a random one.

    Raises `BadPattern`, or `RevisionRefused` for an id that is there already: Alembic would write over its file.
    """
    if pattern is None:
        return None
    slug = re.sub(r"[^a-z0-9]+", "_", message.lower()).strip("_")
    try:
        made = pattern.format(date=f"{today:%Y%m%d}", number=_next_number(history, pattern), slug=slug)
    except (KeyError, IndexError, ValueError) as error:
        raise BadPattern(pattern=pattern, reason=f"{type(error).__name__}: {error}") from None
    if made in history.by_id:
        raise RevisionRefused(reason=f"there is a revision {made} already")
    return made


def _next_number(history: History, pattern: str) -> int:
    """One more than the highest `{number}` of the ids that follow the pattern."""
    shape = re.escape(pattern)
    shape = re.sub(r"\\{number[^}]*\\}", r"(?P<number>\\d+)", shape)
    shape = re.sub(r"\\{date[^}]*\\}", r"\\d{8}", shape)
    shape = re.sub(r"\\{slug[^}]*\\}", r".*", shape)
    found = (re.fullmatch(shape, revision.id) for revision in history.revisions)
    numbers = [int(match["number"]) for match in found if match and "number" in match.groupdict()]
    return max(numbers, default=0) + 1


def write_revision(
    project: Project,
    *,
    domain: str,
    message: str,
    url: DatabaseUrl | None = None,
    metadata: Sequence[MetaData] = (),
    domain_of: TableDomain | None = None,
    new_domain: bool = False,
    depends_on: list[str] | None = None,
    body: Body | None = None,
) -> Path:
    """Write the next revision of a domain: with this `body`, or filled by autogenerate against the database at `url`.

    The models are env.py's, or `metadata` where that is given. What autogenerate finds is kept to the tables that
    `domain_of` gives to this domain, or to nobody. Raises `UnknownDomain`, `RevisionRefused`.
    """
    history = project.history
    first = not history.revisions
    if domain not in history.domains and not new_domain and not first:
        raise UnknownDomain(domain=domain, known=", ".join(history.domains) or "none yet")
    base = domain not in history.domains
    place = _begin(project, domain) if base else _place(project, domain)
    options: dict[str, Any] = {
        "message": message,
        "rev_id": new_id(history, project.settings.keys.revision.id, message, datetime.date.today()),
        "head": "base" if base else history.head(domain),
        "branch_label": domain if base and (new_domain or len(history.domains) > 1) else None,
        "version_path": str(place.location),
        "depends_on": depends_on or None,
    }
    if url is not None:
        hook = _keep_to(domain, domain_of)
        return _written(project, url, place, lambda config: _autogenerated(config, options, metadata, hook))
    if body is not None:
        return _written(project, None, place, lambda config: _with_body(config, options, body))
    return _written(project, None, place, lambda config: command.revision(config, **options))


def merge_heads(project: Project, *, domain: str, message: str) -> Path:
    """Write the revision that merges the heads of a domain. Raises `NothingToMerge`."""
    history = project.history
    heads = history.heads(domain)
    if len(heads) < 2:
        raise NothingToMerge(domain=domain, head=heads[0])
    rev_id = new_id(history, project.settings.keys.revision.id, message, datetime.date.today())
    place = _place(project, domain)

    def merge(config: Config) -> Script | None:
        return command.merge(config, list(heads), message=message, rev_id=rev_id)

    return _written(project, None, place, merge)


def _autogenerated(
    config: Config, options: dict[str, Any], metadata: Sequence[MetaData], hook: Callable[..., None]
) -> list[Script | None]:
    """As `alembic revision --autogenerate` does it, with these models instead of env.py's, where there are any."""
    script = ScriptDirectory.from_config(config)
    arguments = {"autogenerate": True, "sql": False, "splice": False, **options}
    made = RevisionContext(config, script, arguments, process_revision_directives=hook)

    def compare(rows: tuple[str, ...], context: MigrationContext) -> Iterable[MigrationStep]:
        if metadata:
            context.opts["target_metadata"] = list(metadata)
        made.run_autogenerate(rows, context)
        return ()

    words = {"template_args": made.template_args, "revision_context": made}
    with EnvironmentContext(config, script, fn=compare, as_sql=False, **words):
        script.run_env()
    return list(made.generate_scripts())


def _with_body(config: Config, options: dict[str, Any], body: Body) -> Script | None:
    """As `alembic revision` does it, with the words that its template takes from autogenerate."""
    indent = "\n    "
    return ScriptDirectory.from_config(config).generate_revision(
        options["rev_id"] or rev_id(),
        options["message"],
        head=options["head"],
        branch_labels=options["branch_label"],
        version_path=options["version_path"],
        depends_on=options["depends_on"],
        config=config,
        imports="",
        upgrades=indent.join(body.upgrade),
        downgrades=indent.join(body.downgrade),
    )


def _written(project: Project, url: DatabaseUrl | None, place: "_Place", write: Callable[[Config], Any]) -> Path:
    template = Path(project.script.dir) / "script.py.mako"
    if not template.is_file():
        original = Path(Config().get_template_directory()) / "generic" / template.name
        raise TemplateMissing(file=project.settings.name_of(template), original=original)
    with explained(project), at_work(project, url) as config:
        # Which file it was is for the command to say, or under --quiet not to.
        config.messaging_opts = immutabledict(quiet=True)
        if place.below:
            name = place.below / project.script.file_template
            config.set_main_option("file_template", name.as_posix().replace("%", "%%"))
        try:
            made = write(config)
        except CommandError as error:
            raise RevisionRefused(reason=error) from error
    script = next((one for one in (made if isinstance(made, list) else [made]) if isinstance(one, Script)), None)
    if script is None:
        raise RevisionRefused(reason="env.py's process_revision_directives removed it")
    return Path(script.path)


class _Place(msgspec.Struct, frozen=True):
    """A version location, and the folder below it where the domain's files lie (`recursive_version_locations`).

    Alembic writes into version locations alone, and below one what its `file_template` says.
    """

    location: Path
    below: PurePath | None = None


def _place(project: Project, domain: str) -> _Place:
    """Where the domain's newest revision lies."""
    folder = project.history.by_id[project.history.heads(domain)[-1]].path.parent
    places = [Path(place) for place in project.script._version_locations]
    location = next((place for place in places if _same(place, folder)), None)
    if location is not None:
        return _Place(location)
    location = next(place for place in places if folder.resolve().is_relative_to(place.resolve()))
    if "/" in project.script.file_template:  # such as year/month: it says itself where the next one goes
        return _Place(location)
    return _Place(location, folder.resolve().relative_to(location.resolve()))


def _begin(project: Project, domain: str) -> _Place:
    """Where the first revision of a new domain goes: the location of its name, else a folder beside other domains'."""
    places = [Path(place) for place in project.script._version_locations]
    named = [place for place in places if place.name == domain]
    if named:
        named[0].mkdir(parents=True, exist_ok=True)
        return _Place(named[0])
    if len(places) != 1:
        reason = f"there is no version location of that name; add one to version_locations in {project.file.name}"
        raise TargetRefused(direction="begin domain", target=domain, reason=reason)
    others = [_place(project, one).below for one in project.history.domains]
    return _Place(places[0], PurePath(domain) if others and all(others) else None)


def _same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve()


def _keep_to(domain: str, domain_of: TableDomain | None) -> Callable[..., None]:
    def hook(context: Any, revision: Any, directives: list[MigrationScript]) -> None:
        if domain_of is None:
            return
        for script in directives:
            for operations in (*script.upgrade_ops_list, *script.downgrade_ops_list):
                _filter(operations, domain, domain_of)

    return hook


def _filter(operations: UpgradeOps | Any, domain: str, domain_of: TableDomain) -> None:
    kept = []
    for one in operations.ops:
        table = getattr(one, "table_name", None) or getattr(one, "source_table", None)
        owner = domain_of(getattr(one, "schema", None), table) if table else None
        if owner in (None, domain) and not (isinstance(one, ModifyTableOps) and one.is_empty()):
            kept.append(one)
    operations.ops[:] = kept
