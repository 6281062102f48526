"""From what was seen of a step to findings, and to the list of locks that reports show."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from headworks.findings import Finding, ObjectRef, Severity
from headworks.gate.locks.code import enclosed
from headworks.gate.locks.modes import SHARE_UPDATE_EXCLUSIVE, blocks, rank, words
from headworks.gate.locks.seen import Changes, Relation, SeenStatement, SeenStep, Touch
from headworks.gate.locks.sizes import SMALL, Sizes, shown
from headworks.gate.locks.ways import apart, safe_way
from headworks.gate.scene import Scene
from headworks.migrations.enclosing import advice_on_enclosing, is_enclosing
from headworks.migrations.history import Revision
from headworks.redaction import redact
from headworks.words import plural

__all__ = ["judge_step", "listed", "lock_findings"]

_SHORT = 100


class _Held(msgspec.Struct):
    """A lock that blocks, which a statement took; and the later ones of its transaction that take long."""

    touch: Touch
    by: SeenStatement
    over: list[tuple[SeenStatement, Touch]] = []


def lock_findings(steps: Iterable[SeenStep], scene: Scene, sizes: Sizes | None) -> list[Finding]:
    """Of all steps."""
    project = scene.project
    found = (judge_step(step, project.history.by_id[step.revision], scene.shadow.major, sizes) for step in steps)
    if not is_enclosing(project):
        return [one for some in found for one in some]
    advice = advice_on_enclosing(project)
    return [msgspec.structs.replace(one, hint=enclosed(one.hint or "", advice)) for some in found for one in some]


def judge_step(step: SeenStep, revision: Revision, major: int, sizes: Sizes | None) -> Iterator[Finding]:
    """One finding for each statement that makes an application wait while rows are read or written."""
    return _Judge(step, revision, major, sizes).run()


def listed(step: SeenStep, sizes: Sizes | None) -> Iterator[dict[str, Any]]:
    """For `details["locks"]`: the lock on each relation that was there, by statement."""
    for statement in step.statements:
        ended = step.ended.get(statement.transaction)
        for touch in statement.touched:
            if touch.held is None or rank(touch.held) < SHARE_UPDATE_EXCLUSIVE:
                continue
            yield {
                "revision": step.revision,
                "direction": step.direction,
                "statement": short(statement.text),
                "line": statement.line,
                "relation": str(touch.relation),
                "mode": words(touch.held),
                "rows": touch.rows if sizes is None else _rows_in(sizes, touch.relation),
                "rewrite": touch.rewritten,
                "scan": touch.scanned,
                "blocks": list(touch.blocks),
                "seconds": round(ended - statement.began, 4) if ended is not None else None,
            }


def short(text: str) -> str:
    """The beginning of a statement, on one line."""
    line = redact(" ".join(text.split()))
    return line if len(line) <= _SHORT else f"{line[: _SHORT - 3]}..."


def _rows_in(sizes: Sizes, relation: Relation) -> int | None:
    size = sizes.tables.get(str(relation))
    return size.rows if size is not None else None


class _Judge:
    def __init__(self, step: SeenStep, revision: Revision, major: int, sizes: Sizes | None) -> None:
        self._step = step
        self._revision = revision
        self._major = major
        self._sizes = sizes

    def run(self) -> Iterator[Finding]:
        held: dict[tuple[int, int], _Held] = {}
        for place, statement in enumerate(self._step.statements):
            mine = [one for key, one in held.items() if key[0] == statement.transaction]
            long = [one for one in statement.touched if one.long and self._counts(one)]
            if own := [one for one in long if one.needs_it and one.blocks]:
                yield self._by_itself(statement, own, mine, self._later(place))
            elif long:
                for one in mine:
                    one.over.append((statement, long[0]))
            for touch in statement.touched:
                if touch.blocks and (touch.taken is not None and blocks(touch.taken)):
                    held.setdefault((statement.transaction, touch.relation.root), _Held(touch, statement, []))
        for one in held.values():
            if one.over:
                yield self._held_over(one)

    def _counts(self, touch: Touch) -> bool:
        """Whether there are rows enough to wait for; a table that the file of sizes does not know has none yet."""
        return self._sizes is None or (_rows_in(self._sizes, self._root(touch.relation)) or 0) >= SMALL

    def _later(self, place: int) -> int:
        statements = self._step.statements
        return sum(one.transaction == statements[place].transaction for one in statements[place + 1 :])

    def _by_itself(self, statement: SeenStatement, own: list[Touch], held: list[_Held], later: int) -> Finding:
        """A statement that scans or rewrites what it has to lock for that."""
        altered = {one.relation.root for one in statement.touched if one.changes}
        first = min(own, key=lambda one: (not one.rewritten, one.relation.root not in altered, str(one.relation)))
        group = [one for one in statement.touched if one.relation.root == first.relation.root]
        # Where the partitioned table itself makes nobody wait (ATTACH), it is the partition that is spoken of.
        main = next((one for one in group if one.relation.oid == first.relation.root and one.blocks), first)
        others = {str(self._root(one.relation)) for one in statement.touched if one.blocks}
        others |= {str(self._root(one.touch.relation)) for one in held}
        others -= {str(main.relation), str(self._root(main.relation))}
        rewritten = any(one.rewritten for one in group)
        what = ("a full rewrite" if rewritten else "a full scan") + _cause(main.changes, rewritten=rewritten)
        until = "it is done" + (f", and {plural(later, 'later statement')} with it" if later else "")
        also = f"; those on {', '.join(sorted(others))} wait as well" if others else ""
        return self._finding(
            "gate.table-rewrite" if rewritten else "gate.full-scan",
            main,
            statement,
            f"{self._lock(main, main.relation)} during {what}: {_waiting(main.blocks)} until {until}{also}",
            safe_way(main, group, self._major, statement),
        )

    def _held_over(self, one: _Held) -> Finding:
        """A lock that would be a moment's, but for what its transaction does next."""
        (statement, touch), count = one.over[0], len(one.over)
        table = self._root(touch.relation)
        more = f" (and {plural(count - 1, 'statement')} like it)" if count > 1 else ""
        rows = f" ({found})" if (found := self._rows(table)) else ""
        lock = self._lock(one.touch, self._root(one.touch.relation))
        text = (
            f"{lock}, taken in line {one.by.line}, is held while line {statement.line} reads all rows of"
            f" {table}{rows}{more}: {_waiting(one.touch.blocks)} until it is done"
        )
        return self._finding("gate.observed-lock", one.touch, statement, text, apart(statement, one.by))

    def _finding(self, rule: str, touch: Touch, statement: SeenStatement, text: str, hint: str) -> Finding:
        relation = self._root(touch.relation)
        kind = "materialized view" if relation.kind == "m" else "table"
        return Finding(
            rule=rule,
            severity=Severity.WARNING,
            object=ObjectRef(kind=kind, schema=relation.schema, name=relation.name),
            revision=self._revision.id,
            direction=self._step.direction,
            file=self._revision.file,
            line=statement.line,
            message=text,
            hint=hint,
        )

    def _root(self, relation: Relation) -> Relation:
        return self._step.relations.get(relation.root, relation)

    def _lock(self, touch: Touch, relation: Relation) -> str:
        rows = f" ({found})" if (found := self._rows(relation)) else ""
        return f"{words(touch.held or '')} on {relation}{rows}"

    def _rows(self, relation: Relation) -> str | None:
        rows = _rows_in(self._sizes, relation) if self._sizes is not None else None
        return shown(rows) if rows is not None else None


def _cause(changes: Changes, *, rewritten: bool) -> str:
    """What the catalog says that it was for. Another type makes the column's constraints and indexes anew as well."""
    of_parts = [f" for constraint {one.name}" for one in changes.constraints]
    of_parts += [f" for index {one.name}" for one in changes.indexes]
    of_columns = list(_of_columns(changes))
    found = [*of_columns, *of_parts] if rewritten else [*of_parts, *of_columns]
    return found[0] if found else " for its place among the partitions" if changes.attached else ""


def _of_columns(changes: Changes) -> Iterator[str]:
    retyped = []
    others = []
    for one in changes.columns:
        was = changes.were.get(one.number)
        if was is None:
            others.append(f" for the new column {one.name}")
        elif was[0] != one.type:
            retyped.append(f" for column {one.name}, from {was[0]} to {one.type}")
        else:
            others.append(f" for column {one.name}, from now on NOT NULL")
    yield from (*retyped, *others)


def _waiting(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]} wait" if names[1:] else f"{names[0]} waits"
