"""Each folder of tests/cases/erd is a schema and the diagram that it must give, read through a real catalog."""

import re
from collections.abc import Callable
from pathlib import Path

import merman
import psycopg
import pytest

from headworks.drift.pictures import picture_of
from headworks.erd.build import build
from headworks.erd.formats.mermaid import render
from headworks.postgres.url import DatabaseUrl

CASES = sorted(folder for folder in (Path(__file__).parents[1] / "cases" / "erd").iterdir() if folder.is_dir())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Path, make_database: Callable[..., str], server_major: int) -> None:
    sql = (case / "schema.sql").read_text(encoding="utf-8")
    since = re.match(r"-- since: (\d+)", sql)
    if since and server_major < int(since[1]):
        pytest.skip(f"PostgreSQL {since[1]} and later")
    url = make_database()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql)  # type: ignore[call-overload]
    text = render(build(picture_of(DatabaseUrl.parse(url))))
    assert merman.Merman().validate(text, None).valid
    assert text == (case / "expected.mmd").read_text(encoding="utf-8")
