"""`headworks gate`, and before each first upgrade a dump of the tables with its rows, for a witness to start from.

    python recorder.py PG_DUMP FOLDER gate --checks data ...      (in the project's folder)

FOLDER gets a file of SQL for each revision, and `order.json`: [{"revision": ..., "file": ...}, ...].
"""

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from headworks.cli.app import run
from headworks.gate import filled
from headworks.migrations.history import Revision
from headworks.postgres.url import DatabaseUrl

_DUMPING = """
SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pg_dump' AND datname = current_database()
"""


class Recorder:
    """An observer of the walk with rows."""

    def __init__(self, pg_dump: str, folder: Path) -> None:
        self._pg_dump = pg_dump
        self._folder = folder
        self._files: dict[str, str] = {}

    @contextlib.contextmanager
    def during(self, revision: Revision, direction: str, url: DatabaseUrl) -> Iterator[None]:
        """Dump what an upgrade finds; where it is tried again on empty tables, that is no news."""
        if direction == "upgrade" and revision.id not in self._files:
            name = self._files[revision.id] = f"{len(self._files):04}.sql"
            place = url.libpq()
            subprocess.run([self._pg_dump, "-d", place, "-f", str(self._folder / name)], check=True)
            _wait_until_gone(place)
        yield

    def close(self) -> None:
        """Write which file is which."""
        order = [{"revision": revision, "file": name} for revision, name in self._files.items()]
        (self._folder / "order.json").write_text(json.dumps(order), encoding="utf-8")


def _wait_until_gone(place: str) -> None:
    """A backend sends its counts of scans when it ends, and the check `locks` reads counts."""
    with psycopg.connect(place, autocommit=True) as connection:
        left = (
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pg_dump' AND datname = current_database()"
        )
        for _ in range(500):
            if connection.execute(left).fetchone() == (0,):
                return
            time.sleep(0.01)


def main(pg_dump: str, folder: str, *words: str) -> int:
    """Run the command line with the recorder beside its own observers."""
    Path(folder).mkdir()
    recorder = Recorder(pg_dump, Path(folder))
    walk: Any = filled.walk_with_rows
    filled.walk_with_rows = lambda scene, observers, **how: walk(scene, [recorder, *observers], **how)  # type: ignore[assignment]
    code = run(list(words))
    recorder.close()
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
