"""The safe way to the same end: Alembic code for one table, made from what the statement changed in the catalog.

Sources: https://www.postgresql.org/docs/current/sql-altertable.html (Notes: NOT VALID, SET NOT NULL, USING INDEX) and
https://www.postgresql.org/docs/current/sql-createindex.html (Building Indexes Concurrently).
"""

import re
from collections.abc import Iterable, Sequence

from headworks.gate.locks.code import NEXT, alone, code, execute, table
from headworks.gate.locks.columns import filled_later, not_null_lines
from headworks.gate.locks.new_type import new_type
from headworks.gate.locks.seen import Column, Constraint, Index, Relation, SeenStatement, Touch
from headworks.gate.locks.statements import split
from headworks.schema.quoting import as_pasted

__all__ = ["apart", "safe_way"]

_FK_PARTITIONED = 18  # the first major with FOREIGN KEY ... NOT VALID on a partitioned table
_REINDEX = re.compile(
    r"\s*REINDEX\s*(?P<options>\([^)]*\))?\s*(?P<kind>TABLE|INDEX|SCHEMA|DATABASE)\s+(?!CONCURRENTLY\b)", re.IGNORECASE
)
_VACUUM = re.compile(r"\s*VACUUM\b", re.IGNORECASE)
_READS = re.compile(r"\s*(SELECT|WITH|TABLE|VALUES)\b", re.IGNORECASE)
_LOCK = re.compile(r"\s*LOCK\b", re.IGNORECASE)
_LOCK_MODE = re.compile(r"\bIN\s+[A-Z ]+\s+MODE\b", re.IGNORECASE)
_BATCH = re.compile(r"\b_alembic_tmp_(?P<table>\w+)")


def safe_way(main: Touch, group: Sequence[Touch], major: int, statement: SeenStatement) -> str:
    """What to do instead of the statement that did this to `main`; `group` are it and its partitions."""
    relation, changes = main.relation, main.changes
    several = split(statement.text)
    if len(several) > 1:
        words = f"{len(several)} statements in one are seen as one: split them, and the gate says of each what to do:"
        return code(words, _joined([execute(one)] for one in several))
    if (found := _of_text(main, statement)) is not None:
        return found
    if relation.kind == "m":
        words = "refresh it CONCURRENTLY, for which no reader waits (it needs a unique index on plain columns):"
        return code(words, [execute(f"REFRESH MATERIALIZED VIEW CONCURRENTLY {table(relation)}")])
    changed = [one for one in changes.columns if one.number in changes.were]
    retyped = [one for one in changed if changes.were[one.number][0] != one.type]
    new = [one for one in changes.columns if one.number not in changes.were]
    if any(one.made and not one.identity for one in retyped):
        return _quiet("a column that the server computes is written into every row", statement)
    if retyped:
        way = new_type(relation, changes, retyped, statement.text)
        return way or _quiet("what stands on that column cannot be made anew beside the application", statement)
    if main.rewritten and new:
        return filled_later(relation, new, major)
    if main.rewritten:
        return _quiet("every row is written anew", statement)
    if changes.constraints:
        return _constraint(main, changes.constraints[0], major, statement)
    if changes.indexes:
        return _index(relation, changes.indexes[0], group)
    if changed:
        return _not_null(relation, changed)
    return _quiet("PostgreSQL reads all rows under that lock", statement)


