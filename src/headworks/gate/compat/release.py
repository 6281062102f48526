"""The release before, in a process of its own: its files from git, its models' statements, a database at its heads.

`release_before` starts the process; this module, run as a program, is that process. It is asked over stdin (a URL has a
password, and words of a command line can be read by all) and answers over stdout.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec

from headworks import config
from headworks.errors import HeadworksError
from headworks.gate.compat.elsewhere import import_from
from headworks.gate.compat.statements import TableStatements, statements_of
from headworks.gate.since import Since
from headworks.migrations.project import Project
from headworks.postgres.url import DatabaseUrl
from headworks.redaction import redact

__all__ = ["Release", "ReleaseBroken", "release_before"]


class ReleaseBroken(HeadworksError):
    """the release before, {ref} at {commit}, could not be looked at: {reason}"""

    hint = "{advice_text}"


class Release(msgspec.Struct, frozen=True):
    """What the process answers. `lacking` says why there is nothing to compare, `error` what went wrong."""

    tables: tuple[TableStatements, ...] = ()
    revisions: tuple[str, ...] = ()
    lacking: str = ""
    error: str = ""
    advice: str = ""


class _Asked(msgspec.Struct, frozen=True):
    """`root` and `config` are the project's of today, below `top`; `export` holds the older files of `top`."""

    top: str
    export: str
    root: str
    config: str | None
    server: str
    database: str
    collations: tuple[str, ...]


def release_before(
    project: Project, since: Since, server: DatabaseUrl, database: DatabaseUrl, collations: tuple[str, ...] = ()
) -> Release:
    """Bring the empty `database` to the heads of `since`, by its own revisions; what its models say.

    Raises `ReleaseBroken`.
    """
    settings = project.settings
    with tempfile.TemporaryDirectory(prefix="headworks-release-") as folder:
        export = Path(folder).resolve() / "code"
        since.repository.export(since.commit, export)
        root = settings.root.resolve()
        place = export / root.relative_to(since.repository.top)
        asked = _Asked(
            top=str(since.repository.top),
            export=str(export),
            root=str(root),
            config=str(settings.file.resolve()) if settings.file else None,
            server=server.libpq(),
            database=database.libpq(),
            collations=collations,
        )
        if not place.is_dir():
            return Release(lacking=f"there was no {settings.name_of(root)} folder")
        done = subprocess.run(
            [sys.executable, "-m", __name__],
            input=msgspec.json.encode(asked),
            capture_output=True,
            cwd=place,
            check=False,
        )
    commit = since.commit[:10]
    try:
        answer = msgspec.json.decode(done.stdout, type=Release)
    except msgspec.DecodeError:
        said = redact(os.fsdecode(done.stderr)).strip().splitlines()
        reason = f"its process ended with {done.returncode}" + (f": {said[-1]}" if said else "")
        advice = f"see whether it runs by itself: git worktree add ../before {commit}"
        raise ReleaseBroken(ref=since.ref, commit=commit, reason=reason, advice_text=advice) from None
    if answer.error:
        raise ReleaseBroken(ref=since.ref, commit=commit, reason=answer.error, advice_text=answer.advice)
    return answer


def _settings(asked: _Asked) -> config.Settings | None:
    """The project's settings as they were; where it had none for headworks yet, those of today."""
    export, top, today = Path(asked.export), Path(asked.top), Path(asked.root)
    root = export / today.relative_to(top)
    file = Path(asked.config) if asked.config else None
    if file is not None and file.is_relative_to(top) and file.name != "pyproject.toml":
        older = export / file.relative_to(top)
        if older.is_file():
            return config.load(older)
    else:
        try:
            found = config.load(folder=root)
        except config.NoProject:
            found = None
        if found is not None and found.file is not None and found.root.is_relative_to(export):
            return found
    keys = config.load(file, folder=today)
    return msgspec.structs.replace(keys, root=root)


def _answer(asked: _Asked) -> Release:
    # Not before: these import what the project has, too.
    from headworks.declared import MetadataEmpty, MetadataMissing
    from headworks.drift.models import metadata_of
    from headworks.migrations.environment import look_apart
    from headworks.migrations.errors import NoAlembic, ScriptsMissing
    from headworks.migrations.realise import bootstrap, run_plan
    from headworks.postgres.collations import make_collations

    settings = _settings(asked)
    try:
        assert settings is not None
        project = Project(settings)
        history = project.history
    except (NoAlembic, ScriptsMissing) as error:
        return Release(lacking=str(error))
    url = DatabaseUrl.parse(asked.database)
    try:
        metadata = metadata_of(project, look_apart(project, DatabaseUrl.parse(asked.server)))
    except (MetadataMissing, MetadataEmpty) as error:
        return Release(lacking=str(error))
    make_collations(url, asked.collations)
    bootstrap(project, url)
    if history.revisions:
        run_plan(project, url, history.revisions, "upgrade")
    return Release(statements_of(metadata, project.driver), tuple(history.by_id))


def _main() -> None:
    asked = msgspec.json.decode(sys.stdin.buffer.read(), type=_Asked)
    # What their code prints is no answer.
    answers = os.dup(1)
    os.dup2(2, 1)
    import_from(Path(asked.export), Path(asked.top))
    try:
        answer = _answer(asked)
    except HeadworksError as error:
        answer = Release(error=str(error), advice=error.advice)
    with os.fdopen(answers, "wb") as stream:
        stream.write(msgspec.json.encode(answer))


if __name__ == "__main__":
    _main()
