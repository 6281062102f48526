"""Read a seed set: a folder of YAML and CSV files, checked against the models before anything connects."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from headworks.errors import UsageError
from headworks.seed import _cells, _nodes
from headworks.seed.errors import (
    CsvSyntaxError,
    DuplicateFieldError,
    DuplicateKeyError,
    DuplicateTableError,
    GeneratedColumnError,
    HeadMissingError,
    KeyNotUniqueError,
    MissingColumnError,
    MissingKeyError,
    ReferenceByIdError,
    SeedFileError,
    SeedFilesError,
    SeedSyntaxError,
    SetEmptyError,
    SetMissingError,
    UnknownColumnError,
    UnknownReferenceError,
)
from headworks.seed.heads import Head, read_head
from headworks.seed.models import Models, columns_of, is_generated, is_required, suggest, target_of, unique_keys
from headworks.seed.order import edges_of
from headworks.seed.records import Place, Reference, SeedFile, SeedRow, SeedSet, SeedValue
from headworks.seed.references import Resolver, is_surrogate, leaf_values
from headworks.seed.values import Raw, convert, from_cell, from_node

__all__ = ["load_set"]


def load_set(folder: Path | str, metadatas: Sequence[sa.MetaData]) -> SeedSet:
    """Read every seed file of `folder` and check it against the models.

    Raises `SetMissingError` or `SetEmptyError` for the folder, and one `SeedFilesError` that holds every mistake in
    its files. Nothing connects to a database.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise SetMissingError(folder=str(folder))
    models = Models(metadatas)
    errors: list[UsageError] = []
    heads = _heads(folder, models, errors)
    resolver = Resolver(models, heads)
    files = [_File(head, resolver, heads, errors).read() for head in heads.values()]
    if not errors:
        # A row that could not be read is no row that others could name: their mistakes would be echoes of its own.
        _check_references(files, errors)
    if errors:
        raise SeedFilesError(tuple(sorted(errors, key=_where)))
    if not files:
        raise SetEmptyError(folder=str(folder))
    return SeedSet(folder.name, tuple(files), models.metadatas)


def _where(error: UsageError) -> tuple[str, int, int]:
    return str(error.fields.get("file", "")), int(error.fields.get("line", 0)), int(error.fields.get("column", 0))


def _heads(folder: Path, models: Models, errors: list[UsageError]) -> dict[str, Head]:
    heads: dict[str, Head] = {}
    named: set[Path] = set()
    for path in sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")]):
        try:
            head = read_head(path, _text(path), models)
            if isinstance(head.rows, Path):
                named.add(head.rows)
            other = heads.get(head.table.fullname)
            if other is not None:
                raise DuplicateTableError(
                    file=str(path), line=1, column=1, table=head.table.fullname, other=str(other.path)
                )
            heads[head.table.fullname] = head
        except SeedFileError as error:
            errors.append(error)
    if not errors:
        errors.extend(
            HeadMissingError(file=str(path), line=1, column=1, stem=path.stem, name=path.name)
            for path in sorted(folder.glob("*.csv"))
            if path not in named
        )
    return heads


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start]
        line = before.count(b"\n") + 1
        column = error.start - (before.rfind(b"\n") + 1) + 1
        raise SeedSyntaxError(file=str(path), line=line, column=column, problem="the file is not UTF-8") from error


