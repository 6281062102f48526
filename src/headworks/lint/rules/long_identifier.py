"""`lint.long-identifier`"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Enum, MetaData, Table
from sqlalchemy.sql.elements import _truncated_label

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
                yield Violation(
                    object=ref,
                    actual=size,
                    expected=LONGEST,
                    message=f"the name of {ref} has {size} bytes; PostgreSQL keeps {LONGEST} and calls it {kept}",
                    hint=f"shorten it by {size - LONGEST} bytes or more, in the model and in a revision",
                )


def _names(metadata: MetaData) -> Iterator[ObjectRef]:
    """The names that models give. Those of a naming convention SQLAlchemy itself shortens, always in one way."""
    for table in metadata.tables.values():
        schema = str(table.schema or "public")
        yield ObjectRef("table", str(table.name), schema)
        for column in table.columns:
            yield ObjectRef("column", str(column.name), schema, str(table.name))
            if isinstance(column.type, Enum) and column.type.name and column.type.native_enum:
                yield ObjectRef("enum", str(column.type.name), str(column.type.schema or schema))
        for kind, item in _on(table):
            if isinstance(item.name, str) and not isinstance(item.name, _truncated_label):
                yield ObjectRef(kind, item.name, schema, str(table.name))


def _on(table: Table) -> Iterator[tuple[str, Any]]:
    yield from (("constraint", one) for one in sorted(table.constraints, key=lambda one: str(one.name)))
    yield from (("index", one) for one in sorted(table.indexes, key=lambda one: str(one.name)))


RULE = LintRule(
    name="long-identifier",
    severity=Severity.ERROR,
    problem="A name is longer than the 63 bytes that PostgreSQL keeps: it is cut, and two names may become one.",
    fix="Shorten it.",
    check=_check,
    of_models=True,
)
