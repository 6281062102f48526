"""Markdown for a comment on a pull request or `$GITHUB_STEP_SUMMARY`: what, where, and the rest to be unfolded.

A comment on GitHub holds 65,536 characters. What does not fit is left out, and counted.
"""

from collections.abc import Sequence

from headworks.findings import Outcome
from headworks.report import gatemarkdown
from headworks.report.blocks import LIMIT, OPEN, blocks, filled, left_out, sign
from headworks.report.markup import code, inline
from headworks.report.remarks import common
from headworks.report.revisions import by_revision
from headworks.report.summary import verdict, word
from headworks.report.tree import Branch, sections, tally
from headworks.report.view import View

__all__ = ["LIMIT", "render"]

_TABLES = 50
"""Rows of the table of tables."""


def render(outcome: Outcome, view: View) -> str:
    """The verdict, a table of tables, a block for each of them."""
    said = word(outcome, strict=view.strict)
    rest = verdict(outcome, strict=view.strict).removeprefix(f"{outcome.command}: {said}").lstrip(", ")
    text = f"### headworks {inline(outcome.command)}: {said}\n\n"
    text += f"{inline(rest)}\n\n" if rest else ""
    if (history := by_revision(outcome)) is not None:
        return text + gatemarkdown.body(outcome, history, LIMIT - len(text.encode()))
    agreed = common(outcome.findings)
    parts = sections(outcome.findings)
    text += _overview([part for part in parts if isinstance(part, Branch)])
    text += "".join(f"- {sign(mark)}: {inline(what)}\n" for mark, what in agreed.items() if what)
    found = len(outcome.findings)
    opened = " open" if found <= OPEN else ""
    written, weight = filled(blocks(parts, agreed, opened), LIMIT - len(text.encode()))
    return text + written + left_out(found - weight)


def _overview(branches: Sequence[Branch]) -> str:
    """Which tables, and how much of what."""
    rows = [place for branch in branches for place in branch.places]
    if len(rows) < 2:
        return ""
    text = "| | missing | unexpected | changed | other |\n|---|---:|---:|---:|---:|\n"
    for name, findings in rows[:_TABLES]:
        found = tally(findings)
        cells = (found.missing, found.unexpected, found.changed, found.other)
        text += f"| {code(name)} | {' | '.join(f'{cell:,}' if cell else '' for cell in cells)} |\n"
    if len(rows) > _TABLES:
        text += f"| ... and {len(rows) - _TABLES:,} more | | | | |\n"
    return f"{text}\n"
