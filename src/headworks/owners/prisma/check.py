"""A Prisma schema checked against a picture, and brought up to date with it."""

import time
from dataclasses import dataclass
from pathlib import Path

from headworks.findings import Finding, Outcome
from headworks.owners.prisma.changes import Difference, Edit
from headworks.owners.prisma.compare import Owned, compare
from headworks.owners.prisma.edit import edited
from headworks.owners.prisma.errors import FileMissing, FileUnreadable, FileUnwritable, NotClean, NotPostgres
from headworks.owners.prisma.findings import finding_of, invalid, syntax
from headworks.owners.prisma.meaning import Problem, understand
from headworks.owners.prisma.parser import parse
from headworks.owners.prisma.scratch import scratch
from headworks.owners.prisma.tree import Document, Text
from headworks.postgres.shadow import Shadow
from headworks.schema import Schema

__all__ = ["check", "write"]

_PASSES = 4
"""How often the text is compared and edited at most: a new type can show another default only when it is there."""


@dataclass(frozen=True)
class _Compared:
    """A text and all that is to say of it."""

    document: Document
    findings: tuple[Finding, ...]
    edits: tuple[Edit, ...] = ()
    models: int = 0


def check(file: Path, picture: Schema, shadow: Shadow, owned: Owned, *, live: bool, name: str | None = None) -> Outcome:
    """Where the file and the picture disagree, by line. `name` is what the file is called; `live` whether the picture
    is of the live database. The file is made into a database on the shadow.

    Raises `FileMissing`, `FileUnreadable` or `NotPostgres`.
    """
    began = time.monotonic()
    found = _compared(_read(file), name or str(file), picture, shadow, owned, live=live)
    return _outcome(found, began)


def write(
    file: Path, picture: Schema, shadow: Shadow, owned: Owned, *, live: bool, name: str | None = None
) -> tuple[Outcome, bool]:
    """Bring the file up to date with the picture, but for what Prisma owns; what is left to say, and whether it was
    written. Nothing is written where nothing has to change, or what would be written would not agree.

    Raises also `FileUnwritable` and `NotClean`.
    """
    began = time.monotonic()
    before = text = _read(file)
    called = name or str(file)
    found = _compared(text, called, picture, shadow, owned, live=live)
    for _ in range(_PASSES):
        if not found.edits:
            break
        text = edited(found.document, found.edits)
        found = _compared(text, called, picture, shadow, owned, live=live)
    wrong = next((one for one in found.findings if one.rule == "owners.prisma-syntax"), None)
    if text != before and (found.edits or wrong is not None):
        reason = wrong or next(iter(found.findings))
        raise NotClean(file=called, reason=f"line {reason.line}: {reason.message}")
    if text != before:
        _save(file, text)
    return _outcome(found, began), text != before


def _compared(text: str, name: str, picture: Schema, shadow: Shadow, owned: Owned, *, live: bool) -> _Compared:
    document, errors = parse(text, name)
    if errors:
        return _Compared(document, tuple(syntax(one) for one in errors))
    _check_provider(document)
    meaning = understand(document)
    with scratch(shadow.url) as database:
        realised, refused = database.realise(meaning, picture)
        differences = compare(meaning, realised, picture, database, owned)
    problems: list[Problem] = [*meaning.problems, *refused]
    ordered: list[tuple[int, Finding]] = [(one.node.start, invalid(document, one)) for one in problems]
    ordered += [(one.node.start, finding_of(one, document, owned, live=live)) for one in differences]
    findings = tuple(one for _, one in sorted(ordered, key=lambda pair: pair[0]))
    return _Compared(document, findings, _edits(differences, owned), len(meaning.models))


def _edits(differences: list[Difference], owned: Owned) -> tuple[Edit, ...]:
    """What brings the file to the database, in tables that are not Prisma's."""
    return tuple(edit for one in differences if one.table is None or not owned(*one.table) for edit in one.edits)


def _outcome(found: _Compared, began: float) -> Outcome:
    seconds = round(time.monotonic() - began, 2)
    return Outcome.of("owners", found.findings, models=found.models, seconds=seconds)


def _check_provider(document: Document) -> None:
    for block in document.of("datasource"):
        entry = block.entry("provider")
        if entry is not None and isinstance(entry.value, Text):
            if entry.value.value in ("postgresql", "postgres"):
                continue
            raise NotPostgres(file=document.file, line=document.line(entry), provider=entry.value.value)


def _read(file: Path) -> str:
    try:
        # As it stands: Windows' line ends are to stay what they are.
        return file.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise FileMissing(file=file) from None
    except OSError as error:
        raise FileUnreadable(file=file, reason=error.strerror) from None
    except UnicodeDecodeError as error:
        raise FileUnreadable(file=file, reason=f"byte {error.start} is not UTF-8") from None


def _save(file: Path, text: str) -> None:
    beside = file.with_name(f".{file.name}.new")
    try:
        beside.write_bytes(text.encode("utf-8"))
        beside.replace(file)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise FileUnwritable(file=file, reason=error.strerror) from None
