"""What a text says of findings: a message in its own words, an object with its values, the SQL that shows it."""

from collections.abc import Iterable, Iterator

from headworks.findings import Finding, Severity
from headworks.report.beside import beside
from headworks.report.remarks import remark
from headworks.report.tree import Branch, Item, Leaf, Mark, Section, by_hint, is_row, label, tally, worst
from headworks.report.values import lines_of, pairs
from headworks.report.view import View

__all__ = ["STYLES", "Writer", "hints"]

_LONG = 60
"""Characters of two values from which on a message that holds them is not enough."""

STYLES = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
"""How a severity is painted."""


class Writer:
    """Writes the parts; `agreed` is what the legend says once, `looks` whether the SQL stands with its object.

    The hints `beneath` stand under the findings in their own words that have them.
    """

    def __init__(
        self, view: View, agreed: dict[Mark, str], *, looks: bool, beneath: frozenset[str] = frozenset()
    ) -> None:
        self.beneath = beneath
        self._view = view
        self._agreed = agreed
        self._looks = looks

    def part(self, part: Section | Branch) -> Iterator[str]:
        """One section, or one schema."""
        if isinstance(part, Section):
            yield self._view.paint(part.title, "bold")
            for group in by_hint(part.findings):
                for one in group:
                    yield from self.message(one, "  ")
                yield from hints(group, "    ")
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
                yield from self.message(one, indent)
                if one.hint in self.beneath:
                    yield from hints([one], f"{indent}        ")
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

    def message(self, one: Finding, indent: str) -> Iterator[str]:
        """A finding in its own words."""
        first, *more = one.message.split("\n")
        # Of what stands under its schema, nothing else says the file.
        file = f"  {one.file}:{one.line}" if one.object and one.revision is None and one.file and one.line else ""
        yield f"{indent}{self._view.paint(f'{one.severity:<7}', STYLES[one.severity])} {one.rule}: {first}{file}"
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


def _long(one: Finding) -> bool:
    return (
        (one.attribute is None and one.object is None)
        or len(f"{one.expected}{one.actual}") > _LONG
        or any(len(lines_of(value)) > 1 for value in (one.expected, one.actual) if isinstance(value, str))
    )


def hints(findings: Iterable[Finding], indent: str) -> Iterator[str]:
    """Each once."""
    for hint in dict.fromkeys(one.hint for one in findings if one.hint):
        first, *more = hint.split("\n")
        yield f"{indent}hint: {first}"
        # Code that is to be pasted keeps its own indentation.
        yield from (f"{indent}  {line}".rstrip() for line in more)
