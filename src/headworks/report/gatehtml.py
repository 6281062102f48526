"""The gate's page: a timeline of the revisions, locks by table, rows lost, the diagram of what changed, drift.

The filters are radio buttons that the style looks at, so there is no script to be run or trusted; a browser that does
not know `:has()` shows everything.
"""

from collections.abc import Iterator, Mapping, Sequence

from headworks.findings import Finding, Outcome
from headworks.report.drawing import sound
from headworks.report.gatestyle import STYLE
from headworks.report.htmlparts import advice, heading, in_its_words, quoted
from headworks.report.observed import Lock, accepted, by_table, changed, coverage, locks
from headworks.report.revisions import History, Seen, Status
from headworks.report.view import View
from headworks.words import plural

__all__ = ["STYLE", "body"]

_CLASSES = {Status.FAILED: "failed", Status.WARNING: "warned", Status.SKIPPED: "skipped", Status.OK: "fine"}
_LETTERS = {Status.FAILED: "x", Status.WARNING: "!", Status.SKIPPED: "-", Status.OK: ""}

_LANES = 16
"""Domains up to which each has a lane of its own beside the revisions."""

_OPEN = 100
"""Findings up to which they are unfolded."""


def body(outcome: Outcome, history: History, view: View) -> Iterator[str]:
    """All but the rules and the figures."""
    found = locks(outcome)
    anchors = {one.id: f"r{number}" for number, one in enumerate(history.revisions)}
    yield from heading(outcome, view, {})
    yield from _filters(history)
    yield from _glance(history, anchors)
    yield from _timeline(history, found, anchors, opened=len(outcome.findings) <= _OPEN)
    yield from _whole(history)
    yield from _accepted(outcome, anchors)
    yield from _locks(found, anchors)
    yield from _data(outcome, anchors)
    yield from _drawing(outcome)


def _filters(history: History) -> Iterator[str]:
    counts = {status: history.count(status) for status in Status}
    yield '<fieldset class="filters"><legend>show</legend>'
    yield _filter("all", "all", len(history.revisions), checked=True)
    for status, count in counts.items():
        if 0 < count < len(history.revisions):
            yield _filter(_CLASSES[status], str(status), count, checked=False)
    yield "</fieldset>"


def _filter(name: str, word: str, count: int, *, checked: bool) -> str:
    on = " checked" if checked else ""
    return (
        f'<input type="radio" name="show" id="show-{name}"{on}>'
        f'<label class="s-{name}" for="show-{name}">{word} <b>{count:,}</b></label>'
    )


def _glance(history: History, anchors: Mapping[str, str]) -> Iterator[str]:
    """A square for each revision, by domain: where in the history the trouble is."""
    yield '<h2>At a glance</h2>\n<div class="glance">'
    for domain in history.domains:
        yield f'<div class="domain">{quoted(domain)}</div><div class="squares">'
        for one in history.revisions:
            if one.domain == domain:
                title = quoted(f"{one.id}: {one.said or one.status}")
                mark = f'class="s-{_CLASSES[one.status]}" href="#{anchors[one.id]}" title="{title}"'
                yield f'<a {mark} aria-label="{title}">{_LETTERS[one.status]}</a>'
        yield "</div>"
    yield "</div>"


def _timeline(history: History, found: Sequence[Lock], anchors: Mapping[str, str], *, opened: bool) -> Iterator[str]:
    lanes = {domain: place for place, domain in enumerate(history.domains)}
    wide = len(lanes) if len(lanes) <= _LANES else 1
    mine: dict[str, list[Lock]] = {}
    for lock in found:
        mine.setdefault(lock.revision, []).append(lock)
    yield f'<h2>Timeline</h2>\n<ol class="timeline" style="--lanes:{wide}">'
    for one in history.revisions:
        lane = lanes[one.domain] if wide > 1 else 0
        yield f'<li class="revision s-{_CLASSES[one.status]}" id="{anchors[one.id]}" style="--lane:{lane}">'
        row = _row(one, several=len(lanes) > 1)
        more = [*_of_revision(one, mine.get(one.id, ()))]
        if more:
            unfolded = " open" if one.findings and opened else ""
            yield from (f"<details{unfolded}><summary>{row}</summary>", *more, "</details>")
        else:
            yield f'<div class="row">{row}</div>'
        yield "</li>"
    yield "</ol>"


def _row(one: Seen, *, several: bool) -> str:
    cells = [f'<span class="status">{one.status}</span>', f'<code class="id">{quoted(one.id)}</code>']
    cells += [f'<span class="quiet">{quoted(one.domain)}</span>'] if several else []
    cells += [f"<span>{quoted(one.said)}</span>"] if one.said else []
    cells += [f'<span class="quiet">{one.seconds:.2f} s</span>'] if one.seconds is not None else []
    return " ".join(cells)


