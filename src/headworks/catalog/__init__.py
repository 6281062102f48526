"""The reader: a live database's catalog becomes a `headworks.schema.Schema`."""

from headworks.catalog.reader import read_schema

__all__ = ["read_schema"]
