"""Where a table and its columns are written in a project's models: as Python's own parser sees them."""

import ast
import inspect
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import MetaData, Table
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapper

from headworks.drift.orm_models import declared_tables, mappers_of
from headworks.findings import ObjectRef
from headworks.schema import QualifiedName

__all__ = ["ModelPlaces", "Place"]


class Place(NamedTuple):
    """A line of a file."""

    file: Path
    line: int


class ModelPlaces:
    """The places of the tables of these MetaData. What was made by a loop or a factory has none."""

    def __init__(self, metadata: Sequence[MetaData], default_schema: str = "public") -> None:
        self._tables = declared_tables(metadata, default_schema)
        self._mappers: dict[QualifiedName, Mapper[object]] = {}
        if self._tables:
            for mapper in mappers_of(self._tables, default_schema):
                if isinstance(table := mapper.local_table, Table):
                    self._mappers.setdefault((str(table.schema or default_schema), str(table.name)), mapper)

    def of(self, ref: ObjectRef, columns: Sequence[str] = ()) -> Place | None:
        """The line of the column that `ref` is, or that it is on alone; else that of its table's class."""
        name = ref.name if ref.table is None else ref.table
        table = self._tables.get((ref.schema or "", name))
        if table is None:
            return None
        column = ref.name if ref.kind == "column" else columns[0] if len(columns) == 1 else None
        mapper = self._mappers.get((ref.schema or "", name))
        if mapper is not None:
            return _of_class(mapper, table, column)
        return _of_table(table, column, self._named)

    @cached_property
    def _named(self) -> dict[int, tuple[str, str]]:
        return _named_tables(self._tables.values())


def _of_class(mapper: Mapper[object], table: Table, column: str | None) -> Place | None:
    if column is not None and column in table.columns:
        try:
            attribute = mapper.get_property_by_column(table.columns[column]).key
        except SQLAlchemyError:
            attribute = column
        # The column of a mixin stands in the mixin.
        for one in mapper.class_.__mro__:
            if (place := _class_place(one)) is not None and (line := _attribute(place, one, attribute)):
                return Place(place.file, line)
    return _class_place(mapper.class_)


def _class_place(one: type) -> Place | None:
    try:
        file = inspect.getsourcefile(one)
    except TypeError:  # a built-in one
        return None
    if file is None or "site-packages" in file:
        return None
    node = _classes(file).get(one.__qualname__)
    return Place(Path(file), node.lineno) if node is not None else None


def _attribute(place: Place, one: type, name: str) -> int | None:
    for node in _classes(str(place.file))[one.__qualname__].body:
        if name in _targets(node):
            return node.lineno
    return None


def _of_table(table: Table, column: str | None, named: Mapping[int, tuple[str, str]]) -> Place | None:
    """Of a `Table` that is a module's own: `orders = Table("orders", metadata, Column("id", ...))`."""
    file, name = named.get(id(table), ("", ""))
    node = _assigned(file, name) if file else None
    return Place(Path(file), _column_line(node, column) or node.lineno) if node is not None else None


def _named_tables(tables: Collection[Table]) -> dict[int, tuple[str, str]]:
    """The file and the name of each table that is a global of a module, by its `id()`."""
    wanted = {id(one) for one in tables}
    found: dict[int, tuple[str, str]] = {}
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None)
        if file and "site-packages" not in file and file.endswith(".py"):
            for name, value in list(vars(module).items()):
                # What a module imports from another is assigned in that one alone.
                if id(value) in wanted and _assigned(file, name) is not None:
                    found.setdefault(id(value), (file, name))
    return found


def _assigned(file: str, name: str) -> ast.stmt | None:
    for node in _tree(file).body:
        if name in _targets(node):
            return node
    return None


def _targets(node: ast.stmt) -> list[str]:
    """The names that a statement assigns to."""
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AnnAssign):
        targets = [node.target]
    return [one.id for one in targets if isinstance(one, ast.Name)]


def _column_line(node: ast.stmt, column: str | None) -> int | None:
    calls = (one for one in ast.walk(node) if isinstance(one, ast.Call) and one.args)
    named = (one for one in calls if isinstance(one.args[0], ast.Constant) and one.args[0].value == column)
    return next((one.lineno for one in named if _called(one.func) == "Column"), None)


def _called(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


@cache
def _classes(file: str) -> dict[str, ast.ClassDef]:
    return dict(_qualified(_tree(file), ""))


def _qualified(node: ast.AST, prefix: str) -> Iterator[tuple[str, ast.ClassDef]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef):
            yield f"{prefix}{child.name}", child
            yield from _qualified(child, f"{prefix}{child.name}.")
        elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _qualified(child, f"{prefix}{child.name}.<locals>.")
        elif isinstance(child, ast.If | ast.Try | ast.With):
            yield from _qualified(child, prefix)


@cache
def _tree(file: str) -> ast.Module:
    try:
        return ast.parse(Path(file).read_bytes())
    except (OSError, SyntaxError, ValueError):
        return ast.Module(body=[], type_ignores=[])
