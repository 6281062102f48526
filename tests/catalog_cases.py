"""The catalog's cases: `tests/cases/catalog/<kind>/<case>/{a.sql,b.sql,expected.json}`, and databases for them.

Most cases share a database, each in a schema of its own named `<kind>_<case>`, which is the search path while its files
run; what lies in no schema has that name itself. The first line of `a.sql` may say otherwise, as in `-- alone,
PostgreSQL 18`; what the marks mean: `test_catalog_cases.py`.
"""

import contextlib
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import psycopg
from psycopg import errors, sql

from headworks.postgres.databases import create_database, drop_database
from headworks.postgres.url import DatabaseUrl

__all__ = ["CASES", "NAMES", "ROOT", "SHARED", "Case", "database", "equip", "run"]

ROOT = Path(__file__).parent / "cases" / "catalog"

ROLES = {"headworks_case_reader": "", "headworks_case_writer": "", "headworks_case_owner": "SUPERUSER"}
"""Roles that the cases may name."""


class Case(msgspec.Struct, frozen=True):
    folder: str
    a: str
    b: str
    expected: list[list[Any]]

    @property
    def schema(self) -> str:
        return self.folder.replace("/", "_")

    @property
    def marks(self) -> tuple[str, ...]:
        head = self.a.split("\n", 1)[0]
        return tuple(head.removeprefix("-- ").split(", ")) if head.startswith("-- ") else ()

    @property
    def alone(self) -> bool:
        return "alone" in self.marks

    @property
    def oldest(self) -> int:
        return max((int(mark.split()[1]) for mark in self.marks if mark.startswith("PostgreSQL ")), default=0)


def _load(folder: Path) -> Case:
    texts = {name: (folder / f"{name}.sql").read_text(encoding="utf-8") for name in ("a", "b")}
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    return Case(folder=folder.relative_to(ROOT).as_posix(), expected=expected, **texts)


CASES = [_load(file.parent) for file in sorted(ROOT.glob("*/*/a.sql"))]
SHARED = [case for case in CASES if not case.alone]
NAMES = {case.schema for case in SHARED}


def equip(server_url: str) -> None:
    """Give the server the roles and the tablespace that cases may name: no case makes them, as others run beside it.

    They stay, since other workers may use them.
    """
    with psycopg.connect(server_url) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(8675309)")
        there = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
        for name in ROLES.keys() - there:
            connection.execute(sql.SQL("CREATE ROLE {} " + ROLES[name]).format(sql.Identifier(name)))
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute("SET allow_in_place_tablespaces = on")
        with contextlib.suppress(errors.DuplicateObject, errors.UniqueViolation):
            connection.execute("CREATE TABLESPACE headworks_case_tablespace LOCATION ''")


def run(connection: "psycopg.Connection[Any]", scripts: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Run texts, each in a new schema (`""`: where it stands) and in its own transaction; the errors by schema."""
    failed = {}
    for schema, text in scripts:
        try:
            with connection.transaction():
                if schema:
                    name = sql.Identifier(schema)
                    connection.execute(sql.SQL("CREATE SCHEMA {0}; SET search_path TO {0}").format(name))
                connection.execute(text.encode())
        except psycopg.Error as error:
            failed[schema] = str(error)
    return failed


@contextlib.contextmanager
def database(server_url: str) -> Iterator[str]:
    """A new database, as a libpq URL; dropped afterwards."""
    url = DatabaseUrl.parse(server_url).with_database(f"catalog_{os.getpid()}_{os.urandom(4).hex()}")
    create_database(url)
    try:
        yield url.libpq()
    finally:
        with psycopg.connect(url.libpq(), autocommit=True) as connection:
            # A database that subscribes cannot be dropped, and a subscription in use would first ask the publisher.
            for (name,) in connection.execute(
                "SELECT subname FROM pg_subscription AS s JOIN pg_database AS b ON b.oid = s.subdbid"
                " WHERE b.datname = current_database()"
            ).fetchall():
                for end in ("ALTER SUBSCRIPTION {} DISABLE", "ALTER SUBSCRIPTION {} SET (slot_name = NONE)"):
                    connection.execute(sql.SQL(end).format(sql.Identifier(name)))
                connection.execute(sql.SQL("DROP SUBSCRIPTION {}").format(sql.Identifier(name)))
        drop_database(url)
