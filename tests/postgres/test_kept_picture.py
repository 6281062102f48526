"""A kept picture is what a whole one is, after every statement of every catalog case: nothing that DDL does escapes it.

Each kind's cases run in one database, statement by statement, each case in a schema that is dropped after it; kinds
that lie on no relation, of which all is read whole anyway, are looked at when a file is done and when its schema is
gone. What writes to the catalog by hand, and CLUSTER, no event trigger hears: there the gate reads whole, and so does
this test.
"""

import re
from collections.abc import Callable, Iterator

import psycopg
import pytest
from psycopg import sql

from catalog_cases import CASES, Case, database, equip
from headworks.catalog import read_schema
from headworks.catalog.kept import KeptPicture
from headworks.catalog.snapshot import settled
from headworks.migrations.heard import escapes
from headworks.postgres.connect import connect
from headworks.postgres.url import DatabaseUrl
from headworks.schema import diff

ON_RELATIONS = {
    "column", "constraint", "foreign_table", "index", "materialized_view", "owner", "policy", "privilege", "rule",
    "sequence", "statistics", "table", "trigger", "view",
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def equipped(server_url: str) -> None:
    equip(server_url)


def kind_of(case: Case) -> str:
    return case.folder.partition("/")[0]


def statements(text: str) -> Iterator[str]:
    """Cut at each semicolon outside of dollar quotes."""
    quote, current = None, ""
    for part in re.split(r"(\$\w*\$|;)", text):
        if part == ";" and quote is None:
            yield current
            current = ""
            continue
        if re.fullmatch(r"\$\w*\$", part):
            quote = part if quote is None else None if quote == part else quote
        current += part
    yield current


@pytest.mark.parametrize("kind", sorted({kind_of(case) for case in CASES}))
def test_a_kept_picture_is_exact(kind: str, server_url: str, server_major: int) -> None:
    with database(server_url) as url:
        assert looks(kind, DatabaseUrl.parse(url), server_major)


def looks(kind: str, url: DatabaseUrl, server_major: int) -> int:
    looked = 0
    with connect(url) as mine, connect(url) as whole, psycopg.connect(url.libpq(), autocommit=True) as other:
        kept = KeptPicture(mine, lambda picture: picture)
        kept.look()
        settled(whole)
        for case in (one for one in CASES if kind_of(one) == kind and one.oldest <= server_major):
            for text in (case.a, case.b):
                todo = list(steps(case, text, other))
                for number, statement in enumerate(todo):
                    try:
                        other.execute(statement.encode(), prepare=False)
                    except psycopg.Error:
                        if other.info.transaction_status:
                            other.execute("ROLLBACK")
                        kept.spoil()
                        continue
                    if other.info.transaction_status:
                        continue
                    if escapes(statement):
                        kept.spoil()
                    if kind not in ON_RELATIONS and number < len(todo) - 2:
                        continue
                    seen, there = kept.look(), read_schema(whole, again=True)
                    assert seen == there, f"{case.folder}: {statement}: {[str(one) for one in diff(there, seen)]}"
                    looked += 1
        assert kept.exact()
    return looked


def steps(case: Case, text: str, connection: "psycopg.Connection[tuple[object, ...]]") -> Iterator[str]:
    name = sql.Identifier(case.schema).as_string(connection)
    yield f"CREATE SCHEMA IF NOT EXISTS {name}"
    yield f"SET search_path = {name}, public"
    yield from (one for one in statements(text) if one.strip())
    yield f"DROP SCHEMA {name} CASCADE"


def test_what_tracks_is_gone(make_database: Callable[..., str]) -> None:
    """A revision that drops it makes looks slower, not wrong."""
    url = DatabaseUrl.parse(make_database())
    with connect(url) as mine, connect(url) as other:
        kept = KeptPicture(mine, lambda picture: picture)
        kept.look()
        other.execute("DROP SCHEMA headworks_gate CASCADE")
        other.execute("CREATE TABLE t (a integer)")
        assert kept.look() == read_schema(other)
        other.execute("ALTER TABLE t ADD COLUMN b integer")
        assert kept.look() == read_schema(other)


def test_what_nothing_told_of_is_noticed(make_database: Callable[..., str]) -> None:
    url = DatabaseUrl.parse(make_database())
    with connect(url) as mine, connect(url) as other:
        other.execute("CREATE TABLE t (a integer NOT NULL)")
        kept = KeptPicture(mine, lambda picture: picture)
        kept.look()
        assert kept.exact()
        other.execute("UPDATE pg_attribute SET attnotnull = false WHERE attrelid = 't'::regclass AND attname = 'a'")
        assert not kept.exact()
        kept.spoil()
        assert kept.look() == read_schema(other)


def test_a_role_that_may_not_track_reads_whole(make_database: Callable[..., str], server_url: str) -> None:
    url = DatabaseUrl.parse(make_database())
    with connect(url) as admin:
        admin.execute("DROP ROLE IF EXISTS headworks_case_no_tracking")
        admin.execute("CREATE ROLE headworks_case_no_tracking")
        try:
            with connect(url) as mine:
                mine.execute("SET ROLE headworks_case_no_tracking")
                kept = KeptPicture(mine, lambda picture: picture)
                kept.look()
                admin.execute("CREATE TABLE t (a integer)")
                assert kept.look() == read_schema(admin)
                assert kept.exact()
        finally:
            admin.execute("DROP ROLE headworks_case_no_tracking")
