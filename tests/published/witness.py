"""The witness: plain Alembic and `pg_dump`, and nothing of headworks. Runs in a project's own virtual environment.

    python witness.py SERVER PG_DUMP REPORT [ORDER]      (in the project's folder)

Each revision is upgraded in a copy of the database that those before it left; in a copy of that it is downgraded and
upgraded again, with `pg_dump -s` between the steps. Each step is a process of its own, forked from one that has
imported everything, as `alembic upgrade` and `alembic downgrade` are. What it sees goes into REPORT, as JSON:

    {"revisions": [{"revision": ..., "verdicts": [...], "why": [...], "skipped": true or false}, ...]}

The order is the one of `alembic upgrade heads`, or that of ORDER, a JSON list: where bases exclude each other, it
decides which of them can be run.
"""

import ast
import difflib
import importlib
import json
import os
import re
import subprocess
import sys
import time
import tomllib
import traceback
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationStep
from alembic.script import ScriptDirectory
from psycopg import sql
from sqlalchemy.pool import NullPool

KEYS = tomllib.loads(Path("pyproject.toml").read_text())["tool"]["headworks"]
PROJECT = tomllib.loads(Path("project.toml").read_text())
_ENTRY = re.compile(r"^--\n-- (?=Name: )", re.MULTILINE)
_LINES = 12


