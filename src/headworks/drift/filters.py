"""What of a picture is the project's: its schemas, and the tables that env.py's own filters let through."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import MetaData
from sqlalchemy import Table as DeclaredTable

from headworks.drift.compare import Sees
from headworks.drift.parts import FOREIGN_KEY, DeclaredPart, Part, declared_part, type_of
from headworks.drift.reflected import Reflected
from headworks.errors import UsageError
from headworks.migrations.environment import Configured
from headworks.schema import Object, Schema, Table

__all__ = ["Filter", "FilterFailed"]


class FilterFailed(UsageError):
    """env.py's {function} ended with {reason}, asked about {what}"""

    hint = "Alembic asks it about tables, and about columns, indexes, unique constraints and foreign keys that differ"


class Filter:
    """env.py's `include_name`, `include_object`, `include_schemas` and version table.

    Pictures are rid of schemas and tables; what is on a table is asked about where it differs, as in Alembic.
    Of several contexts each looks with its own filters at its own schemas: what one of them sees is the project's.
    """

    def __init__(self, configured: Configured, metadata: Sequence[MetaData], default_schema: str = "public") -> None:
        self._version_tables = frozenset(configured.version_tables(default_schema))
        self._default = default_schema
        self._contexts = [_Context(one, metadata, default_schema) for one in configured.each or (configured,)]

    def schemas(self, *pictures: Schema) -> frozenset[str]:
        """The schemas to compare: the default one and the declared ones, or all with `include_schemas`."""
        there = {item.schema for picture in pictures for item in picture.all(Table)}
        return frozenset().union(*(one.schemas(there) for one in self._contexts))

    def apply(self, picture: Schema, schemas: frozenset[str]) -> Schema:
        """The picture of these schemas, without the version table and without what env.py leaves out."""
        return picture.restricted_to(schemas).without(self._left_out)

    def between(self, expected: Schema, actual: Schema) -> Sees | None:
        """What answers for the columns, indexes and keys of these two pictures; nothing where no filter may refuse."""
        if not any(one.asks for one in self._contexts):
            return None
        made = (Reflected(expected, self._default), Reflected(actual, self._default))

        def sees(before: Object | None, after: Object | None) -> bool:
            if before is not None and after is not None and before.ref != after.ref:
                return sees(before, None) or sees(None, after)  # Alembic knows no renames
            item = after if after is not None else before
            type_ = type_of(item, expected, actual)
            if type_ is None or not isinstance(item, Part):
                return True
            table = actual.table(item.schema, item.table) or expected.table(item.schema, item.table)
            one_of = [one for one in self._contexts if table is None or len(self._contexts) == 1 or one.looks_at(table)]
            old = made[0].part(before) if isinstance(before, Part) else None
            new = made[1].part(after) if isinstance(after, Part) else None
            return any(one.part_included(item, type_, old, new) for one in one_of)

        return sees

    def version_table(self, item: Object) -> bool:
        """Whether this is a table in which Alembic keeps its rows."""
        return isinstance(item, Table) and (item.schema, item.name) in self._version_tables

    def includes(self, item: Table) -> bool:
        """Whether env.py lets Alembic see and compare this table."""
        if len(self._contexts) == 1:
            return self._contexts[0].schema_included(item.schema) and self._contexts[0].table_included(item)
        return any(one.looks_at(item) for one in self._contexts)

    def _left_out(self, item: Object) -> bool:
        if not isinstance(item, Table):
            return False
        if len(self._contexts) == 1:
            return self.version_table(item) or not self._contexts[0].table_included(item)
        return self.version_table(item) or not self.includes(item)


class _Context:
    """One context's filters, and the tables that it has models of."""

    def __init__(self, configured: Configured, metadata: Sequence[MetaData], default_schema: str) -> None:
        self._configured = configured
        self._default = default_schema
        own = [one for one in metadata if any(one is some for some in configured.metadata)]
        self._declared = {
            (table.schema or default_schema, table.name): table
            for one in own or metadata
            for table in one.tables.values()
        }

    @property
    def asks(self) -> bool:
        """Whether it has filters."""
        return self._configured.include_name is not None or self._configured.include_object is not None

    def looks_at(self, item: Table) -> bool:
        """Whether the table is in one of its schemas, and not left out."""
        return item.schema in self.schemas({item.schema}) and self.table_included(item)

    def schemas(self, there: set[str]) -> frozenset[str]:
        """Those that it compares, where these are there."""
        found = {self._default, *(schema for schema, _ in self._declared)}
        if self._configured.include_schemas:
            found |= there
        return frozenset(name for name in found if self.schema_included(name))

    def schema_included(self, name: str) -> bool:
        """Whether it does not leave the schema out."""
        include = self._configured.include_name
        if include is None or not self._configured.include_schemas:
            return True
        return self._name_included(None if name == self._default else name, "schema", {})

    def table_included(self, item: Table) -> bool:
        """Whether it does not leave the table out."""
        schema = None if item.schema == self._default else item.schema
        declared = self._declared.get((item.schema, item.name))
        if declared is None and not self._name_included(item.name, "table", self._parents(schema, item.name)):
            return False
        # Alembic hands over the declared table, or the reflected one when the models know none of that name.
        table = declared if declared is not None else DeclaredTable(item.name, MetaData(), schema=schema)
        return self._object_included(table, item.name, "table", declared is None, None)

    def part_included(self, item: Part, type_: str, before: DeclaredPart | None, after: DeclaredPart | None) -> bool:
        """Whether it does not leave out what is on a table; as reflected, `before` and `after` are the two sides."""
        schema = None if item.schema == self._default else item.schema
        table = self._declared.get((item.schema, item.table))
        declared = None if table is None else declared_part(table, item, self._default)
        if declared is None:
            found = after if after is not None else before
            parents = {**self._parents(schema, item.table), "table_name": item.table}
            if not self._name_included(item.name, type_, parents):
                return False
            return self._object_included(found, item.name, type_, True, None)
        name = declared.name if isinstance(declared.name, str) else None
        if self._object_included(declared, name, type_, False, after):
            return True
        # Of a foreign key that differs Alembic drops the one and makes the other, and asks about both.
        differs = type_ == FOREIGN_KEY and before is not None and after is not None
        return differs and self._object_included(after, item.name, type_, True, declared)

    @staticmethod
    def _parents(schema: str | None, table: str) -> dict[str, str | None]:
        qualified = f"{schema}.{table}" if schema else table
        return {"schema_name": schema, "schema_qualified_table_name": qualified}

    def _name_included(self, name: str | None, type_: str, parents: dict[str, str | None]) -> bool:
        include = self._configured.include_name
        return include is None or _answer(include, "include_name", type_, name, (name, type_, parents))

    def _object_included(self, part: Any, name: str | None, type_: str, reflected: bool, other: Any) -> bool:
        include = self._configured.include_object
        return include is None or _answer(include, "include_object", type_, name, (part, name, type_, reflected, other))


def _answer(include: Callable[..., bool], function: str, type_: str, name: str | None, asked: tuple[Any, ...]) -> bool:
    try:
        return bool(include(*asked))
    except (Exception, SystemExit) as error:  # whatever the project's function does
        what = f"{type_} {name}" if name else f"a {type_}"
        raise FilterFailed(function=function, reason=f"{type(error).__name__}: {error}", what=what) from error
