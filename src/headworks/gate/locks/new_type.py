"""The safe way to another type of a column: a second one, which a trigger fills, takes its place.

What is on the old one, indexes and constraints, other tables' keys and the sequence, is made on it as well.

Sources: https://www.postgresql.org/docs/current/sql-altertable.html (Notes: NOT VALID, SET NOT NULL, USING INDEX) and
https://www.postgresql.org/docs/current/sql-createindex.html (Building Indexes Concurrently).
"""

import re
from collections.abc import Sequence

import msgspec

from headworks.gate.locks.code import NEXT, alone, batches, code, execute, literal, table
from headworks.gate.locks.columns import not_null_lines
from headworks.gate.locks.seen import Changes, Column, Constraint, Reference, Relation
from headworks.gate.locks.statements import renamed, using
from headworks.schema.quoting import as_pasted

__all__ = ["new_type"]

_USING = re.compile(r"\bUSING\b", re.IGNORECASE)
_NUMBERS = frozenset({"smallint", "integer", "bigint"})
_KINDS = {"p": "PRIMARY KEY", "u": "UNIQUE"}


def new_type(relation: Relation, changes: Changes, columns: Sequence[Column], statement: str) -> str | None:
    """For these columns; `None` where something stands on them that cannot be made beside the application."""
    on_it = [*changes.constraints, *changes.indexes]
    if relation.kind == "p" and (on_it or changes.references):
        return None  # its indexes, and the constraints that have one, cannot be built CONCURRENTLY
    if any(one.kind == "x" or one.temporal for one in changes.constraints):
        return None
    way = _Way(relation, changes, columns, statement)
    return code(f"{way.words}:", way.lines)


class _Parts(msgspec.Struct):
    """Code by revision: the new column, its rows, what is on it, what of that is made outside a transaction, the swap.

    `apart` are statements. `ahead` reads rows under a lock that blocks nobody, before the swap takes one that does.
    """

    columns: list[str] = []
    rows: list[str] = []
    apart: list[str] = []
    beside: list[str] = []
    ahead: list[str] = []
    swap: list[str] = []