class _File:
    """Reads the rows of one file; mistakes go to the list that all files share."""

    def __init__(self, head: Head, resolver: Resolver, heads: dict[str, Head], errors: list[UsageError]) -> None:
        self._head = head
        self._table = head.table
        self._columns = columns_of(head.table)
        self._resolver = resolver
        self._heads = heads
        self._errors = errors
        self._references: dict[str, Reference] = {}
        self._bad_fields: set[str] = set()
        self._key = tuple(name for name, _ in head.key)
        self._key_columns: tuple[str, ...] = ()

    def read(self) -> SeedFile:
        rows: list[SeedRow] = []
        try:
            self._check_key()
            defaults = self._defaults()
            given = self._from_yaml() if isinstance(self._head.rows, _nodes.SequenceNode) else self._from_csv()
            seen: dict[tuple[Any, ...], SeedRow] = {}
            for place, fields in given:
                mistakes = len(self._errors)
                row = self._row(
                    place, {**{name: raw for name, raw in defaults.items() if name not in fields}, **fields}
                )
                if len(self._errors) > mistakes:
                    continue
                first = seen.setdefault(row.identity(self._key), row)
                if first is not row:
                    shown = ", ".join(f"{name}={value}" for name, value in row.show(self._key).items())
                    self._errors.append(DuplicateKeyError(**_at(place), key=shown, first=first.line))
                rows.append(row)
        except SeedFileError as error:
            self._errors.append(error)
        return SeedFile(
            path=str(self._head.path),
            table=self._table,
            key=self._key,
            mode=self._head.mode,
            references=self._references,
            rows=tuple(rows),
            source=self._head.source,
        )

    def _check_key(self) -> None:
        columns: list[str] = []
        for name, place in self._head.key:
            if not self._known(name, place):
                raise self._unknown(name, place)
            columns.extend(self._references[name].columns if name in self._references else [name])
        self._key_columns = tuple(columns)
        unique = unique_keys(self._table)
        if set(columns) not in [set(key) for key in unique]:
            shown = "; ".join(", ".join(key) for key in unique) or "nothing"
            place = self._head.key[0][1]
            raise KeyNotUniqueError(**_at(place), key=", ".join(columns), table=self._table.fullname, unique=shown)

    def _known(self, field: str, place: Place) -> bool:
        """Whether `field` is a column or a reference; a reference is resolved once and remembered."""
        if field in self._references:
            return True
        if field in self._columns and field not in self._head.references:
            return True
        reference = self._resolver.resolve(self._table, field, place)
        if reference is not None:
            self._references[field] = reference
        return reference is not None

    def _unknown(self, field: str, place: Place) -> UnknownColumnError:
        known = [column.name for column in self._table.columns]
        suggestion = suggest(field, known, "its columns")
        return UnknownColumnError(**_at(place), table=self._table.fullname, field=field, suggestion=suggestion)

    def _defaults(self) -> dict[str, tuple[Place, Raw]]:
        found = {}
        for name, node in self._head.defaults.items():
            place = _nodes.place(self._head.path, node)
            found[name] = (place, from_node(node, place))
        return found

    def _from_yaml(self) -> Iterator[tuple[Place, dict[str, tuple[Place, Raw]]]]:
        path = self._head.path
        for node in self._head.rows.value:  # type: ignore[union-attr]
            place = _nodes.place(path, node)
            if not isinstance(node, _nodes.MappingNode):
                self._errors.append(SeedSyntaxError(**_at(place), problem="a row is a mapping of fields to values"))
                continue
            fields: dict[str, tuple[Place, Raw]] = {}
            for key, value in _nodes.items(node):
                where = _nodes.place(path, key)
                if str(key.value) in fields:
                    self._errors.append(DuplicateFieldError(**_at(where), field=str(key.value)))
                fields[str(key.value)] = (where, from_node(value, _nodes.place(path, value)))
            yield place, fields

    def _from_csv(self) -> Iterator[tuple[Place, dict[str, tuple[Place, Raw]]]]:
        path = self._head.rows
        assert isinstance(path, Path)
        records = _cells.read(path, _text(path))
        header = next(records, None)
        if header is None:
            raise CsvSyntaxError(file=str(path), line=1, column=1, problem="the first line has to name the columns")
        names: list[str] = []
        for cell in header:
            if cell.text is None:
                raise CsvSyntaxError(**_at(cell.place), problem="a column without a name")
            if cell.text in names:
                raise DuplicateFieldError(**_at(cell.place), field=cell.text)
            if not self._known(cell.text, cell.place):
                self._bad_fields.add(cell.text)  # said once, not once a row
                self._errors.append(self._unknown(cell.text, cell.place))
            names.append(cell.text)
        for record in records:
            place = record[0].place
            if len(record) != len(names):
                problem = f"{len(record)} cells, where the first line names {len(names)} columns"
                self._errors.append(CsvSyntaxError(**_at(place), problem=problem))
                continue
            yield place, {name: (cell.place, from_cell(cell)) for name, cell in zip(names, record, strict=True)}

    def _row(self, place: Place, fields: dict[str, tuple[Place, Raw]]) -> SeedRow:
        values: dict[str, SeedValue] = {}
        links: dict[str, tuple[SeedValue, ...] | None] = {}
        filled: set[str] = set()
        for field, (where, raw) in fields.items():
            if field in self._bad_fields:
                continue
            try:
                if not self._known(field, where):
                    raise self._unknown(field, where)
                reference = self._references.get(field)
                columns = (field,) if reference is None else reference.columns
                if filled.intersection(columns):
                    raise DuplicateFieldError(**_at(where), field=field)
                filled.update(columns)
                if field in self._key and raw.kind == "null":
                    raise MissingKeyError(**_at(where), field=field, table=self._table.fullname)
                if reference is None:
                    self._check_column(field, where)
                    values[field] = convert(raw, self._columns[field], field)
                else:
                    links[field] = self._link(reference, raw)
            except SeedFileError as error:
                self._errors.append(error)
        for field in self._key:
            if field not in fields:
                self._errors.append(MissingKeyError(**_at(place), field=field, table=self._table.fullname))
                filled.update(self._references[field].columns if field in self._references else [field])
        self._errors.extend(
            MissingColumnError(**_at(place), field=column.name, table=self._table.fullname)
            for column in self._table.columns
            if column.name not in filled and is_required(column)
        )
        return SeedRow(place, values, links)

    def _check_column(self, field: str, where: Place) -> None:
        column = self._columns[field]
        about = {**_at(where), "field": field, "table": self._table.fullname}
        made = is_generated(column) or (column.primary_key and field not in self._key_columns and is_surrogate(column))
        if made:
            raise GeneratedColumnError(**about)
        for key in column.foreign_keys:
            target = target_of(key.constraint) if key.constraint is not None else None
            if target is None:
                continue
            head = self._heads.get(target.fullname)
            by_key = head is not None and key.column.name in {name for name, _ in head.key}
            if not by_key and is_surrogate(key.column):
                name = field.removesuffix(f"_{key.column.name}").removesuffix("_id")
                raise ReferenceByIdError(**about, target=target.fullname, name=name)

    def _link(self, reference: Reference, raw: Raw) -> tuple[SeedValue, ...] | None:
        if raw.kind == "null":
            for name in reference.columns:
                convert(raw, self._columns[name], reference.name)  # says so where the column is not null
            return None
        found = []
        leaves = leaf_values(reference, raw)
        for (table, name), leaf in zip(reference.leaves, leaves, strict=True):
            if leaf.kind == "null":
                raise MissingKeyError(**_at(leaf.place), field=name, table=table.fullname)
            found.append(convert(leaf, columns_of(table)[name], name))
        return tuple(found)


def _at(place: Place) -> dict[str, Any]:
    return {"file": place.file, "line": place.line, "column": place.column}


def _check_references(files: list[SeedFile], errors: list[UsageError]) -> None:
    """A reference to a table that is seeded here has to name a row that is seeded here.

    To any other table it is looked up in the database, when one is connected.
    """
    by_table = {file.table.fullname: file for file in files}
    known = {name: {row.identity(file.key) for row in file.rows} for name, file in by_table.items()}
    for file in files:
        edges = [edge for edge in edges_of(file, by_table) if edge.by_key]
        errors.extend(
            UnknownReferenceError(
                **_at(row.place_of(edge.field)),
                field=edge.field,
                value=repr(row.show((edge.field,))[edge.field]),
                target=edge.target,
                suggestion=f"add the row to {by_table[edge.target].path}, or mend the name",
            )
            for row in file.rows
            for edge in edges
            if not row.is_null(edge.field) and row.identity((edge.field,)) not in known[edge.target]
        )
