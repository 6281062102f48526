"""Find out what a field of a row means: a column of the table, or a row of another table by its natural key."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from headworks.seed import _nodes
from headworks.seed.errors import AmbiguousReferenceError, ReferenceShapeError, UnknownTableError
from headworks.seed.heads import DeclaredReference, Head
from headworks.seed.models import Models, columns_of, suggest, target_of, unique_keys
from headworks.seed.records import Place, Reference
from headworks.seed.values import Raw, from_node

__all__ = ["Resolver", "leaf_values"]

_DEEPEST = 8


class Resolver:
    """Resolves references over the models and the heads of every file that is loaded with this one."""

    def __init__(self, models: Models, heads: Mapping[str, Head]) -> None:
        self._models = models
        self._heads = heads

    def resolve(self, table: sa.Table, field: str, place: Place, depth: int = 0) -> Reference | None:
        """The reference that `field` is in `table`, `None` when it is none.

        A head may declare it; else `role` is the foreign key on the column `role_id` (or `role_` and the name of the
        column that it leads to). Raises `AmbiguousReferenceError` where that leaves a choice.
        """
        head = self._heads.get(table.fullname)
        declared = head.references.get(field) if head is not None else None
        if declared is not None:
            return self._declared(table, field, declared, depth)
        for constraint in _by_name(table, field):
            target = target_of(constraint)
            if target is not None:
                return self._reference(field, constraint, target, self.natural_key(target, field, place), place, depth)
        return None

    def natural_key(self, target: sa.Table, field: str, place: Place) -> tuple[str, ...]:
        """The fields that tell the rows of `target` apart: its seed file's key, else its one unique key."""
        head = self._heads.get(target.fullname)
        if head is not None:
            return tuple(name for name, _ in head.key)
        primary = {column.name for column in target.primary_key.columns}
        keys = [key for key in unique_keys(target) if set(key) != primary]
        if len(keys) == 1:
            return keys[0]
        if not keys and primary and not any(is_surrogate(column) for column in target.primary_key.columns):
            return tuple(column.name for column in target.primary_key.columns)
        said = "has several unique keys" if keys else "has no natural key that is unique"
        raise _ambiguous(place, field, f"{field!r} names rows of table {target.fullname}, which {said}")

    def _declared(self, table: sa.Table, field: str, declared: DeclaredReference, depth: int) -> Reference:
        target = self._models.find(declared.table)
        place = declared.place
        if target is None:
            known = [other.fullname for other in self._models.tables()]
            suggestion = suggest(declared.table, known, "the models' tables")
            raise UnknownTableError(
                file=place.file, line=place.line, column=place.column, table=declared.table, suggestion=suggestion
            )
        constraints = [
            constraint
            for constraint in table.foreign_key_constraints
            if _leads_to(constraint, target)
            and (not declared.columns or set(declared.columns) == {column.name for column in constraint.columns})
        ]
        if len(constraints) > 1:
            named = _by_name(table, field)
            constraints = [constraint for constraint in constraints if constraint in named] or constraints
        if len(constraints) != 1:
            said = "no foreign key" if not constraints else "more than one foreign key"
            problem = f"{table.fullname} has {said} to {target.fullname} that {field!r} could be"
            raise _ambiguous(place, field, problem)
        return self._reference(field, constraints[0], target, declared.key, place, depth)

    def _reference(
        self,
        field: str,
        constraint: sa.ForeignKeyConstraint,
        target: sa.Table,
        key: tuple[str, ...],
        place: Place,
        depth: int,
    ) -> Reference:
        if depth > _DEEPEST:
            raise _ambiguous(place, field, f"the key of table {target.fullname} refers back to itself")
        parts: list[str | Reference] = []
        known = columns_of(target)
        columns: list[str] = []
        for name in key:
            inner = None if name in known else self.resolve(target, name, place, depth + 1)
            if inner is None and name not in known:
                raise _ambiguous(place, field, f"table {target.fullname} has no column {name!r}")
            parts.append(name if inner is None else inner)
            columns.extend([name] if inner is None else inner.columns)
        if set(columns) not in [set(unique) for unique in unique_keys(target)]:
            raise _ambiguous(place, field, f"({', '.join(columns)}) is no unique key of table {target.fullname}")
        elements = list(constraint.elements)
        return Reference(
            name=field,
            columns=tuple(element.parent.name for element in elements),
            target=target,
            target_columns=tuple(element.column.name for element in elements),
            key=tuple(parts),
        )


def is_surrogate(column: "sa.Column[Any]") -> bool:
    """Whether the database makes this key up: nobody should write its values into a file."""
    made = column.server_default is not None or column.identity is not None
    return made or column is column.table.autoincrement_column


def leaf_values(reference: Reference, raw: Raw) -> list[Raw]:
    """The values of a reference's key, flat: `admin`, `[DE, standard]` or `{country: DE, category: standard}`."""
    names = [_name(part) for part in reference.key]
    if isinstance(raw.node, _nodes.SequenceNode):
        given = [from_node(node, _nodes.place(raw.place.file, node)) for node in raw.node.value]
        if len(given) != len(reference.key):
            raise _wrong(raw, f"{reference.name!r} wants {len(names)} values: {', '.join(names)}")
    elif isinstance(raw.node, _nodes.MappingNode):
        pairs = {
            str(key.value): from_node(node, _nodes.place(raw.place.file, node)) for key, node in _nodes.items(raw.node)
        }
        if set(pairs) != set(names):
            raise _wrong(raw, f"{reference.name!r} wants exactly: {', '.join(names)}")
        given = [pairs[name] for name in names]
    elif len(reference.key) == 1:
        given = [raw]
    else:
        raise _wrong(raw, f"{reference.name!r} wants {len(names)} values: {', '.join(names)}")
    found: list[Raw] = []
    for part, value in zip(reference.key, given, strict=True):
        found.extend(leaf_values(part, value) if isinstance(part, Reference) else [value])
    return found


def _name(part: str | Reference) -> str:
    return part.name if isinstance(part, Reference) else part


def _by_name(table: sa.Table, field: str) -> list[sa.ForeignKeyConstraint]:
    found = []
    for constraint in table.foreign_key_constraints:
        columns = list(constraint.columns)
        if len(columns) == 1 and target_of(constraint) is not None:
            names = {f"{field}_id", f"{field}_{constraint.elements[0].column.name}"}
            if columns[0].name in names:
                found.append(constraint)
    return found


def _leads_to(constraint: sa.ForeignKeyConstraint, target: sa.Table) -> bool:
    found = target_of(constraint)
    return found is not None and found.fullname == target.fullname


def _ambiguous(place: Place, field: str, problem: str) -> AmbiguousReferenceError:
    return AmbiguousReferenceError(file=place.file, line=place.line, column=place.column, name=field, problem=problem)


def _wrong(raw: Raw, problem: str) -> ReferenceShapeError:
    return ReferenceShapeError(file=raw.place.file, line=raw.place.line, column=raw.place.column, problem=problem)
