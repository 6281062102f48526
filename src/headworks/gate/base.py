"""The base: what lies below the first revision that is looked at, run once and copied for each scratch database.

On a throw-away server the whole cluster is kept as well, under a fingerprint of these revisions, of the server, and of
every file that was read while they ran: the next gate with the same base does not run them at all. A copy of the
cluster, not a dump: roles and other things outside of the database are in it, too.
"""

import ast
import contextlib
import secrets
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

import msgspec

from headworks._version import __version__
from headworks.migrations.errors import RevisionFailed
from headworks.migrations.history import Revision
from headworks.migrations.inputs import Input, observed, unchanged
from headworks.migrations.project import Project
from headworks.migrations.realise import bootstrap, is_bare, run_plan
from headworks.postgres.apart import at_work
from headworks.postgres.connect import connect
from headworks.postgres.databases import create_database, drop_database
from headworks.postgres.shadow import Shadow
from headworks.postgres.templates import Copies
from headworks.postgres.url import DatabaseUrl

__all__ = ["Base", "base_of"]

_KEPT = "headworks_base"
"""The database's name in clusters that are kept."""


@dataclass(frozen=True)
class Base:
    """`revisions`, the first ones of the history, have been run in the database `url`, to which nobody connects."""

    revisions: tuple[Revision, ...]
    url: DatabaseUrl


@contextlib.contextmanager
def base_of(project: Project, shadow: Shadow, chosen: frozenset[str]) -> Iterator[Base | None]:
    """The base of these revisions, for the `with` block; `None` where there is none, or it does not run in one go.

    To be asked for before the shadow server is used for anything else: it may be started as a copy of an earlier one.
    """
    revisions = tuple(takewhile(lambda one: one.id not in chosen, project.history.revisions))
    if not revisions or not chosen:
        yield None
        return
    kept = _Kept(project, shadow, revisions)
    if kept.begun():
        if (apart := at_work()) is not None:
            with connect(shadow.url) as admin:
                apart.adopt(admin, _KEPT, (*shadow.live.roles, *shadow.live.tablespaces))
        yield Base(revisions, shadow.url.with_database(_KEPT))
        return
    url = shadow.url.with_database(_KEPT if kept.possible else f"{_KEPT}_{secrets.token_hex(4)}")
    create_database(url)
    try:
        with observed(project.settings.root.resolve(), _files(project, revisions)) as read:
            bootstrap(project, url)
            bare = is_bare(url)
            try:
                run_plan(project, url, revisions, "upgrade")
            except RevisionFailed:
                made = None  # the walk runs them one by one, and says what fails
            else:
                made = Base(revisions, url)
        if made is not None:
            kept.keep(read if not bare or _import(project, revisions) else _without_models(project, revisions, read))
        yield made
    finally:
        drop_database(url)


def _files(project: Project, revisions: Iterable[Revision]) -> list[Path]:
    """Those that Alembic loads, which are not among Python's modules."""
    env = Path(project.script.env_py_location)
    return [project.file.resolve(), env.resolve(), *(one.path.resolve() for one in revisions)]


def _import(project: Project, revisions: Iterable[Revision]) -> bool:
    """Whether one of them says `import` of a module that is the project's own, at its top or in a function."""
    own = {name for name, module in list(sys.modules.items()) if _is_own(project, getattr(module, "__file__", None))}
    for revision in revisions:
        for node in ast.walk(ast.parse(revision.path.read_bytes())):
            if isinstance(node, ast.ImportFrom) and (node.level or own & _named(node.module or "")):
                return True
            if isinstance(node, ast.Import) and any(own & _named(one.name) for one in node.names):
                return True
    return False


def _named(dotted: str) -> set[str]:
    return {dotted, dotted.partition(".")[0]}


def _without_models(project: Project, revisions: Iterable[Revision], read: list[Input]) -> list[Input]:
    """What env.py imports for autogenerate decides nothing where no revision imports it.

    Without this every change of the models would cost a new base, and there is one in nearly every change that brings a
    revision.
    """
    kept = set(map(str, _files(project, revisions)))
    modules = {
        str(Path(file).resolve())
        for module in list(sys.modules.values())
        if _is_own(project, file := getattr(module, "__file__", None)) and file
    }
    return [one for one in read if one.path in kept or str(Path(one.path).resolve()) not in modules]


def _is_own(project: Project, file: str | None) -> bool:
    return (
        file is not None
        and Path(file).resolve().is_relative_to(project.settings.root.resolve())
        and "site-packages" not in Path(file).parts
    )


class _Kept:
    """The kept cluster of one base."""

    def __init__(self, project: Project, shadow: Shadow, revisions: tuple[Revision, ...]) -> None:
        self._root = project.settings.root
        self._shadow = shadow
        self.possible = shadow.copies is not None
        parts = [__version__, str(self._root), repr(shadow.live), *(one.id for one in revisions)]
        self._key = Copies.key(*parts)

    def begun(self) -> bool:
        """Whether the shadow server starts as a copy of it."""
        copies = self._shadow.copies
        if copies is None or (found := copies.find(self._key)) is None:
            return False
        try:
            inputs = msgspec.msgpack.decode(found.note, type=list[Input])
        except msgspec.DecodeError:
            return False
        return bool(inputs) and unchanged(inputs, self._root) and self._shadow.begin_as(found)

    def keep(self, read: list[Input]) -> None:
        """Keep the server as it is now; not when nobody can tell what its revisions depend on."""
        if self._shadow.copies is not None and read:
            self._shadow.keep_as(self._key, msgspec.msgpack.encode(read))
