"""The release before, in a process of its own: its files from git, its models' statements, a database at its heads.

`release_before` starts the process; this module, run as a program, is that process. It is asked over stdin (a URL has a
password, and words of a command line can be read by all) and answers over stdout. When its stdin ends before, nobody
waits for the answer any more.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import IO

import msgspec

from headworks import config
from headworks.errors import ExitCode, HeadworksError
from headworks.gate.compat.elsewhere import import_from
from headworks.gate.compat.statements import TableStatements, statements_of
from headworks.gate.since import Since
from headworks.migrations.limit import limited
from headworks.migrations.project import Project
from headworks.postgres.owned import owned
from headworks.postgres.url import DatabaseUrl
from headworks.redaction import redact

_PATIENCE = 5.0

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
    server: DatabaseUrl
    database: DatabaseUrl
    collations: tuple[str, ...]
    timeout: float


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
            server=server,
            database=database,
            collations=collations,
            timeout=settings.keys.gate.timeout,
        )
        if not place.is_dir():
            return Release(lacking=f"there was no {settings.name_of(root)} folder")
        code, said, complained = _answered(asked, place)
    commit = since.commit[:10]
    try:
        answer = msgspec.json.decode(said, type=Release)
    except msgspec.DecodeError:
        lines = redact(os.fsdecode(complained)).strip().splitlines()
        reason = f"its process ended with {code}" + (f": {lines[-1]}" if lines else "")
        advice = f"see whether it runs by itself: git worktree add ../before {commit}"
        raise ReleaseBroken(ref=since.ref, commit=commit, reason=reason, advice_text=advice) from None
    if answer.error:
        raise ReleaseBroken(ref=since.ref, commit=commit, reason=answer.error, advice_text=answer.advice)
    return answer


def _answered(asked: _Asked, place: Path) -> tuple[int, bytes, bytes]:
    """How the process ended, and what it wrote to stdout and to stderr."""
    with (
        tempfile.TemporaryFile() as complaints,
        subprocess.Popen(
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            cwd=place,
            start_new_session=True,  # Ctrl-C is ours to hear; it ends when its stdin does
        ) as process,
    ):
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            with contextlib.suppress(BrokenPipeError):
                process.stdin.write(msgspec.json.encode(asked) + b"\n")
                process.stdin.flush()
            said = process.stdout.read()
            code = process.wait()
        except BaseException:
            _end(process)
            raise
        complaints.seek(0)
        return code, said, complaints.read()


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Interrupted it drops its scratch databases; it is killed when it does not listen."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()


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
    url = asked.database
    try:
        metadata = metadata_of(project, look_apart(project, asked.server))
    except (MetadataMissing, MetadataEmpty) as error:
        return Release(lacking=str(error))
    make_collations(url, asked.collations)
    bootstrap(project, url)
    if history.revisions:
        run_plan(project, url, history.revisions, "upgrade")
    return Release(statements_of(metadata, project.driver), tuple(history.by_id))


def _main() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # also where it was ignored: it comes from the other alone
    # What their code prints is no answer, and what it reads no word of ours.
    answers, words = os.dup(1), os.fdopen(os.dup(0), "rb")
    os.dup2(2, 1)
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    asked = msgspec.json.decode(words.readline(), type=_Asked)
    threading.Thread(target=_leave_with_the_other, args=(words, Path(asked.export)), daemon=True).start()
    import_from(Path(asked.export), Path(asked.top))
    try:
        with owned(asked.server), limited(asked.timeout):
            answer = _answer(asked)
    except HeadworksError as error:
        answer = Release(error=str(error), advice=error.advice)
    except KeyboardInterrupt:
        os._exit(ExitCode.INTERRUPTED)
    with os.fdopen(answers, "wb") as stream:
        stream.write(msgspec.json.encode(answer))
    os._exit(0)  # whatever threads their code has begun, the answer is given


def _leave_with_the_other(words: IO[bytes], export: Path) -> None:
    """Whoever asked is gone, and cannot remove the folder itself when it was killed."""
    words.read()
    shutil.rmtree(export.parent, ignore_errors=True)
    os._exit(1)


if __name__ == "__main__":
    _main()