class Databases:
    """Scratch databases of one server, and what `pg_dump` says of them."""

    def __init__(self, server: str, pg_dump: str) -> None:
        self.server = server
        self._pg_dump = pg_dump
        self._number = 0
        self.tables: set[str] = set()  # Alembic's own, which are no part of the schema

    def url(self, name: str, driver: str) -> str:
        """The SQLAlchemy URL of a database."""
        url = sqlalchemy.make_url(self.server).set(drivername=f"postgresql+{driver}", database=name)
        # Some env.py hand it to configparser, which stumbles over a %.
        return url.render_as_string(hide_password=False).replace("%2F", "/")

    def make(self, template: str = "template0") -> str:
        """A new one, a copy of `template`."""
        self._number += 1
        name = f"witness_{os.getpid()}_{self._number}"
        words = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        self._execute(words)
        return name

    def drop(self, name: str) -> None:
        """Remove one."""
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def dump(self, name: str) -> list[str]:
        """The statements of `pg_dump -s`, in an order that does not depend on that of their making."""
        place = sqlalchemy.make_url(self.server).set(drivername="postgresql", database=name)
        command = [self._pg_dump, "-s", *(f"--exclude-table={one}" for one in sorted(self.tables))]
        done = subprocess.run(
            [*command, "-d", place.render_as_string(hide_password=False)], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(f"pg_dump: {done.stderr}")
        # Recent ones begin and end a dump with a random key.
        text = re.sub(r"^\\(un)?restrict .*$", "", done.stdout, flags=re.MULTILINE)
        return sorted(entry.strip() for entry in _ENTRY.split(text)[1:])

    def _execute(self, statement: sql.Composed) -> None:
        for wait in (0.02, 0.1, 0.5, 2.0, None):
            try:
                with psycopg.connect(self.server, autocommit=True) as connection:
                    connection.execute(statement)
                return
            except psycopg.errors.ObjectInUse:  # a backend that has not yet seen that its client is gone
                if wait is None:
                    raise
                time.sleep(wait)


class History:
    """The project's revisions, run by Alembic."""

    def __init__(self, databases: Databases) -> None:
        self._databases = databases
        self._version_tables: set[tuple[str, str]] = set()
        sys.path.insert(0, ".")
        for module in KEYS.get("preload", ()):
            importlib.import_module(module)
        self.script = ScriptDirectory.from_config(self._config("postgres")[0])
        self.order = [step.revision.revision for step in self.script._upgrade_revs("heads", ())]

    def take(self, order: list[str]) -> None:
        """Another order, which must be one in which all revisions can be run."""
        if sorted(order) != sorted(self.order):
            raise SystemExit("that order does not name the revisions of this history, each once")
        for place, revision in enumerate(order):
            if late := self.needs(revision) - set(order[:place]):
                raise SystemExit(f"in that order {revision} comes before {late}")
        self.order = order

    def needs(self, revision: str) -> set[str]:
        """What must be there before it."""
        found = self.script.get_revision(revision)
        return {*found._versioned_down_revisions, *found._resolved_dependencies}

    def done(self, database: str) -> list[str]:
        """What a database has run, by its version rows, in order."""
        place = sqlalchemy.make_url(self._databases.server).set(drivername="postgresql", database=database)
        todo: list[str] = []
        with psycopg.connect(place.render_as_string(hide_password=False)) as connection:
            for schema, table in self._version_tables:
                name = sql.Identifier(schema, table)
                known = connection.execute("SELECT to_regclass(%s)", [name.as_string()]).fetchone()
                if known != (None,):  # nobody makes it before the first revision
                    rows = connection.execute(sql.SQL("SELECT version_num FROM {}").format(name))
                    todo += [row[0] for row in rows]
        found: set[str] = set()
        while todo:
            revision = todo.pop()
            if revision not in found:
                found.add(revision)
                todo += self.needs(revision)
        return [revision for revision in self.order if revision in found]

    def warm_up(self) -> None:
        """Import all that env.py imports, and see which tables are Alembic's."""

        def nothing(rows: Any, context: Any) -> list[Any]:
            self._databases.tables.add(context.version_table)
            self._version_tables.add((context.version_table_schema or "public", context.version_table))
            return []

        database = self.born()
        self._run(database, nothing)
        self._databases.drop(database)

    def born(self) -> str:
        """A database as the project's own start-up leaves it before the first revision."""
        database = self._databases.make()
        bootstrap = KEYS.get("gate", {}).get("bootstrap")
        if bootstrap:
            engine = sqlalchemy.create_engine(self._databases.url(database, "psycopg"), poolclass=NullPool)
            with engine.begin() as connection:
                _function(bootstrap)(connection)
        return database

    def step(self, database: str, revisions: Iterable[str], direction: str) -> dict[str, str]:
        """Run them in one run of env.py, in a process of its own: {} or what came of it (`kind`, `why`, `revision`)."""
        reader, writer = os.pipe()
        child = os.fork()
        if child:
            os.close(writer)
            with os.fdopen(reader) as said:
                text = said.read()
            os.waitpid(child, 0)
            return dict(json.loads(text)) if text else {"kind": "failed", "why": "the process died"}
        os.close(reader)
        with os.fdopen(writer, "w") as answer:
            answer.write(json.dumps(self._tried(database, revisions, direction)))
            answer.flush()
            os._exit(0)

    def _tried(self, database: str, revisions: Iterable[str], direction: str) -> dict[str, str]:
        running: list[Any] = []

        def steps(rows: Any, context: Any) -> Iterable[MigrationStep]:
            make = MigrationStep.upgrade_from_script if direction == "upgrade" else MigrationStep.downgrade_from_script
            for name in revisions:
                running.append(self.script.get_revision(name))
                yield make(self.script.revision_map, running[-1])

        try:
            self._run(database, steps)
        except BaseException as error:  # whatever somebody's revision does
            script = running[-1] if running else None
            if script is None:
                raise
            if not hasattr(script.module, direction):
                return {"kind": "missing", "why": f"there is no {direction}()", "revision": script.revision}
            why = f"{type(error).__name__}: {str(error).strip()[:300]}"
            return {"kind": _kind(error, script.path), "why": why, "revision": script.revision}
        return {}

    def _run(self, database: str, steps: Callable[..., Any]) -> None:
        config, url = self._config(database)
        with ExitStack() as stack:
            if PROJECT.get("hand_connection"):
                engine = sqlalchemy.create_engine(url, poolclass=NullPool)
                config.attributes["connection"] = stack.enter_context(engine.connect())
            stack.enter_context(EnvironmentContext(config, self.script, fn=steps))
            self.script.run_env()

    def _config(self, database: str) -> tuple[Config, str]:
        config = Config("alembic.ini")
        url = self._databases.url(database, KEYS["driver"])
        config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
        os.environ.update(dict.fromkeys(KEYS.get("url_env", ()), url))
        if name := KEYS.get("configure"):
            _function(name)(config)
        return config, url


def _function(name: str) -> Callable[[Any], None]:
    module, _, function = name.partition(":")
    return getattr(importlib.import_module(module), function)  # type: ignore[no-any-return]


def _kind(error: BaseException, path: str) -> str:
    """`refused` for one that a `raise` in the revision's own file ended with, else `failed`."""
    lines = [one.lineno for one in traceback.extract_tb(error.__traceback__) if Path(one.filename) == Path(path)]
    raises = [one for one in ast.walk(ast.parse(Path(path).read_bytes())) if isinstance(one, ast.Raise)]
    last = lines[-1] if lines else 0
    refused = any(one.lineno <= (last or 0) <= (one.end_lineno or one.lineno) for one in raises)
    return "refused" if refused else "failed"


def _difference(expected: list[str], actual: list[str]) -> str:
    lines = difflib.unified_diff("\n".join(expected).splitlines(), "\n".join(actual).splitlines(), lineterm="", n=0)
    kept = [line for line in lines if not line.startswith(("---", "+++", "@@"))]
    more = [f"... and {len(kept) - _LINES} more lines"] if len(kept) > _LINES else []
    return "\n".join([*kept[:_LINES], *more])


class Line:
    """One line of databases: `now` is where `done` have been run, `dump` what it looks like."""

    def __init__(self, history: History, databases: Databases) -> None:
        self.now = history.born()
        self.dump = databases.dump(self.now)
        self.done: list[str] = []


def testify(history: History, databases: Databases) -> list[dict[str, Any]]:
    """What becomes of each revision. A base that fails on top of others, and runs alone, begins a line of its own."""
    report: dict[str, dict[str, Any]] = {}
    lines = [Line(history, databases)]
    lost: set[str] = set()
    for revision in history.order:
        said = report[revision] = {"revision": revision, "verdicts": [], "why": [], "skipped": False}
        needs = history.needs(revision)
        line = next((one for one in lines if needs <= set(one.done)), None)
        if line is None:
            lost.add(revision)
            said["skipped"] = True
            continue
        upgraded = databases.make(line.now)
        failure = history.step(upgraded, [revision], "upgrade")
        if failure:
            _say(said, "upgrade-failed", failure["why"])
            databases.drop(upgraded)
            upgraded = history.born()
            if history.step(upgraded, [*line.done, revision], "upgrade"):
                databases.drop(upgraded)
                alone = None if needs or not line.done else Line(history, databases)
                if alone is None or history.step(upgraded := databases.make(alone.now), [revision], "upgrade"):
                    lost.add(revision)
                    continue
                failure, line = {}, alone
                lines.append(line)
        after = databases.dump(upgraded)
        if not failure:
            _down_and_up(said, history, databases, upgraded, line.dump, after)
        databases.drop(line.now)
        line.now, line.dump = upgraded, after
        line.done.append(revision)
    for line in lines:
        databases.drop(line.now)
        at_once = history.born()
        if failure := history.step(at_once, line.done, "upgrade"):
            _say(report[failure["revision"]], "upgrade-failed", f"in one go: {failure['why']}")
        databases.drop(at_once)
    return list(report.values())


def _down_and_up(
    said: dict[str, Any], history: History, databases: Databases, upgraded: str, before: list[str], after: list[str]
) -> None:
    trial = databases.make(upgraded)
    try:
        if failure := history.step(trial, [said["revision"]], "downgrade"):
            _say(said, "downgrade-failed" if failure["kind"] == "failed" else "no-downgrade", failure["why"])
            return
        downgraded = databases.dump(trial)
        if downgraded != before:
            _say(said, "downgrade-differs", _difference(before, downgraded))
        if failure := history.step(trial, [said["revision"]], "upgrade"):
            why = failure["why"]
        elif (again := databases.dump(trial)) != after:
            why = _difference(after, again)
        else:
            return
        if downgraded == before:
            _say(said, "reupgrade-differs", why)
        else:  # the gate tries this where it calls the difference slight, which a dump does not tell
            said["again"] = why
    finally:
        databases.drop(trial)


def _say(said: dict[str, Any], verdict: str, why: str) -> None:
    if verdict not in said["verdicts"]:
        said["verdicts"].append(verdict)
    said["why"].append(why)


def main(server: str, pg_dump: str, report: str, order: str | None = None) -> None:
    """Write the report."""
    databases = Databases(server, pg_dump)
    history = History(databases)
    if order is not None:
        history.take(json.loads(Path(order).read_text()))
    history.warm_up()
    Path(report).write_text(json.dumps({"revisions": testify(history, databases)}, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
