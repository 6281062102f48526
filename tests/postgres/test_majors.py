"""The same DDL on two majors: the pictures are equal, the older form of the newer one taken."""

import psycopg
import pytest

from catalog_cases import SHARED, database, equip, run
from headworks.catalog import read_schema
from headworks.postgres.binaries import find_binaries
from headworks.postgres.errors import BinariesMissing
from headworks.postgres.server import ThrowawayServer
from headworks.schema import Change, Schema, diff

MAJORS = (15, 16, 17, 18)

# Until 15 the columns of a query's only table are printed with its name (`t.a`), later without: drift has one server
# print both sides.
PRINTED_OTHERWISE = {("view", "definition"), ("materialized view", "definition"), ("rule", "actions")}


def made(server_url: str, side: str, oldest: int) -> Schema:
    """The picture of what one side of the cases makes, of those that servers of this major know."""
    equip(server_url)
    with database(server_url) as url, psycopg.connect(url, autocommit=True) as connection:
        run(connection, [(case.schema, getattr(case, side)) for case in SHARED if case.oldest <= oldest])
        return read_schema(connection)


def known(change: Change, older: int) -> bool:
    return older == 15 and (change.object.kind, change.attribute) in PRINTED_OTHERWISE


@pytest.mark.parametrize("side", ["a", "b"])
@pytest.mark.parametrize("other", MAJORS)
def test_the_same_ddl_on_another_major(other: int, side: str, server_url: str, server_major: int) -> None:
    if other == server_major:
        pytest.skip("that is this server's own")
    try:
        binaries = find_binaries(major=other)
    except BinariesMissing as missing:
        pytest.skip(str(missing))
    oldest = min(other, server_major)
    with ThrowawayServer(binaries) as server:
        there = made(server.url.libpq(), side, oldest)
    found = diff(there, made(server_url, side, oldest))
    assert [str(change) for change in found if not known(change, oldest)] == []
