"""The Prisma schema made into a real database, and the questions that only PostgreSQL can answer."""

import contextlib
from collections.abc import Iterable, Iterator
from itertools import chain, islice

import psycopg
from psycopg import sql

from headworks.catalog.reader import read_schema
from headworks.drift.standins import composed, run_what_runs, stand_ins
from headworks.owners.prisma.meaning import Meaning, Problem
from headworks.owners.prisma.statements import Statement, Whole, of_enums, of_joins, of_keys, of_models, of_relations
from headworks.postgres.connect import connect
from headworks.postgres.databases import scratch_database
from headworks.postgres.url import DatabaseUrl
from headworks.schema import Column, Composite, Schema

__all__ = ["Scratch", "scratch"]


@contextlib.contextmanager
def scratch(server: DatabaseUrl) -> Iterator["Scratch"]:
    """A scratch database on a server, dropped at the end."""
    with scratch_database(server) as url, connect(url) as connection:
        yield Scratch(connection)


class Scratch:
    """One scratch database, for one file."""

    def __init__(self, connection: "psycopg.Connection[object]") -> None:
        self._connection = connection

    def realise(self, meaning: Meaning, beside: Schema) -> tuple[Schema, tuple[Problem, ...]]:
        """The picture of what the file says, and each part that PostgreSQL refuses, with what it says to that.

        `beside` is the picture that it will be compared with: the functions and types that a file names and cannot
        declare are taken from there.
        """
        path = sql.SQL("SET search_path = {}, public").format(sql.Identifier(meaning.default_schema))
        self._connection.execute(path)  # where Prisma looks for the names in `dbgenerated` and `Unsupported`
        problems = list(self._run(of_enums(meaning)))
        own = {(one.schema, one.name) for one in meaning.enums}
        run_what_runs(self._connection, chain(stand_ins(beside, own), _composites(beside, meaning)))
        types = self._types()
        generated = {(one.schema, one.table, one.name) for one in beside.all(Column) if one.generated is not None}
        models = of_models(meaning, generated, types)
        for part in (models, of_keys(meaning), chain(of_joins(meaning), of_relations(meaning))):
            problems += self._run(part)
        return read_schema(self._connection), tuple(problems)

    def _types(self) -> dict[tuple[str, bool], str]:
        """The types that PostgreSQL does not know by the bare name that `prisma db pull` gives them in `Unsupported`.

        By that name, which for a list is the one of the array type (`_Mood`), and whether it is a list.
        """
        query = """
            SELECT typname, false, format_type(oid, NULL) FROM pg_type
            WHERE typnamespace <> 'pg_catalog'::regnamespace
            AND CASE WHEN quote_ident(typname) = typname THEN to_regtype(typname) IS NULL ELSE true END
            UNION ALL SELECT many.typname, true, format_type(one.oid, NULL)
            FROM pg_type AS many JOIN pg_type AS one ON one.typarray = many.oid
        """
        rows = self._connection.execute(query).fetchall()
        return {(row[0], row[1]): row[2] for row in rows if isinstance(row, tuple)}

    def value(self, kind: str, expression: str) -> tuple[str | None] | None:
        """The value of an expression in a column of a type, as text; nothing where it is not always the same one."""
        column = sql.SQL("CREATE TEMPORARY TABLE headworks_value (a integer, b {} GENERATED ALWAYS AS ({}) STORED)")
        try:
            with self._connection.transaction():
                # PostgreSQL refuses a generated column of an expression that is not immutable.
                self._connection.execute(column.format(composed(kind), composed(expression)))
                self._connection.execute("INSERT INTO headworks_value (a) VALUES (1)")
                row = self._connection.execute("SELECT b::text FROM headworks_value").fetchone()
                self._connection.execute("DROP TABLE headworks_value")
        except psycopg.Error:
            return None
        assert isinstance(row, tuple)
        return row

    def same(self, kind: str, one: str, other: str) -> bool:
        """Whether two expressions always have the same value in a column of a type."""
        made = sql.SQL(
            "CREATE TEMPORARY TABLE headworks_same"
            " (a integer, b {kind} GENERATED ALWAYS AS ({one}) STORED, c {kind} GENERATED ALWAYS AS ({other}) STORED)"
        ).format(kind=composed(kind), one=composed(one), other=composed(other))
        # As text for the types that have no equality (json), by the type for those with more than one text (numeric).
        questions = (
            "SELECT b::text IS NOT DISTINCT FROM c::text FROM headworks_same",
            "SELECT b IS NOT DISTINCT FROM c FROM headworks_same",
        )
        return any(self._answer(made, question) for question in questions)

    def _answer(self, made: sql.Composed, question: str) -> bool:
        try:
            with self._connection.transaction():
                self._connection.execute(made)
                self._connection.execute("INSERT INTO headworks_same (a) VALUES (1)")
                row = self._connection.execute(sql.SQL(question)).fetchone()
                self._connection.execute("DROP TABLE headworks_same")
        except psycopg.Error:
            return False
        return isinstance(row, tuple) and row[0] is True

    def items(self, kind: str, expression: str) -> tuple[str | None, ...]:
        """The elements of an array, as text."""
        query = sql.SQL("SELECT one::text FROM unnest(({})::{}) AS one").format(composed(expression), composed(kind))
        return tuple(row[0] for row in self._connection.execute(query).fetchall() if isinstance(row, tuple))

    def printed(self, kind: str, expression: str, *, search_path: str = "") -> str | None:
        """An expression as PostgreSQL prints it where it is the default of a column of a type.

        Without a search path, as pictures have it, all names are printed whole.
        """
        column = sql.SQL("CREATE TABLE public.printed (b {} DEFAULT {})")
        shown = "SELECT pg_get_expr(adbin, 0) FROM pg_attrdef WHERE adrelid = 'public.printed'::regclass"
        try:
            with self._connection.transaction():
                self._connection.execute(column.format(composed(kind), composed(expression)))
                path = sql.SQL("SET LOCAL search_path = {}").format(sql.Literal(search_path))
                self._connection.execute(path)
                row = self._connection.execute(shown).fetchone()
                self._connection.execute("DROP TABLE public.printed")
        except psycopg.Error:
            return None
        return str(row[0]) if isinstance(row, tuple) else None

    def _run(self, parts: Iterable[Statement | Whole | Problem]) -> Iterator[Problem]:
        for part in parts:
            if isinstance(part, Problem):
                yield part
            elif isinstance(part, Whole):
                if self._refused(part.statement) is not None:
                    for row in part.parts:
                        refused = (self._refused(one) for one in row)
                        yield from islice((one for one in refused if one is not None), 1)
            elif (problem := self._refused(part)) is not None:
                yield problem

    def _refused(self, statement: Statement) -> Problem | None:
        try:
            # In binary psycopg uses the protocol that takes one statement alone, whatever a default's text holds.
            psycopg.Cursor(self._connection).execute(statement.sql, binary=True)
        except psycopg.Error as error:
            return Problem(statement.node, f"PostgreSQL refuses it: {error.diag.message_primary or error}")
        return None


def _composites(beside: Schema, meaning: Meaning) -> Iterator[sql.Composed]:
    """The composite types of the database, but those whose name the file has for a table."""
    for kind in beside.all(Composite):
        if meaning.table(kind.schema, kind.name) is None:
            attributes = (
                sql.SQL("{} {}").format(sql.Identifier(one.name), composed(one.type)) for one in beside.on(kind, Column)
            )
            name = sql.Identifier(kind.schema, kind.name)
            yield composed("CREATE TYPE {} AS ({})", name, sql.SQL(", ").join(attributes))
