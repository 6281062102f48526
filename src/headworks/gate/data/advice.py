"""The safe way for a statement that fails on rows alone, from what the server says of the failure."""

import re
from collections.abc import Collection

import msgspec

from headworks.findings import ObjectRef
from headworks.gate.locks.code import execute, python_text
from headworks.migrations.reasons import sqlstate_of
from headworks.schema.quoting import as_pasted

__all__ = ["culprit", "safe_way"]

_BATCH = "_alembic_tmp_"
"""What Alembic's batch mode calls the table that it copies all rows to."""


class _Place(msgspec.Struct, frozen=True):
    """What the server names, raw; `written` tells a row that is being written from one that is there."""

    schema: str
    table: str | None
    column: str | None
    constraint: str | None
    written: bool

    @property
    def path(self) -> str:
        """The table as it is pasted."""
        if self.table is None:
            return "the table"
        name = as_pasted(self.table)
        return name if self.schema == "public" else f"{as_pasted(self.schema)}.{name}"

    @property
    def inside(self) -> str:
        """The table's schema, as a further argument of an operation of Alembic's."""
        return "" if self.schema == "public" else f", schema={python_text(self.schema)}"


def culprit(error: BaseException) -> ObjectRef | None:
    """The column, or the table, that the server names; drivers that do not pass it on name none."""
    schema, table, column = (_said(error, f"{part}_name") for part in ("schema", "table", "column"))
    if table is None:
        return None
    if column is not None:
        return ObjectRef("column", column, schema, table)
    return ObjectRef("table", table, schema)


def safe_way(error: BaseException, columns: Collection[tuple[str, str, str]]) -> str | None:
    """What to write instead. `columns` are those that there were before: schema, table, name."""
    place = _place(error)
    state = sqlstate_of(error) or ""
    path, constraint = place.path, as_pasted(place.constraint) if place.constraint else None
    if state == "23502":
        return _of_nulls(place, known=(place.schema, place.table, place.column) in columns)
    if state == "23505":
        return _of_twins(place, _key(error))
    if state == "23503":
        validate = execute(f"ALTER TABLE {path} VALIDATE CONSTRAINT {constraint or '...'}")
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


def _of_nulls(place: _Place, *, known: bool) -> str:
    """Null is what stands in rows that are there, or what is written, or what all rows have as the column is new."""
    name = as_pasted(place.column) if place.column else "the column"
    if place.written:
        return (
            f"it writes a row without {name} into {place.path}: leave those out that have none where it reads them,"
            " WHERE ... IS NOT NULL, or give them one, coalesce(..., ...)"
        )
    fill = execute(f"UPDATE {place.path} SET {name} = ... WHERE {name} IS NULL")  # noqa: S608 - to be pasted
    if known:
        return f"fill it first: {fill}"
    named = ", ".join(map(python_text, (place.table or "...", place.column or "the column")))
    words = f"{named}, nullable=False{place.inside}"
    return f"give it a server_default; or let it be null at first, then {fill} and op.alter_column({words})"


def _of_twins(place: _Place, key: str | None) -> str:
    """The server writes the key's names and expressions as they are pasted."""
    columns = key or (as_pasted(place.column) if place.column else "...")
    if place.written:
        return (
            f"what it writes into {place.path} is there already, or comes twice: before it, find the rows that come to"
            f" the same {columns}, and leave all but one of them out, or make them differ"
        )
    shows = f"SELECT {columns}, count(*) FROM {place.path} GROUP BY {columns} HAVING count(*) > 1"  # noqa: S608
    return f"remove what is there twice first; {shows} shows it"


def _place(error: BaseException) -> _Place:
    """Where it failed. A copy that batch mode makes stands for its table: its rows are there, and not written."""
    table = _said(error, "table_name")
    copied = table is not None and table.startswith(_BATCH)
    state = sqlstate_of(error)
    # Only of a row that is written are the values told; an index that is built comes to a function of its own.
    detail = _said(error, "message_detail", "detail")
    checked = _said(error, "source_function", "server_source_function")
    written = detail is not None if state == "23502" else checked == "_bt_check_unique"
    return _Place(
        schema=_said(error, "schema_name") or "public",
        table=table.removeprefix(_BATCH) if table is not None else None,
        column=_said(error, "column_name"),
        constraint=_said(error, "constraint_name"),
        written=written and not copied,
    )


def _said(error: BaseException, *parts: str) -> str | None:
    """`table_name` and the like of this very error: psycopg has them in `diag`, asyncpg on the error itself."""
    state = sqlstate_of(error)
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        for holder in (one, getattr(one, "orig", None)):
            if state not in (getattr(holder, "sqlstate", None), getattr(holder, "pgcode", None)):
                continue  # what it was raised from, or during, may be another error with names of its own
            for place in (getattr(holder, "diag", None), holder):
                for part in parts:
                    if isinstance(text := getattr(place, part, None), str) and text:
                        return text
        one = one.__cause__ or one.__context__
    return None


def _key(error: BaseException) -> str | None:
    """The columns of a key that is there twice, as the server's detail has them."""
    detail = _said(error, "message_detail", "detail") or str(getattr(error, "orig", None) or error)
    match = re.search(r"\(([^()]+(?:\([^()]*\)[^()]*)*)\)=\(", detail)
    return match[1] if match else None