def _of_revision(one: Seen, found: Sequence[Lock]) -> Iterator[str]:
    """What there is to unfold."""
    for finding in one.findings:
        yield in_its_words(finding)
    yield from advice(one.findings)
    if one.tables:
        names = ", ".join(f"<code>{quoted(name)}</code>" for name in one.tables)
        yield f'<p class="item">touches {names}</p>'
    if found:
        said = (
            f"<li>{quoted(lock.mode)} on <code>{quoted(lock.relation)}</code>{_rows(lock)}{_how(lock)}</li>"
            for lock in found
        )
        yield f'<ul class="item">{"".join(said)}</ul>'


def _rows(lock: Lock) -> str:
    return "" if lock.rows is None else f" ({plural(lock.rows, 'row')})"


def _how(lock: Lock) -> str:
    return f", <strong>{lock.how}</strong>" if lock.how else ""


def _whole(history: History) -> Iterator[str]:
    drift = [one for one in history.whole if one.rule == "gate.models-differ"]
    others = [one for one in history.whole if one not in drift]
    for title, findings in (("Drift: the models against the heads", drift), ("The whole", others)):
        if findings:
            yield f"<h2>{title}</h2>"
            yield from map(in_its_words, findings)
            yield from advice(findings)


def _accepted(outcome: Outcome, anchors: Mapping[str, str]) -> Iterator[str]:
    found = accepted(outcome)
    if not found:
        return
    yield '<h2>Accepted</h2>\n<div class="scroll"><table class="locks">'
    yield "<tr><th>revision</th><th></th><th>rule</th><th>what</th><th>why</th></tr>"
    for one in found:
        cells = (
            _link(one.revision, anchors),
            f'<span class="{quoted(one.severity)}">{quoted(one.severity)}</span>',
            f"<code>{quoted(one.rule)}</code>",
            quoted(one.message),
            quoted(one.why),
        )
        yield f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
    yield "</table></div>"


def _locks(found: Sequence[Lock], anchors: Mapping[str, str]) -> Iterator[str]:
    """The table that is hit worst first."""
    if not found:
        return
    yield "<h2>Locks by table</h2>"
    for relation, taken in by_table(found).items():
        worst = taken[0]
        said = f"{plural(len(taken), 'statement')}; worst {worst.mode}{_rows(worst)}"
        yield f"<details><summary><h3><code>{quoted(relation)}</code></h3>"
        yield f' <span class="count">{quoted(said)}{_how(worst)}</span></summary>'
        yield '<div class="scroll"><table class="locks"><tr><th>revision</th><th>lock</th><th>rows</th><th>waits</th>'
        yield "<th>held</th><th>statement</th></tr>"
        yield from (_lock(one, anchors) for one in taken)
        yield "</table></div></details>"


def _lock(one: Lock, anchors: Mapping[str, str]) -> str:
    direction = "" if one.direction == "upgrade" else f" ({quoted(one.direction)})"
    cells = (
        _link(one.revision, anchors) + direction,
        quoted(one.mode) + _how(one),
        "" if one.rows is None else f"{one.rows:,}",
        quoted(", ".join(one.blocks)),
        "" if one.seconds is None else f"{one.seconds:.3f} s",
        f"<code>{quoted(one.statement)}</code>" if one.statement else "",
    )
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _link(revision: str, anchors: Mapping[str, str]) -> str:
    name = f"<code>{quoted(revision)}</code>"
    return f'<a href="#{anchors[revision]}">{name}</a>' if revision in anchors else name


def _data(outcome: Outcome, anchors: Mapping[str, str]) -> Iterator[str]:
    data = coverage(outcome)
    lost = [one for one in outcome.findings if one.rule == "gate.data-lost"]
    if data is None and not lost:
        return
    yield "<h2>Rows</h2>"
    if data is not None:
        yield f"<p>{data.said}, {plural(data.rows, 'row')}</p>"
        yield f'<meter min="0" max="{max(data.tables, 1)}" value="{data.filled}">{data.filled}/{data.tables}</meter>'
    if lost:
        yield '<h3>Rows lost</h3>\n<div class="scroll"><table class="locks">'
        yield "<tr><th>revision</th><th></th><th>what</th></tr>"
        yield from (_lost(one, anchors) for one in lost)
        yield "</table></div>"
    if data is not None and data.unfilled:
        yield '<h3>Without rows</h3>\n<div class="scroll"><table class="locks">'
        yield "<tr><th>table</th><th>revision</th><th>reason</th></tr>"
        for table, revision, reason in data.unfilled:
            cells = (f"<code>{quoted(table)}</code>", _link(revision, anchors), quoted(reason))
            yield f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
        yield "</table></div>"


def _lost(one: Finding, anchors: Mapping[str, str]) -> str:
    cells = (
        _link(one.revision or "", anchors),
        f'<span class="{one.severity}">{one.severity}</span>',
        quoted(one.message),
    )
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _drawing(outcome: Outcome) -> Iterator[str]:
    drawing = changed(outcome)
    if drawing is None:
        return
    yield "<h2>What changed</h2>"
    if drawing.said:
        yield f"<p>{quoted(drawing.said)}</p>"
    if svg := sound(drawing.svg):
        yield f'<div class="scroll">{svg}</div>'
    if drawing.mermaid:
        yield f"<details><summary>as Mermaid</summary><pre>{quoted(drawing.mermaid)}</pre></details>"
