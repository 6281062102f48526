"""The gate's comment on a pull request: revisions, findings, locks, which tables had rows, what changed, drift."""

from collections.abc import Iterator, Sequence

from headworks.findings import Outcome
from headworks.report.blocks import OPEN, Block, filled, left_out, listed
from headworks.report.markup import code, fenced, inline, summary
from headworks.report.observed import Changed, Coverage, accepted, by_table, changed, coverage, locks
from headworks.report.revisions import History, Seen, Status
from headworks.report.values import clipped
from headworks.words import plural

__all__ = ["body"]

_SHARE = 3
"""Of the room: a third is for what is not a finding, however many there are."""

_ROWS = 50
"""Of the table of revisions."""

_LOCKS = 100
"""Of the table of locks."""

_STATEMENT = 120
"""Characters of a statement, and of a reason."""


def body(outcome: Outcome, history: History, room: int) -> str:
    """All but the verdict, in at most `room` bytes."""
    head = _overview(history)
    rest, _ = filled(_observed(outcome, history), room // _SHARE)
    opened = " open" if len(outcome.findings) <= OPEN else ""
    written, weight = filled(_found(history, opened), room - len((head + rest).encode()) - 200)
    return head + written + left_out(len(outcome.findings) - weight) + rest


def _overview(history: History) -> str:
    """The revisions that are not simply right."""
    rows = [one for one in history.revisions if one.said]
    if not rows:
        return ""
    text = "| | revision | domain | | |\n|---|---|---|---|---|\n"
    for one in rows[:_ROWS]:
        cells = (_status(one.status), code(one.id), inline(one.domain), inline(one.said), _tables(one))
        text += f"| {' | '.join(cells)} |\n"
    if len(rows) > _ROWS:
        text += f"| | ... and {len(rows) - _ROWS:,} more | | | |\n"
    return text


def _status(status: Status) -> str:
    return f"**{status}**" if status is Status.FAILED else str(status)


def _tables(one: Seen) -> str:
    more = f" and {len(one.tables) - 3} more" if len(one.tables) > 3 else ""
    return ", ".join(map(code, one.tables[:3])) + more


def _found(history: History, opened: str) -> Iterator[Block]:
    for one in history.revisions:
        if one.findings:
            yield listed(f"{one.id}  {one.file}", one.findings, opened)
    drift = [one for one in history.whole if one.rule == "gate.models-differ"]
    others = [one for one in history.whole if one not in drift]
    if drift:
        yield listed("drift: the models against the heads", drift, opened)
    if others:
        yield listed("the whole", others, opened)


def _observed(outcome: Outcome, history: History) -> Iterator[Block]:
    if data := coverage(outcome):
        yield _data(data)
    found = [one for table in by_table(locks(outcome)).values() for one in table]
    if found:
        title = f"{plural(len(found), 'lock')} on {plural(len({one.relation for one in found}), 'table')}"
        rows = [
            (code(one.revision) + ("" if one.direction == "upgrade" else f" ({inline(one.direction)})"),
             code(clipped(one.statement, _STATEMENT)) if one.statement else "", code(one.relation),
             inline(f"{one.mode}{f', {one.how}' if one.how else ''}"), "" if one.rows is None else f"{one.rows:,}",
             inline(", ".join(one.blocks)), "" if one.seconds is None else f"{one.seconds:.3f} s")
            for one in found[:_LOCKS]
        ]  # fmt: skip
        yield _table(title, ("revision", "statement", "table", "lock", "rows", "blocks", "held"), rows, len(found))
    if allowed := accepted(outcome):
        lines = [
            (code(one.revision), f"{one.severity} {code(one.rule)}", inline(clipped(one.message, _STATEMENT)),
             inline(clipped(one.why, _STATEMENT)))
            for one in allowed
        ]  # fmt: skip
        yield _table(
            f"{plural(len(allowed), 'finding')} accepted", ("revision", "rule", "what", "why"), lines, len(lines)
        )
    if drawing := changed(outcome):
        yield from _drawing(drawing)
    if good := [one for one in history.revisions if not one.said]:
        cells = [(code(one.id), inline(one.domain), _tables(one)) for one in good]
        yield _table(f"{plural(len(good), 'revision')} ok", ("revision", "domain", "tables"), cells, len(good))


def _table(title: str, names: Sequence[str], rows: Sequence[Sequence[str]], total: int) -> Block:
    """Folded. The rows that are left out are counted."""

    def write(count: int) -> str:
        text = f"\n<details>{summary(title)}\n\n| {' | '.join(names)} |\n|{'---|' * len(names)}\n"
        text += "".join(f"| {' | '.join(cells)} |\n" for cells in rows[:count])
        if total > count:
            text += f"| ... and {total - count:,} more {'| ' * (len(names) - 1)}|\n"
        return f"{text}\n</details>\n"

    return Block([0] * len(rows), write)


def _data(data: Coverage) -> Block:
    if not data.unfilled:
        return Block([0], lambda count: f"\n{data.said}, {plural(data.rows, 'row')}\n")
    rows = [(code(table), code(revision), inline(clipped(why, _STATEMENT))) for table, revision, why in data.unfilled]
    return _table(f"{data.said}; without rows", ("table", "revision", "reason"), rows, len(rows))


def _drawing(drawing: Changed) -> Iterator[Block]:
    """What GitHub and GitLab draw; where there is no room for it, in words."""
    if not drawing.mermaid:
        if drawing.said:
            yield Block([0], lambda count: f"\nwhat changed: {inline(drawing.said)}\n")
        return
    title = summary("what changed", f": {drawing.said}" if drawing.said else "")
    text = f"\n<details>{title}\n\n{fenced(drawing.mermaid.rstrip(), 'mermaid')}\n\n</details>\n"
    yield Block([0], lambda count: text)
