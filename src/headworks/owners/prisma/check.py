"""A Prisma schema checked against a picture, and brought up to date with it."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from headworks.findings import Finding, Outcome
from headworks.owners.prisma.changes import Difference, Edit
from headworks.owners.prisma.compare import Owned, compare
from headworks.owners.prisma.datasource import check_provider, schema_named
from headworks.owners.prisma.edit import edited
from headworks.owners.prisma.errors import NotClean
from headworks.owners.prisma.files import SchemaFile, read, save
from headworks.owners.prisma.findings import finding_of, invalid, syntax
from headworks.owners.prisma.meaning import Problem, understand
from headworks.owners.prisma.parser import parse_files
from headworks.owners.prisma.scratch import scratch
from headworks.owners.prisma.tree import Document
from headworks.postgres.shadow import Shadow
from headworks.schema import Schema

__all__ = ["Against", "check", "write"]

_PASSES = 4
"""How often the text is compared and edited at most: a new type can show another default only when it is there."""


@dataclass(frozen=True, kw_only=True)
class Against:
    """What a Prisma schema is held against: a picture, and who owns which of its tables.

    `live` is whether the picture is of the live database. `schema` is where models are that do not say so; else the
    datasource's url says it. Prisma's file is made into a database on the `shadow`.
    """

    picture: Schema
    shadow: Shadow
    owned: Owned
    live: bool
    schema: str | None = None


@dataclass(frozen=True)
class _Compared:
    """A text and all that is to say of it."""

    document: Document
    findings: tuple[Finding, ...]
    edits: tuple[Edit, ...] = ()
    models: int = 0


def check(place: Path, against: Against, *, name: str | None = None) -> Outcome:
    """Where the file, or the folder of files, and the picture disagree, by line. `name` is what the place is called.

    Raises `FileMissing`, `FolderEmpty`, `FileUnreadable` or `NotPostgres`.
    """
    began = time.monotonic()
    found = _compared(read(place, name or str(place)), against)
    return _outcome(found, began)


def write(place: Path, against: Against, *, name: str | None = None) -> tuple[Outcome, tuple[str, ...]]:
    """Bring the file, or the files of a folder, up to date with the picture, but for what Prisma owns; what is left to
    say, and the names of the files that were written. Nothing is written where nothing has to change, or what would be
    written would not agree.

    Raises also `FileUnwritable` and `NotClean`.
    """
    began = time.monotonic()
    before = files = read(place, name or str(place))
    found = _compared(files, against)
    wrong_before = _wrong(found)
    for _ in range(_PASSES):
        if not found.edits:
            break
        texts = edited(found.document, found.edits)
        files = tuple(replace(one, text=text) for one, text in zip(files, texts, strict=True))
        found = _compared(files, against)
    changed = [one for one in files if one not in before]
    wrong = _wrong(found)
    if changed and (found.edits or len(wrong) > len(wrong_before)):
        known = {one.message for one in wrong_before}
        reason = next((one for one in wrong if one.message not in known), found.findings[0])
        raise NotClean(file=reason.file, reason=f"line {reason.line}: {reason.message}")
    save(changed)
    return _outcome(found, began), tuple(one.name for one in changed)


def _wrong(found: _Compared) -> list[Finding]:
    """The lines that nobody can have, of which there may not be more after the file is written."""
    return [one for one in found.findings if one.rule in ("owners.prisma-syntax", "owners.prisma-invalid")]


def _compared(files: Iterable[SchemaFile], against: Against) -> _Compared:
    document, errors = parse_files((one.name, one.text) for one in files)
    if errors:
        return _Compared(document, tuple(syntax(one) for one in errors))
    check_provider(document)
    meaning = understand(document, against.schema or schema_named(document) or "public")
    with scratch(against.shadow.url) as database:
        realised, refused = database.realise(meaning, against.picture)
        differences = compare(meaning, realised, against.picture, database, against.owned)
    problems: list[Problem] = [*meaning.problems, *refused]
    ordered: list[tuple[int, Finding]] = [(one.node.start, invalid(document, one)) for one in problems]
    ordered += [(one.node.start, finding_of(one, document, against.owned, live=against.live)) for one in differences]
    findings = tuple(one for _, one in sorted(ordered, key=lambda pair: pair[0]))
    return _Compared(document, findings, _edits(differences, against.owned), len(meaning.models))


def _edits(differences: list[Difference], owned: Owned) -> tuple[Edit, ...]:
    """What brings the file to the database, in tables that are not Prisma's."""
    return tuple(edit for one in differences if one.table is None or not owned(*one.table) for edit in one.edits)


def _outcome(found: _Compared, began: float) -> Outcome:
    seconds = round(time.monotonic() - began, 2)
    return Outcome.of("owners", found.findings, models=found.models, seconds=seconds)
