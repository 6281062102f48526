"""In which order tables and rows can be written, so that every row finds the rows that it names."""

from collections.abc import Iterable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

import msgspec

from headworks.seed.errors import DuplicateTableError, RowCycleError
from headworks.seed.models import columns_of, target_of
from headworks.seed.records import SeedFile, SeedRow, SeedSet

__all__ = ["Edge", "Step", "edges_of", "steps"]


class Edge(msgspec.Struct, frozen=True):
    """A field of a file that names rows of a table that is seeded too.

    `by_key`: it names them by the key that their own file has, so that the row is known before anything connects.
    """

    field: str
    target: str
    by_key: bool
    deferrable: bool


class Step(msgspec.Struct, frozen=True):
    """One file in its turn. `levels` are its rows, each level naming rows of earlier levels alone.

    `deferred` are the fields of a circle: they are left out at first and filled in when every table has its rows.
    """

    file: SeedFile
    levels: tuple[tuple[SeedRow, ...], ...]
    deferred: frozenset[str]


def edges_of(file: SeedFile, by_table: Mapping[str, SeedFile]) -> tuple[Edge, ...]:
    """The fields of `file` that lead to a seeded table, itself included."""
    found: list[Edge] = []
    columns = columns_of(file.table)
    for field in file.fields:
        reference = file.references.get(field)
        if reference is not None:
            targets = {(reference.target.fullname, tuple(p if isinstance(p, str) else p.name for p in reference.key))}
            own = reference.columns
        else:
            own = (field,)
            targets = {
                (target.fullname, (key.column.name,))
                for key in columns[field].foreign_keys
                if key.constraint is not None and (target := target_of(key.constraint)) is not None
            }
        deferrable = all(columns[name].nullable for name in own) and not set(own) & set(file.key_columns)
        found.extend(
            Edge(field, target, key == by_table[target].key, deferrable)
            for target, key in sorted(targets)
            if target in by_table
        )
    return tuple(found)


def steps(sets: Iterable[SeedSet]) -> tuple[Step, ...]:
    """Order the files of several sets by their foreign keys, across MetaData objects.

    Raises `DuplicateTableError` for a table in two sets, and `RowCycleError` where a circle has no foreign key that
    may be null for a while.
    """
    by_table: dict[str, SeedFile] = {}
    for file in (file for set_ in sets for file in set_.files):
        other = by_table.setdefault(file.table.fullname, file)
        if other is not file:
            raise DuplicateTableError(file=file.path, line=1, column=1, table=file.table.fullname, other=other.path)
    edges = {name: edges_of(file, by_table) for name, file in by_table.items()}
    deferred: dict[str, set[str]] = {name: set() for name in by_table}
    while True:
        graph = {
            name: {edge.target for edge in edges[name] if edge.target != name and edge.field not in deferred[name]}
            for name in sorted(by_table)
        }
        try:
            order = list(TopologicalSorter({name: sorted(targets) for name, targets in graph.items()}).static_order())
            break
        except CycleError as error:
            _defer_one(error.args[1], by_table, edges, deferred)
    return tuple(_step(by_table[name], edges[name], deferred[name]) for name in order)


def _defer_one(
    circle: Sequence[str],
    by_table: Mapping[str, SeedFile],
    edges: Mapping[str, tuple[Edge, ...]],
    deferred: Mapping[str, set[str]],
) -> None:
    """Break a circle of tables at the first foreign key that may be null."""
    for name in sorted(set(circle)):
        # Every field of this table that leads into the circle has to go, or the circle stays.
        inside = [e for e in edges[name] if e.target in circle and e.target != name and e.field not in deferred[name]]
        if inside and all(edge.deferrable for edge in inside):
            deferred[name].update(edge.field for edge in inside)
            return
    raise RowCycleError(
        file=by_table[circle[0]].path,
        line=1,
        column=1,
        problem=f"tables {', '.join(sorted(set(circle)))} name each other",
    )


def _step(file: SeedFile, edges: tuple[Edge, ...], deferred: set[str]) -> Step:
    own = [edge for edge in edges if edge.target == file.table.fullname]
    unknown = {edge.field for edge in own if not edge.by_key and edge.deferrable}
    fields = tuple(edge.field for edge in own if edge.by_key)
    levels = _levels(file, fields)
    if levels is None:
        if not all(edge.deferrable for edge in own if edge.by_key):
            raise RowCycleError(
                file=file.path, line=1, column=1, problem="rows of the file name each other in a circle"
            )
        unknown.update(fields)
        levels = (file.rows,)
    return Step(file, levels, frozenset(deferred | unknown))


def _levels(file: SeedFile, fields: tuple[str, ...]) -> tuple[tuple[SeedRow, ...], ...] | None:
    """The rows by how far they are from a row that names no other; `None` when they go round in a circle."""
    if not fields:
        return (file.rows,) if file.rows else ()
    left = {row.identity(file.key): row for row in file.rows}
    levels: list[tuple[SeedRow, ...]] = []
    while left:
        ready = {
            key: row
            for key, row in left.items()
            if not any(not row.is_null(field) and row.identity((field,)) in left for field in fields)
        }
        if not ready:
            return None
        levels.append(tuple(ready.values()))
        left = {key: row for key, row in left.items() if key not in ready}
    return tuple(levels)
