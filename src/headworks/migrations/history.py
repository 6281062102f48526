"""The revision graph as a value: revisions in an order that upgrades, each in its domain."""

import re
import shlex
import traceback
import warnings
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

import msgspec
from alembic.script import Script, ScriptDirectory
from alembic.script.revision import RevisionError
from alembic.util import CommandError

from headworks.config import Settings
from headworks.migrations.errors import HistoryBroken, RevisionFileBroken, SeveralHeads, UnknownDomain, UnknownRow

__all__ = ["DEFAULT_DOMAIN", "History", "Revision", "load_history"]

DEFAULT_DOMAIN = "default"
"""The domain of revisions that have neither a branch label nor a folder of their own."""


class Revision(msgspec.Struct, frozen=True):
    """One revision. `down` and `depends_on` are full ids; `file` is relative to the project where it can be."""

    id: str
    down: tuple[str, ...]
    depends_on: tuple[str, ...]
    domain: str
    doc: str
    file: str
    path: Path

    @property
    def needs(self) -> tuple[str, ...]:
        """What must be there before it."""
        return tuple(dict.fromkeys((*self.down, *self.depends_on)))


class History(msgspec.Struct, frozen=True, dict=True):
    """All revisions, parents and dependencies first."""

    revisions: tuple[Revision, ...]
    folder: str

    @cached_property
    def by_id(self) -> dict[str, Revision]:
        """Revisions by id."""
        return {revision.id: revision for revision in self.revisions}

    @cached_property
    def domains(self) -> tuple[str, ...]:
        """The domains, in the order in which they begin."""
        return tuple(dict.fromkeys(revision.domain for revision in self.revisions))

    def of_domain(self, domain: str) -> tuple[Revision, ...]:
        """A domain's revisions, in order. Raises `UnknownDomain`."""
        if domain not in self.domains:
            raise UnknownDomain(domain=domain, known=", ".join(self.domains) or "none yet")
        return tuple(revision for revision in self.revisions if revision.domain == domain)

    def heads(self, domain: str) -> tuple[str, ...]:
        """The revisions of a domain on which no other of the domain is built."""
        own = self.of_domain(domain)
        below = {down for revision in own for down in revision.down}
        return tuple(revision.id for revision in own if revision.id not in below)

    def head(self, domain: str) -> str:
        """The one head of a domain. Raises `SeveralHeads`."""
        heads = self.heads(domain)
        if len(heads) > 1:
            files = ", ".join(f"{head} ({self.by_id[head].file})" for head in heads)
            raise SeveralHeads(domain=domain, count=len(heads), heads=files)
        return heads[0]

    def applied(self, rows: Iterable[str]) -> frozenset[str]:
        """All revisions that a database with these version rows has run: the rows and all below them.

        Raises `UnknownRow` for a row that the history does not know.
        """
        found: set[str] = set()
        todo = list(rows)
        while todo:
            row = todo.pop()
            if row in found:
                continue
            if row not in self.by_id:
                raise UnknownRow(row=row, folder=self.folder)
            found.add(row)
            todo.extend(self.by_id[row].needs)
        return frozenset(found)

    def current(self, domain: str, applied: frozenset[str]) -> tuple[str, ...]:
        """The topmost applied revisions of a domain; none when it is at its base."""
        own = [revision for revision in self.of_domain(domain) if revision.id in applied]
        below = {down for revision in own for down in revision.down}
        return tuple(revision.id for revision in own if revision.id not in below)


