"""What of a picture is the project's: its schemas, and the tables that env.py's own filters let through."""

from collections.abc import Sequence

from sqlalchemy import MetaData
from sqlalchemy import Table as DeclaredTable

from headworks.migrations.environment import Configured
from headworks.schema import Object, Schema, Table

__all__ = ["Filter"]


class Filter:
    """env.py's `include_name`, `include_object`, `include_schemas` and version table, applied to pictures.

    Of several contexts each looks with its own filters at its own schemas: what one of them sees is the project's.
    """

    def __init__(self, configured: Configured, metadata: Sequence[MetaData], default_schema: str = "public") -> None:
        self._version_tables = frozenset(configured.version_tables(default_schema))
        self._contexts = [_Context(one, metadata, default_schema) for one in configured.each or (configured,)]

    def schemas(self, *pictures: Schema) -> frozenset[str]:
        """The schemas to compare: the default one and the declared ones, or all with `include_schemas`."""
        there = {item.schema for picture in pictures for item in picture.all(Table)}
        return frozenset().union(*(one.schemas(there) for one in self._contexts))

    def apply(self, picture: Schema, schemas: frozenset[str]) -> Schema:
        """The picture of these schemas, without the version table and without what env.py leaves out."""
        return picture.restricted_to(schemas).without(self._left_out)

    def version_table(self, item: Object) -> bool:
        """Whether this is a table in which Alembic keeps its rows."""
        return isinstance(item, Table) and (item.schema, item.name) in self._version_tables

    def includes(self, item: Table) -> bool:
        """Whether env.py lets Alembic see and compare this table."""
        if len(self._contexts) == 1:
            return self._contexts[0].schema_included(item.schema) and self._contexts[0].table_included(item)
        return any(item.schema in one.schemas({item.schema}) and one.table_included(item) for one in self._contexts)

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
        return bool(include(None if name == self._default else name, "schema", {}))

    def table_included(self, item: Table) -> bool:
        """Whether it does not leave the table out."""
        schema = None if item.schema == self._default else item.schema
        declared = self._declared.get((item.schema, item.name))
        if (include_name := self._configured.include_name) is not None and declared is None:
            qualified = f"{schema}.{item.name}" if schema else item.name
            if not include_name(item.name, "table", {"schema_name": schema, "schema_qualified_table_name": qualified}):
                return False
        if (include_object := self._configured.include_object) is not None:
            # Alembic hands over the declared table, or the reflected one when the models know none of that name.
            table = declared if declared is not None else DeclaredTable(item.name, MetaData(), schema=schema)
            return bool(include_object(table, item.name, "table", declared is None, None))
        return True
