"""Every kind and property of the picture, on a server: `tests/cases/catalog/<kind>/<case>/{a.sql,b.sql,expected.json}`.

What `a.sql` makes is expected, what `b.sql` makes is actual, and `expected.json` is the diff (HEADWORKS_WRITE_CASES=1
writes it anew, to be reviewed). Most cases share one pair of databases, each in a schema of its own named
`<kind>_<case>`, which is the search path while its files run; what lies in no schema has that name itself. Roles and a
tablespace to name are there (`catalog_cases.equip`). The first line of `a.sql` may say otherwise, as in
`-- alone, PostgreSQL 18`:

    alone                  the case has databases to itself
    PostgreSQL 18          older servers skip it
    pg_dump cannot tell    our diff is not empty although pg_dump prints the same
    pg_dump may tell       our diff is empty; pg_dump's own text may differ
"""

import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest

from catalog_cases import CASES, NAMES, ROOT, SHARED, Case, database, equip, run
from headworks.catalog import read_schema
from headworks.postgres.url import DatabaseUrl
from headworks.schema import Change, Namespace, Schema, diff, encode, fingerprint, kinds
from headworks.schema.base import properties


class Side(msgspec.Struct):
    """One database: its picture, what pg_dump says of each schema, and the cases whose SQL failed."""

    picture: Schema
    dump: dict[str, str]
    failed: dict[str, str]


class Pair(msgspec.Struct):
    a: Side
    b: Side
    again: Side
    changes: dict[str, list[Change]]


@pytest.fixture(scope="module", autouse=True)
def equipped(server_url: str) -> None:
    equip(server_url)


@pytest.fixture(scope="module")
def pair(server_url: str, server_major: int, pg_bindir: Path) -> Pair:
    cases = [case for case in SHARED if case.oldest <= server_major]
    a = _side(server_url, pg_bindir, [(case.schema, case.a) for case in cases])
    b = _side(server_url, pg_bindir, [(case.schema, case.b) for case in cases])
    # In another order: other OIDs, another order of rows in the catalog.
    again = _side(server_url, pg_bindir, [(case.schema, case.a) for case in reversed(cases)])
    changes: dict[str, list[Change]] = {}
    for change in diff(a.picture, b.picture):
        changes.setdefault(_owner(change.object.schema or "", change.object.name), []).append(change)
    return Pair(a, b, again, changes)


def _owner(schema: str, name: str) -> str:
    """The case that an object belongs to: by its schema, or by a word of its name where it lies in none."""
    return schema if schema in NAMES else next((word for word in re.findall(r"\w+", name) if word in NAMES), name)


def _side(server_url: str, pg_bindir: Path, scripts: list[tuple[str, str]]) -> Side:
    with database(server_url) as url, psycopg.connect(url, autocommit=True) as connection:
        failed = run(connection, scripts)
        return Side(picture=read_schema(connection), dump=_dump(pg_bindir, url), failed=failed)


def _dump(pg_bindir: Path, url: str) -> dict[str, str]:
    """What `pg_dump -s` says of each case (of what belongs to none under its own name); settings come with --create."""
    command = [pg_bindir / "pg_dump", "--schema-only", "--create", url]
    text = subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout
    text = text.replace(str(DatabaseUrl.parse(url).database), "this_database")
    found: dict[str, str] = {}
    place = None
    for line in text.splitlines():
        if head := re.match(r"-- Name: (.*); Type: (.*); Schema: (.*); Owner:", line):
            place = _owner(head[3], head[1].removeprefix("SCHEMA ")) if head[3] == "-" else head[3]
        if place is not None and not line.startswith(("\\", "--")):
            found[place] = found.get(place, "") + line + "\n"
    return found


def _said(changes: list[Change]) -> list[list[Any]]:
    rows = [(change.action, str(change.object), change.attribute, change.expected, change.actual) for change in changes]
    return msgspec.json.decode(msgspec.json.encode(rows), type=list[list[Any]])


