"""Owners of two databases: an owner is the same when the role is, or when both times it is the database's own."""

from headworks.schema.model import Schema
from headworks.schema.objects import Owner

__all__ = ["alike_owned"]


def alike_owned(expected: Schema, actual: Schema) -> tuple[Schema, Schema]:
    """Both pictures without the owners that differ in nothing but who owns the database.

    A picture says nothing of what belongs to the database's owner. So a dump restored for somebody else is the same,
    and this makes the same of one that was restored with its owners into a database of somebody else's.
    """
    if not expected.owner or not actual.owner or expected.owner == actual.owner:
        return expected, actual
    return _less(expected, actual), _less(actual, expected)


def _less(picture: Schema, other: Schema) -> Schema:
    """Without those whose role owns the other database, where that one says nothing of the object's owner."""
    said = {one.key for one in other.all(Owner)}
    gone = {one for one in picture.all(Owner) if one.role == other.owner and one.key not in said}
    return picture.with_objects(picture.objects - gone) if gone else picture