def apart(statement: SeenStatement, by: SeenStatement) -> str:
    """What to do with a statement that takes long while a lock that `by` took is held."""
    if found := _BATCH.search(statement.text) or _BATCH.search(by.text):
        words = "batch mode copies the table under that lock, for databases that cannot alter it; PostgreSQL can:"
        alter = f'with op.batch_alter_table("{found["table"]}", recreate="never") as batch_op:'
        return code(words, [alter, "    ...  # as it is"])
    if _LOCK.match(by.text):
        words = (
            f"the LOCK TABLE of line {by.line} is held until the transaction ends: read before it, or lock in a mode"
            " for which the application need not wait"
        )
        weaker, count = _LOCK_MODE.subn("IN SHARE UPDATE EXCLUSIVE MODE", by.text)
        return code(f"{words}:", [execute(weaker)]) if count and by.plain else words
    if _READS.match(statement.text) and not statement.writes:
        # What is read serves what comes after it: that cannot be moved away, and what took the lock can.
        words = f"the lock is held until the transaction ends: let a revision before it do what line {by.line} does"
        if not by.plain:
            return f"{words} (headworks revision)"
        return code(f"{words}:", [execute(by.text), NEXT, f"pass  # all but line {by.line}"])
    words = "the lock is held until the transaction ends: run this in a revision of its own, after this one"
    if not statement.plain:
        return f"{words} (headworks revision)"
    return code(f"{words}:", [NEXT, execute(statement.text)])


def _joined(parts: Iterable[Sequence[str]]) -> list[str]:
    """Parts, each for a revision of its own."""
    return [line for place, part in enumerate(parts) for line in ([NEXT, *part] if place else part)]


def _of_text(main: Touch, statement: SeenStatement) -> str | None:
    """For what is told by the catalog in part alone: a partition that is attached, and what is there anew as it was."""
    relation, text = main.relation, statement.text.strip().rstrip(";")
    if (way := _attached(statement, text)) is not None:
        return way
    if found := _REINDEX.match(text):
        options = f" {found['options']}" if found["options"] else ""
        made = f"REINDEX{options} {found['kind'].upper()} CONCURRENTLY {text[found.end() :]}"
        return code("do it CONCURRENTLY, outside the transaction, for which nobody waits:", alone(made))
    if _VACUUM.match(text) and main.rewritten:
        words = (
            "VACUUM without FULL makes nobody wait, and lets the room be used again (pg_repack gives it back to the"
            " disk, beside the application):"
        )
        return code(words, alone(f"VACUUM {table(relation)}"))
    return None


def _attached(statement: SeenStatement, text: str) -> str | None:
    """For a partition that is attached: what is read of it, and of the default partition, a CHECK can say instead."""
    new = next((one for one in statement.touched if one.changes.attached is not None), None)
    if new is None or (bounds := new.changes.attached) is None or not statement.plain:
        return None
    says = [(new.relation, bounds)] if new.scanned else []
    # The rows of the default partition are read for those that the new one would have to hold.
    says += [
        (one.relation, f"NOT {bounds}")
        for one in statement.touched
        if one.scanned and one.relation.oid not in (one.relation.root, new.relation.oid)
    ]
    checks = [(f"ALTER TABLE {table(one)}", as_pasted(f"{one.name}_attached"[:63]), words) for one, words in says]
    lines = [execute(f"{target} ADD CONSTRAINT {check} CHECK ({words}) NOT VALID") for target, check, words in checks]
    lines.append(NEXT)
    lines += [execute(f"{target} VALIDATE CONSTRAINT {check}") for target, check, _ in checks]
    lines.append(execute(text))
    lines += [execute(f"{target} DROP CONSTRAINT {check}") for target, check, _ in checks]
    return code("add a CHECK that says what it is to hold, NOT VALID, validate it, and attach it then:", lines)


def _index(relation: Relation, index: Index, group: Sequence[Touch]) -> str:
    made = index.definition.replace(" INDEX ", " INDEX CONCURRENTLY ", 1)
    if relation.kind != "p":
        return code("build it CONCURRENTLY, outside the transaction, for which nobody waits:", alone(made))
    parts = [made for touch in group for made in touch.changes.indexes if touch.relation.kind != "p"]
    lines = [execute(index.definition)]  # printed with ON ONLY
    lines += alone(*(part.definition.replace(" INDEX ", " INDEX CONCURRENTLY ", 1) for part in parts))
    whole = f"{as_pasted(index.schema)}.{as_pasted(index.name)}"
    lines += [
        execute(f"ALTER INDEX {whole} ATTACH PARTITION {as_pasted(one.schema)}.{as_pasted(one.name)}") for one in parts
    ]
    return code("make it on the table alone, CONCURRENTLY on each partition, and attach these:", lines)


