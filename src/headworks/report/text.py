"""Findings for a person: a tree by schema and table, both values side by side, what to do, and the verdict last."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from headworks.findings import Finding, Outcome, Severity
from headworks.report.beside import beside
from headworks.report.columns import padded, width_of
from headworks.report.remarks import common, remark
from headworks.report.summary import verdict, word
from headworks.report.tree import Branch, Item, Leaf, Mark, Section, is_row, label, sections, tally, worst
from headworks.report.values import lines_of, pairs
from headworks.report.view import View

__all__ = ["render"]

_SCREEN = 24
"""Lines of a tree from which on a table of its tables comes after it."""

_FEW = 20
"""Findings up to which the SQL stands with its object; that of more would hide the tree, and comes after it."""

_LONG = 60
"""Characters of two values from which on a message that holds them is not enough."""

_STYLES = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}


def render(outcome: Outcome, view: View) -> str:
    """Groups of findings, what they have in common, and in the last line the verdict."""
    parts = sections(outcome.findings)
    branches = [part for part in parts if isinstance(part, Branch)]
    few = len(outcome.findings) <= _FEW
    tree = _Tree(view, common(outcome.findings), looks=few)
    lines = [line for part in parts for line in (*tree.part(part), "")]
    long = len(lines) > _SCREEN
    if not few and (looks := list(_looks(outcome.findings, view))):
        lines += [*looks, ""]
    if said := [*tree.legend(), *_hints((one for branch in branches for one in branch.findings), "")]:
        lines += [*said, ""]
    if long and len(counts := list(_counts(branches))) > 1:
        lines += [*_table(counts, view), ""]
    return "\n".join([*lines, _verdict(outcome, view)]) + "\n"


class _Tree:
    """Writes the parts; `agreed` is what the legend says once, `looks` whether the SQL stands with its object."""

    def __init__(self, view: View, agreed: dict[Mark, str], *, looks: bool) -> None:
        self._view = view
        self._agreed = agreed
        self._looks = looks

    def part(self, part: Section | Branch) -> Iterator[str]:
        """One section, or one schema."""
        if isinstance(part, Section):
            yield self._view.paint(part.title, "bold")
            for one in part.findings:
                yield from self._message(one, "  ")
            yield from _hints(part.findings, "    ")
            return
        # A table that is named without its schema stands by itself.
        inner = "  " if part.items or part.schema is not None else ""
        if inner:
            yield self._view.paint(part.title, "bold")
        for item in part.items:
            yield from self._item(item, inner)
        for leaf in part.leaves.values():
            yield from self._leaf(leaf, inner)

    def legend(self) -> Iterator[str]:
        """What all findings of a mark have in common."""
        return (f"{self._sign(mark)}  {text}" for mark, text in self._agreed.items() if text)

    def _leaf(self, leaf: Leaf, indent: str) -> Iterator[str]:
        if leaf.is_whole:
            yield from self._item(leaf.items[0], indent)
            return
        counts = str(tally(leaf.findings))
        yield indent + self._view.paint(leaf.name, "bold") + (f": {counts}" if counts else "")
        for item in leaf.items:
            yield from self._item(item, f"{indent}  ")

    def _item(self, item: Item, indent: str) -> Iterator[str]:
        """An object, what is the matter with it, its values and the SQL that shows it."""
        if item.mark is None:
            for one in item.findings:
                yield from self._message(one, indent)
            return
        row = is_row(item.findings[0])
        severity = "" if (found := worst(item.findings)) is Severity.ERROR else f"({found})"
        what = [" ".join(filter(None, ("" if row else label(item.object), severity)))]
        if item.mark not in self._agreed or row:
            what += dict.fromkeys(map(remark, item.findings))
        first, *more = ": ".join(filter(None, what)).split("\n")
        file = next((f"  {one.file}:{one.line}" for one in item.findings if one.file and one.line), "")
        yield f"{indent}{self._sign(item.mark)}  {first}{file}"
        yield from (f"{indent}              {line}" for line in more)
        # What a message says of a row is all that there is to say, unless its values are long.
        values = [pair for one in item.findings for pair in pairs(one) if not row or _long(one)]
        yield from beside(values, f"{indent}    ", self._view)
        yield from self._look(item.findings, f"{indent}    ")

    def _message(self, one: Finding, indent: str) -> Iterator[str]:
        """A finding in its own words."""
        first, *more = one.message.split("\n")
        yield f"{indent}{self._view.paint(f'{one.severity:<7}', _STYLES[one.severity])} {one.rule}: {first}"
        under = f"{indent}        "
        yield from (f"{under}{line}" for line in more)
        if _long(one):
            yield from beside(list(pairs(one)), under, self._view)
        yield from self._look([one], under)

    def _look(self, findings: Iterable[Finding], indent: str) -> Iterator[str]:
        if self._looks:
            for sql in dict.fromkeys(one.sql for one in findings if one.sql):
                yield from (
                    f"{indent}{self._view.paint(f'{word}{line}', 'dim')}"
                    for word, line in zip(("look: ", *["      "] * sql.count("\n")), sql.split("\n"), strict=True)
                )

    def _sign(self, mark: Mark) -> str:
        return self._view.paint(f"{mark.sign} {mark.word:<10}", mark.style)


def _verdict(outcome: Outcome, view: View) -> str:
    said = word(outcome, strict=view.strict)
    rest = verdict(outcome, strict=view.strict).removeprefix(f"{outcome.command}: {said}")
    return f"{outcome.command}: {view.paint(said, 'green' if said == 'ok' else 'red')}{rest}"


def _long(one: Finding) -> bool:
    return (
        (one.attribute is None and one.object is None)
        or len(f"{one.expected}{one.actual}") > _LONG
        or any(len(lines_of(value)) > 1 for value in (one.expected, one.actual) if isinstance(value, str))
    )


def _looks(findings: Iterable[Finding], view: View) -> Iterator[str]:
    """A script for psql that shows all objects."""
    found = {one.sql: one.object for one in findings if one.sql}
    if found:
        yield view.paint("look:", "bold")
    for sql, ref in found.items():
        yield view.paint(f"  -- {ref}" if ref is not None else "  --", "dim")
        yield from (view.paint(f"  {line}", "dim") for line in f"{sql.rstrip(';')};".split("\n"))


def _hints(findings: Iterable[Finding], indent: str) -> Iterator[str]:
    """Each once."""
    yield from dict.fromkeys(f"{indent}hint: {one.hint}" for one in findings if one.hint)


def _counts(branches: Iterable[Branch]) -> Iterator[tuple[str, Sequence[Finding]]]:
    for branch in branches:
        for name, findings in branch.places:
            yield f"({name})" if name == branch.title else name, findings


def _table(counts: Sequence[tuple[str, Sequence[Finding]]], view: View) -> Iterator[str]:
    """Which tables, and how much of what: as `git diff --stat`."""
    rows = [(name, msgspec.structs.asdict(tally(findings))) for name, findings in counts]
    words = [name for name in rows[0][1] if any(found[name] for _, found in rows)]
    widest = max(width_of(name) for name, _ in rows)
    yield view.paint(" " * widest + "".join(f"{name:>12}" for name in words), "dim")
    for name, found in rows:
        cells = (f"{found[one]:,}" if found[one] else "" for one in words)
        yield (padded(name, widest) + "".join(f"{cell:>12}" for cell in cells)).rstrip()
