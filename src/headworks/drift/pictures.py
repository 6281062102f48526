"""The pictures that need no project: a live database, a snapshot file."""

from collections.abc import Collection
from pathlib import Path
from typing import cast

from headworks.catalog.reader import read_schema
from headworks.errors import UsageError
from headworks.postgres.connect import connect
from headworks.postgres.url import DatabaseUrl
from headworks.schema import Constraint, Schema, Table, decode

__all__ = [
    "SnapshotMissing",
    "picture_of",
    "picture_of_file",
    "without_version_tables",
]


class SnapshotMissing(UsageError):
    """there is no snapshot to compare with in {file}: {reason}"""

    hint = "headworks snapshot -o {file} writes one; drift compares with models, migrations, a file or a URL"


def picture_of(url: DatabaseUrl) -> Schema:
    """What a database is now; it is only read."""
    with connect(url, read_only=True) as connection:
        return read_schema(connection, lambda: connect(url, read_only=True))


def picture_of_file(file: Path) -> Schema:
    """What a snapshot file holds. Raises `SnapshotMissing` or a `PictureError`."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise SnapshotMissing(file=file, reason=error.strerror) from None
    return decode(content, source=str(file))


def without_version_tables(picture: Schema) -> Schema:
    """The picture without Alembic's own tables, where no project says their name: known by the shape that they have.

    That is one column, `version_num`, and a primary key on it named after the table (alembic/runtime/migration.py).
    """

    tables = cast("Collection[Table]", picture.by_kind.get(Table, ()))
    alike = [item for item in tables if item.column_order == ("version_num",)]
    kept = {
        item
        for item in alike
        if any(one.name == f"{item.name}_pkc" and one.type == "primary key" for one in picture.on(item, Constraint))
    }
    return picture.without(kept.__contains__) if kept else picture
