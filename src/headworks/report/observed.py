"""What the gate observed besides findings: locks by table, which tables had rows, the diagram of what changed."""

from collections.abc import Iterable, Mapping

import msgspec

from headworks.findings import Outcome
from headworks.words import plural

__all__ = ["Accepted", "Changed", "Coverage", "Lock", "accepted", "by_table", "changed", "coverage", "locks"]

_MODES = (
    "ACCESS EXCLUSIVE", "EXCLUSIVE", "SHARE ROW EXCLUSIVE", "SHARE", "SHARE UPDATE EXCLUSIVE", "ROW EXCLUSIVE",
    "ROW SHARE", "ACCESS SHARE",
)  # fmt: skip
"""The strongest first (https://www.postgresql.org/docs/current/explicit-locking.html)."""


class Lock(msgspec.Struct, frozen=True, kw_only=True):
    """The strongest lock that a statement took on a relation, and what it did to its rows meanwhile.

    `blocks` are the statements of an application that wait for it. `seconds` is how long it was held.
    """

    revision: str
    relation: str
    mode: str
    statement: str = ""
    direction: str = "upgrade"
    line: int | None = None
    rows: int | None = None
    rewrite: bool = False
    scan: bool = False
    blocks: tuple[str, ...] = ()
    seconds: float | None = None

    @property
    def how(self) -> str:
        """`full rewrite`, `full scan`, or nothing."""
        return "full rewrite" if self.rewrite else "full scan" if self.scan else ""

    @property
    def weight(self) -> tuple[bool, bool, int, int, int]:
        """The less, the worse."""
        rank = _MODES.index(self.mode) if self.mode in _MODES else len(_MODES)
        return (not self.rewrite, not self.scan, -len(self.blocks), rank, -(self.rows or 0))


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """How many tables held rows while the revisions ran. `unfilled` is table, revision and reason."""

    tables: int = 0
    filled: int = 0
    rows: int = 0
    unfilled: tuple[tuple[str, str, str], ...] = ()

    @property
    def said(self) -> str:
        """`data in 34 of 34 tables`."""
        return f"data in {self.filled:,} of {self.tables:,} table{'' if self.tables == 1 else 's'}"


class Accepted(msgspec.Struct, frozen=True, kw_only=True):
    """A finding that its revision's file accepts. `line` is that of the comment."""

    rule: str
    severity: str
    revision: str
    message: str
    file: str = ""
    line: int = 0
    reason: str = ""

    @property
    def why(self) -> str:
        """The reason, or that there is none."""
        return self.reason or "no reason given"


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """The diagram of what the revisions changed: as Mermaid, as SVG, and the tables by what became of them.

    `left_out` counts the tables that changed and are not drawn.
    """

    mermaid: str = ""
    svg: str = ""
    tables: Mapping[str, tuple[str, ...]] = {}
    left_out: int = 0

    @property
    def said(self) -> str:
        """`new: a, b; changed: c`, and how many are not drawn."""
        parts = [f"{word}: {', '.join(names)}" for word, names in self.tables.items() if names]
        if self.left_out:
            more = plural(self.left_out, "more table" if parts else "table")
            parts.append(f"{more} changed, too many to draw")
        return "; ".join(parts)


def locks(outcome: Outcome) -> tuple[Lock, ...]:
    """All that were observed, in the order in which they were taken."""
    return tuple(msgspec.convert(one, Lock, strict=False) for one in outcome.details.get("locks") or ())


def accepted(outcome: Outcome) -> tuple[Accepted, ...]:
    """All that was accepted, in the order of the findings."""
    return tuple(msgspec.convert(one, Accepted, strict=False) for one in outcome.details.get("accepted") or ())


def by_table(found: Iterable[Lock]) -> dict[str, list[Lock]]:
    """The table that is hit worst first; of each table the worst lock first."""
    tables: dict[str, list[Lock]] = {}
    for one in sorted(found, key=lambda one: one.weight):
        tables.setdefault(one.relation, []).append(one)
    return tables


def coverage(outcome: Outcome) -> Coverage | None:
    """`None` when no rows were made."""
    found = outcome.details.get("data")
    if not found:
        return None
    return Coverage(
        tables=found.get("tables", 0),
        filled=found.get("filled", 0),
        rows=found.get("rows", 0),
        unfilled=tuple((one["table"], one.get("revision") or "", one["reason"]) for one in found.get("unfilled") or ()),
    )


def changed(outcome: Outcome) -> Changed | None:
    """`None` when there is no diagram."""
    found = outcome.details
    left_out = found.get("erd_left_out") or 0
    if not found.get("erd") and not found.get("erd_svg") and not left_out:
        return None
    tables = {str(word): tuple(names) for word, names in (found.get("erd_tables") or {}).items()}
    return Changed(mermaid=found.get("erd") or "", svg=found.get("erd_svg") or "", tables=tables, left_out=left_out)
