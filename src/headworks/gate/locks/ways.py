"""The safe way to the same end: Alembic code for one table, made from what the statement changed in the catalog.

Sources: https://www.postgresql.org/docs/current/sql-altertable.html (Notes: NOT VALID, SET NOT NULL, USING INDEX) and
https://www.postgresql.org/docs/current/sql-createindex.html (Building Indexes Concurrently).
"""

from collections.abc import Sequence

from headworks.gate.locks.code import NEXT, alone, batches, code, execute, name, table
from headworks.gate.locks.columns import filled_later, not_null_lines
from headworks.gate.locks.seen import Column, Constraint, Index, Relation, SeenStatement, Touch

__all__ = ["apart", "safe_way"]

_FK_PARTITIONED = 18  # the first major with FOREIGN KEY ... NOT VALID on a partitioned table


def safe_way(main: Touch, group: Sequence[Touch], major: int) -> str:
    """What to do instead of the statement that did this to `main`; `group` are it and its partitions."""
    relation, changes = main.relation, main.changes
    if relation.kind == "m":
        words = "refresh it CONCURRENTLY, for which no reader waits (it needs a unique index on plain columns):"
        return code(words, [execute(f"REFRESH MATERIALIZED VIEW CONCURRENTLY {table(relation)}")])
    changed = [one for one in changes.columns if one.number in changes.were]
    retyped = [one for one in changed if changes.were[one.number][0] != one.type]
    new = [one for one in changes.columns if one.number not in changes.were]
    if any(one.made for one in retyped):
        return _quiet("a column that the server computes is written into every row")
    if retyped:
        return _new_type(relation, retyped)
    if main.rewritten and new:
        return filled_later(relation, new, major)
    if main.rewritten:
        return _quiet("every row is written anew")
    if changes.constraints:
        return _constraint(main, changes.constraints[0], major)
    if changes.indexes:
        return _index(relation, changes.indexes[0], group)
    if changed:
        return _not_null(relation, changed)
    return _quiet("PostgreSQL reads all rows under that lock")


def apart(statement: SeenStatement) -> str:
    """What to do with a statement that takes long while a lock of an earlier one is held."""
    words = "the lock is held until the transaction ends: run this in a revision of its own, after this one"
    if not statement.plain:
        return f"{words} (headworks revision)"
    return code(f"{words}:", [NEXT, execute(statement.text)])


def _index(relation: Relation, index: Index, group: Sequence[Touch]) -> str:
    made = index.definition.replace(" INDEX ", " INDEX CONCURRENTLY ", 1)
    if relation.kind != "p":
        return code("build it CONCURRENTLY, outside the transaction, for which nobody waits:", alone(made))
    parts = [made for touch in group for made in touch.changes.indexes if touch.relation.kind != "p"]
    lines = [execute(index.definition)]  # printed with ON ONLY
    lines += alone(*(part.definition.replace(" INDEX ", " INDEX CONCURRENTLY ", 1) for part in parts))
    whole = f"{name(index.schema)}.{name(index.name)}"
    lines += [execute(f"ALTER INDEX {whole} ATTACH PARTITION {name(one.schema)}.{name(one.name)}") for one in parts]
    return code("make it on the table alone, CONCURRENTLY on each partition, and attach these:", lines)


def _constraint(main: Touch, made: Constraint, major: int) -> str:
    relation, target = main.relation, f"ALTER TABLE {table(main.relation)}"
    if made.kind in ("p", "u") and not made.temporal and relation.kind != "p":
        index = next(one for one in main.changes.indexes if one.constraint == made.name)
        kind = "PRIMARY KEY" if made.kind == "p" else "UNIQUE"
        rest = (" DEFERRABLE" if made.deferrable else "") + (" INITIALLY DEFERRED" if made.deferred else "")
        unique = index.definition.replace(" INDEX ", " INDEX CONCURRENTLY ", 1)
        nulls = [one for one in main.changes.columns if one.not_null] if made.kind == "p" else []
        using = f"{target} ADD CONSTRAINT {name(made.name)} {kind} USING INDEX {name(index.name)}{rest}"
        ahead, after = not_null_lines(relation, nulls)
        return code(
            "build its index CONCURRENTLY, then take that for the constraint:",
            [*ahead, NEXT, *alone(unique), *after, execute(using)] if nulls else [*alone(unique), execute(using)],
        )
    if made.kind == "c" or (made.kind == "f" and (relation.kind != "p" or major >= _FK_PARTITIONED)):
        return code(
            "add it NOT VALID, and validate it in a revision of its own, for which nobody waits:",
            [
                execute(f"{target} ADD CONSTRAINT {name(made.name)} {made.definition} NOT VALID"),
                NEXT,
                execute(f"{target} VALIDATE CONSTRAINT {name(made.name)}"),
            ],
        )
    if made.kind == "x":
        return _exclusion(main, made)
    return _quiet("such a constraint can only be made with its index, under that lock")


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
            execute(f"ALTER TABLE {table(main.relation)} ADD CONSTRAINT {name(made.name)} {made.definition}"),
        ],
    )


def _not_null(relation: Relation, columns: Sequence[Column]) -> str:
    ahead, after = not_null_lines(relation, columns)
    return code(
        "add a CHECK that is NOT VALID, validate it in a revision of its own, and let SET NOT NULL rely on it:",
        [*ahead, NEXT, *after],
    )


def _new_type(relation: Relation, columns: Sequence[Column]) -> str:
    """A second column, which a trigger keeps up to date, takes the place of the first."""
    target = f"ALTER TABLE {table(relation)}"
    first, second, last = [], [], []
    for one in columns:
        old, new, was = name(one.name), name(f"{one.name}_new"), name(f"{one.name}_old")
        keeper = name(f"{relation.name}_{one.name}_new")
        function = f"{name(relation.schema)}.{keeper}"
        body = f"BEGIN NEW.{new} := NEW.{old}::{one.type}; RETURN NEW; END"
        first += [
            f"{target} ADD COLUMN {new} {one.type}",
            f"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$",
            f"CREATE TRIGGER {keeper} BEFORE INSERT OR UPDATE ON {table(relation)}"
            f" FOR EACH ROW EXECUTE FUNCTION {function}()",
        ]
        second += batches(relation, f"{new} = {old}::{one.type}", f"{new} IS NULL AND {old} IS NOT NULL")
        last += [
            f"DROP TRIGGER {keeper} ON {table(relation)}",
            f"DROP FUNCTION {function}()",
            f"{target} RENAME COLUMN {old} TO {was}",
            f"{target} RENAME COLUMN {new} TO {old}",
        ]
        if one.default is not None:
            last.append(f"{target} ALTER COLUMN {old} SET DEFAULT {one.default}")
        if one.not_null:
            last.append(f"{target} ALTER COLUMN {was} DROP NOT NULL")
    nulls = [
        Column(one.number, f"{one.name}_new", one.type, one.not_null, one.made, one.default)
        for one in columns
        if one.not_null
    ]
    ahead, after = not_null_lines(relation, nulls)
    lines = [*map(execute, first), NEXT, *second, *ahead, NEXT, *after, *map(execute, last)]
    words = "fill a new column of that type in batches, then swap the names (what is on the old one is made on the new)"
    return code(f"{words}:", lines)


def _quiet(reason: str) -> str:
    words = f"{reason}: do it in a quiet hour, and give up soon where the lock is not had:"
    return code(words, [execute("SET LOCAL lock_timeout = '3s'")])
