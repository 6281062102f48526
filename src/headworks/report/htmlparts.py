"""Pieces of an HTML report: its head, findings with both values, the rules explained, the figures.

Whatever comes from outside is text: it goes through `quoted`, once, where it is written.
"""

import textwrap
from collections.abc import Iterable, Iterator
from html import escape

from headworks.findings import Finding, ObjectRef, Outcome, Severity
from headworks.report.htmldiff import compared
from headworks.report.remarks import remark
from headworks.report.rules import page_of, rule
from headworks.report.summary import facts, word
from headworks.report.tree import Branch, Item, Mark, Section, by_hint, is_row, tally, worst
from headworks.report.values import pairs
from headworks.report.view import View
from headworks.words import plural

__all__ = ["advice", "explained", "figures", "heading", "in_its_words", "placed", "quoted"]


def quoted(text: str) -> str:
    """As text between tags, and as an attribute's value."""
    return escape(text, quote=True)


def heading(outcome: Outcome, view: View, agreed: dict[Mark, str]) -> Iterator[str]:
    """The verdict, and what all findings of a mark have in common."""
    said = word(outcome, strict=view.strict)
    counts = [plural(count, str(severity)) for severity in Severity if (count := outcome.count(severity))]
    yield f'<h1>headworks {quoted(outcome.command)}: <span class="{said}">{said}</span></h1>'
    matter = str(tally(outcome.findings))
    line = ", ".join(counts) + (f": {matter}" if matter else "")
    yield f"<p>{quoted(line or 'nothing found')}</p>"
    yield f'<p class="quiet">{quoted(", ".join(facts(outcome)))}</p>'
    for mark, what in agreed.items():
        if what:
            yield f"<p>{_sign(mark)} {quoted(what)}</p>"


def placed(part: Section | Branch, number: int, agreed: dict[Mark, str]) -> Iterator[str]:
    """A section, or a schema with its tables, whose anchors are `part-NUMBER-PLACE`."""
    if isinstance(part, Section):
        yield f"<h2>{quoted(part.title)}</h2>"
        for group in by_hint(part.findings):
            yield from (in_its_words(one) for one in group)
            yield from advice(group)
        return
    yield f"<h2>{quoted(part.title)}</h2>"
    leaves = iter(part.leaves.values())
    for place, (name, found) in enumerate(part.places):
        anchor = f"part-{number}-{place}"
        if place == 0 and part.items:
            yield f'<div id="{anchor}">'
            yield from (_item(item, agreed) for item in part.items)
            yield from (*advice(found), "</div>")
            continue
        counts = str(tally(found))
        more = f' <span class="count">{quoted(counts)}</span>' if counts else ""
        yield f'<details open id="{anchor}"><summary><h3><code>{quoted(name)}</code></h3>{more}</summary>'
        yield from (_item(item, agreed) for item in next(leaves).items)
        yield from (*advice(found), "</details>")


def _item(item: Item, agreed: dict[Mark, str]) -> str:
    """An object, what is the matter with it, both values and the SQL that shows it."""
    if item.mark is None:
        return "".join(in_its_words(one) for one in item.findings)
    severity = worst(item.findings)
    lines = [f'<div class="item">{_sign(item.mark)} ']
    if not is_row(item.findings[0]):
        lines.append(_name(item.object))
    if severity is not Severity.ERROR:
        lines.append(f' <span class="{severity}">({severity})</span>')
    lines.append(_file(item.findings[0]))
    if item.mark not in agreed or is_row(item.findings[0]):
        said = dict.fromkeys(text for text in map(remark, item.findings) if text)
        lines += [f"<p>{quoted(text)}</p>" for text in said]
    return "".join(
        (*lines, compared([pair for one in item.findings for pair in pairs(one)]), *_look(item.findings), "</div>")
    )


def in_its_words(one: Finding) -> str:
    """A finding whose message says it all."""
    name = f"<code>{quoted(one.rule)}</code>"
    head = f'<div class="item"><span class="mark {one.severity}">{one.severity}</span> {name}{_file(one)}'
    return "".join((head, f"<p>{quoted(one.message)}</p>", compared(list(pairs(one))), *_look([one]), "</div>"))


def _sign(mark: Mark) -> str:
    return f'<span class="mark {mark.word}">{quoted(mark.sign)} {mark.word}</span>'


def _name(ref: ObjectRef) -> str:
    return f'<span class="name">{quoted(ref.kind)} <code>{quoted(ref.name)}</code></span>'


def _file(one: Finding) -> str:
    return (
        f' <code class="quiet">{quoted(f"{one.file}:{one.line}" if one.line else one.file)}</code>' if one.file else ""
    )


def _look(findings: Iterable[Finding]) -> Iterator[str]:
    sql = "\n".join(dict.fromkeys(f"{one.sql.rstrip(';')};" for one in findings if one.sql))
    if sql:
        yield f"<pre>{quoted(sql)}</pre>"


def advice(findings: Iterable[Finding]) -> Iterator[str]:
    """Each hint once. Code that it goes on with is to be pasted."""
    for hint in dict.fromkeys(one.hint for one in findings if one.hint):
        first, _, rest = hint.partition("\n")
        code = f"<pre>{quoted(textwrap.dedent(rest))}</pre>" if rest else ""
        yield f'<div class="item">hint: <code>{quoted(first)}</code>{code}</div>'


def explained(outcome: Outcome) -> Iterator[str]:
    """What the rules of the findings mean."""
    names = sorted({one.rule for one in outcome.findings})
    if not names:
        return
    yield "<h2>Rules</h2>\n<dl>"
    for name in names:
        known = rule(name, outcome.details)
        yield f'<dt><a href="{quoted(page_of(name))}"><code>{quoted(name)}</code></a></dt>'
        yield f"<dd>{quoted(known.meaning)} {quoted(known.advice)}</dd>"
    yield "</dl>"


def figures(outcome: Outcome) -> Iterator[str]:
    """The stats as a table."""
    if not outcome.stats:
        return
    yield '<h2>Figures</h2>\n<table class="counts">'
    for key, value in outcome.stats.items():
        said = ", ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)
        yield f"<tr><td>{quoted(str(key).replace('_', ' '))}</td><td>{quoted(said)}</td></tr>"
    yield "</table>"
