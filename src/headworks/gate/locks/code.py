"""Pieces of a revision's code, for people to paste."""

import re
from collections.abc import Sequence

from headworks.gate.locks.seen import Relation
from headworks.schema.quoting import as_pasted

__all__ = ["NEXT", "alone", "batches", "code", "enclosed", "execute", "literal", "python_text", "table"]

NEXT = "# in the next revision:"
"""Stands between parts that need revisions, and so transactions, of their own."""

_ALONE = "with op.get_context().autocommit_block():"
_BATCH = 10_000


def code(words: str, lines: Sequence[str]) -> str:
    """What to do, in words, and below it the code."""
    return "\n".join([words, *lines])


def enclosed(way: str, advice: str) -> str:
    """The way for a project whose env.py begins a transaction of its own, which has to go first, as `advice` says."""
    words, *lines = way.split("\n")
    if _ALONE not in lines:
        return way
    first = f"# env.py first, in whose own transaction autocommit_block() fails: {advice}"
    return "\n".join([words, first, *lines])


def table(relation: Relation) -> str:
    """Its name, with its schema."""
    return f"{as_pasted(relation.schema)}.{as_pasted(relation.name)}"


def literal(text: str) -> str:
    """A text as SQL has it."""
    return "'" + text.replace("'", "''") + "'"


def execute(statement: str) -> str:
    """The call that runs it. A colon before a word would be a parameter to SQLAlchemy."""
    escaped = re.sub(r"(?<![:\w\\]):(\w+)(?!:)", r"\\:\1", statement.strip())
    return f"op.execute({python_text(escaped)})"


def python_text(text: str) -> str:
    """A text as Python has it, in the quotes of the rest of a revision where it can be."""
    return f'"{text}"' if re.fullmatch(r'[^"\\\n]*', text) else repr(text)


def alone(*statements: str) -> list[str]:
    """Statements outside a transaction."""
    return [_ALONE, *(f"    {execute(one)}" for one in statements)]


def batches(relation: Relation, assignment: str, where: str) -> list[str]:
    """An UPDATE that commits every few thousand rows, so that nobody waits for a row for long."""
    some = f"SELECT ctid FROM {table(relation)} WHERE {where} LIMIT {_BATCH}"  # noqa: S608 - to be read
    update = execute(f"UPDATE {table(relation)} SET {assignment} WHERE ctid = ANY (ARRAY({some}))")  # noqa: S608
    run = f"op.get_bind().execute(sa.text({update.removeprefix('op.execute(')})"
    return [_ALONE, f"    while {run}.rowcount:", "        pass"]
