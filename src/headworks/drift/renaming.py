"""A picture as it would be under other names: what else changes when a relation, a column or a part is renamed.

Names that records hold as names are replaced. Texts that PostgreSQL printed (a view, a check) are left: it will print
them anew, and `Names.words` say whether the new text is the old one with the new names.
"""

from collections.abc import Iterable
from typing import Any

import msgspec

from headworks.drift.labels import Labels
from headworks.drift.places import ROUTINES, names_in, own_name, sequences_of
from headworks.drift.rewording import Words
from headworks.schema import Column, Composite, Object, QualifiedName, Relation, Routine, Schema
from headworks.schema.objects import Aggregate
from headworks.schema.objects.holders import key_of

__all__ = ["Names", "renamed"]


_OF_COLUMNS = {"columns", "include", "on_delete_columns"}
"""The fields that name columns of the record's own table."""


class Names(msgspec.Struct, frozen=True):
    """Old names and new ones: of relations and of what lies beside them (schema, name), and of what is on a relation.

    `columns` are by schema and table (the new names of these); `objects` by kind, schema, table (or '') and name. All
    of them in the new `schemas`. `labels` are the new names of an enum's values.
    """

    relations: dict[tuple[str, str], tuple[str, str]] = {}
    columns: dict[tuple[str, str], dict[str, str]] = {}
    objects: dict[tuple[str, str, str, str], str] = {}
    schemas: dict[str, str] = {}
    labels: dict[QualifiedName, Labels] = {}

    def __bool__(self) -> bool:
        return bool(self.relations or self.columns or self.objects or self.schemas or self.labels)

    def and_of(self, pairs: Iterable[tuple[Object, Object]]) -> "Names":
        """These names and those of the pairs."""
        relations, objects = dict(self.relations), dict(self.objects)
        columns = {table: dict(names) for table, names in self.columns.items()}
        for old, new in pairs:
            if isinstance(old, Relation) and isinstance(new, Relation):
                relations[old.schema, old.name] = (new.schema, new.name)
            elif isinstance(old, Column):
                columns.setdefault((old.schema, old.table), {})[old.name] = new.name
            else:
                objects[old.kind, getattr(old, "schema", ""), getattr(old, "table", ""), old.name] = new.name
        return msgspec.structs.replace(self, relations=relations, columns=columns, objects=objects)

    def words(self, actual: Schema) -> Words:
        """The names as texts have them, in the picture where they are the new ones."""
        qualified, parts = dict(self.relations), dict[tuple[str, str] | None, dict[str, str]]()
        for place, own in self.columns.items():
            anywhere = isinstance(actual.relation(*place), Composite)
            parts.setdefault(None if anywhere else place, {}).update(own)
        for (kind, schema, table, old), new in self.objects.items():
            if table:
                parts.setdefault((schema, table), {}).setdefault(old, new)
            elif not _two_ways(kind, schema, old, new, actual):
                qualified[schema, own_name(kind, old)] = (schema, own_name(kind, new))
        for (schema, _), there in self.relations.items():
            if schema != there[0]:
                qualified |= {(schema, name): (there[0], name) for name in sequences_of(actual, there)}
        for old, new in self.schemas.items():
            qualified |= {(old, name): (new, name) for name in names_in(actual, new) if (old, name) not in qualified}
            qualified |= {(old, name): there for (schema, name), there in qualified.items() if schema == new}
        relations = {old: new for (_, old), (_, new) in self.relations.items()}
        labels = {old: self.labels[new] for old, new in qualified.items() if new in self.labels} | self.labels
        qualified = {old: new for old, new in qualified.items() if old != new}
        return Words(qualified, relations, parts, labels, self.schemas)


def _two_ways(kind: str, schema: str, old: str, new: str, actual: Schema) -> bool:
    """Whether there are both names for other arguments still, so that a text may well mean another function."""
    if kind not in ROUTINES:
        return False
    names = {one.name for one in (*actual.all(Routine), *actual.all(Aggregate)) if one.schema == schema}
    before, after = own_name(kind, old), own_name(kind, new)
    others = [name for name in names - {new} if own_name(kind, name) == before]
    return before != after and any(after + name[len(before) :] in names for name in others)


def renamed(picture: Schema, names: Names) -> Schema:
    """The picture under the new names."""
    return picture.with_objects(_renamed(item, names) for item in picture.objects)


def _renamed(item: Object, names: Names) -> Object:
    fields = {field: getattr(item, field) for field in item.__struct_fields__}
    found: dict[str, Any] = {field: _named(value, names) for field, value in fields.items() if isinstance(value, tuple)}
    schema, table, name = fields.get("schema", ""), fields.get("table", ""), fields["name"]
    if isinstance(item, Relation):
        found["schema"], found["name"] = names.relations.get((schema, name), (schema, name))
        if own := names.columns.get((schema, name)):
            found["column_order"] = tuple(own.get(one, one) for one in item.column_order)
    elif "of" in fields:  # an owner, a privilege, a label
        where = "object" if "object" in fields else "name"
        if own := names.columns.get((schema, fields[where])):
            found |= {"column": own.get(fields["column"], fields["column"])} if "column" in fields else {}
        found["schema"], found[where] = _held(fields["of"], schema, fields[where], names)
    elif table:
        found["schema"], found["table"] = names.relations.get((schema, table), (schema, table))
        if own := names.columns.get((schema, table)):
            found |= {field: tuple(own.get(one, one) for one in fields[field]) for field in _listed(fields)}
            if isinstance(item, Column):
                found["name"] = own.get(name, name)
    elif (domain := fields.get("domain")) is not None:
        found["domain"] = names.objects.get(("domain", schema, "", domain), domain)
    if (owner := fields.get("owned_by")) is not None:  # a table of the sequence's own schema, and a column
        found["schema"], table = names.relations.get((schema, owner[0]), (schema, owner[0]))
        found["owned_by"] = (table, names.columns.get((schema, table), {}).get(owner[1], owner[1]))
    if (target := found.get("referenced_table")) is not None and (own := names.columns.get(target)):  # (schema, table)
        found["referenced_columns"] = tuple(own.get(one, one) for one in fields.get("referenced_columns", ()))
    if (parent := found.get("parent")) is not None:  # (schema, table, part)
        found["parent"] = (*parent[:2], names.objects.get((item.kind, *parent), parent[2]))
    if (new := names.objects.get((item.kind, schema, fields.get("table", ""), name))) is not None:
        found["name"] = new
    changed = {field: value for field, value in found.items() if value != fields.get(field)}
    return msgspec.structs.replace(item, **changed) if changed else item


def _listed(fields: dict[str, Any]) -> Iterable[str]:
    return (field for field in _OF_COLUMNS & fields.keys() if fields[field] is not None)


def _held(of: str, schema: str, name: str, names: Names) -> tuple[str, str]:
    """The new names of an object of any kind."""
    if key_of(of, schema, name)[0] == Relation.name_space:
        new = names.relations.get((schema, name))
        if new is not None:
            return new
    return schema, names.objects.get((of, schema, "", name), name)


def _named(value: tuple[Any, ...], names: Names) -> tuple[Any, ...]:
    """Names of relations in a tuple of names: (schema, relation), (schema, table, part), or a tuple of those."""
    if all(isinstance(one, str) for one in value) and 2 <= len(value) <= 3:
        new = names.relations.get((value[0], value[1]))
        return (*new, *value[2:]) if new is not None else value
    return tuple(_named(one, names) if isinstance(one, tuple) else one for one in value)
