"""One table of the models beside the live one, as far as an ORM cares: its columns and their types, its keys."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import sqlalchemy

from headworks.drift.compare import Sees
from headworks.drift.orm_types import Types
from headworks.findings import Finding, ObjectRef
from headworks.schema import Action, Change, Column, Constraint, Object, QualifiedName, Relation, Schema, Table

__all__ = ["RULE", "Pair", "changed", "columns_of", "missing", "primary_key_of", "unexpected"]

RULE = "drift.orm"


class Pair:
    """A table of the models, and what the live database has under its name: a table, a view, a foreign table.

    `names` are the declared columns and `ours` is the live side, both without what is left alone; `picture` is all that
    is live, for a key that is left alone still is a key. `sees` says what env.py does not leave out of the comparison.
    """

    def __init__(
        self,
        declared: sqlalchemy.Table,
        names: Sequence[str],
        live: Relation,
        ours: Schema,
        picture: Schema,
        sees: Sees | None = None,
    ) -> None:
        self.name: QualifiedName = (live.schema, live.name)
        self.declared = declared
        self.live = live
        self.ours = ours
        self.picture = picture
        self._names = names
        self._sees = sees

    def sees(self, declared: Object | None, live: Object | None) -> bool:
        """Whether env.py lets Alembic compare these two; of one there is none where the other side is alone."""
        return self._sees is None or self._sees(declared, live)

    @cached_property
    def columns(self) -> "dict[str, sqlalchemy.Column[Any]]":
        """The declared columns by name (an attribute, and a column's key, may be called otherwise)."""
        found = {str(one.name): one for one in self.declared.columns}
        return {name: found[name] for name in self._names}

    @cached_property
    def live_columns(self) -> dict[str, Column]:
        """The live columns by name, in their order."""
        return {one.name: one for one in self.ours.on(self.live, Column)}

    @property
    def primary_key(self) -> tuple[str, ...]:
        """The declared primary key."""
        return tuple(str(one.name) for one in self.declared.primary_key.columns)

    @property
    def is_table(self) -> bool:
        """Whether it is live a table; a view has no keys, and may be NULL anywhere."""
        return isinstance(self.live, Table)

    def ref(self, kind: str, name: str) -> ObjectRef:
        """The name of something on the table."""
        return ObjectRef(kind=kind, schema=self.name[0], table=self.name[1], name=name)


def missing(ref: ObjectRef, because: str = "it is in the models and not in the database", **facts: Any) -> Finding:
    """What the models have and the database has not."""
    return Finding(rule=RULE, object=ref, message=f"{ref} is missing: {because}", **facts)


def unexpected(ref: ObjectRef, because: str = "it is in the database and not in the models", **facts: Any) -> Finding:
    """What the database has and the models have not."""
    return Finding(rule=RULE, object=ref, message=f"{ref} is unexpected: {because}", **facts)


def changed(ref: ObjectRef, attribute: str, expected: Any, actual: Any, sql: str, message: str = "") -> Finding:
    """What both have, with another `attribute`."""
    said = message or str(Change(Action.CHANGED, ref, attribute, expected, actual))
    return Finding(rule=RULE, object=ref, attribute=attribute, expected=expected, actual=actual, message=said, sql=sql)


def columns_of(pair: Pair, types: Types) -> Iterator[Finding]:
    """Columns that one side has alone; the types and nullability of the others."""
    live = pair.live_columns
    for name, column in pair.columns.items():
        ref = pair.ref("column", name)
        if not pair.sees(Column(schema=pair.name[0], table=pair.name[1], name=name, type=""), live.get(name)):
            continue
        if name not in live:
            yield missing(ref, sql=pair.live.shown_by)
            continue
        sql = live[name].shown_by
        if (other := types.other((*pair.name, name))) is not None:
            yield changed(ref, other.attribute, other.expected, other.actual, sql, f"{ref}: {other.message}")
        nullable = bool(column.nullable) and not column.primary_key
        if pair.is_table and live[name].nullable is not nullable:
            yield changed(ref, "nullable", nullable, live[name].nullable, sql)
    for name, found in live.items():
        if name not in pair.columns and pair.sees(None, found):
            yield unexpected(found.ref, sql=found.shown_by)


def primary_key_of(pair: Pair) -> Iterator[Finding]:
    """The primary key: its columns, in the order in which `Session.get()` takes their values."""
    if not pair.is_table:
        return
    wanted = pair.primary_key
    live = next((one for one in pair.picture.on(pair.live, Constraint) if one.type == "primary key"), None)
    found = live.columns if live is not None else ()
    if wanted != found and (live is None or live in pair.ours):
        sql = (live or pair.live).shown_by
        yield changed(pair.live.ref, "primary key", wanted or None, found or None, sql)
