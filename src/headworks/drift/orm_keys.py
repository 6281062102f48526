"""Unique and foreign keys of one table of the models beside those of the live one."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from headworks.drift.orm_models import Join, foreign_keys, unique_keys
from headworks.drift.orm_tables import Pair, missing, unexpected
from headworks.findings import Finding
from headworks.schema import Constraint, Index, Schema
from headworks.schema.quoting import identifier

__all__ = ["foreign_keys_of", "missing_keys", "said", "unique_keys_of"]

MissingKeys: TypeAlias = Mapping[frozenset[Join], str | None]
"""The columns that foreign keys join, with the names that the models give to them."""


def unique_keys_of(pair: Pair) -> Iterator[Finding]:
    """Sets of columns that one side alone makes unique; whether by a constraint or by an index is all the same."""
    if not pair.is_table:
        return
    wanted, live = unique_keys(pair.declared), _live_unique_keys(pair)
    for columns, name in wanted.by_columns.items():
        if columns not in live and columns and columns <= pair.live_columns.keys():
            text = f"({', '.join(sorted(columns))})"
            if not pair.sees(_unique_key(pair, columns, name), None):
                continue
            ref = pair.ref("constraint", name or text)
            because = f"nothing in the database makes {text} unique"
            yield missing(ref, because, expected=tuple(sorted(columns)), sql=pair.live.shown_by)
    known = {*wanted.by_columns, frozenset(pair.primary_key)}
    for columns, found in live.items():
        if isinstance(found, Constraint) and found.type == "primary key":
            continue  # said as the primary key that it is
        if (
            columns not in known
            and columns <= pair.columns.keys()
            and found in pair.ours
            and found.name not in wanted.opaque
            and pair.sees(None, found)
        ):
            because = f"nothing in the models makes ({', '.join(sorted(columns))}) unique"
            yield unexpected(found.ref, because, actual=tuple(sorted(columns)), sql=found.shown_by)


def missing_keys(pair: Pair, default_schema: str) -> MissingKeys:
    """Foreign keys that the models alone have, as the columns that they join, with their names.

    None of which a column or a table is missing: that has been said. Raises `ModelsUnresolved`.
    """
    if not pair.is_table:
        return {}
    wanted, live = foreign_keys(pair.declared, default_schema), _live_foreign_keys(pair)
    return {
        joins: name
        for joins, name in wanted.items()
        if joins not in live and all(_exists(pair.picture, one) for one in joins)
    }


def foreign_keys_of(
    pair: Pair, default_schema: str, gone: MissingKeys, over: Mapping[frozenset[Join], list[str]]
) -> Iterator[Finding]:
    """Foreign keys that one side has alone: those that are `gone`, with the relationships that go `over` each.

    Nothing is said of one whose column or table is unexpected: that has been said. Raises `ModelsUnresolved`.
    """
    if not pair.is_table:
        return
    for joins, name in gone.items():
        if not pair.sees(_foreign_key(pair, joins, name), None):
            continue
        ref = pair.ref("constraint", name or f"({', '.join(sorted(one.referring[2] for one in joins))})")
        because = f"the models have the foreign key {said(joins)}, the database has not"
        if lost := over.get(joins):
            because += f"; {_together(lost)} {'goes' if len(lost) == 1 else 'go'} over it"
        yield missing(ref, because, expected=said(joins), sql=pair.live.shown_by)
    wanted = foreign_keys(pair.declared, default_schema)
    for joins, found in _live_foreign_keys(pair).items():
        known = found in pair.ours and all(one.referring[2] in pair.columns for one in joins)
        if joins not in wanted and known and pair.sees(None, found):
            because = f"the database has the foreign key {said(joins)}, the models have not"
            yield unexpected(found.ref, because, actual=said(joins), sql=found.shown_by)


def _unique_key(pair: Pair, columns: frozenset[str], name: str | None) -> Constraint | Index:
    """A declared key, as the catalog would have it."""
    (schema, table), keys = pair.name, tuple(sorted(columns))
    if any(index.name == name for index in pair.declared.indexes):
        return Index(schema=schema, table=table, name=name or "", method="btree", keys=keys, unique=True)
    return Constraint(schema=schema, table=table, name=name or "", type="unique", columns=keys)


def _foreign_key(pair: Pair, joins: frozenset[Join], name: str | None) -> Constraint:
    """The same for a foreign key."""
    ordered = sorted(joins)
    near, far = (tuple(one[side][2] for one in ordered) for side in (0, 1))
    return Constraint(
        schema=pair.name[0],
        table=pair.name[1],
        name=name or "",
        type="foreign key",
        columns=near,
        referenced_table=ordered[0].referred[:2],
        referenced_columns=far,
    )


def _together(names: list[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _live_unique_keys(pair: Pair) -> dict[frozenset[str], Constraint | Index]:
    found: dict[frozenset[str], Constraint | Index] = {}
    for index in pair.picture.on(pair.live, Index):
        if index.unique and index.valid and index.where is None:
            columns = [_column_of(key, pair) for key in index.keys]
            if None not in columns:
                found[frozenset(str(one) for one in columns)] = index
    # A primary key is unique, too; a constraint is the better word where an index does the same.
    for constraint in pair.picture.on(pair.live, Constraint):
        if constraint.type in ("unique", "primary key") and not constraint.temporal:
            found[frozenset(constraint.columns)] = constraint
    return found


def _column_of(key: str, pair: Pair) -> str | None:
    """The column that an index's key is, whatever its operator class and order; `None` for an expression."""
    for name in pair.live_columns:
        for printed in (name, identifier(name)):
            if key == printed or key.startswith(f"{printed} "):
                return name
    return None


def _live_foreign_keys(pair: Pair) -> dict[frozenset[Join], Constraint]:
    found = {}
    for one in pair.picture.on(pair.live, Constraint):
        if one.type == "foreign key" and one.referenced_table is not None:
            pairs = zip(one.columns, one.referenced_columns, strict=True)
            joins = frozenset(Join((*pair.name, near), (*one.referenced_table, far)) for near, far in pairs)
            found[joins] = one
    return found


def _exists(picture: Schema, join: Join) -> bool:
    for schema, table, column in join:
        relation = picture.relation(schema, table)
        if relation is None or column not in relation.column_order:
            return False
    return True


def said(joins: Iterable[Join]) -> str:
    """`public.orders (user_id) references public.users (id)`, one after the other where tables differ."""
    tables: dict[tuple[str, str], list[Join]] = {}
    for join in sorted(joins):
        tables.setdefault((".".join(join.referring[:2]), ".".join(join.referred[:2])), []).append(join)
    return ", ".join(
        f"{near} ({', '.join(one.referring[2] for one in some)}) references "
        f"{far} ({', '.join(one.referred[2] for one in some)})"
        for (near, far), some in tables.items()
    )
