"""From what was seen of a revision to findings."""

from collections.abc import Iterator, Sequence
from typing import Any

from headworks.errors import HeadworksError
from headworks.findings import Finding, Severity
from headworks.gate.names import Difference, differences
from headworks.gate.source import RevisionSource
from headworks.gate.walked import Walked
from headworks.migrations.errors import DowngradeMissing
from headworks.migrations.failures import advice_given
from headworks.schema import Action
from headworks.words import plural

__all__ = ["judge", "nearly", "not_run"]


_NAMED = 4


def judge(seen: Walked, *, downgrades_optional: bool = False) -> Iterator[Finding]:
    """All that is wrong with one walked revision."""
    source = RevisionSource(seen.revision)
    missing = Severity.WARNING if downgrades_optional else Severity.ERROR
    name = seen.revision.id
    if seen.skipped:
        return
    if seen.beside is not None:
        yield _beside(seen, seen.beside)
    if error := seen.failures.get("upgrade"):
        text = f"upgrade of {name} fails"
        if seen.together:
            text += " when it runs alone; in one go with those before it, it runs"
        yield _failure(seen, "gate.upgrade-failed", "upgrade", error, text)
        return
    restored = _restored(seen, source)
    yield from _down(seen, source, restored, missing)
    if error := seen.failures.get("reupgrade"):
        text = f"the second upgrade of {name}, after its downgrade, fails"
        yield _failure(seen, "gate.reupgrade-differs", "upgrade", error, text)
    elif seen.reupgraded is not None and seen.upgraded is not None:
        line = source.line_of("upgrade")
        # What is still so is the downgrade's doing, perhaps on a table that the upgrade renames.
        told = {key for one in restored for key in _keys(one)}
        for one in differences(seen.upgraded, seen.reupgraded, source.mentions):
            if _slight(one) and not told.isdisjoint(_keys(one)):
                continue
            where = f"after the second upgrade of {name}"
            yield _difference(seen, "gate.reupgrade-differs", "upgrade", one, line, where)


def nearly(seen: Walked) -> bool:
    """Whether the downgrade restored all but what is a warning: then a second upgrade shows what comes of that."""
    return all(_slight(one) for one in _restored(seen, RevisionSource(seen.revision)))


def not_run(walked: Sequence[Walked]) -> Iterator[Finding]:
    """One note for each revision whose failure kept others from running, on it, naming them."""
    blocked: dict[str, list[str]] = {}
    for seen in walked:
        if seen.skipped:
            blocked.setdefault(seen.skipped, []).append(seen.revision.id)
    for seen in walked:
        if names := blocked.get(seen.revision.id):
            more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
            verbs = ("needs", "was") if len(names) == 1 else ("need", "were")
            count = f"{plural(len(names), 'revision')} that {verbs[0]} {seen.revision.id} {verbs[1]} not run"
            text = f"{count}: {', '.join(names[:_NAMED])}{more}"
            yield _finding(seen, "gate.upgrade-failed", Severity.NOTE, direction="upgrade", message=text)


def _down(seen: Walked, source: RevisionSource, restored: list[Difference], missing: Severity) -> Iterator[Finding]:
    name = seen.revision.id
    line = source.line_of("downgrade")
    error = seen.failures.get("downgrade")
    if isinstance(error, DowngradeMissing):
        yield _no_downgrade(seen, missing, 1, f"{name} has no downgrade()")
    elif error is not None and source.raises_at(error.fields.get("line") or 0):
        reason = error.fields.get("reason", "")
        yield _no_downgrade(seen, missing, error.line, f"the downgrade of {name} raises on purpose: {reason}")
    elif error is not None:
        yield _failure(seen, "gate.downgrade-failed", "downgrade", error, f"downgrade of {name} fails")
    else:
        idle = seen.downgraded == seen.upgraded
        for one in restored:
            where = f"after the downgrade of {name}" + (", which does nothing" if idle else "")
            yield _difference(seen, "gate.downgrade-differs", "downgrade", one, line, where)


def _restored(seen: Walked, source: RevisionSource) -> list[Difference]:
    """What tells the schema after the downgrade from the one before the upgrade."""
    if seen.before is None or seen.downgraded is None:
        return []
    return differences(seen.before, seen.downgraded, source.mentions)


def _slight(one: Difference) -> bool:
    return one.in_name_alone or one.change.attribute == "column_order"


def _keys(one: Difference) -> set[tuple[object, ...]]:
    """What it is about, and what of it became what."""
    change = one.change
    return {(change.object, change.attribute), (change.attribute, str(change.expected), str(change.actual))}


def _no_downgrade(seen: Walked, severity: Severity, line: int, text: str) -> Finding:
    hint = "write one, or say so in the file: # headworks: allow gate.no-downgrade - the reason"
    return _finding(seen, "gate.no-downgrade", severity, direction="downgrade", line=line, message=text, hint=hint)


def _difference(seen: Walked, rule: str, direction: str, one: Difference, line: int, where: str) -> Finding:
    change = one.change
    if one.in_name_alone:
        text = f"{where}: {change}"
        hint = f"a name that nobody chose: name it in {direction}(), or code that says {change.expected} misses it"
    elif change.action is Action.MISSING:
        text, hint = f"{change.object} is gone {where}", f"{direction}() must bring it back"
    elif change.action is Action.UNEXPECTED:
        text, hint = f"{change.object} is left {where}", f"{direction}() must remove it"
    else:
        text, hint = f"{where}: {change}", f"{direction}() must set it back"
    return _finding(
        seen,
        rule,
        Severity.WARNING if _slight(one) else Severity.ERROR,
        object=change.object,
        attribute=change.attribute,
        expected=change.expected,
        actual=change.actual,
        direction=direction,
        line=line,
        message=text,
        hint=hint,
    )


def _failure(seen: Walked, rule: str, direction: str, error: HeadworksError, text: str) -> Finding:
    reason = error.fields.get("reason", str(error))
    line = error.fields.get("line") or RevisionSource(seen.revision).line_of(direction)
    return _finding(
        seen,
        rule,
        Severity.ERROR,
        direction=direction,
        line=line,
        message=f"{text}: {reason}",
        # A server that lacks an extension, say: there the error knows more. Else: how to see it again, alone.
        hint=advice_given(error) or f"headworks gate --revisions {seen.revision.id}",
    )


def _beside(seen: Walked, error: HeadworksError) -> Finding:
    name = seen.revision.id
    text = f"upgrade of {name} fails where those before it have been run, and runs alone"
    return _finding(
        seen,
        "gate.upgrade-failed",
        Severity.ERROR,
        direction="upgrade",
        line=error.fields.get("line") or RevisionSource(seen.revision).line_of("upgrade"),
        message=f"{text}, so its branch was walked in a database of its own: {error.fields.get('reason', str(error))}",
        hint=(
            "let both branches live in one database; or, where none has both, say so in the file:"
            " # headworks: allow gate.upgrade-failed - the reason"
        ),
    )


def _finding(seen: Walked, rule: str, severity: Severity, **fields: Any) -> Finding:
    return Finding(rule=rule, severity=severity, revision=seen.revision.id, file=seen.revision.file, **fields)
