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
    "both",
    "name_of",
    "picture_of",
    "picture_of_file",
    "reading_of",
    "without_version_tables",
]


class SnapshotMissing(UsageError):
    """there is no snapshot to compare with in {file}: {reason}"""

    hint = "headworks snapshot -o {file} writes one; drift compares with models, migrations, a file or a URL"


def picture_of(
    url: DatabaseUrl, *, beside: DatabaseUrl | None = None, asked: Callable[[], None] = lambda: None
) -> Schema:
    """What a database is now; it is only read.

    `beside` is another database that is read at the same time. Where it is on the same server, one connection for each
    is quicker than two. `asked` is called when the server is at work.
    """
    shared = beside is not None and beside.address == url.address
    with connect(url, read_only=True) as connection:
        another = None if shared else lambda: connect(url, read_only=True)
        return read_schema(connection, another, asked=asked)


def reading_of(url: DatabaseUrl, *, beside: DatabaseUrl | None = None) -> Meanwhile[Schema]:
    """The same, read while something else is done.

    It is begun when this returns: what keeps Python busy from then on does not keep the server waiting for its queries.
    """
    begun = threading.Event()

    def read() -> Schema:
        try:
            return picture_of(url, beside=beside, asked=begun.set)
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


def both(against: str, live: DatabaseUrl, meanwhile: Callable[[], None] = lambda: None) -> tuple[Schema, Schema]:
    """The picture in a snapshot file or of the database at a URL, and beside it that of the live database.

    `meanwhile` is called once the servers are at work. Raises `SnapshotMissing`.
    """
    other = DatabaseUrl.parse(against, source="--against") if "://" in against else None
    actual = reading_of(live, beside=other)
    expected = reading_of(other, beside=live) if other is not None else None
    meanwhile()
    return expected.result() if expected is not None else picture_of_file(Path(against)), actual.result()


def name_of(text: str) -> str:
    """What messages call the side that `--against` names."""
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
