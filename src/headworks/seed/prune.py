"""Remove rows that left their file, unless another row refers to them: nothing is ever removed by a cascade.

Who refers to a table is asked twice: the models, for what they declare, and the catalog, for the tables that other
tools own (Prisma's, say), whose `ON DELETE CASCADE` would act in silence.
"""

import json
from collections.abc import Iterable, Mapping, Sequence

import msgspec
from psycopg import sql

from headworks.seed._live import Live, fetch, server_errors
from headworks.seed._names import Name, identifier
from headworks.seed._source import commas, conjunction
from headworks.seed.errors import RowReferencedError
from headworks.seed.models import Models, columns_of
from headworks.seed.plan import ExtraRow, FilePlan
from headworks.seed.records import SeedFile

__all__ = ["Incoming", "Pruner"]

_INCOMING = sql.SQL("""
SELECT c.conrelid::bigint, n.nspname, r.relname,
       ARRAY(SELECT a.attname::text FROM unnest(c.conkey) WITH ORDINALITY AS k(num, at)
               JOIN pg_catalog.pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.num ORDER BY k.at),
       ARRAY(SELECT a.attname::text FROM unnest(c.confkey) WITH ORDINALITY AS k(num, at)
               JOIN pg_catalog.pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.num ORDER BY k.at)
  FROM pg_catalog.pg_constraint c
  JOIN pg_catalog.pg_class r ON r.oid = c.conrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace
 WHERE c.contype = 'f' AND c.conparentid = 0 AND c.confrelid = pg_catalog.to_regclass({})
 ORDER BY n.nspname, r.relname, c.conname
""")
_TABLE = sql.SQL("""
SELECT r.oid::bigint, n.nspname, r.relname
  FROM pg_catalog.pg_class r JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace
 WHERE r.oid = pg_catalog.to_regclass({})
""")


class Incoming(msgspec.Struct, frozen=True):
    """A foreign key that leads to the table: whose, from which columns, to which."""

    oid: int
    schema: str
    name: str
    columns: tuple[str, ...]
    target_columns: tuple[str, ...]


