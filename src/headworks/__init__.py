"""headworks: schema management and migrations for PostgreSQL, proven on a real server."""

from headworks._version import __version__

__all__ = ["__version__"]
