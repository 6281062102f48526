"""`lint.long-identifier`"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ARRAY, Enum, MetaData, Table, TypeDecorator
from sqlalchemy.dialects.postgresql import DOMAIN
from sqlalchemy.sql.elements import _truncated_label
from sqlalchemy.types import TypeEngine

from headworks.findings import ObjectRef, Severity
from headworks.lint.naming import LONGEST
from headworks.lint.rule import LintRule, Scene, Violation

__all__ = ["RULE"]


def _check(scene: Scene) -> Iterator[Violation]:
    for metadata in scene.metadata:
        for ref in dict.fromkeys(_names(metadata)):
            size = len(ref.name.encode())
            if size > LONGEST:
                kept = ref.name.encode()[:LONGEST].decode(errors="ignore")
                text = f"the name of {ref} has {size} bytes; PostgreSQL keeps {LONGEST} and calls it {kept}"
                yield _too_long(ref, size, text)
        for ref, label in dict.fromkeys(_labels(metadata)):
            size = len(label.encode())
            if size > LONGEST:
                text = f"the label {label} of {ref} has {size} bytes; PostgreSQL refuses more than {LONGEST}"
                yield _too_long(ref, size, text)


def _too_long(ref: ObjectRef, size: int, message: str) -> Violation:
    hint = f"shorten it by {size - LONGEST} bytes or more, in the model and in a revision"
    return Violation(object=ref, actual=size, expected=LONGEST, message=message, hint=hint)


def _names(metadata: MetaData) -> Iterator[ObjectRef]:
    """The names that models give. Those of a naming convention SQLAlchemy itself shortens, always in one way."""
    for table in metadata.tables.values():
        schema = str(table.schema or "public")
        yield ObjectRef("table", str(table.name), schema)
        for column in table.columns:
            yield ObjectRef("column", str(column.name), schema, str(table.name))
        for kind, item in _on(table):
            if isinstance(item.name, str) and not isinstance(item.name, _truncated_label):
                yield ObjectRef(kind, item.name, schema, str(table.name))
    yield from (ref for ref, _ in _types(metadata))
    for sequence in metadata._sequences.values():
        yield ObjectRef("sequence", str(sequence.name), str(sequence.schema or "public"))


def _labels(metadata: MetaData) -> Iterator[tuple[ObjectRef, str]]:
    for ref, type_ in _types(metadata):
        if isinstance(type_, Enum):
            yield from ((ref, label) for label in type_.enums)


def _types(metadata: MetaData) -> Iterator[tuple[ObjectRef, TypeEngine[Any]]]:
    """The types that columns of the models make, those in arrays and of decorated types, too."""
    for table in metadata.tables.values():
        for column in table.columns:
            schema, type_ = str(table.schema or "public"), _beneath(column.type)
            if isinstance(type_, Enum) and type_.name and type_.native_enum:
                yield ObjectRef("enum", str(type_.name), str(type_.schema or schema)), type_
            elif isinstance(type_, DOMAIN):
                yield ObjectRef("domain", str(type_.name), str(type_.schema or schema)), type_


def _beneath(type_: TypeEngine[Any]) -> TypeEngine[Any]:
    if isinstance(type_, TypeDecorator):
        return _beneath(type_.impl_instance)
    return _beneath(type_.item_type) if isinstance(type_, ARRAY) else type_


def _on(table: Table) -> Iterator[tuple[str, Any]]:
    yield from (("constraint", one) for one in sorted(table.constraints, key=lambda one: str(one.name)))
    yield from (("index", one) for one in sorted(table.indexes, key=lambda one: str(one.name)))


RULE = LintRule(
    name="long-identifier",
    severity=Severity.ERROR,
    problem="A name is longer than the 63 bytes that PostgreSQL keeps: it is cut, and two names may become one.",
    fix="Shorten it; names in the SQL of revisions are looked at by lint --migrations.",
    check=_check,
    of_models=True,
)
