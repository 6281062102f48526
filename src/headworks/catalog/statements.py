"""The SQL of a picture: a query for each kind, as a file, and what goes around it."""

import re
from functools import cache
from importlib.resources import files

import msgspec

from headworks.schema import Column, Constraint, Index, Object, Sequence, Table, kinds

__all__ = ["MANY", "as_json", "narrow", "query", "there", "unless"]

MANY: frozenset[type[Object]] = frozenset({Column, Constraint, Index, Sequence, Table})
"""Kinds of which there may be very many small objects: they come as one array, not row by row."""

_QUERIES = files("headworks.catalog") / "queries"

_UNLESS = re.compile(r"^-- none unless: (.+)$", re.MULTILINE)


@cache
def query(kind: type[Object]) -> str:
    """The query that reads a kind. Its columns have the names of the record's fields."""
    return (_QUERIES / f"{kind.kind.replace(' ', '_')}.sql").read_text(encoding="utf-8")


def unless(kind: type[Object]) -> str | None:
    """What must have a row, or there is no object of the kind: what follows FROM; `None` where nothing is so cheap.

    A query's file says it in a line `-- none unless: `. In it, `system` are the OIDs of the system's schemas.
    """
    found = _UNLESS.search(query(kind))
    return found[1] if found is not None else None


@cache
def there() -> tuple[str, tuple[type[Object], ...]]:
    """A query that gives an array of booleans, and the kinds that these are about: whether there is any at all.

    Most databases have objects of a third of the kinds, and to plan a query takes longer than to see that it is not
    needed: for a small database this is half of the time.
    """
    asked = tuple(kind for kind in kinds() if unless(kind) is not None)
    answers = ",\n    ".join(f"EXISTS (SELECT FROM {unless(kind)})" for kind in asked)
    return (
        f"SELECT ARRAY[\n    {answers}\n] FROM (\n"  # noqa: S608 - our own files
        "    SELECT array_agg(oid) AS system\n"
        "    FROM pg_namespace WHERE nspname ~ '^pg_' OR nspname = 'information_schema'\n"
        ") AS schemas",
        asked,
    )


def as_json(kind: type[Object]) -> str:
    """The query of a kind, each row of it as JSON, or all of them as one array where they are `MANY`."""
    # msgspec makes a record from JSON in one step, and checks the names and types of the columns on the way. As bytes
    # the text is UTF-8 whatever the encodings of the database and of the connection are.
    text = "row_to_json(r)::text"
    if kind in MANY:
        text = f"'[' || coalesce(string_agg({_without_defaults(kind)}, ','), '') || ']'"
    # OFFSET 0: else the planner puts what makes a column in each place that names it, and it is made twice.
    return f"SELECT convert_to({text}, 'UTF8') FROM (\n{query(kind)}\nOFFSET 0) AS r"  # noqa: S608 - our own files


# In every query on relations there is this condition on the relation that the object is or lies on, and again where
# something is looked for that lies on it.
_ON_RELATIONS = "c.relpersistence <> 't'"


@cache
def narrow(kind: type[Object]) -> tuple[str, int]:
    """The query for some relations, and how often it asks which."""
    text = as_json(kind).replace("%", "%%")
    places = text.count(_ON_RELATIONS)
    assert places, kind
    return text.replace(_ON_RELATIONS, f"{_ON_RELATIONS} AND c.oid = ANY (%s::oid[])"), places


@cache
def _without_defaults(kind: type[Object]) -> str:
    """A row as JSON, less what the record has by default: a third of the text, and of the time to make it."""
    parts = []
    for field in msgspec.structs.fields(kind):
        column, default = f'r."{field.name}"', field.default
        name = f"""'"{field.name}":' || """
        if default is None or default is msgspec.NODEFAULT:
            parts.append(f"{name}to_json({column})")  # null, and with it nothing, where the column is
        else:
            usual = "'{}'" if default == () else f"'{default}'"
            # A null has no place there: it must come through, and be refused.
            value = f"coalesce(to_json({column})::text, 'null')"
            parts.append(f"CASE WHEN {column} IS DISTINCT FROM {usual} THEN {name}{value} END")
    return f"'{{' || concat_ws(',', {', '.join(parts)}) || '}}'"
