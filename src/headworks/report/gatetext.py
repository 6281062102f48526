"""The gate's text: one line a revision, what was found under it, then what is about the whole."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from headworks.findings import Finding, Outcome
from headworks.report.columns import padded, width_of
from headworks.report.observed import Coverage, accepted, coverage
from headworks.report.revisions import History, Seen, Status
from headworks.report.view import View
from headworks.report.writer import Writer, hints

__all__ = ["lines"]

_STYLES = {Status.FAILED: "red", Status.WARNING: "yellow", Status.SKIPPED: "yellow"}

_ACCEPTED = 20
"""Accepted findings that are listed."""

_UNFILLED = 20
"""Tables without rows that are named."""


def lines(outcome: Outcome, history: History, view: View) -> Iterator[str]:
    """All but the verdict."""
    names, domains = _columns(history, view)
    writer = Writer(view, {}, looks=True)
    for one in history.revisions:
        yield from _revision(one, names, domains, view)
        yield from _findings(one, writer)
    yield ""
    if history.whole:
        yield view.paint("the whole", "bold")
        yield from _listed(history.whole, writer)
        yield ""
    if found := accepted(outcome):
        yield view.paint("accepted", "bold")
        for each in found[:_ACCEPTED]:
            yield f"  {each.severity:<7} {each.rule}: {each.message.partition(chr(10))[0]}"
            yield view.paint(f"          {each.file}:{each.line}: {each.why}", "dim")
        if (more := len(found) - _ACCEPTED) > 0:
            yield f"  ... and {more:,} more"
        yield ""
    named = any(one.rule == "gate.unfilled" for one in outcome.findings)
    if not named and (data := coverage(outcome)) and data.unfilled:
        yield from _unfilled(data, view)
        yield ""


def _columns(history: History, view: View) -> tuple[int, int]:
    """Widths of the names and of the domains; 0 where there is no room to align them, or nothing to tell apart."""
    names = max(width_of(one.id) for one in history.revisions)
    domains = max(width_of(one) for one in history.domains) if len(history.domains) > 1 else 0
    rest = view.width - len("failed   ") - len("  1 error, 1 warning")
    if names + domains + 2 <= rest:
        return names, domains
    return (names, 0) if names <= rest else (0, 0)


def _revision(one: Seen, names: int, domains: int, view: View) -> Iterator[str]:
    status = one.status
    cells = [f"{status:<7}", padded(one.id, max(names, width_of(one.id)))]
    cells += [padded(one.domain, domains)] if domains else []
    cells += [one.said] if one.said else []
    cells += [f"{one.seconds:.1f} s"] if one.seconds and one.seconds >= 1 else []
    text = "  ".join(cells).rstrip()
    if status is Status.OK:
        yield view.paint(text, "dim")
    else:
        yield view.paint(cells[0], _STYLES[status]) + text.removeprefix(cells[0])
    if one.findings:
        yield f"  {one.file}:{one.line}" if one.line else f"  {one.file}"


def _findings(one: Seen, writer: Writer) -> Iterator[str]:
    elsewhere = {place.line for place in one.findings if place.line} - {one.line}
    for hint, group in groupby(one.findings, key=lambda found: found.hint):
        for found in group:
            first, *more = writer.message(found, "  ")
            # The line is said where it is not that of the revision's own line.
            yield first + (f" (line {found.line})" if found.line in elsewhere else "")
            yield from more
        yield from hints([found], "    ") if hint else ()


def _listed(findings: Sequence[Finding], writer: Writer) -> Iterator[str]:
    for hint, group in groupby(findings, key=lambda found: found.hint):
        for found in group:
            first, *more = writer.message(found, "  ")
            yield first + (f"  {found.file}:{found.line}" if found.file and found.line else "")
            yield from more
        yield from hints([found], "    ") if hint else ()


def _unfilled(data: Coverage, view: View) -> Iterator[str]:
    yield view.paint(f"{data.said}; without rows", "bold")
    yield from (f"  {table} ({revision}): {reason}" for table, revision, reason in data.unfilled[:_UNFILLED])
    if (more := len(data.unfilled) - _UNFILLED) > 0:
        yield f"  ... and {more:,} more"
