"""The safe way for a statement that fails on rows alone, from what the server says of the failure."""

import re
from typing import Any

from headworks.findings import ObjectRef
from headworks.migrations.failures import sqlstate_of

__all__ = ["culprit", "safe_way"]


def culprit(error: BaseException) -> ObjectRef | None:
    """The column, or the table, that the server names; drivers that do not pass it on name none."""
    schema, table, column = (_named(error, part) for part in ("schema", "table", "column"))
    if table is None:
        return None
    if column is not None:
        return ObjectRef("column", column, schema, table)
    return ObjectRef("table", table, schema)


def safe_way(error: BaseException, direction: str) -> str | None:
    """What to write instead."""
    schema, table, column = (_named(error, part) for part in ("schema", "table", "column"))
    inside = schema if table and schema != "public" else None
    path = f"{inside}.{table}" if inside else table or "the table"
    constraint = _named(error, "constraint")
    state = sqlstate_of(error) or ""
    if state == "23502":
        name = column or "the column"
        words = f'"{table or "..."}", "{name}", nullable=False' + (f', schema="{inside}"' if inside else "")
        fill = f'op.execute("UPDATE {path} SET {name} = ... WHERE {name} IS NULL")'  # noqa: S608 - to be pasted
        if direction == "downgrade":
            return f"fill it first: {fill}"
        return f"give it a server_default; or let it be null at first, then {fill} and op.alter_column({words})"
    if state == "23505":
        columns = _key(error) or column or "..."
        shows = f"SELECT {columns}, count(*) FROM {path} GROUP BY {columns} HAVING count(*) > 1"  # noqa: S608
        return f"remove what is there twice first; {shows} shows it"
    if state == "23503":
        validate = f"ALTER TABLE {path} VALIDATE CONSTRAINT {constraint or '...'}"
        return (
            f"mend or delete the rows of {path} that point nowhere first; or add the key with"
            f" postgresql_not_valid=True, mend them, and {validate}"
        )
    if state == "23P01":  # unlike a check, an exclusion cannot be NOT VALID
        shown = f"the rows of {path} that {constraint or 'it'} does not let stand side by side"
        return f"mend or delete {shown}, in an UPDATE or DELETE before it"
    if state == "23514":
        return (
            f"mend the rows of {path} that break {constraint or 'it'} in an UPDATE before it;"
            " or add it NOT VALID, and VALIDATE it in a later revision"
        )
    if state.startswith("22") or state in ("42804", "42846"):
        return "say what becomes of each value: postgresql_using='...' in op.alter_column, or an UPDATE before it"
    return None


def _named(error: BaseException, part: str) -> str | None:
    """`table_name` and the like: psycopg has them in `diag`, asyncpg on the error itself."""
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        for holder in (one, getattr(one, "orig", None)):
            for place in (getattr(holder, "diag", None), holder):
                if isinstance(name := getattr(place, f"{part}_name", None), str) and name:
                    return name
        one = one.__cause__ or one.__context__
    return None


def _key(error: Any) -> str | None:
    """The columns of a key that is there twice, as the server's detail has them."""
    match = re.search(r"\(([^()]+(?:\([^()]*\)[^()]*)*)\)=\(", str(getattr(error, "orig", None) or error))
    return match[1] if match else None
