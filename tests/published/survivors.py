"""The witness of the check `data`: plain Alembic, `psql` and SELECT, and nothing of headworks.

    python survivors.py SERVER PSQL DUMPS REPORT      (in the project's folder, in its own virtual environment)

Each dump of DUMPS holds what an upgrade finds, rows included (`recorder.py` writes them). It is restored into a
database of its own; there its revision is upgraded, downgraded and upgraded again, each step in a process of its own,
and between the steps all rows are read. REPORT, as JSON:

    {"revisions": [{"revision": ..., "verdicts": [...], "why": [...], "lost": [...], "rows": n}, ...]}

`lost` names the tables with fewer rows, and the columns with values that no row has any more, that there were before.
"""

import datetime
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import sqlalchemy
from psycopg import sql
from witness import Databases, History

_TABLES = """
SELECT c.oid::int8, n.nspname, c.relname, c.relkind::text, coalesce(i.indkey::int2[]::int[], '{}')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence <> 't'
  AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND c.relname <> ALL (%s)
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
"""
_COLUMNS = """
SELECT attnum::int, attname, format_type(atttypid, -1) FROM pg_attribute
WHERE attrelid = %s AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum
"""
# As every session of the check has them: a text must not depend on who reads it.
_SETTINGS = "-c TimeZone=UTC -c DateStyle=ISO,YMD -c IntervalStyle=postgres -c extra_float_digits=1"


@dataclass(frozen=True)
class Column:
    """A column that somebody fills."""

    number: int
    name: str
    type: str


@dataclass(frozen=True)
class Table:
    """A table and all of its rows, each a mapping from the column's number to the text of its value."""

    oid: int
    path: str
    key: tuple[int, ...]
    columns: dict[int, Column]
    rows: tuple[dict[int, str | None], ...]


Tables = dict[int, Table]


def read(databases: Databases, name: str) -> Tables:
    """Every row of every table of the project's."""
    place = sqlalchemy.make_url(databases.server).set(drivername="postgresql", database=name)
    found: Tables = {}
    with psycopg.connect(place.render_as_string(hide_password=False), options=_SETTINGS) as connection:
        for oid, schema, table, kind, key in connection.execute(_TABLES, [sorted(databases.tables)]).fetchall():
            columns = {one.number: one for one in (Column(*row) for row in connection.execute(_COLUMNS, [oid]))}
            cells = [sql.SQL("{}::text").format(sql.Identifier(one.name)) for one in columns.values()]
            query = sql.SQL("SELECT {} FROM {} {}").format(
                sql.SQL(", ").join(cells), sql.SQL("" if kind == "p" else "ONLY"), sql.Identifier(schema, table)
            )
            rows = tuple(dict(zip(columns, row, strict=True)) for row in connection.execute(query))
            found[oid] = Table(oid, f"{schema}.{table}", tuple(key), columns, rows)
    return found


def lost(before: Tables, end: Tables, *, down: bool) -> Iterator[str]:
    """What `before` held and `end` does not. Without a downgrade (`down`) an upgrade may write other values."""
    by_path = {one.path: one for one in end.values()}
    for old in before.values():
        if not old.rows:
            continue
        new = end.get(old.oid) or by_path.get(old.path)
        if new is None:
            yield old.path
            continue
        pairs = _pairs(old, new)
        gone = len(old.rows) - len(pairs) if pairs is not None else max(0, len(old.rows) - len(new.rows))
        if gone:
            yield old.path
        if gone < len(old.rows):
            for column in old.columns.values():
                if _value_gone(old, new, column, pairs, gone, down=down):
                    yield f"{old.path}.{column.name}"


Pairs = list[tuple[dict[int, str | None], dict[int, str | None]]]


def _there(old: Table, new: Table, column: Column) -> Column | None:
    """The column as it is now: a rename is no loss, nor is a table that was made anew."""
    same = new.columns.get(column.number) if old.oid == new.oid else None
    return same or next((one for one in new.columns.values() if one.name == column.name), None)


def _pairs(old: Table, new: Table) -> Pairs | None:
    """Each row that is still there, as it was and as it is, by primary key; `None` where that tells nothing."""
    mine = [old.columns.get(number) for number in old.key]
    theirs = [_there(old, new, one) if one else None for one in mine]
    known = [(one, two) for one, two in zip(mine, theirs, strict=True) if one and two and one.type == two.type]
    if not known or len(known) < len(old.key):
        return None
    now = {tuple(row[two.number] for _, two in known): row for row in new.rows}
    keys = ((row, tuple(row[one.number] for one, _ in known)) for row in old.rows)
    return [(row, now[key]) for row, key in keys if key in now]


