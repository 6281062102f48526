"""HTML: all of it in one file, to be read in a browser, sent to somebody, or printed. No script, nothing loaded.

Whatever comes from outside is text: it goes through `quoted`, once, where it is written.
"""

from collections.abc import Iterator, Sequence

from headworks._version import __version__
from headworks.findings import Outcome
from headworks.report import gatehtml
from headworks.report.htmlparts import explained, figures, heading, placed, quoted
from headworks.report.remarks import common
from headworks.report.revisions import by_revision
from headworks.report.stylesheet import STYLE
from headworks.report.summary import verdict
from headworks.report.tree import Branch, Section, Tally, sections, tally
from headworks.report.view import View

__all__ = ["render"]

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""For the browser: even if some markup came through, nothing of it would run or load."""


def render(outcome: Outcome, view: View) -> str:
    """A whole page: the verdict, what it is about, each finding, the rules explained, and the figures."""
    history = by_revision(outcome)
    found = _findings(outcome, view) if history is None else gatehtml.body(outcome, history, view)
    body = [*found, *explained(outcome), *figures(outcome)]
    title = verdict(outcome, strict=view.strict)
    style = STYLE if history is None else STYLE + gatehtml.STYLE
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="generator" content="headworks {quoted(__version__)}">\n'
        f"<title>{quoted(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
        + "\n".join(body)
        + "\n</body>\n</html>\n"
    )


def _findings(outcome: Outcome, view: View) -> Iterator[str]:
    """The verdict, the tables that it is about, and each finding."""
    agreed = common(outcome.findings)
    parts = sections(outcome.findings)
    yield from heading(outcome, view, agreed)
    yield from _overview(parts)
    for number, part in enumerate(parts):
        yield from placed(part, number, agreed)


def _overview(parts: Sequence[Section | Branch]) -> Iterator[str]:
    rows = [
        (f"part-{number}-{place}", name, tally(found))
        for number, part in enumerate(parts)
        if isinstance(part, Branch)
        for place, (name, found) in enumerate(part.places)
    ]
    if len(rows) < 2:
        return
    words = [name for name in Tally.__struct_fields__ if any(getattr(found, name) for _, _, found in rows)]
    yield '<h2>Where</h2>\n<div class="scroll"><table class="counts">'
    yield f"<tr><th></th>{''.join(f'<th>{name}</th>' for name in words)}</tr>"
    for anchor, name, found in rows:
        cells = (getattr(found, one) for one in words)
        counts = "".join(f"<td>{f'{cell:,}' if cell else ''}</td>" for cell in cells)
        yield f'<tr><td><a href="#{anchor}"><code>{quoted(name)}</code></a></td>{counts}</tr>'
    yield "</table></div>"
