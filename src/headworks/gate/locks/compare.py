"""What a statement did to the relations that were there: their states before it and after it, side by side."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from headworks.gate.locks import catalog
from headworks.gate.locks.modes import SHARE, rank, strongest
from headworks.gate.locks.seen import Changes, Parts, Relation, State, Touch, Write

__all__ = ["blocking", "doubtful", "first_state", "full_scans", "touches", "writes"]

_WRITES = "RowExclusiveLock"
"""What INSERT, UPDATE and DELETE take, and no DDL (https://www.postgresql.org/docs/current/explicit-locking.html)."""

Committed = Callable[[int], Parts]
"""What a relation consisted of before the transaction."""


def first_state(relation: Relation) -> State:
    """A relation before anything has been done to it."""
    return State(
        oid=relation.oid,
        modes=(),
        there=True,
        file=relation.file,
        empty=False,
        scans=relation.scans,
        read=relation.read,
        written=relation.written,
        replaced=relation.replaced,
        deleted=relation.deleted,
    )


def touches(
    connection: Any,
    relations: Mapping[int, Relation],
    was: Mapping[int, State],
    now: Mapping[int, State],
    committed: Committed,
) -> list[Touch]:
    """One for each relation that the statement locked anew, scanned, rewrote or altered while it worked through it.

    `connection` is that on which it ran, in the same transaction.
    """
    pairs = [(relations[oid], was[oid], state) for oid, state in now.items() if oid in relations and oid in was]
    # One that is itself not read may be what another is read for: a partition that is attached beside a default one.
    busy = any(after.scans > before.scans or _moved(before, after) for _, before, after in pairs)
    found = []
    for relation, before, after in pairs:
        changes = Changes()
        if busy and after.parts is not None:
            parts = before.parts or committed(relation.oid)
            changes = catalog.changes(connection, relation.oid, parts, after.parts)
        found.append(_touch(relation, before, after, changes))
    return [one for one in found if one.taken is not None or one.long or one.changes]


def writes(relations: Mapping[int, Relation], was: Mapping[int, State], now: Mapping[int, State]) -> list[Write]:
    """One for each table into which the statement wrote, as the root where it is a partition.

    A statement that writes nothing at all was asked to write where it took the lock that writing takes: that cannot be
    the one of a foreign key's ON DELETE, which needs a row that goes.
    """
    found: dict[int, Write] = {}
    asked: dict[int, Write] = {}
    for oid, after in now.items():
        if oid not in relations or oid not in was:
            continue
        before = was[oid]
        # What a TRUNCATE of the same transaction did before counts as nothing written, and is no negative number.
        rows = max(0, _written(after) - _written(before))
        root = relations.get(relations[oid].root, relations[oid])
        emptied = _moved(before, after) and after.empty
        if rows or emptied:
            so_far = found.get(root.oid, Write(root, 0, emptied=False))
            found[root.oid] = Write(root, so_far.rows + rows, emptied=so_far.emptied or emptied)
        elif _WRITES in after.modes and _WRITES not in before.modes:
            asked[root.oid] = Write(root, 0, emptied=False)
    return list(found.values()) or list(asked.values())


def _written(state: State) -> int:
    return state.written + state.replaced + state.deleted


def doubtful(touched: list[Touch]) -> set[int]:
    """Relations that may have been read in part: by what is no ALTER TABLE, while somebody waits for a lock."""
    return {one.relation.oid for one in touched if one.scanned and not one.rewritten and not one.needs_it}


def full_scans(touched: list[Touch], read: Mapping[int, int], rows: Mapping[int, int]) -> list[Touch]:
    """The same, where what read fewer rows than there are is no scan: a SELECT ... LIMIT 1, say."""
    return [
        msgspec.structs.replace(one, rows=rows[oid], scanned=read[oid] >= rows[oid])
        if (oid := one.relation.oid) in rows
        else one
        for one in touched
    ]


def _touch(relation: Relation, before: State, after: State, changes: Changes) -> Touch:
    scans, read = after.scans - before.scans, after.read - before.read
    moved = _moved(before, after)
    # TRUNCATE, too, gives a table a new file: one that is empty, or holds what was inserted after it.
    refilled = after.written > before.written and not read
    rewritten = moved and (bool(changes.columns) or not (after.empty or refilled))
    scanned = scans > 0 and (rewritten or not moved)
    return Touch(
        relation=relation,
        held=strongest(after.modes),
        taken=strongest(set(after.modes) - set(before.modes)),
        scanned=scanned,
        rewritten=rewritten,
        rows=read // scans if scanned else None,
        changes=changes,
    )


def _moved(before: State, after: State) -> bool:
    return after.there and after.file != before.file


def blocking(now: Mapping[int, State], relations: Mapping[int, Relation]) -> bool:
    """Whether the transaction holds a lock on what was there that an application would wait for."""
    return any(oid in relations and rank(strongest(state.modes)) >= SHARE for oid, state in now.items())
