"""Where a forge looks for a file: below the top of the repository, and not of the project, which may lie deeper."""

import os
from collections.abc import Callable
from pathlib import Path

import msgspec

from headworks.findings import Finding, Outcome

__all__ = ["FORMATS", "below_the_top", "top_of"]

FORMATS = frozenset({"github", "sarif", "junit", "markdown"})
"""Those that a forge shows. The others are read where the command ran: their files are the project's."""


def top_of(folder: Path) -> Path | None:
    """The top of the repository around a folder; `None` where there is none.

    git itself is not asked: in a container it is often missing, or refuses a checkout of another user. Without a
    checkout of git's it is `$GITHUB_WORKSPACE`, into which `actions/checkout` downloads the files where it finds no
    git (https://github.com/actions/checkout#readme).
    """
    inside = folder.resolve()
    for place in (inside, *inside.parents):
        if (place / ".git").exists():  # a file in a worktree and in a submodule
            return place
    named = os.environ.get("GITHUB_WORKSPACE")
    workspace = Path(named).resolve() if named else None
    return workspace if workspace is not None and inside.is_relative_to(workspace) else None


def below_the_top(outcome: Outcome, root: Path) -> Outcome:
    """The outcome with each file as the forge knows it; `root` is the folder of the project that they are named from.

    What lies outside of the repository keeps its name.
    """
    top = top_of(root)
    if top is None:
        return outcome

    def named(file: str) -> str:
        here, there = root.resolve() / file, Path.cwd() / file
        # What a command line names, an ERD say, is named from where it was typed.
        place = (there if there.exists() and not here.exists() else here).resolve()
        return place.relative_to(top).as_posix() if place.is_relative_to(top) else file

    details = outcome.details
    if isinstance(listed := details.get("revisions"), list):
        details = details | {
            "revisions": [one | {"file": named(one["file"])} if one.get("file") else one for one in listed]
        }
    findings = tuple(_moved(one, named) for one in outcome.findings)
    return msgspec.structs.replace(outcome, findings=findings, details=details)


def _moved(one: Finding, named: Callable[[str], str]) -> Finding:
    return msgspec.structs.replace(one, file=named(one.file)) if one.file else one