def _check(case: Case, found: list[list[Any]], dumps: tuple[object, object]) -> None:
    if os.environ.get("HEADWORKS_WRITE_CASES"):
        _write(case, found)
    assert found == case.expected
    if "pg_dump may tell" in case.marks:
        assert found == []
    elif "pg_dump cannot tell" in case.marks:
        assert found
        assert dumps[0] == dumps[1]
    else:
        assert (dumps[0] != dumps[1]) == bool(found), "pg_dump sees it otherwise"


def _write(case: Case, found: list[list[Any]]) -> None:
    rows = ",\n".join(f"  {json.dumps(row, ensure_ascii=False)}" for row in found)
    (ROOT / case.folder / "expected.json").write_text(f"[\n{rows}\n]\n" if rows else "[]\n", encoding="utf-8")


@pytest.mark.parametrize("case", SHARED, ids=lambda case: case.folder)
def test_case(case: Case, pair: Pair, server_major: int) -> None:
    if case.oldest > server_major:
        pytest.skip(f"PostgreSQL {case.oldest}")
    assert (pair.a.failed.get(case.schema), pair.b.failed.get(case.schema)) == (None, None)
    dumps = (pair.a.dump.get(case.schema), pair.b.dump.get(case.schema))
    _check(case, _said(pair.changes.get(case.schema, [])), dumps)


@pytest.mark.parametrize("case", [case for case in CASES if case.alone], ids=lambda case: case.folder)
def test_case_alone(case: Case, server_url: str, server_major: int, pg_bindir: Path) -> None:
    if case.oldest > server_major:
        pytest.skip(f"PostgreSQL {case.oldest}")
    a, b = (_side(server_url, pg_bindir, [("", text)]) for text in (case.a, case.b))
    assert not a.failed
    assert not b.failed
    _check(case, _said(list(diff(a.picture, b.picture))), (a.dump, b.dump))


def test_every_change_belongs_to_a_case(pair: Pair) -> None:
    assert pair.changes.keys() <= NAMES
    assert len({case.schema for case in CASES}) == len(CASES)


def test_the_same_ddl_in_another_order_is_no_difference(pair: Pair) -> None:
    assert diff(pair.a.picture, pair.again.picture) == ()
    assert pair.a.picture == pair.again.picture
    assert encode(pair.a.picture) == encode(pair.again.picture)
    assert fingerprint(pair.a.picture) == fingerprint(pair.again.picture) != fingerprint(pair.b.picture)


def test_diff_goes_both_ways(pair: Pair) -> None:
    there = {(change.object, change.attribute) for change in diff(pair.a.picture, pair.b.picture)}
    back = {(change.object, change.attribute) for change in diff(pair.b.picture, pair.a.picture)}
    assert there == back


def test_every_kind_and_property_has_a_case() -> None:
    said = {(row[0], row[1].rsplit(" ", 1)[0], row[2]) for case in CASES for row in case.expected}
    words = {(action, _kind(case, row), row[2]) for case in CASES for row in case.expected for action in [row[0]]}
    # What is implied cannot be missing: it has its defaults.
    wanted = {(action, kind.kind, None) for kind in kinds() if not kind.implied for action in ("missing", "unexpected")}
    wanted |= {("changed", kind.kind, one.name) for kind in kinds() for one in properties(kind)}
    assert wanted - words - said == set()


def _kind(case: Case, row: list[Any]) -> str:
    return max((kind.kind for kind in kinds() if row[1].startswith(kind.kind + " ")), key=len)


def test_every_query_has_a_kind() -> None:
    folder = Path(__import__("headworks.catalog", fromlist=["x"]).__file__).parent / "queries"
    assert {file.stem for file in folder.glob("*.sql")} == {kind.kind.replace(" ", "_") for kind in kinds()}


def test_all_objects_of_a_case_are_found(pair: Pair, make_database: Callable[..., str]) -> None:
    """Nothing is left of an empty database but what a new one has: `public` and plpgsql."""
    with psycopg.connect(make_database(), autocommit=True) as connection:
        empty = read_schema(connection)
    assert {str(item.ref) for item in empty} == {"schema public", "extension plpgsql"}
    assert {item.name for item in pair.a.picture.all(Namespace)} >= {case.schema for case in SHARED if case.oldest == 0}