def _constraint(main: Touch, made: Constraint, major: int, statement: SeenStatement) -> str:
    relation, target = main.relation, f"ALTER TABLE {table(main.relation)}"
    if made.kind in ("p", "u") and not made.temporal and relation.kind != "p":
        index = next(one for one in main.changes.indexes if one.constraint == made.name)
        kind = "PRIMARY KEY" if made.kind == "p" else "UNIQUE"
        rest = (" DEFERRABLE" if made.deferrable else "") + (" INITIALLY DEFERRED" if made.deferred else "")
        unique = index.definition.replace(" INDEX ", " INDEX CONCURRENTLY ", 1)
        nulls = [one for one in main.changes.columns if one.not_null] if made.kind == "p" else []
        using = f"{target} ADD CONSTRAINT {as_pasted(made.name)} {kind} USING INDEX {as_pasted(index.name)}{rest}"
        ahead, after = not_null_lines(relation, nulls)
        return code(
            "build its index CONCURRENTLY, then take that for the constraint:",
            [*ahead, NEXT, *alone(unique), *after, execute(using)] if nulls else [*alone(unique), execute(using)],
        )
    if made.kind == "c" or (made.kind == "f" and (relation.kind != "p" or major >= _FK_PARTITIONED)):
        return code(
            "add it NOT VALID, and validate it in a revision of its own, for which nobody waits:",
            [
                execute(f"{target} ADD CONSTRAINT {as_pasted(made.name)} {made.definition} NOT VALID"),
                NEXT,
                execute(f"{target} VALIDATE CONSTRAINT {as_pasted(made.name)}"),
            ],
        )
    if made.kind == "x":
        return _exclusion(main, made)
    return _quiet("such a constraint can only be made with its index, under that lock", statement)


def _exclusion(main: Touch, made: Constraint) -> str:
    """There is no NOT VALID and no USING INDEX for it (PostgreSQL, ALTER TABLE, `ADD table_constraint`)."""
    index = next(one for one in main.changes.indexes if one.constraint == made.name)
    if index.method == "btree" and not made.deferrable and main.relation.kind != "p":
        # Of its operators only = commutes: a unique index refuses the same rows.
        unique = index.definition.replace(" INDEX ", " UNIQUE INDEX CONCURRENTLY ", 1)
        return code("with = alone it is a unique index, which can be built CONCURRENTLY:", alone(unique))
    words = (
        "there is no safe way: PostgreSQL builds the index of such a constraint under that lock alone. Expect nobody to"
        " read or write the table for as long as CREATE INDEX on the same columns takes on a copy of it; do it in a"
        " quiet hour, with memory for the build, and give up soon where the lock is not had:"
    )
    return code(
        words,
        [
            execute("SET LOCAL lock_timeout = '3s'"),
            execute("SET LOCAL maintenance_work_mem = '1GB'"),
            execute(f"ALTER TABLE {table(main.relation)} ADD CONSTRAINT {as_pasted(made.name)} {made.definition}"),
        ],
    )


def _not_null(relation: Relation, columns: Sequence[Column]) -> str:
    ahead, after = not_null_lines(relation, columns)
    return code(
        "add a CHECK that is NOT VALID, validate it in a revision of its own, and let SET NOT NULL rely on it:",
        [*ahead, NEXT, *after],
    )


def _quiet(reason: str, statement: SeenStatement) -> str:
    """`SET LOCAL` is one transaction's: outside of one it would do nothing."""
    words = f"{reason}: do it in a quiet hour, and give up soon where the lock is not had:"
    said = [statement.text] if statement.plain else []
    if statement.alone:
        return code(words, alone("SET lock_timeout = '3s'", *said, "RESET lock_timeout"))
    return code(words, [execute("SET LOCAL lock_timeout = '3s'"), *map(execute, said)])