def _value_gone(old: Table, new: Table, column: Column, pairs: Pairs | None, gone: int, *, down: bool) -> bool:
    there = _there(old, new, column)
    if there is None:
        return any(row[column.number] is not None for row in old.rows)
    retyped = there.type != column.type
    if pairs is None:
        mine = Counter(row[column.number] for row in old.rows)
        theirs = Counter(row[there.number] for row in new.rows)
        del mine[None], theirs[None]
        fewer = mine.total() - theirs.total() if retyped or not down else (mine - theirs).total()
        return fewer > gone and not _of_the_step(set(theirs) - set(mine))
    changed = [
        (one[column.number], two[there.number])
        for one, two in pairs
        if one[column.number] is not None and one[column.number] != two[there.number]
    ]
    if any(two is None for _, two in changed):
        return True
    if retyped:
        # Another type has other texts; without a way back they must at least tell the old values apart.
        return not down and len({two for _, two in changed}) < len({one for one, _ in changed})
    return down and bool(changed) and not _of_the_step({two for _, two in changed if two is not None})


def _of_the_step(texts: set[str | None] | set[str]) -> bool:
    """Whether all of these are the time at which a step ran, as an `updated_at` is."""
    now = datetime.datetime.now(datetime.UTC)
    for text in texts:
        try:
            moment = datetime.datetime.fromisoformat(str(text))
        except ValueError:
            return False
        moment = moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
        if abs(moment - now) > datetime.timedelta(days=1):
            return False
    return bool(texts)


class Witness:
    """Restores, steps and reads."""

    def __init__(self, databases: Databases, history: History, psql: str, dumps: Path) -> None:
        self._databases = databases
        self._history = history
        self._psql = psql
        self._dumps = dumps

    def testify(self, revision: str, file: str) -> dict[str, object]:
        """What becomes of the rows of one dump."""
        said: dict[str, object] = {"revision": revision, "verdicts": [], "why": [], "lost": [], "rows": 0}
        database = self._restored(file)
        try:
            self._steps(said, revision, database)
        finally:
            self._databases.drop(database)
        return said

    def _steps(self, said: dict[str, object], revision: str, database: str) -> None:
        before = read(self._databases, database)
        said["rows"] = sum(len(one.rows) for one in before.values())
        done = self._history.done(database)
        if failure := self._history.step(database, [revision], "upgrade"):
            self._fails(said, "upgrade-fails-on-data", done, revision, ["upgrade"], failure)
            return
        upgraded = read(self._databases, database)
        if failure := self._history.step(database, [revision], "downgrade"):
            if failure["kind"] == "failed":
                self._fails(said, "downgrade-fails-on-data", done, revision, ["upgrade", "downgrade"], failure)
            else:
                said["lost"] = sorted(lost(before, upgraded, down=False))
            return
        said["lost"] = sorted(lost(before, read(self._databases, database), down=True))
        if failure := self._history.step(database, [revision], "upgrade"):
            self._fails(said, "upgrade-fails-on-data", done, revision, ["upgrade", "downgrade", "upgrade"], failure)

    def _fails(
        self,
        said: dict[str, object],
        verdict: str,
        done: list[str],
        revision: str,
        steps: list[str],
        failure: dict[str, str],
    ) -> None:
        """It fails on data if it runs where no row is but those that the revisions themselves have made."""
        empty = self._history.born()
        try:
            if self._history.step(empty, done, "upgrade"):  # what runs one by one need not run in one go
                self._databases.drop(empty)
                empty = self._history.born()
                for one in done:
                    self._history.step(empty, [one], "upgrade")
            if not any(self._history.step(empty, [revision], direction) for direction in steps):
                said["verdicts"], said["why"] = [verdict], [failure["why"]]
        finally:
            self._databases.drop(empty)

    def _restored(self, file: str) -> str:
        database = self._databases.make()
        place = sqlalchemy.make_url(self._databases.server).set(drivername="postgresql", database=database)
        words = [self._psql, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", str(self._dumps / file)]
        done = subprocess.run(
            [*words, "-d", place.render_as_string(hide_password=False)], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(f"{file} cannot be restored: {done.stderr[-2000:]}")
        return database


def main(server: str, psql: str, dumps: str, report: str) -> None:
    """Write the report."""
    databases = Databases(server, "")
    history = History(databases)
    history.warm_up()
    witness = Witness(databases, history, psql, Path(dumps))
    order = json.loads((Path(dumps) / "order.json").read_text(encoding="utf-8"))
    said = [witness.testify(one["revision"], one["file"]) for one in order]
    Path(report).write_text(json.dumps({"revisions": said}, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
