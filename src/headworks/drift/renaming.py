"""A picture as it would be under other names: what else changes when a relation, a column or a part is renamed.

Names that records hold as names are replaced. Texts that PostgreSQL printed (a view, a check) are left: it will print
them anew, and `reworded` says whether the new text is the old one with the new names.
"""

import re
from collections.abc import Iterable
from typing import Any

import msgspec

from headworks.schema import Column, Object, Relation, Schema
from headworks.schema.base import InSchema, OnTable
from headworks.schema.quoting import as_printed

__all__ = ["Names", "renamed", "reworded"]


_OF_COLUMNS = {"columns", "include", "on_delete_columns"}
"""The fields that name columns of the record's own table."""


class Names(msgspec.Struct, frozen=True):
    """Old names and new ones: of relations and of what lies beside them (schema, name), and of what is on a relation.

    `columns` are by schema and table (the new names of these); `objects` by kind, schema, table (or '') and name.
    """

    relations: dict[tuple[str, str], tuple[str, str]] = {}
    columns: dict[tuple[str, str], dict[str, str]] = {}
    objects: dict[tuple[str, str, str, str], str] = {}

    def __bool__(self) -> bool:
        return bool(self.relations or self.columns or self.objects)

    def and_of(self, pairs: Iterable[tuple[Object, Object]]) -> "Names":
        """These names and those of the pairs."""
        relations, objects = dict(self.relations), dict(self.objects)
        columns = {table: dict(names) for table, names in self.columns.items()}
        for old, new in pairs:
            if isinstance(old, Relation) and isinstance(new, Relation):
                relations[old.schema, old.name] = (new.schema, new.name)
            elif isinstance(old, Column):
                columns.setdefault((old.schema, old.table), {})[old.name] = new.name
            elif isinstance(old, InSchema):
                table = old.table if isinstance(old, OnTable) else ""
                objects[old.kind, old.schema, table, old.name] = new.name
        return Names(relations, columns, objects)


def renamed(picture: Schema, names: Names) -> Schema:
    """The picture under the new names."""
    return picture.with_objects(_renamed(item, names) for item in picture.objects)


def _renamed(item: Object, names: Names) -> Object:
    fields = {field: getattr(item, field) for field in item.__struct_fields__}
    found: dict[str, Any] = {field: _named(value, names) for field, value in fields.items() if isinstance(value, tuple)}
    schema, table, name = fields.get("schema", ""), fields.get("table", fields.get("object", "")), fields["name"]
    if isinstance(item, Relation):
        found["schema"], found["name"] = names.relations.get((schema, name), (schema, name))
        if own := names.columns.get((schema, name)):
            found["column_order"] = tuple(own.get(one, one) for one in item.column_order)
    elif "of" in fields:  # an owner, a privilege: of a relation
        where = "object" if "object" in fields else "name"
        if (schema, fields[where]) in names.relations:
            found["schema"], found[where] = names.relations[schema, fields[where]]
    elif table:
        found["schema"], found["table"] = names.relations.get((schema, table), (schema, table))
        if own := names.columns.get((schema, table)):
            found |= {field: tuple(own.get(one, one) for one in fields[field]) for field in _OF_COLUMNS & fields.keys()}
            if isinstance(item, Column):
                found["name"] = own.get(name, name)
    if (owner := fields.get("owned_by")) is not None:  # a table of the sequence's own schema, and a column
        _, table = names.relations.get((schema, owner[0]), (schema, owner[0]))
        found["owned_by"] = (table, names.columns.get((schema, table), {}).get(owner[1], owner[1]))
    if (target := found.get("referenced_table")) is not None and (own := names.columns.get(target)):  # (schema, table)
        found["referenced_columns"] = tuple(own.get(one, one) for one in fields.get("referenced_columns", ()))
    if (new := names.objects.get((item.kind, schema, table, name))) is not None:
        found["name"] = new
    changed = {field: value for field, value in found.items() if value != fields[field]}
    return msgspec.structs.replace(item, **changed) if changed else item


def _named(value: tuple[Any, ...], names: Names) -> tuple[Any, ...]:
    """Names of relations in a tuple of names: (schema, relation), (schema, table, part), or a tuple of those."""
    if all(isinstance(one, str) for one in value) and 2 <= len(value) <= 3:
        new = names.relations.get((value[0], value[1]))
        return (*new, *value[2:]) if new is not None else value
    return tuple(_named(one, names) if isinstance(one, tuple) else one for one in value)


def reworded(expected: Any, actual: Any, names: Names) -> bool:
    """Whether `actual` is `expected`, but for old names in the place of new ones."""
    if isinstance(expected, tuple) and isinstance(actual, tuple) and len(expected) == len(actual):
        return all(reworded(one, other, names) for one, other in zip(expected, actual, strict=True))
    if not isinstance(expected, str) or not isinstance(actual, str):
        return bool(expected == actual)
    for old, new in _words(names):
        expected = new.join(re.split(rf"(?<![\w$]){re.escape(old)}(?![\w$])", expected))
        # A view keeps the names of its own columns: `p.email` is printed as `p.mail AS email` from then on.
        expected = expected.replace(f"{new} AS {new}", new)
        actual = actual.replace(f"{new} AS {old}", new)
    return bool(expected == actual)


def _words(names: Names) -> Iterable[tuple[str, str]]:
    """Old and new, as PostgreSQL prints them."""
    for (schema, name), (new_schema, new_name) in names.relations.items():
        yield f"{as_printed(schema)}.{as_printed(name)}", f"{as_printed(new_schema)}.{as_printed(new_name)}"
        yield as_printed(name), as_printed(new_name)
    for own in names.columns.values():
        yield from ((as_printed(old), as_printed(new)) for old, new in own.items())
    for (_, _, _, old), new in names.objects.items():
        yield as_printed(old), as_printed(new)
