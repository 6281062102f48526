"""How many changes of a schema each tool sees, as JSON on stdout: the README's table of what is compared.

Every case folder under `tests/cases/catalog` is one change: `a.sql` makes what is expected, `b.sql` what is there.
Each tool is asked for the difference of the two databases and, where it says something, for that of `a` and itself.
It sees the change when the two answers differ; what it says of `a` and itself is a false alarm. A tool that fails on a
database has not seen its change. The cases are headworks' own, at least one of every kind and property that DDL can
change: they say how wide a tool looks, and not how often people change what it looks at.

Cases share a pair of databases, each in a schema of its own. Where a tool fails, or says something that names no case,
it is asked again with half as many cases, down to each alone.

`python benchmarks/coverage.py --migra PYTHON` takes migra from the environment of that Python; `nox -s coverage` makes
one. `--details` adds the cases that each tool does not see. PostgreSQL is that of `$HEADWORKS_PGBIN`, else the newest.
"""

import argparse
import contextlib
import json
import re
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import psycopg
from alembic import __version__ as alembic_version
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, create_engine, inspect
from sqlalchemy.pool import NullPool

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from catalog_cases import CASES, Case, database, equip, run  # noqa: E402
from headworks._version import __version__  # noqa: E402
from headworks.drift.direct import drift_against_picture  # noqa: E402
from headworks.drift.pictures import picture_of  # noqa: E402
from headworks.postgres.binaries import find_binaries  # noqa: E402
from headworks.postgres.server import ThrowawayServer  # noqa: E402
from headworks.postgres.url import DatabaseUrl  # noqa: E402

Compare: TypeAlias = Callable[[DatabaseUrl, DatabaseUrl], set[str]]
"""What a tool says of the difference of two databases, a line an object. Raises what the tool raises."""

GROUPS = {
    "tables, columns, constraints, indexes": {"table", "column", "constraint", "index"},
    "views, functions, procedures, triggers": {"view", "materialized_view", "function", "procedure", "trigger"},
    "enums, domains, sequences, extensions, row security, privileges": {
        "enum", "domain", "domain_constraint", "sequence", "extension", "policy", "privilege", "default_privilege",
    },
}  # fmt: skip
TOGETHER = 32
"""So many cases share a pair of databases at first."""


def headworks(a: DatabaseUrl, b: DatabaseUrl) -> set[str]:
    """`headworks drift --against A --url B`."""
    outcome = drift_against_picture(picture_of(a), picture_of(b), "a")
    # A message of a rename names both objects, which may be of two cases.
    return {f"{one.object} {one.attribute} {one.message}" for one in outcome.findings if one.severity == "error"}


def alembic(a: DatabaseUrl, b: DatabaseUrl) -> set[str]:
    """`alembic check` of models that say all that SQLAlchemy reflects of `a`, with each comparison switched on."""
    metadata = MetaData()
    engines = [create_engine(url.sqlalchemy("psycopg"), poolclass=NullPool) for url in (a, b)]
    with engines[0].connect() as expected, engines[1].connect() as actual, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of types that SQLAlchemy does not know
        for schema in inspect(expected).get_schema_names():
            if schema != "information_schema":
                metadata.reflect(expected, schema=None if schema == "public" else schema)
        options = {"include_schemas": True, "compare_type": True, "compare_server_default": True}
        found = compare_metadata(MigrationContext.configure(actual, opts=options), metadata)
    changes = [one for entry in found for one in (entry if isinstance(entry, list) else [entry])]
    return {f"{_schema(change)} {change!r}" for change in changes}


def _schema(change: tuple[Any, ...]) -> str:
    """The schema that one of Alembic's tuples is about: said outright, or by the table that it holds."""
    if change[0].startswith("modify_") or isinstance(change[1], str):
        return str(change[1])
    return str(getattr(change[1], "table", change[1]).schema)


def pg_dump(a: DatabaseUrl, b: DatabaseUrl) -> set[str]:
    """The entries that differ in two `pg_dump -s --create`."""
    sides = []
    for url in (a, b):
        command = [find_binaries().program("pg_dump"), "--schema-only", "--create", url.libpq()]
        text = subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout
        text = re.sub(r"^\\.*\n", "", text, flags=re.MULTILINE)  # a word that is another in each dump
        sides.append(text.replace(str(url.database), "this_database").split("\n--\n-- Name: "))
    entries = [{f"{entry} {number}" for entry, number in _numbered(side)} for side in sides]
    # The same entries in another order are another dump, but no change of a schema.
    return entries[0] ^ entries[1]


def _numbered(entries: list[str]) -> Iterator[tuple[str, int]]:
    for entry in set(entries):
        yield entry, entries.count(entry)


class ToolFailed(Exception):
    """What migra said when it could not compare."""


