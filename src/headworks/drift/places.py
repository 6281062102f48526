"""What PostgreSQL's texts call what lies in a schema: also what is no object of a picture, as a serial's sequence."""

import re
from collections.abc import Iterator

from headworks.schema import Column, QualifiedName, Schema, Sequence
from headworks.schema.base import InSchema, OnTable
from headworks.schema.objects import DomainConstraint, PublicationSchema, Range
from headworks.schema.quoting import split_last

__all__ = ["ROUTINES", "drawn_from", "lying_in", "names_in", "own_name", "sequences_of"]

ROUTINES = ("aggregate", "function", "procedure")

_NAME = r'(?:"(?:[^"]|"")+"|[\w$]+)'
_NEXT = re.compile(rf"nextval\('({_NAME})\.({_NAME})'::regclass\)")


def own_name(kind: str, name: str) -> str:
    """A name without the types, or the index method, that it ends in."""
    if kind.startswith("operator "):
        return split_last(" USING ", name)[0]
    return split_last("(", name)[0] if kind in (*ROUTINES, "operator") else name


def lying_in(picture: Schema, schema: str) -> Iterator[InSchema]:
    """What has its own name in a schema: nothing that is on a relation, a domain or a publication."""
    for item in picture.all(InSchema):
        parts = isinstance(item, OnTable | DomainConstraint | PublicationSchema)
        if item.schema == schema and not parts and not item.implied:
            yield item


def names_in(picture: Schema, schema: str) -> set[str]:
    """The names of all that lies in a schema, and of what that brings with it, which may stand in a text."""
    found: set[str] = set()
    for item in lying_in(picture, schema):
        found.add(own_name(item.kind, item.name))
        if isinstance(item, Range):
            found.add(item.multirange[1])
    drawn = (place for column in picture.all(Column) for place in drawn_from(column))
    return found | {name for space, name in drawn if space == schema}


def sequences_of(picture: Schema, relation: QualifiedName) -> set[str]:
    """The sequences that belong to a relation's columns, which go with it to another schema."""
    found = picture.relation(*relation)
    if found is None:
        return set()
    schema, table = relation
    drawn = {name for column in picture.on(found, Column) for space, name in drawn_from(column) if space == schema}
    others = {one.name: one.owned_by for one in picture.all(Sequence) if one.schema == schema}
    return drawn - others.keys() | {name for name, owner in others.items() if owner is not None and owner[0] == table}


def drawn_from(column: Column) -> Iterator[QualifiedName]:
    """The sequences that a column's default takes its values from."""
    # Within the constant a quote is two.
    for schema, name in _NEXT.findall((column.default or "").replace("''", "'")):
        yield _raw(schema), _raw(name)


def _raw(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name
