"""The pictures that need no project: a live database, a snapshot file."""

import threading
from collections.abc import Callable, Collection
from pathlib import Path
from typing import cast

from headworks.catalog.reader import read_schema
from headworks.errors import UsageError
from headworks.meanwhile import Meanwhile
from headworks.postgres.connect import connect
from headworks.postgres.url import DatabaseUrl
from headworks.schema import Constraint, Schema, Table, decode

__all__ = [
    "SnapshotMissing",
    "name_of",
    "picture_named",
    "picture_of",
    "picture_of_file",
    "reading_of",
    "without_version_tables",
]


class SnapshotMissing(UsageError):
    """there is no snapshot to compare with in {file}: {reason}"""

    hint = "headworks snapshot -o {file} writes one; drift compares with models, migrations, a file or a URL"


def picture_of(url: DatabaseUrl, asked: Callable[[], None] = lambda: None) -> Schema:
    """What a database is now; it is only read. `asked` is called when the server is at work."""
    with connect(url, read_only=True) as connection:
        return read_schema(connection, lambda: connect(url, read_only=True), asked=asked)


def reading_of(url: DatabaseUrl) -> Meanwhile[Schema]:
    """The same, read while something else is done.

    It is begun when this returns: what keeps Python busy from then on does not keep the server waiting for its queries.
    """
    begun = threading.Event()

    def read() -> Schema:
        try:
            return picture_of(url, begun.set)
        finally:
            begun.set()

    reading = Meanwhile(read, name="headworks-reading")
    begun.wait()
    return reading


def picture_of_file(file: Path) -> Schema:
    """What a snapshot file holds. Raises `SnapshotMissing` or a `PictureError`."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise SnapshotMissing(file=file, reason=error.strerror) from None
    return decode(content, source=str(file))


def picture_named(text: str) -> Schema:
    """The picture in a snapshot file or of the database at a URL. Raises `SnapshotMissing`."""
    return picture_of(DatabaseUrl.parse(text, source="--against")) if "://" in text else picture_of_file(Path(text))


def name_of(text: str) -> str:
    """What messages call the side that `picture_named` reads."""
    return "the other database" if "://" in text else text


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
