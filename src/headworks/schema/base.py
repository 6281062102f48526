"""What every kind of object shares: an identity, a comment, and its place in what contains it.

A kind is a record class with a `kind` word; nothing else needs to be told of it. The differ, the codec and the reader
find the kinds through `kinds()` and their properties through `properties()`.
"""

from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any, ClassVar, NamedTuple, Self, TypeAlias, TypeVar, get_args, get_origin

import msgspec

from headworks.findings import ObjectRef

__all__ = [
    "CommonOrder",
    "FromParents",
    "Guarded",
    "InSchema",
    "Key",
    "Object",
    "OnTable",
    "Property",
    "QualifiedName",
    "Relation",
    "kind_named",
    "kinds",
    "properties",
    "report_order",
]

Key: TypeAlias = tuple[str, str, str, str]
"""Name space, schema, table, name: unique in a database. A part that does not apply is empty."""

M = TypeVar("M")

QualifiedName: TypeAlias = tuple[str, str]
"""The raw names of a schema and of what lies in it: never quoted, never joined by dots."""


class CommonOrder:
    """Marks a property of which only the order of the elements that both sides have is compared."""

    def reduce(self, expected: tuple[Any, ...], actual: tuple[Any, ...]) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
        """Both values without the elements that the other side lacks."""
        common = set(expected) & set(actual)
        return tuple(e for e in expected if e in common), tuple(a for a in actual if a in common)


class FromParents:
    """Marks a property that follows from what the table inherits: where its parents differ, that alone is said.

    With a `prefix` only the elements that begin with it follow from the parents.
    """

    def __init__(self, prefix: str | None = None) -> None:
        self.prefix = prefix

    def reduce(self, value: Any) -> Any:
        """The value without what follows from the parents."""
        return None if self.prefix is None else tuple(one for one in value if not one.startswith(self.prefix))


class Guarded:
    """Marks a property that not every role may read: `None` says that it was not visible, and is not compared."""


# Without `gc`: a record holds only strings, numbers and tuples of them, so no cycle can run through it, and a picture
# of 10,000 tables (170,000 records) would otherwise be walked by every full collection.
class Object(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One database object. Names are raw; types and expressions are as PostgreSQL prints them for an empty search path.

    `kind` is the catalog's word for it. `name_space` is set where several kinds share one: two objects of one name
    space with the same names cannot both exist.
    """

    kind: ClassVar[str]
    name_space: ClassVar[str] = ""
    identified_by: ClassVar[tuple[str, ...]] = ("name",)
    """The fields that say which object it is; all others are its properties."""
    implied: ClassVar[bool] = False
    """Whether a picture without it means the same as one with its `when_absent`: all properties have their defaults."""
    commentable: ClassVar[bool] = True
    """Whether COMMENT ON knows the kind."""

    name: str
    comment: str | None = None

    @property
    def key(self) -> Key:
        """What identifies the object in its database."""
        return (self.name_space or self.kind, "", "", self.name)

    @property
    def ref(self) -> ObjectRef:
        """The object's name as findings carry it."""
        return ObjectRef(kind=self.kind, name=self.name)

    @property
    def containers(self) -> tuple[Key, ...]:
        """What cannot go without taking this object with it (a column's table, a partition's parent)."""
        return ()

    @property
    def shown_by(self) -> str:
        """One SQL statement that shows the object in its database, to be pasted by a person; it returns a row."""
        raise NotImplementedError(self.kind)

    @property
    def when_absent(self) -> Self:
        """What a picture without this object says of it, for a kind that is `implied`."""
        return type(self)(**{field: getattr(self, field) for field in self.identified_by})

    def as_of(self, major: int) -> Self | None:
        """The object as a server of this older major would list it; `None` when that one would not."""
        return self


class InSchema(Object, frozen=True, kw_only=True):
    """An object that lies in a schema."""

    identified_by: ClassVar[tuple[str, ...]] = ("schema", "name")

    schema: str

    @property
    def key(self) -> Key:
        return (self.name_space or self.kind, self.schema, "", self.name)

    @property
    def ref(self) -> ObjectRef:
        return ObjectRef(kind=self.kind, schema=self.schema, name=self.name)


class Relation(InSchema, frozen=True, kw_only=True):
    """An object that has columns."""

    name_space = "relation"

    column_order: Annotated[tuple[str, ...], CommonOrder()] = ()

    @property
    def parents(self) -> tuple[Key, ...]:
        """The relations that it inherits columns, constraints and triggers from."""
        return ()


class OnTable(InSchema, frozen=True, kw_only=True):
    """An object that lives on a relation; `table` may also name a view, a materialized view or a composite type."""

    identified_by: ClassVar[tuple[str, ...]] = ("schema", "table", "name")

    table: str

    @property
    def key(self) -> Key:
        return (self.name_space or self.kind, self.schema, self.table, self.name)

    @property
    def ref(self) -> ObjectRef:
        return ObjectRef(kind=self.kind, schema=self.schema, table=self.table, name=self.name)

    @property
    def containers(self) -> tuple[Key, ...]:
        return ((Relation.name_space, self.schema, "", self.table),)


class Property(NamedTuple):
    """A compared field of a kind; `order` is set when only the order of common elements counts.

    A `guarded` one is compared where both sides could see it, `inherited` ones where the table's parents are the same.
    """

    name: str
    order: CommonOrder | None = None
    guarded: bool = False
    inherited: FromParents | None = None


def kinds() -> tuple[type[Object], ...]:
    """Every kind, in the order in which reports list them: the database's, the schemas', relations, their parts."""
    return tuple(sorted(_kinds(Object), key=_depth))


def _depth(kind: type[Object]) -> int:
    return sum(issubclass(kind, base) for base in (InSchema, Relation | OnTable, OnTable))


def _kinds(base: type[Object]) -> Iterator[type[Object]]:
    if "kind" in vars(base):
        yield base
    for derived in base.__subclasses__():
        yield from _kinds(derived)


def kind_named(word: str) -> type[Object] | None:
    """The kind of this word (`"index"`), or `None`."""
    return next((kind for kind in kinds() if kind.kind == word), None)


@cache
def properties(kind: type[Object]) -> tuple[Property, ...]:
    """What is compared of two objects of a kind: all fields but the identity, in order of definition."""
    known = kind.identified_by if kind.commentable else (*kind.identified_by, "comment")
    return tuple(
        Property(
            field.name,
            order=_mark(field.type, CommonOrder),
            guarded=_mark(field.type, Guarded) is not None,
            inherited=_mark(field.type, FromParents),
        )
        for field in msgspec.structs.fields(kind)
        if field.name not in known
    )


def _mark(annotation: Any, wanted: type[M]) -> M | None:
    if get_origin(annotation) is not Annotated:
        return None
    return next((mark for mark in get_args(annotation) if isinstance(mark, wanted)), None)


def report_order(ranks: dict[type[Object], int], item: Object) -> tuple[bool, int, str, str, int, str, str]:
    """A sort key: by kind and name, and last the relations, each with all that lives on it.

    `ranks` says the place of each kind in `kinds()`.
    """
    rank = ranks[type(item)]
    space, schema, table, name = item.key
    if isinstance(item, Relation | OnTable):
        return (True, 0, schema, table or name, rank, name, space)
    return (False, rank, schema, table, rank, name, space)
