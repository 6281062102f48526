"""Findings as people look for them: by revision or file, else by schema and table, with what belongs together."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

import msgspec

from headworks.findings import Finding, ObjectRef, Severity
from headworks.report.message import cause

__all__ = [
    "MARKS", "Branch", "Item", "Leaf", "Mark", "Section", "Tally", "by_hint", "is_row", "label", "mark_of", "sections",
    "tally", "worst",
]  # fmt: skip


class Mark(NamedTuple):
    """A sign for the eye and its word; the signs are those of a diff from what is expected to what is there."""

    sign: str
    word: str
    style: str


_MISSING = Mark("-", "missing", "red")
_UNEXPECTED = Mark("+", "unexpected", "green")
_CHANGED = Mark("~", "changed", "yellow")

MARKS = {
    "missing": _MISSING,
    "unexpected": _UNEXPECTED,
    "changed": _CHANGED,
    "missing-row": _MISSING,
    "extra-row": _UNEXPECTED,
    "changed-row": _CHANGED,
}
"""By the last part of a rule's name."""


def mark_of(one: Finding) -> Mark | None:
    """What is the matter with the object, where the rule says that in a word."""
    return MARKS.get(one.rule.rpartition(".")[2]) if one.object is not None else None


def is_row(one: Finding) -> bool:
    """Whether it is about a row of a table; then its message says which."""
    return one.rule.endswith("-row")


def worst(findings: Iterable[Finding]) -> Severity:
    """The severity that counts."""
    return min((one.severity for one in findings), key=list(Severity).index)


class Item(msgspec.Struct):
    """One object and all that is said of it."""

    object: ObjectRef
    mark: Mark | None
    findings: list[Finding]


class Leaf(msgspec.Struct):
    """A relation, with what lives on it."""

    name: str
    items: list[Item] = msgspec.field(default_factory=list)

    @property
    def findings(self) -> list[Finding]:
        """All of them."""
        return [one for item in self.items for one in item.findings]

    @property
    def is_whole(self) -> bool:
        """Whether the relation itself is missing or unexpected, and nothing else is to be said of it."""
        first = self.items[0]
        found = first.mark is not None and first.mark.word != "changed" and not is_row(first.findings[0])
        return found and len(self.items) == 1 and first.object.table is None


class Branch(msgspec.Struct):
    """A schema, or the database: what lies in it, and its relations. In the order of the findings."""

    schema: str | None
    items: list[Item] = msgspec.field(default_factory=list)
    leaves: dict[str, Leaf] = msgspec.field(default_factory=dict)

    @property
    def title(self) -> str:
        """`schema public`."""
        return "database" if self.schema is None else f"schema {self.schema}"

    @property
    def findings(self) -> list[Finding]:
        """All of them, the relations' last."""
        return [one for _, findings in self.places for one in findings]

    @property
    def places(self) -> Iterator[tuple[str, list[Finding]]]:
        """The schema itself, where something is said of it, then each relation by its full name."""
        if self.items:
            yield self.title, [one for item in self.items for one in item.findings]
        for leaf in self.leaves.values():
            yield ".".join(part for part in (self.schema, leaf.name) if part), leaf.findings


class Section(msgspec.Struct):
    """Findings about no one object, or about one revision or file: in their order, under a title."""

    title: str
    findings: list[Finding] = msgspec.field(default_factory=list)


def sections(findings: Iterable[Finding]) -> list[Section | Branch]:
    """All findings, each in one place; a place stands where its first finding stood."""
    found: dict[tuple[str, str | None], Section | Branch] = {}
    relations: dict[str | None, set[str]] = {}
    placed = list(findings)
    for one in placed:
        if one.object is not None and (name := one.object.table or _table(one.object)):
            relations.setdefault(one.object.schema, set()).add(name)
    for one in placed:
        if one.object is None or (one.revision is not None and one.file is not None):
            key, title = _place(one)
            section = found.setdefault(key, Section(title))
            assert isinstance(section, Section)
            section.findings.append(one)
            continue
        ref = one.object
        branch = found.setdefault(("schema", ref.schema), Branch(ref.schema))
        assert isinstance(branch, Branch)
        name = ref.table or (ref.name if ref.name in relations.get(ref.schema, ()) else None)
        items = branch.items if name is None else branch.leaves.setdefault(name, Leaf(name)).items
        _put(items, one, ref)
    return list(found.values())


def by_hint(findings: Iterable[Finding]) -> Iterator[list[Finding]]:
    """Those next to each other that have a hint in common, beneath the last of which it belongs."""
    return (list(group) for _, group in groupby(findings, key=lambda one: one.hint))


def _table(ref: ObjectRef) -> str | None:
    return ref.name if ref.kind == "table" else None


def _place(one: Finding) -> tuple[tuple[str, str | None], str]:
    where = f"{one.file}:{one.line}" if one.file and one.line else one.file or ""
    if one.revision is not None and one.file is not None:
        return ("revision", f"{one.revision}  {where}"), f"{one.revision}  {where}"
    return (("file", where), where) if where else (("general", None), "in general")


def _put(items: list[Item], one: Finding, ref: ObjectRef) -> None:
    """Several properties of one object are one item; several rows of a table are not.

    Nor are differences of two causes, as of an object that models, migrations and database each have otherwise.
    """
    last = items[-1] if items else None
    if (
        one.rule.endswith(".changed")
        and last is not None
        and last.object == ref
        and last.findings[0].rule == one.rule
        and cause(last.findings[0]) == cause(one)
    ):
        last.findings.append(one)
    else:
        items.append(Item(ref, mark_of(one), [one]))


class Tally(msgspec.Struct, frozen=True):
    """How many are missing, unexpected, changed, and are something else; notes do not count."""

    missing: int = 0
    unexpected: int = 0
    changed: int = 0
    other: int = 0

    def __str__(self) -> str:
        """`1 missing, 2 changed`; empty where nothing is any of these."""
        counts = {"missing": self.missing, "unexpected": self.unexpected, "changed": self.changed}
        said = [f"{count:,} {word}" for word, count in counts.items() if count]
        return ", ".join([*said, f"{self.other:,} more"] if said and self.other else said)


def tally(findings: Iterable[Finding]) -> Tally:
    """Counted by what is the matter."""
    counts = dict.fromkeys(Tally.__struct_fields__, 0)
    for one in findings:
        if one.severity is not Severity.NOTE:
            mark = mark_of(one)
            counts["other" if mark is None else mark.word] += 1
    return Tally(**counts)


def label(ref: ObjectRef) -> str:
    """The object where its schema and table are known: `column total`."""
    return f"{ref.kind} {ref.name}"