class _Way:
    def __init__(self, relation: Relation, changes: Changes, columns: Sequence[Column], statement: str) -> None:
        self._relation = relation
        self._target = f"ALTER TABLE {table(relation)}"
        self._columns = columns
        self._statement = statement
        self._names = {as_pasted(one.name): as_pasted(_cut(one.name, "_new")) for one in columns}
        self._parts = _Parts()
        for one in columns:
            self._column(one)
        self._not_null()
        self._on_it(changes)
        for one in columns:
            self._swapped(one)

    @property
    def words(self) -> str:
        """What it comes to."""
        words = "fill a new column of that type in batches"
        if self._parts.apart or self._parts.beside:
            words += ", make beside it what is on the old one"
        words += f", then swap the names (the old one, as {self._was}, is dropped a release later)"
        if any(using(self._statement, one.name) is None for one in self._columns) and _USING.search(self._statement):
            words += "; where this says ::type, put what USING says"
        return words

    @property
    def lines(self) -> list[str]:
        """The code."""
        parts = self._parts
        lines = [*parts.columns, NEXT, *parts.rows, *parts.beside]
        if parts.apart:
            lines += [NEXT, *alone(*parts.apart)]
        return [*lines, NEXT, *parts.ahead, *parts.swap]

    @property
    def _was(self) -> str:
        return ", ".join(as_pasted(_cut(one.name, "_old")) for one in self._columns)

    def _column(self, one: Column) -> None:
        old, new = as_pasted(one.name), self._names[as_pasted(one.name)]
        keeper = as_pasted(_cut(f"zz_{self._relation.name}_{one.name}", "_new"))  # the last to fire
        function = f"{as_pasted(self._relation.schema)}.{keeper}"
        said = using(self._statement, one.name)
        value = said or f"{old}::{one.type}"
        told = f"(SELECT {said} FROM (SELECT NEW.*) AS r)" if said else f"NEW.{value}"  # noqa: S608 - to be read
        body = f"BEGIN NEW.{new} := {told}; RETURN NEW; END"
        self._parts.columns += _run(
            f"{self._target} ADD COLUMN {new} {one.type}",
            f"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$",
            f"CREATE TRIGGER {keeper} BEFORE INSERT OR UPDATE ON {table(self._relation)}"
            f" FOR EACH ROW EXECUTE FUNCTION {function}()",
        )
        filled = f"({value}) IS NOT NULL" if said else f"{old} IS NOT NULL"
        self._parts.rows += batches(self._relation, f"{new} = {value}", f"{new} IS NULL AND {filled}")
        self._parts.swap += _run(f"DROP TRIGGER {keeper} ON {table(self._relation)}", f"DROP FUNCTION {function}()")

    def _not_null(self) -> None:
        nulls = [
            Column(one.number, _cut(one.name, "_new"), one.type, not_null=True, made=False, default=None)
            for one in self._columns
            if one.not_null
        ]
        ahead, after = not_null_lines(self._relation, nulls)
        self._parts.rows += ahead
        count = len(nulls)
        self._parts.ahead += after[:count]
        self._parts.swap += after[count:]

    def _on_it(self, changes: Changes) -> None:
        """Indexes and constraints of the old columns, made on the new ones; keys first, on which others' keys stand."""
        backed = {one.constraint: one for one in changes.indexes if one.constraint is not None}
        themselves = {one.name for one in changes.references if one.table == str(self._relation)}
        for index in changes.indexes:
            if index.constraint is None:
                new = _cut(index.name, "_new")
                made = _definition(index.definition, index.name, new, self._names)
                self._parts.apart.append(made)
                whole = f"{as_pasted(index.schema)}."
                self._parts.swap += _run(
                    f"DROP INDEX {whole}{as_pasted(index.name)}",
                    f"ALTER INDEX {whole}{as_pasted(new)} RENAME TO {as_pasted(index.name)}",
                )
        for key in sorted(changes.constraints, key=lambda one: one.kind not in _KINDS):
            if (backing := backed.get(key.name)) is not None:
                new = _cut(backing.name, "_new")
                self._parts.apart.append(_definition(backing.definition, backing.name, new, self._names))
                rest = (" DEFERRABLE" if key.deferrable else "") + (" INITIALLY DEFERRED" if key.deferred else "")
                self._parts.swap += _run(
                    f"{self._target} DROP CONSTRAINT {as_pasted(key.name)}",
                    f"{self._target} ADD CONSTRAINT {as_pasted(key.name)} {_KINDS[key.kind]}"
                    f" USING INDEX {as_pasted(new)}{rest}",
                )
            elif key.name not in themselves:
                self._other(key)
        for one in changes.references:
            self._reference(one)
        # A key of another table goes before the key that it refers to.
        drops = [f"ALTER TABLE {one.quoted} DROP CONSTRAINT {as_pasted(one.name)}" for one in changes.references]
        self._parts.swap[:0] = _run(*drops)

    def _other(self, one: Constraint) -> None:
        """A check, or a foreign key."""
        new = _cut(one.name, "_new")
        own, refers, target = one.definition.partition(" REFERENCES ")
        definition = renamed(own, self._names) + refers + target
        self._parts.beside += _run(f"{self._target} ADD CONSTRAINT {as_pasted(new)} {definition} NOT VALID")
        self._parts.ahead += _run(f"{self._target} VALIDATE CONSTRAINT {as_pasted(new)}")
        self._parts.swap += _run(
            f"{self._target} DROP CONSTRAINT {as_pasted(one.name)}",
            f"{self._target} RENAME CONSTRAINT {as_pasted(new)} TO {as_pasted(one.name)}",
        )

    def _reference(self, one: Reference) -> None:
        """A foreign key of another table: to the new column's unique index, and valid before the old one goes."""
        new = _cut(one.name, "_new")
        own, refers, target = one.definition.partition(" REFERENCES ")
        own = renamed(own, self._names) if one.table == str(self._relation) else own
        place, bracket, columns = target.partition("(")
        definition = f"{own}{refers}{place}{bracket}{renamed(columns, self._names)}"
        self._parts.apart += [
            f"ALTER TABLE {one.quoted} ADD CONSTRAINT {as_pasted(new)} {definition} NOT VALID",
            f"ALTER TABLE {one.quoted} VALIDATE CONSTRAINT {as_pasted(new)}",
        ]
        self._parts.swap += _run(
            f"ALTER TABLE {one.quoted} RENAME CONSTRAINT {as_pasted(new)} TO {as_pasted(one.name)}"
        )

    def _swapped(self, one: Column) -> None:
        old, new, was = as_pasted(one.name), self._names[as_pasted(one.name)], as_pasted(_cut(one.name, "_old"))
        swap = [f"{self._target} RENAME COLUMN {old} TO {was}", f"{self._target} RENAME COLUMN {new} TO {old}"]
        if one.identity:
            swap += self._identity(one, was)
        else:
            if one.default is not None:
                swap.append(f"{self._target} ALTER COLUMN {old} SET DEFAULT {one.default}")
            swap.append(f"{self._target} ALTER COLUMN {was} DROP DEFAULT")
            if one.sequence is not None:  # of serial
                kind = f" AS {one.type}" if one.type in _NUMBERS else ""
                swap.append(f"ALTER SEQUENCE {one.sequence}{kind} OWNED BY {table(self._relation)}.{old}")
        if one.not_null:
            swap.append(f"{self._target} ALTER COLUMN {was} DROP NOT NULL")
        self._parts.swap += _run(*swap)

    def _identity(self, one: Column, was: str) -> list[str]:
        """The new column's own sequence goes on from the old one's, under its name."""
        kind = "ALWAYS" if one.identity == "a" else "BY DEFAULT"
        old = as_pasted(one.name)
        plain = one.sequence.rpartition(".")[2].strip('"') if one.sequence else ""
        return [
            *([f"ALTER SEQUENCE {one.sequence} RENAME TO {as_pasted(_cut(plain, '_old'))}"] if one.sequence else []),
            f"{self._target} ALTER COLUMN {old} ADD GENERATED {kind} AS IDENTITY",
            f"SELECT setval({self._sequence(one.name)}, nextval({self._sequence(_cut(one.name, '_old'))}))",
            f"{self._target} ALTER COLUMN {was} DROP IDENTITY",
        ]

    def _sequence(self, column: str) -> str:
        return f"pg_get_serial_sequence({literal(table(self._relation))}, {literal(column)})"


def _run(*statements: str) -> list[str]:
    return list(map(execute, statements))


def _definition(text: str, old: str, new: str, names: dict[str, str]) -> str:
    """Of an index, to be built CONCURRENTLY under another name and on other columns."""
    head, bracket, rest = text.partition(" USING ")
    head = head.replace(f" INDEX {as_pasted(old)} ", f" INDEX CONCURRENTLY {as_pasted(new)} ", 1)
    return f"{head}{bracket}{renamed(rest, names)}"


def _cut(text: str, suffix: str) -> str:
    """The name with its suffix, in the 63 bytes that PostgreSQL keeps."""
    return text.encode()[: 63 - len(suffix)].decode(errors="ignore") + suffix
