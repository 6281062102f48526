"""The manifest: merged revisions and what each of them does, so that history is only ever added to.

One file a domain in `manifest/` beside env.py, one line a revision: its id and its fingerprint. Pull requests that
touch different domains write different files; lines are sorted by id, so that two of one domain seldom meet.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from headworks.errors import HeadworksError, UsageError
from headworks.findings import Finding, Severity
from headworks.gate.fingerprint import fingerprint
from headworks.gate.since import Since
from headworks.migrations.history import Revision
from headworks.migrations.plan import closure
from headworks.migrations.project import Project

__all__ = ["ManifestBroken", "ManifestRefused", "history_changed", "unrecorded", "write_manifest"]

_RULE = "gate.history-changed"
_WRITE = "headworks history --write-manifest"
_HEAD = f"# Merged revisions, and a hash of what each does. `{_WRITE}` adds what is missing.\n"


class ManifestBroken(UsageError):
    """{file}, line {line}: {reason}"""

    hint = "a line is a revision's id, a space and sha256:...; restore the file with git checkout {file}"


class ManifestRefused(HeadworksError):
    """{file}, line {line}: {revision} {reason}; nothing was written"""

    hint = "take the change back; if it is meant, remove that line and write the manifest again"


class _Line(NamedTuple):
    revision: str
    hash: str
    file: Path
    number: int


def history_changed(project: Project, since: Since | None = None) -> Iterator[Finding]:
    """`gate.history-changed`: a recorded revision was edited or removed, or a new one was put below it.

    With no manifest there is nothing to say. With `since`, a line of it that is not what it was there is a warning:
    somebody meant it.
    """
    lines = _read(project)
    history = project.history
    recorded = {line.revision for line in lines}
    for line in lines:
        where = f"recorded in {_name(project, line.file)}, line {line.number}"
        revision = history.by_id.get(line.revision)
        if revision is None:
            yield _finding(
                line.revision,
                _name(project, line.file),
                line.number,
                f"{line.revision} is {where}, and is no longer in the history",
                "bring its file back; databases that have run it stop at it",
            )
        elif _hash(revision) != line.hash:
            yield _finding(
                revision.id,
                revision.file,
                1,
                f"{revision.id} has been edited since it was merged ({where}): databases that have run it will not "
                "run it again",
                f"take the edit back (git log -p -- {revision.file}), and write a new revision",
            )
    for revision, above in _inserted(project, recorded):
        yield _finding(
            revision.id,
            revision.file,
            1,
            f"{revision.id} has been inserted below {above}, which is merged: databases that have run {above} will "
            "not run it",
            f"put it above the heads: headworks revision --domain {revision.domain} writes one there",
        )
    if since is not None:
        yield from _rewritten(project, since, lines)


def unrecorded(project: Project) -> tuple[Revision, ...] | None:
    """The revisions that the manifest does not have yet; `None` where there is no manifest."""
    lines = _read(project)
    if not lines and not _folder(project).is_dir():
        return None
    recorded = {line.revision for line in lines}
    return tuple(one for one in project.history.revisions if one.id not in recorded)


def write_manifest(project: Project, since: Since | None = None) -> tuple[Path, ...]:
    """Add what is missing; the files that were written. What stands there stays.

    With `since`, the lines that were not there yet are written anew: those of revisions that are still being worked on.
    Raises `ManifestRefused` for a recorded revision that is no longer what was recorded.
    """
    lines = _read(project)
    if since is not None:
        merged = {line.revision for line in _read_at(project, since)}
        lines = [line for line in lines if line.revision in merged]
    history = project.history
    for line in lines:
        revision = history.by_id.get(line.revision)
        if revision is None or _hash(revision) != line.hash:
            reason = "is no longer in the history" if revision is None else "is not what was recorded of it"
            file = _name(project, line.file)
            raise ManifestRefused(file=file, line=line.number, revision=line.revision, reason=reason)
    kept = {line.revision for line in lines}
    content: dict[Path, dict[str, str]] = {file: {} for file in _files(project)}
    for line in lines:
        content.setdefault(line.file, {})[line.revision] = line.hash
    for revision in history.revisions:
        if revision.id not in kept:
            content.setdefault(_file(project, revision.domain), {})[revision.id] = _hash(revision)
    return tuple(file for file, entries in sorted(content.items()) if _wrote(file, entries))


def _wrote(file: Path, entries: dict[str, str]) -> bool:
    """Write the file of a domain, or remove it when nothing is left in it; whether that changed anything."""
    if not entries:
        file.unlink(missing_ok=True)
        return True
    text = _HEAD + "".join(f"{name} {entries[name]}\n" for name in sorted(entries))
    if file.is_file() and file.read_text(encoding="utf-8") == text:
        return False
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return True


def _inserted(project: Project, recorded: set[str]) -> Iterator[tuple[Revision, str]]:
    """The revisions that are not recorded and that a recorded one needs, with the first such one."""
    history = project.history
    done: set[str] = set()
    for revision in history.revisions:
        if revision.id in recorded:
            below = closure(history, [revision.id]) - recorded - done
            done |= below
            for one in history.revisions:
                if one.id in below:
                    yield one, revision.id


def _rewritten(project: Project, since: Since, lines: Iterable[_Line]) -> Iterator[Finding]:
    now = {(line.revision, line.hash) for line in lines}
    for line in _read_at(project, since):
        if (line.revision, line.hash) not in now:
            revision = project.history.by_id.get(line.revision)
            yield _finding(
                line.revision,
                revision.file if revision else _name(project, line.file),
                1,
                f"the manifest no longer says of {line.revision} what it says at {since.ref}: a merged revision was "
                "rewritten on purpose",
                f"if it was not: git checkout {since.ref} -- {_name(project, line.file)}",
                Severity.WARNING,
            )


def _finding(
    revision: str, file: str, line: int, message: str, hint: str, severity: Severity = Severity.ERROR
) -> Finding:
    return Finding(rule=_RULE, severity=severity, revision=revision, file=file, line=line, message=message, hint=hint)


def _read(project: Project) -> list[_Line]:
    return [line for file in _files(project) for line in _lines(project, file, _text(project, file))]


def _files(project: Project) -> list[Path]:
    return sorted(_folder(project).glob("*.txt"))  # nothing, where there is no such folder


def _read_at(project: Project, since: Since) -> list[_Line]:
    found: list[_Line] = []
    for file in since.repository.files_at(since.commit, _folder(project)):
        if file.suffix == ".txt" and (text := since.repository.text_at(since.commit, file)) is not None:
            found += _lines(project, file, text)
    return found


def _text(project: Project, file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ManifestBroken(file=_name(project, file), line=1, reason=error) from None


def _lines(project: Project, file: Path, text: str) -> Iterator[_Line]:
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("# "):
            continue
        name, space, found = line.strip().rpartition(" ")
        if not space or not found.startswith("sha256:"):
            raise ManifestBroken(file=_name(project, file), line=number, reason=f"this is no entry: {line[:60]}")
        yield _Line(name.strip(), found, file, number)


def _hash(revision: Revision) -> str:
    return fingerprint(revision.path.read_bytes())


def _folder(project: Project) -> Path:
    return Path(project.script.dir) / "manifest"


def _file(project: Project, domain: str) -> Path:
    # A label may be any text; a file's name may not.
    return _folder(project) / f"{quote(domain, safe=' ')}.txt"


def _name(project: Project, file: Path) -> str:
    return project.settings.name_of(file)