@contextlib.contextmanager
def migra(python: Path) -> Iterator[Compare]:
    """One process for all cases."""
    command = [python, Path(__file__).with_name("coverage_migra.py")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout

        def compare(a: DatabaseUrl, b: DatabaseUrl) -> set[str]:
            assert process.stdin
            assert process.stdout
            print(json.dumps([a.sqlalchemy("psycopg2"), b.sqlalchemy("psycopg2")]), file=process.stdin, flush=True)
            answer = json.loads(process.stdout.readline())
            if "error" in answer:
                raise ToolFailed(answer["error"])
            return set(answer["statements"])

        yield compare
        process.stdin.close()


class Tool:
    """What one tool has seen so far."""

    def __init__(self, name: str, version: str, compare: Compare) -> None:
        self.name, self.version, self.compare = name, version, compare
        self.seen: list[str] = []
        self.missed: list[str] = []
        self.failed: dict[str, str] = {}
        self.alarms: list[str] = []

    def look(self, server: DatabaseUrl, cases: list[Case]) -> None:
        """At cases that share a pair of databases; at fewer of them where that tells nothing of each."""
        with pair(server, cases) as (a, b):
            try:
                said = self.compare(a, b)
                of_itself = self.compare(a, a) if said else set()
            except Exception as error:  # noqa: BLE001 - whatever a tool fails with is its answer
                if len(cases) == 1:
                    self.failed[cases[0].folder] = f"{type(error).__name__}: {error}".splitlines()[0]
                    return
                said = of_itself = None
        if len(cases) > 1 and (said is None or not all(owners(line, cases) for line in said | of_itself)):
            half = len(cases) // 2
            self.look(server, cases[:half])
            self.look(server, cases[half:])
            return
        for case in cases:
            both, itself = (
                {line for line in lines if len(cases) == 1 or case.folder in owners(line, cases)}
                for lines in (said, of_itself)
            )
            if itself:
                self.alarms.append(case.folder)
            (self.seen if both != itself else self.missed).append(case.folder)

    def figures(self, count: int, details: bool) -> dict[str, object]:
        said: dict[str, object] = {
            "version": self.version,
            "seen": len(self.seen),
            "share": round(len(self.seen) / count, 3),
            "failed": len(self.failed),
            "false_alarms": len(self.alarms),
        }
        more = {"missed": self.missed, "failures": self.failed, "alarms": self.alarms}
        return said | (more if details else {})


def counted(cases: list[Case], tools: list[Tool], group_of: Callable[[str], str]) -> dict[str, dict[str, int]]:
    """Of each group of kinds: how many cases, and how many of them each tool sees."""
    rows: dict[str, dict[str, int]] = {}
    for case in cases:
        group = group_of(case.folder.split("/")[0])
        row = rows.setdefault(group, {"cases": 0, **{tool.name: 0 for tool in tools}})
        row["cases"] += 1
        for tool in tools:
            row[tool.name] += case.folder in tool.seen
    return rows


def group(kind: str) -> str:
    """What the README's table has a line for."""
    return next((name for name, kinds in GROUPS.items() if kind in kinds), "all else")


def owners(line: str, cases: list[Case]) -> set[str]:
    """The cases that what a tool says is about: their schemas' names are in it."""
    words = set(re.findall(r"\w+", line))
    return {case.folder for case in cases if case.schema in words}


@contextlib.contextmanager
def pair(server: DatabaseUrl, cases: list[Case]) -> Iterator[tuple[DatabaseUrl, DatabaseUrl]]:
    """What the cases expect in one new database, and what is there in another."""
    with database(server.libpq()) as one, database(server.libpq()) as two:
        for url, side in ((one, "a"), (two, "b")):
            scripts = [("" if case.alone else case.schema, getattr(case, side)) for case in cases]
            with psycopg.connect(url, autocommit=True) as connection:
                if failed := run(connection, scripts):
                    raise SystemExit(f"a case cannot be run: {failed}")
        yield DatabaseUrl.parse(one), DatabaseUrl.parse(two)


def measure(server: DatabaseUrl, cases: list[Case], tools: list[Tool]) -> None:
    """Every tool looks at every case."""
    equip(server.libpq())
    together = [case for case in cases if not case.alone]
    groups = [together[start : start + TOGETHER] for start in range(0, len(together), TOGETHER)]
    groups += [[case] for case in cases if case.alone]
    for number, group in enumerate(groups, start=1):
        for tool in tools:
            tool.look(server, group)
        print(f"coverage: {number} of {len(groups)}", file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="How many changes of a schema each tool sees.")
    parser.add_argument("--migra", type=Path, metavar="PYTHON", help="the Python of an environment with migra")
    parser.add_argument("--details", action="store_true", help="name the cases that are not seen")
    parser.add_argument("--only", default="", metavar="TEXT", help="cases with this in their names")
    parser.add_argument("--tool", action="append", metavar="NAME", help="this tool alone; may be given again")
    asked = parser.parse_args()
    with contextlib.ExitStack() as stack:
        binaries = find_binaries()
        server = stack.enter_context(ThrowawayServer(binaries))
        tools = [
            Tool("headworks", __version__, headworks),
            Tool("alembic", alembic_version, alembic),
            Tool("pg_dump", str(binaries.major), pg_dump),
        ]
        if asked.migra:
            version = "import importlib.metadata as m; print(m.version('migra'))"
            found = subprocess.run([asked.migra, "-c", version], check=True, capture_output=True, text=True).stdout
            tools.append(Tool("migra", found.strip(), stack.enter_context(migra(asked.migra))))
        cases = [
            case for case in CASES if case.expected and case.oldest <= binaries.major and asked.only in case.folder
        ]
        measure(server.url, cases, tools)
    print(
        json.dumps(
            {
                "headworks": 1,
                "command": "coverage",
                "postgresql": binaries.major,
                "cases": len(cases),
                "tools": {tool.name: tool.figures(len(cases), asked.details) for tool in tools},
                "groups": counted(cases, tools, group),
                "kinds": counted(cases, tools, str),
            },
            indent=1,
        )
    )


if __name__ == "__main__":
    main()
