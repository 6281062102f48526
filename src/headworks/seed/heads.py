"""The head of a seed file: everything but its rows, read first, because rows refer to other files' keys."""

import re
from collections.abc import Mapping
from pathlib import Path

import msgspec
from sqlalchemy import Table

from headworks.seed import _nodes
from headworks.seed.errors import (
    DuplicateFieldError,
    MissingSettingError,
    SeedSyntaxError,
    UnknownModeError,
    UnknownSettingError,
    UnknownTableError,
)
from headworks.seed.models import Models, suggest
from headworks.seed.records import Mode, Place

__all__ = ["SETTINGS", "DeclaredReference", "Head", "read_head"]

SETTINGS = ("table", "key", "mode", "source", "references", "defaults", "rows")
_TARGET = re.compile(r"(?P<table>.+?)\s*\((?P<keys>[^()]+)\)|(?P<dotted>.+)\.(?P<key>[^.]+)")


class DeclaredReference(msgspec.Struct, frozen=True):
    """A reference as the head declares it. `columns` is empty where the foreign key has to be found."""

    table: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    place: Place


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """The settings of one file. `rows` is the list of rows as YAML, or the path of a CSV file."""

    path: Path
    table: Table
    key: tuple[tuple[str, Place], ...]
    mode: Mode
    source: str | None
    references: Mapping[str, DeclaredReference]
    defaults: Mapping[str, _nodes.Node]
    rows: _nodes.SequenceNode | Path


def read_head(path: Path, text: str, models: Models) -> Head:
    """Read a file's settings. Raises a `SeedFileError` at the first that is wrong."""
    root = _nodes.read(path, text)
    if not isinstance(root, _nodes.MappingNode):
        raise _syntax(_nodes.place(path, root), "the file is no mapping")
    settings: dict[str, _nodes.Node] = {}
    for key, value in _nodes.items(root):
        where = _nodes.place(path, key)
        name = str(key.value)
        if name not in SETTINGS:
            raise UnknownSettingError(**_at(where), setting=name, known=", ".join(SETTINGS))
        if name in settings:
            raise DuplicateFieldError(**_at(where), field=name)
        settings[name] = value
    for name in ("table", "key", "rows"):
        if name not in settings:
            raise MissingSettingError(**_at(_nodes.place(path, root)), setting=name)
    return Head(
        path=path,
        table=_table(path, settings["table"], models),
        key=_names(path, settings["key"]),
        mode=_mode(path, settings.get("mode")),
        source=_scalar(path, settings["source"]) if "source" in settings else None,
        references=_references(path, settings.get("references")),
        defaults=dict(_pairs(path, settings.get("defaults"))),
        rows=_rows(path, settings["rows"]),
    )


def _at(place: Place) -> dict[str, str | int]:
    return {"file": place.file, "line": place.line, "column": place.column}


def _syntax(place: Place, problem: str) -> SeedSyntaxError:
    return SeedSyntaxError(**_at(place), problem=problem)


def _scalar(path: Path, node: _nodes.Node) -> str:
    if not isinstance(node, _nodes.ScalarNode):
        raise _syntax(_nodes.place(path, node), "a text is wanted here")
    return str(node.value)


def _names(path: Path, node: _nodes.Node) -> tuple[tuple[str, Place], ...]:
    nodes = node.value if isinstance(node, _nodes.SequenceNode) else [node]
    names = tuple((_scalar(path, item), _nodes.place(path, item)) for item in nodes)
    if not names or not all(name for name, _ in names):
        raise _syntax(_nodes.place(path, node), "the name of a column is wanted here")
    return names


def _pairs(path: Path, node: _nodes.Node | None) -> list[tuple[str, _nodes.Node]]:
    if node is None:
        return []
    if not isinstance(node, _nodes.MappingNode):
        raise _syntax(_nodes.place(path, node), "a mapping is wanted here")
    return [(_scalar(path, key), value) for key, value in _nodes.items(node)]


def _table(path: Path, node: _nodes.Node, models: Models) -> Table:
    name = _scalar(path, node)
    table = models.find(name)
    if table is None:
        known = [table.fullname for table in models.tables()]
        suggestion = suggest(name, known, "the models' tables") or "the models given have no table at all"
        raise UnknownTableError(**_at(_nodes.place(path, node)), table=name, suggestion=suggestion)
    return table


def _mode(path: Path, node: _nodes.Node | None) -> Mode:
    if node is None:
        return Mode.UPSERT
    word = _scalar(path, node)
    if word not in {mode.value for mode in Mode}:
        raise UnknownModeError(**_at(_nodes.place(path, node)), mode=word)
    return Mode(word)


def _rows(path: Path, node: _nodes.Node) -> _nodes.SequenceNode | Path:
    if isinstance(node, _nodes.SequenceNode):
        return node
    if isinstance(node, _nodes.ScalarNode) and str(node.value).endswith(".csv"):
        file = path.parent / str(node.value)
        if not file.is_file():
            raise _syntax(_nodes.place(path, node), f"there is no file {file}")
        return file
    raise _syntax(
        _nodes.place(path, node), "the rows are a list of mappings, or the name of a .csv file beside this one"
    )


def _references(path: Path, node: _nodes.Node | None) -> dict[str, DeclaredReference]:
    found: dict[str, DeclaredReference] = {}
    for name, value in _pairs(path, node):
        where = _nodes.place(path, value)
        columns: tuple[str, ...] = ()
        if isinstance(value, _nodes.MappingNode):
            parts = dict(_pairs(path, value))
            if "to" not in parts or not set(parts) <= {"to", "column"}:
                raise _syntax(where, "a reference is `table.key`, or {to: table.key, column: name}")
            if "column" in parts:
                columns = tuple(column for column, _ in _names(path, parts["column"]))
            value = parts["to"]
        target = _TARGET.fullmatch(_scalar(path, value).strip())
        if target is None:
            raise _syntax(where, "a reference is `table.key` or `table(key, key)`")
        keys = target["keys"].split(",") if target["keys"] else [target["key"]]
        key = tuple(part.strip() for part in keys)
        found[name] = DeclaredReference(target["table"] or target["dotted"], key, columns, where)
    return found
