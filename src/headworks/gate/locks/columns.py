"""The safe way to a new column that PostgreSQL would write into every row: a plain one, filled in batches.

Sources: https://www.postgresql.org/docs/current/ddl-generated-columns.html, .../ddl-identity-columns.html and
.../sql-createtrigger.html (triggers of one kind fire in the order of their names).
"""

from collections.abc import Sequence

from headworks.gate.locks.code import NEXT, batches, code, execute, literal, table
from headworks.gate.locks.seen import Column, Relation
from headworks.schema.quoting import as_pasted

__all__ = ["filled_later", "not_null_lines"]

_VIRTUAL = 18  # the first major with columns that are computed when they are read


def filled_later(relation: Relation, columns: Sequence[Column], major: int) -> str:
    """For columns with a default that differs from row to row, generated ones, and identities."""
    first: list[str] = []
    filled: list[str] = []
    last: list[str] = []
    for one in columns:
        if one.identity:
            some = _numbered(relation, one)
        elif one.made:
            some = _computed(relation, one)
        else:
            some = _defaulted(relation, one)
        for lines, more in zip((first, filled, last), some, strict=True):
            lines += more
    lines = [*first, *([NEXT, *filled] if filled else [])]
    if nulls := [one for one in columns if one.not_null]:
        ahead, after = not_null_lines(relation, nulls)
        lines += [*ahead, NEXT, *after]
    return code(f"{_words(columns, major)}:", [*lines, *last])


def not_null_lines(relation: Relation, columns: Sequence[Column]) -> tuple[list[str], list[str]]:
    """What one revision does, and what the next: it scans before it takes its short lock."""
    target = f"ALTER TABLE {table(relation)}"
    checks = [(as_pasted(f"{relation.name}_{one.name}_not_null"[:63]), as_pasted(one.name)) for one in columns]
    ahead = [f"{target} ADD CONSTRAINT {check} CHECK ({column} IS NOT NULL) NOT VALID" for check, column in checks]
    after = [f"{target} VALIDATE CONSTRAINT {check}" for check, _ in checks]
    for check, column in checks:
        after += [f"{target} ALTER COLUMN {column} SET NOT NULL", f"{target} DROP CONSTRAINT {check}"]
    return list(map(execute, ahead)), list(map(execute, after))


def _words(columns: Sequence[Column], major: int) -> str:
    if any(one.made and not one.identity for one in columns):
        virtual = " (where no index on it is needed: VIRTUAL, not STORED, writes nothing)" if major >= _VIRTUAL else ""
        return f"let a trigger, the last to fire, compute a plain column, and fill it in batches{virtual}"
    if any(one.identity for one in columns):
        return "add it nullable, number the rows in batches, and make it the identity then"
    return "add it nullable, give it its default, and fill it in batches"


_Parts = tuple[list[str], list[str], list[str]]
"""Code to add the column, to fill it, and to end with."""


def _defaulted(relation: Relation, one: Column) -> _Parts:
    target, column = f"ALTER TABLE {table(relation)}", as_pasted(one.name)
    lines = [f"{target} ADD COLUMN {column} {one.type}"]
    if one.default is None:
        return list(map(execute, lines)), [], []
    lines.append(f"{target} ALTER COLUMN {column} SET DEFAULT {one.default}")
    if one.sequence is not None:  # serial
        lines.insert(0, f"CREATE SEQUENCE {one.sequence} AS {one.type}")
        lines.append(f"ALTER SEQUENCE {one.sequence} OWNED BY {table(relation)}.{column}")
    return list(map(execute, lines)), batches(relation, f"{column} = DEFAULT", f"{column} IS NULL"), []


def _numbered(relation: Relation, one: Column) -> _Parts:
    """A sequence of its own numbers the rows, the new ones too, until the identity goes on from there."""
    target, column = f"ALTER TABLE {table(relation)}", as_pasted(one.name)
    sequence = f"{as_pasted(relation.schema)}.{as_pasted(f'{relation.name}_{one.name}_numbers'[:63])}"
    quoted = literal(sequence)
    first = [
        f"CREATE SEQUENCE {sequence} AS {one.type}",
        f"{target} ADD COLUMN {column} {one.type}",
        f"{target} ALTER COLUMN {column} SET DEFAULT nextval({quoted})",
    ]
    kind = "ALWAYS" if one.identity == "a" else "BY DEFAULT"
    own = f"pg_get_serial_sequence({literal(table(relation))}, {literal(one.name)})"
    last = [
        f"{target} ALTER COLUMN {column} DROP DEFAULT",
        f"{target} ALTER COLUMN {column} ADD GENERATED {kind} AS IDENTITY",
        f"SELECT setval({own}, nextval({quoted}))",
        f"DROP SEQUENCE {sequence}",
    ]
    filled = batches(relation, f"{column} = DEFAULT", f"{column} IS NULL")
    return list(map(execute, first)), filled, list(map(execute, last))


def _computed(relation: Relation, one: Column) -> _Parts:
    """PostgreSQL computes such a column after all BEFORE triggers; so does a trigger whose name comes last."""
    column, keeper = as_pasted(one.name), as_pasted(f"zz_{relation.name}_{one.name}"[:63])
    function = f"{as_pasted(relation.schema)}.{keeper}"
    body = f"BEGIN NEW.{column} := (SELECT {one.default} FROM (SELECT NEW.*) AS r); RETURN NEW; END"  # noqa: S608 - to be read
    lines = [
        f"ALTER TABLE {table(relation)} ADD COLUMN {column} {one.type}",
        f"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$",
        f"CREATE TRIGGER {keeper} BEFORE INSERT OR UPDATE ON {table(relation)}"
        f" FOR EACH ROW EXECUTE FUNCTION {function}()",
    ]
    where = f"{column} IS NULL AND ({one.default}) IS NOT NULL"
    return list(map(execute, lines)), batches(relation, f"{column} = {one.default}", where), []
