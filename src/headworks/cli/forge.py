"""The files of findings as a forge knows them: from the top of the repository, which may lie above the project."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from headworks.findings import Finding, Outcome
from headworks.repository import top_of

__all__ = ["FORMATS", "below_the_top"]

FORMATS = frozenset({"github", "sarif", "junit", "markdown"})
"""Those that a forge shows. The others are read where the command ran: their files are the project's."""


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
