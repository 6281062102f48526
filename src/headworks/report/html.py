"""HTML: all of it in one file, to be read in a browser, sent to somebody, or printed. No script, nothing loaded.

Whatever comes from outside is text: it goes through `_text`, once, where it is written.
"""

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from headworks._version import __version__
from headworks.findings import Finding, ObjectRef, Outcome, Severity
from headworks.report.htmldiff import compared
from headworks.report.remarks import common, remark
from headworks.report.rules import page_of, rule
from headworks.report.stylesheet import STYLE
from headworks.report.summary import facts, verdict, word
from headworks.report.tree import Branch, Item, Mark, Section, Tally, is_row, sections, tally, worst
from headworks.report.values import pairs
from headworks.report.view import View
from headworks.words import plural

__all__ = ["render"]

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""For the browser: even if some markup came through, nothing of it would run or load."""


def render(outcome: Outcome, view: View) -> str:
    """A whole page: the verdict, the tables that it is about, each finding, and the rules explained."""
    parts = sections(outcome.findings)
    agreed = common(outcome.findings)
    title = verdict(outcome, strict=view.strict)
    body = [
        *_head(outcome, view, agreed),
        *_overview(parts),
        *(line for number, part in enumerate(parts) for line in _part(part, number, agreed)),
        *_rules(outcome.findings),
        *_stats(outcome),
    ]
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="generator" content="headworks {_text(__version__)}">\n'
        f"<title>{_text(title)}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(body)
        + "\n</body>\n</html>\n"
    )


def _text(text: str) -> str:
    return escape(text, quote=True)


def _head(outcome: Outcome, view: View, agreed: dict[Mark, str]) -> Iterator[str]:
    said = word(outcome, strict=view.strict)
    counts = [plural(count, str(severity)) for severity in Severity if (count := outcome.count(severity))]
    yield f'<h1>headworks {_text(outcome.command)}: <span class="{said}">{said}</span></h1>'
    matter = str(tally(outcome.findings))
    line = ", ".join(counts) + (f": {matter}" if matter else "")
    yield f"<p>{_text(line or 'nothing found')}</p>"
    yield f'<p class="quiet">{_text(", ".join(facts(outcome)))}</p>'
    for mark, what in agreed.items():
        if what:
            yield f"<p>{_sign(mark)} {_text(what)}</p>"


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
        yield f'<tr><td><a href="#{anchor}"><code>{_text(name)}</code></a></td>{counts}</tr>'
    yield "</table></div>"


def _part(part: Section | Branch, number: int, agreed: dict[Mark, str]) -> Iterator[str]:
    if isinstance(part, Section):
        yield f"<h2>{_text(part.title)}</h2>"
        yield from (_in_its_words(one) for one in part.findings)
        yield from _hints(part.findings)
        return
    yield f"<h2>{_text(part.title)}</h2>"
    leaves = iter(part.leaves.values())
    for place, (name, found) in enumerate(part.places):
        anchor = f"part-{number}-{place}"
        if place == 0 and part.items:
            yield f'<div id="{anchor}">'
            yield from (_item(item, agreed) for item in part.items)
            yield from (*_hints(found), "</div>")
            continue
        counts = str(tally(found))
        more = f' <span class="count">{_text(counts)}</span>' if counts else ""
        yield f'<details open id="{anchor}"><summary><h3><code>{_text(name)}</code></h3>{more}</summary>'
        yield from (_item(item, agreed) for item in next(leaves).items)
        yield from (*_hints(found), "</details>")


def _item(item: Item, agreed: dict[Mark, str]) -> str:
    """An object, what is the matter with it, both values and the SQL that shows it."""
    if item.mark is None:
        return "".join(_in_its_words(one) for one in item.findings)
    severity = worst(item.findings)
    lines = [f'<div class="item">{_sign(item.mark)} ']
    if not is_row(item.findings[0]):
        lines.append(_name(item.object))
    if severity is not Severity.ERROR:
        lines.append(f' <span class="{severity}">({severity})</span>')
    lines.append(_file(item.findings[0]))
    if item.mark not in agreed or is_row(item.findings[0]):
        said = dict.fromkeys(text for text in map(remark, item.findings) if text)
        lines += [f"<p>{_text(text)}</p>" for text in said]
    return "".join(
        (*lines, compared([pair for one in item.findings for pair in pairs(one)]), *_look(item.findings), "</div>")
    )


def _in_its_words(one: Finding) -> str:
    name = f"<code>{_text(one.rule)}</code>"
    head = f'<div class="item"><span class="mark {one.severity}">{one.severity}</span> {name}{_file(one)}'
    return "".join((head, f"<p>{_text(one.message)}</p>", compared(list(pairs(one))), *_look([one]), "</div>"))


def _sign(mark: Mark) -> str:
    return f'<span class="mark {mark.word}">{_text(mark.sign)} {mark.word}</span>'


def _name(ref: ObjectRef) -> str:
    return f'<span class="name">{_text(ref.kind)} <code>{_text(ref.name)}</code></span>'


def _file(one: Finding) -> str:
    return (
        f' <code class="quiet">{_text(f"{one.file}:{one.line}" if one.line else one.file)}</code>' if one.file else ""
    )


def _look(findings: Iterable[Finding]) -> Iterator[str]:
    sql = "\n".join(dict.fromkeys(f"{one.sql.rstrip(';')};" for one in findings if one.sql))
    if sql:
        yield f"<pre>{_text(sql)}</pre>"


def _hints(findings: Iterable[Finding]) -> Iterator[str]:
    for hint in dict.fromkeys(one.hint for one in findings if one.hint):
        yield f'<p class="item">hint: <code>{_text(hint)}</code></p>'


def _rules(findings: Iterable[Finding]) -> Iterator[str]:
    names = sorted({one.rule for one in findings})
    if not names:
        return
    yield "<h2>Rules</h2>\n<dl>"
    for name in names:
        known = rule(name)
        yield f'<dt><a href="{_text(page_of(name))}"><code>{_text(name)}</code></a></dt>'
        yield f"<dd>{_text(known.meaning)} {_text(known.advice)}</dd>"
    yield "</dl>"


def _stats(outcome: Outcome) -> Iterator[str]:
    if not outcome.stats:
        return
    yield '<h2>Figures</h2>\n<table class="counts">'
    for key, value in outcome.stats.items():
        said = ", ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)
        yield f"<tr><td>{_text(str(key).replace('_', ' '))}</td><td>{_text(said)}</td></tr>"
    yield "</table>"