class Pruner:
    """Removes the extra rows of several files. `plans` are all of the run, so that what goes together may go."""

    def __init__(self, live: Live, plans: Sequence[FilePlan], models: Models) -> None:
        self._live = live
        self._left: dict[str, list[ExtraRow]] = {each.step.file.table.fullname: list(each.extra) for each in plans}
        self._files = [each.step.file for each in reversed(plans) if each.extra]
        self._oids = {self._oid(file): file for file in self._files}
        self._models = models
        self._incoming = {file.table.fullname: self._find(file) for file in self._files}

    def remove_free(self) -> dict[str, int]:
        """Remove the rows to which nothing refers; how many, a table. Comes before the writes, to make room."""
        removed: dict[str, int] = {}
        for file in self._files:
            name = file.table.fullname
            bound = {number for number, _, _ in self._references(file)}
            free = [row for number, row in enumerate(self._left[name]) if number not in bound]
            if free and not self._names_each_other(file):
                removed[name] = self._delete(file, free)
                self._left[name] = [row for number, row in enumerate(self._left[name]) if number in bound]
        return removed

    def remove_rest(self) -> dict[str, int]:
        """Remove what is left after the writes. Raises `RowReferencedError` for the first row still referred to."""
        for file in self._files:
            for number, incoming, count in self._references(file):
                key = self._left[file.table.fullname][number].change.key
                raise RowReferencedError(
                    file=file.path,
                    line=1,
                    table=file.table.fullname,
                    key=", ".join(f"{name}={value}" for name, value in key.items()),
                    referencing=f"table {incoming.schema}.{incoming.name}",
                    count=f"{count} row{'s' if count > 1 else ''}",
                )
        return {
            file.table.fullname: self._delete(file, self._left[file.table.fullname])
            for file in self._files
            if self._left[file.table.fullname]
        }

    def _names_each_other(self, file: SeedFile) -> bool:
        """Whether rows to be removed are referred to by others to be removed: those go together, at the end."""
        return any(incoming.oid in self._oids for incoming in self._incoming[file.table.fullname])

    def _oid(self, file: SeedFile) -> int:
        rows = fetch(self._live.connection, _TABLE.format(self._name(file)))
        return int(rows[0][0]) if rows else 0

    def _name(self, file: SeedFile) -> sql.Literal:
        return sql.Literal(identifier(file.table).as_string(self._live.connection))

    def _find(self, file: SeedFile) -> tuple[Incoming, ...]:
        """The foreign keys on the file's table: the catalog's, then those that only the models know."""
        connection = self._live.connection
        found: dict[tuple[int, frozenset[tuple[str, str]]], Incoming] = {}
        for oid, schema, name, columns, targets in fetch(connection, _INCOMING.format(self._name(file))):
            incoming = Incoming(int(oid), schema, name, tuple(columns), tuple(targets))
            found[incoming.oid, frozenset(zip(columns, targets, strict=True))] = incoming
        for constraint in self._models.referencing(file.table):
            columns = tuple(element.parent.name for element in constraint.elements)
            targets = tuple(element.column.name for element in constraint.elements)
            table = constraint.table
            there = self._live.columns(table)
            literal = sql.Literal(identifier(table).as_string(self._live.connection))
            rows = fetch(connection, _TABLE.format(literal))
            if rows and set(columns) <= set(there):
                oid, schema, name = rows[0]
                incoming = Incoming(int(oid), schema, name, columns, targets)
                found.setdefault((int(oid), frozenset(zip(columns, targets, strict=True))), incoming)
        return tuple(found.values())

    def _references(self, file: SeedFile) -> list[tuple[int, Incoming, int]]:
        """Which rows still to be removed are referred to by rows that stay: their number, the key, how many rows."""
        rows = self._left[file.table.fullname]
        if not rows:
            return []
        found: list[tuple[int, Incoming, int]] = []
        match = self._match(file, "t", "e")
        # A new reference needs a key-share lock on the row, which this lock keeps out until the transaction ends.
        lock = sql.SQL("SELECT FROM {} AS t WHERE EXISTS (SELECT FROM {} WHERE {}) FOR UPDATE").format(
            identifier(file.table), self._relation(file, rows, "e"), match
        )
        with server_errors(file):
            self._live.connection.execute(lock)
        for incoming in self._incoming[file.table.fullname]:
            tests = [
                sql.SQL("{} = {}").format(Name("r", own), Name("t", target))
                for own, target in zip(incoming.columns, incoming.target_columns, strict=True)
            ]
            other = self._oids.get(incoming.oid)
            if other is not None and self._left[other.table.fullname]:
                going = self._relation(other, self._left[other.table.fullname], "x")
                tests.append(
                    sql.SQL("NOT EXISTS (SELECT FROM {} WHERE {})").format(going, self._match(other, "r", "x"))
                )
            statement = sql.SQL(
                "SELECT e.n, count(*) FROM {} JOIN {} AS t ON {} JOIN {} AS r ON {} GROUP BY e.n ORDER BY e.n"
            ).format(
                self._relation(file, rows, "e"),
                identifier(file.table),
                match,
                Name(incoming.schema, incoming.name),
                conjunction(tests),
            )
            with server_errors(file, table=f"{incoming.schema}.{incoming.name}"):
                answers = fetch(self._live.connection, statement)
            found += [(int(number), incoming, int(count)) for number, count in answers]
        return sorted(found, key=lambda each: each[0])

    def _relation(self, file: SeedFile, rows: Iterable[ExtraRow], alias: str) -> sql.Composable:
        payload = json.dumps([{"n": number, **_numbered(file, row.columns)} for number, row in enumerate(rows)])
        columns = self._live.columns(file.table)
        types: list[sql.Composable] = [sql.SQL("n integer")]
        for index, name in enumerate(file.key_columns):
            types.append(Name(f"c{index}") + sql.SQL(" ") + sql.SQL(columns[name].type))
        return sql.SQL("json_to_recordset({}::json) AS {}({})").format(sql.Literal(payload), Name(alias), commas(types))

    def _match(self, file: SeedFile, table: str, alias: str) -> sql.Composable:
        columns = columns_of(file.table)
        return conjunction(
            # A unique key may have columns that are null, in rows that no file can name.
            sql.SQL("{} IS NOT DISTINCT FROM {}" if columns[name].nullable else "{} = {}").format(
                Name(table, name), Name(alias, f"c{index}")
            )
            for index, name in enumerate(file.key_columns)
        )

    def _delete(self, file: SeedFile, rows: Sequence[ExtraRow]) -> int:
        statement = sql.SQL("DELETE FROM {} AS t USING {} WHERE {}").format(
            identifier(file.table), self._relation(file, rows, "e"), self._match(file, "t", "e")
        )
        with server_errors(file):
            return self._live.connection.execute(statement).rowcount


def _numbered(file: SeedFile, columns: Mapping[str, str]) -> dict[str, str]:
    return {f"c{index}": columns[name] for index, name in enumerate(file.key_columns)}
