"""Types, as far as one must know them to write a value: read from the catalog, built-in ones once."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
import psycopg

__all__ = ["FIRST_USER_OID", "Type", "Types"]

FIRST_USER_OID = 16384

_QUERY = """
SELECT
    t.oid::int8,
    t.typname::text,
    t.typtype::text,
    CASE WHEN t.typcategory = 'A' THEN t.typelem::int8 ELSE 0 END,
    t.typbasetype::int8,
    t.typtypmod,
    t.typnotnull,
    CASE WHEN t.typtype = 'e' THEN
        ARRAY(SELECT enumlabel::text FROM pg_catalog.pg_enum WHERE enumtypid = t.oid ORDER BY enumsortorder)
    ELSE '{}' END,
    coalesce((
        SELECT CASE t.typtype WHEN 'r' THEN rngsubtype ELSE rngtypid END::int8
        FROM pg_catalog.pg_range WHERE t.typtype IN ('r', 'm') AND t.oid IN (rngtypid, rngmultitypid)
    ), 0),
    CASE WHEN t.typtype = 'c' THEN
        (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(atttypid::int8, atttypmod) ORDER BY attnum)
        FROM pg_catalog.pg_attribute WHERE attrelid = t.typrelid AND attnum > 0 AND NOT attisdropped)
    END,
    CASE WHEN t.typtype = 'd' THEN
        ARRAY(SELECT pg_catalog.pg_get_expr(conbin, 0) FROM pg_catalog.pg_constraint
            WHERE contypid = t.oid AND contype = 'c' ORDER BY conname)
    ELSE '{}' END,
    pg_catalog.format_type(t.oid, -1)
FROM pg_catalog.pg_type AS t
WHERE t.oid = ANY(%s::oid[])
"""


class Type(msgspec.Struct, frozen=True):
    """A row of pg_type and what hangs on it. `kind` is typtype; 0 stands for no type; `checks` are a domain's."""

    oid: int
    name: str
    kind: str
    element: int
    base: int
    modifier: int
    not_null: bool
    labels: tuple[str, ...]
    inner: int
    """The subtype of a range, the range of a multirange."""
    fields: tuple[tuple[int, int], ...]
    checks: tuple[str, ...]
    text: str


class Types:
    """The types of one server. Those that a revision can change are read again by each `load`."""

    def __init__(self) -> None:
        self._builtin: dict[int, Type] = {}
        self._own: dict[int, Type] = {}

    def __getitem__(self, oid: int) -> Type:
        return self._own.get(oid) or self._builtin[oid]

    def load(self, connection: "psycopg.Connection[Any]", oids: Iterable[int]) -> None:
        """Know these types and all that they are made of."""
        self._own = {}
        wanted = {oid for oid in oids if oid not in self._builtin}
        while wanted:
            found = [_type(row) for row in connection.execute(_QUERY, [sorted(wanted)])]
            for one in found:
                (self._own if one.oid >= FIRST_USER_OID else self._builtin)[one.oid] = one
            parts = {oid for one in found for oid in _parts(one)}
            wanted = {oid for oid in parts if oid not in self._builtin and oid not in self._own}

    def plain(self, oid: int, modifier: int) -> tuple[Type, int]:
        """Below all domains: the base type, and the modifier that holds there."""
        found = self[oid]
        while found.kind == "d":
            modifier = found.modifier
            found = self[found.base]
        return found, modifier

    def checks(self, oid: int) -> Iterator[str]:
        """The checks of a domain and of those below it."""
        found = self[oid]
        while found.kind == "d":
            yield from found.checks
            found = self[found.base]

    def refuses_null(self, oid: int) -> bool:
        """Whether it is a domain, or is built on one, that is NOT NULL."""
        found = self[oid]
        while found.kind == "d":
            if found.not_null:
                return True
            found = self[found.base]
        return False


def _type(row: tuple[Any, ...]) -> Type:
    oid, name, kind, element, base, modifier, not_null, labels, inner, fields, checks, text = row
    inside = tuple((int(part[0]), int(part[1])) for part in fields or ())
    return Type(oid, name, kind, element, base, modifier, not_null, tuple(labels), inner, inside, tuple(checks), text)


def _parts(one: Type) -> Iterator[int]:
    yield from (oid for oid in (one.element, one.base, one.inner) if oid)
    yield from (oid for oid, _ in one.fields)