def load_history(script: ScriptDirectory, settings: Settings, again: str) -> History:
    """Read every revision; `again` is a command line that reads them, too.

    Raises `RevisionFileBroken` (with file and line) or `HistoryBroken`.
    """
    try:
        with warnings.catch_warnings():
            # Alembic only warns, and goes on with one of two files, or without a parent.
            warnings.filterwarnings("error", r"Revision .* (is present more than once|referenced from .*)", UserWarning)
            scripts = list(script.walk_revisions())
    except (RevisionError, CommandError) as error:
        raise HistoryBroken(reason=error) from None
    except UserWarning as warning:
        raise HistoryBroken(reason=f"{warning}{_files_of(str(warning), script, settings)}") from None
    except KeyError as error:
        raise HistoryBroken(reason=f"a revision names {error}, and there is none of that id") from None
    except (Exception, SystemExit) as error:  # whatever a revision's module does when it is imported
        raise _broken_file(error, script, settings, again) from error
    locations = [Path(place).resolve() for place in script._version_locations]
    revisions = [_revision(found, locations, settings) for found in scripts]
    folder = settings.name_of(locations[0].parent if len(locations) > 1 else locations[0]) if locations else script.dir
    return History(_in_order(revisions), folder)


def _files_of(warning: str, script: ScriptDirectory, settings: Settings) -> str:
    """Which files hold the revision that is there twice."""
    found = re.fullmatch(r"Revision (.*) is present more than once", warning)
    same = [Path(one.path) for one in script._load_revisions() if found and one.revision == found[1]]
    return f": {', '.join(sorted(settings.name_of(path) for path in same))}" if same else ""


def _revision(script: Script, locations: list[Path], settings: Settings) -> Revision:
    path = Path(script.path)
    depends_on = script._resolved_dependencies
    down = script._versioned_down_revisions
    return Revision(
        id=script.revision,
        down=tuple(down),
        depends_on=tuple(depends_on),
        domain=_domain(script, path, locations),
        doc=" ".join((script.doc or "").split()),
        file=settings.name_of(path),
        path=path,
    )


def _domain(script: Script, path: Path, locations: list[Path]) -> str:
    # One published project has the label "None", by str(None) in its template.
    labels = sorted(label for label in script.branch_labels if label and label != "None")
    folder = path.resolve().parent
    if folder.name in labels:
        return folder.name
    if labels:
        return labels[0]
    shared = len(locations) > 1 or folder not in locations
    return folder.name if shared and folder.name != "versions" else DEFAULT_DOMAIN


def _in_order(revisions: list[Revision]) -> tuple[Revision, ...]:
    """Parents and dependencies first; between free choices, domain by domain in the order of ids."""
    todo = {revision.id: revision for revision in sorted(revisions, key=lambda revision: revision.id)}
    done: dict[str, Revision] = {}

    def place(first: Revision) -> None:
        stack = [first]
        while stack:
            revision = stack[-1]
            missing = [todo[need] for need in revision.needs if need in todo and need not in done]
            if missing:
                stack.extend(reversed(missing))
            else:
                done.setdefault(revision.id, revision)
                stack.pop()

    for revision in todo.values():
        place(revision)
    return tuple(done.values())


def _broken_file(error: BaseException, script: ScriptDirectory, settings: Settings, again: str) -> RevisionFileBroken:
    if isinstance(error, SyntaxError) and error.filename:
        name = settings.name_of(Path(error.filename))
        advice = f"mend that line; {shlex.join(['python', '-m', 'py_compile', name])} checks it alone"
        return RevisionFileBroken(file=name, line=error.lineno or 0, reason=error.msg, advice_text=advice)
    frames = [one for one in traceback.extract_tb(error.__traceback__) if not one.filename.startswith("<")]
    # The revision's own line first: what it imports may lie anywhere, and so may it, in an installed package.
    places = [str(Path(place).resolve()) for place in script._version_locations]
    own = [one for one in frames if str(Path(one.filename).resolve()).startswith(tuple(places))]
    last = (own or [one for one in frames if "site-packages" not in one.filename] or frames)[-1]
    reason = f"{type(error).__name__}: {error}"
    # To compile it would not run it.
    advice = f"mend that line, or what it comes to; {again} imports all revisions, too"
    if isinstance(error, ModuleNotFoundError) and error.name:
        bring = f"install what brings the module {error.name!r}, or set prepend_sys_path in the Alembic configuration"
        advice = f"{bring}; {again} imports all revisions, too"
    name = settings.name_of(Path(last.filename))
    return RevisionFileBroken(file=name, line=last.lineno or 0, reason=reason, advice_text=advice)
