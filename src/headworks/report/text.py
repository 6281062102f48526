"""Findings for a person: a tree by schema and table, both values side by side, what to do, and the verdict last."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from headworks.findings import Finding, Outcome, Severity
from headworks.report import gatetext
from headworks.report.columns import padded, width_of
from headworks.report.remarks import common
from headworks.report.revisions import by_revision
from headworks.report.summary import verdict, word
from headworks.report.tree import Branch, sections, tally
from headworks.report.view import View
from headworks.report.writer import Writer, hints

__all__ = ["render"]

_SCREEN = 24
"""Lines of a tree from which on a table of its tables comes after it."""

_FEW = 20
"""Findings up to which the SQL stands with its object; that of more would hide the tree, and comes after it."""


_SAID_WHOLE = frozenset({"lint", "owners"})
"""Commands whose messages say all that a look at the object would show, and whose hints are for this very object."""


def render(outcome: Outcome, view: View) -> str:
    """Groups of findings, what they have in common, and in the last line the verdict."""
    if (history := by_revision(outcome)) is not None:
        return "\n".join([*gatetext.lines(outcome, history, view), _verdict(outcome, view)]) + "\n"
    parts = sections(outcome.findings)
    branches = [part for part in parts if isinstance(part, Branch)]
    few = len(outcome.findings) <= _FEW
    whole = outcome.command in _SAID_WHOLE
    tree = Writer(view, common(outcome.findings), looks=few and not whole, beneath=_lone_hints(outcome, whole=whole))
    lines = [line for part in parts for line in (*tree.part(part), "")]
    long = len(lines) > _SCREEN
    if not few and not whole and (looks := list(_looks(outcome.findings, view))):
        lines += [*looks, ""]
    left = (one for branch in branches for one in branch.findings if one.hint not in tree.beneath)
    if said := [*tree.legend(), *hints(left, "")]:
        lines += [*said, ""]
    if long and len(counts := list(_counts(branches))) > 1:
        lines += [*_table(counts, view), ""]
    return "\n".join([*lines, _verdict(outcome, view)]) + "\n"


def _verdict(outcome: Outcome, view: View) -> str:
    said = word(outcome, strict=view.strict)
    rest = verdict(outcome, strict=view.strict).removeprefix(f"{outcome.command}: {said}")
    return f"{outcome.command}: {view.paint(said, 'green' if said == 'ok' else 'red')}{rest}"


def _lone_hints(outcome: Outcome, *, whole: bool) -> frozenset[str]:
    """The hints that stand under their findings: what several have in common comes once, after all of them."""
    counts = Counter(one.hint for one in outcome.findings if one.hint) if whole else Counter[str]()
    return frozenset(hint for hint, count in counts.items() if count == 1)


def _looks(findings: Iterable[Finding], view: View) -> Iterator[str]:
    """A script for psql that shows all objects."""
    found = {one.sql: one.object for one in findings if one.sql}
    if found:
        yield view.paint("look:", "bold")
    for sql, ref in found.items():
        yield view.paint(f"  -- {ref}" if ref is not None else "  --", "dim")
        yield from (view.paint(f"  {line}", "dim") for line in f"{sql.rstrip(';')};".split("\n"))


def _counts(branches: Iterable[Branch]) -> Iterator[tuple[str, Sequence[Finding]]]:
    for branch in branches:
        for name, findings in branch.places:
            yield f"({name})" if name == branch.title else name, findings


def _table(counts: Sequence[tuple[str, Sequence[Finding]]], view: View) -> Iterator[str]:
    """Which tables, and how much of what: as `git diff --stat`."""
    rows = [(name, msgspec.structs.asdict(tally(findings))) for name, findings in counts]
    if not any(found[word] for _, found in rows for word in found if word != "other"):
        # What is the matter no mark says; how much it matters does.
        rows = [(name, _by_severity(findings)) for name, findings in counts]
    words = [name for name in rows[0][1] if any(found[name] for _, found in rows)]
    widest = max(width_of(name) for name, _ in rows)
    yield view.paint(" " * widest + "".join(f"{name:>12}" for name in words), "dim")
    for name, found in rows:
        cells = (f"{found[one]:,}" if found[one] else "" for one in words)
        yield (padded(name, widest) + "".join(f"{cell:>12}" for cell in cells)).rstrip()


def _by_severity(findings: Sequence[Finding]) -> dict[str, int]:
    counts = Counter(one.severity for one in findings)
    return {f"{severity}s": counts[severity] for severity in Severity}
