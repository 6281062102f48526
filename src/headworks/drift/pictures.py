"""The pictures that need no project: a live database, a snapshot file."""

import threading
from collections.abc import Callable
from pathlib import Path

from headworks.catalog.reader import read_schema
from headworks.errors import UsageError
from headworks.postgres.connect import connect
from headworks.postgres.url import DatabaseUrl
from headworks.schema import Constraint, Schema, Table, decode

__all__ = ["Meanwhile", "SnapshotMissing", "picture_named", "picture_of", "picture_of_file", "without_version_tables"]


class SnapshotMissing(UsageError):
    """there is no snapshot to compare with in {file}: {reason}"""

    hint = "headworks snapshot -o {file} writes one; drift compares with models, migrations, a file or a URL"


class Meanwhile:
    """A picture that is read while something else is done; `result` waits for it and raises what the reading raised.

    The thread is no reason for the process to stay: a server that does not answer must not outlive Ctrl-C.
    """

    def __init__(self, read: Callable[[], Schema]) -> None:
        self._read = read
        self._outcome: Schema | BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="headworks-reading", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._outcome = self._read()
        except BaseException as error:  # noqa: BLE001 - it is raised where it is waited for
            self._outcome = error

    def result(self) -> Schema:
        """The picture."""
        self._thread.join()
        if isinstance(self._outcome, BaseException):
            raise self._outcome
        assert self._outcome is not None
        return self._outcome


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


def picture_named(text: str) -> Schema:
    """The picture in a snapshot file or of the database at a URL. Raises `SnapshotMissing`."""
    return picture_of(DatabaseUrl.parse(text, source="--against")) if "://" in text else picture_of_file(Path(text))


def without_version_tables(picture: Schema) -> Schema:
    """The picture without Alembic's own tables, where no project says their name: known by the shape that they have.

    That is one column, `version_num`, and a primary key on it named after the table (alembic/runtime/migration.py).
    """

    alike = [item for item in picture.objects if isinstance(item, Table) and item.column_order == ("version_num",)]
    kept = {
        item
        for item in alike
        if any(one.name == f"{item.name}_pkc" and one.type == "primary key" for one in picture.on(item, Constraint))
    }
    return picture.without(kept.__contains__) if kept else picture
