"""A schema that has another name: what lies in it is what it was, and is not said piece by piece."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import msgspec

from headworks.drift.places import lying_in, names_in
from headworks.drift.rewording import Words
from headworks.schema import Action, Change, Column, Namespace, Object, QualifiedName, Relation, Schema

__all__ = ["moved", "renamed_schemas"]

_ALIKE = 2 / 3
"""How much of two schemas must agree, and of two relations in them."""

_Places = Mapping[QualifiedName, QualifiedName]
_Held = dict[tuple[str, str], frozenset[tuple[str, str]]]


def renamed_schemas(
    expected: Schema, actual: Schema, changes: Collection[Change]
) -> Iterator[tuple[Namespace, Namespace, str]]:
    """The schemas that are gone while a like one has come, and what says so. An empty one is like no other.

    What lies in both has the same kind and name, relations most of their columns. Two candidates are none.
    """
    of_schemas = [one for one in changes if one.object.kind == Namespace.kind]
    gone = [expected.get(one.object) for one in of_schemas if one.action is Action.MISSING]
    come = [actual.get(one.object) for one in of_schemas if one.action is Action.UNEXPECTED]
    if not gone or not come:
        return
    pairs: list[tuple[Namespace, Namespace, str]] = []
    there = {new.name: _held(actual, new.name, Words()) for new in come if new is not None}
    for old in gone:
        for new in come:
            assert isinstance(old, Namespace)
            assert isinstance(new, Namespace)
            names = {(old.name, name): (new.name, name) for name in names_in(expected, old.name)}
            before, after = _held(expected, old.name, Words(qualified=names)), there[new.name]
            same = sum(key in after and _alike(columns, after[key]) for key, columns in before.items())
            most = max(len(before), len(after), 1)
            if same / most >= _ALIKE:
                pairs.append((old, new, _evidence(same, most)))
    for old, new, evidence in pairs:
        if sum(old is one or new is other for one, other, _ in pairs) == 1:
            yield old, new, evidence


def _evidence(same: int, most: int) -> str:
    if same < most:
        return f"{same} of {most} objects in it are there"
    return "the one object in it is there" if most == 1 else f"all {most} objects in it are there"


def _held(picture: Schema, schema: str, words: Words) -> _Held:
    """What lies in a schema, by kind and name, with the columns of each."""
    return {
        (item.kind, words.signature(item.kind, item.name)): frozenset(
            (column.name, words.types(column.type)) for column in picture.on(item, Column)
        )
        if isinstance(item, Relation)
        else frozenset()
        for item in lying_in(picture, schema)
    }


def _alike(one: frozenset[tuple[str, str]], other: frozenset[tuple[str, str]]) -> bool:
    return one == other or len(one & other) / max(len(one), len(other)) >= _ALIKE


def moved(picture: Schema, schemas: Mapping[str, str]) -> Schema:
    """The picture with other names for these schemas. Texts that PostgreSQL printed are left as they are."""
    places = {(old, name): (new, name) for old, new in schemas.items() for name in names_in(picture, old)}
    return picture.with_objects(_moved(item, schemas, places) for item in picture.objects)


def _moved(item: Object, schemas: Mapping[str, str], places: _Places) -> Object:
    fields = {field: getattr(item, field) for field in item.__struct_fields__}
    found: dict[str, Any] = {field: _placed(value, places) for field, value in fields.items()}
    if "schema" in fields:
        found["schema"] = schemas.get(fields["schema"], fields["schema"])
    if isinstance(item, Namespace):
        found["name"] = schemas.get(item.name, item.name)
    if fields.get("of") == Namespace.kind:  # an owner, a privilege, a label
        where = "object" if "object" in fields else "name"
        found[where] = schemas.get(fields[where], fields[where])
    changed = {field: value for field, value in found.items() if value != fields[field]}
    return msgspec.structs.replace(item, **changed) if changed else item


def _placed(value: Any, places: _Places) -> Any:
    """Names in a tuple of names: (schema, relation), (schema, table, part), or a tuple of those."""
    if not isinstance(value, tuple):
        return value
    if 2 <= len(value) <= 3 and all(isinstance(one, str) for one in value):
        new = places.get((value[0], value[1]))
        return (*new, *value[2:]) if new is not None else value
    return tuple(_placed(one, places) for one in value)
