"""What the config says of drift: patterns, severities, what others own, what the project declares."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from headworks.schema import Column, Extension, Function, Index, Object, Table, View
from headworks.schema.patterns import Pattern
from helpers import Headworks, executed
from projects import Rev, table, write_project

MODELS = """
from sqlalchemy import Column, Integer, MetaData, Table
Table("a", metadata, Column("id", Integer, primary_key=True, autoincrement=False))
"""


@pytest.mark.parametrize(
    ("text", "item", "expected"),
    [
        ("legacy_*", Table(schema="s", name="legacy_x"), True),
        ("legacy_*", View(schema="s", name="legacy_x", definition=""), True),
        ("s.legacy_*", Table(schema="s", name="legacy_x"), True),
        ("t.legacy_*", Table(schema="s", name="legacy_x"), False),
        ("id", Column(schema="s", table="t", name="id", type="integer"), False),
        ("column id", Column(schema="s", table="t", name="id", type="integer"), True),
        ("t.id", Column(schema="s", table="t", name="id", type="integer"), True),
        ("s.t.id", Column(schema="s", table="t", name="id", type="integer"), True),
        ("index *_tmp", Index(schema="s", table="t", name="x_tmp", method="btree", keys=("a",)), True),
        ("index *_tmp", Table(schema="s", name="x_tmp"), False),
        ("view *", Table(schema="s", name="x"), False),
        ("extension pg_*", Extension(name="pg_trgm", schema="public"), True),
        ("pg_trgm", Extension(name="pg_trgm", schema="public"), True),
        ("function f(*)", Function(schema="s", name="f(integer)", returns="x", language="sql", body=""), True),
        ("s.f*", Function(schema="s", name="f(integer)", returns="x", language="sql", body=""), True),
        ("LEGACY", Table(schema="s", name="legacy"), False),
    ],
)
def test_patterns(text: str, item: Object, expected: bool) -> None:
    assert Pattern.of(text).matches(item) is expected


Drift = Callable[..., list[tuple[str, str]]]


@pytest.fixture
def drift(
    tmp_path: Path,
    make_database: Callable[..., str],
    inside: Headworks,
    server_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> Drift:
    url = make_database()
    monkeypatch.setenv("HEADWORKS_URL", url)

    def call(config: str, *statements: str, against: str = "models", revisions: tuple[Rev, ...] = ()) -> Any:
        write_project(tmp_path, [table("a"), *revisions], preamble=MODELS)
        (tmp_path / "pyproject.toml").write_text(f"[tool.headworks]\n{config}")
        assert inside("upgrade").code == 0
        executed(url, *statements) if statements else None
        ran = inside("drift", "--against", against, "--shadow-url", server_url, "--format", "json")
        assert ran.out, ran.err
        return [(one["severity"], one["message"].partition(":")[0]) for one in json.loads(ran.out)["findings"]]

    return call


def test_ignored(drift: Drift) -> None:
    config = '[tool.headworks.drift]\nignore = ["legacy_*", "index hot_*", "a.extra"]\n'
    patches = (
        "CREATE TABLE legacy_x (id int PRIMARY KEY)",
        "CREATE INDEX hot_a ON a (id)",
        "ALTER TABLE a ADD extra int",
    )
    assert drift(config, *patches) == []


def test_an_ignore_that_matches_nothing(drift: Drift, inside: Headworks) -> None:
    config = 'driver = "psycopg"\n\n[tool.headworks.drift]\nignore = [\n  "a.extra",\n  "legacy_*"]\n'
    assert drift(config, "ALTER TABLE a ADD extra int") == [
        ("warning", "ignore 'legacy_*' matches nothing here or there")
    ]
    assert "pyproject.toml:5" in inside("drift", "--format", "github").out.replace("file=", "").replace(",line=", ":")


def test_owned_by_others(drift: Drift) -> None:
    config = '[tool.headworks.owners]\nprisma = ["accounts", "_prisma_*"]\nexternal = ["queue.*", "not_there"]\n'
    patches = (
        "CREATE TABLE accounts (id int)",
        "CREATE TABLE _prisma_migrations (id int)",
        "CREATE TABLE mine (id int)",
    )
    assert drift(config, *patches) == [("error", "table public.mine is unexpected")]


@pytest.mark.parametrize(
    ("words", "severity"),
    [
        ('comment = "warning"', "warning"),
        ('table = "note"', "note"),
        ('table = "note"\n"table.comment" = "warning"', "warning"),
        ('"drift.changed" = "note"', "note"),
        ('changed = "note"\ncomment = "error"', "error"),
        ('column = "note"', "error"),
    ],
)
def test_severity(drift: Drift, words: str, severity: str) -> None:
    config = f"[tool.headworks.drift.severity]\n{words}\n"
    assert drift(config, "COMMENT ON TABLE a IS 'x'") == [(severity, "table public.a")]


def test_what_is_ignored_by_severity(drift: Drift) -> None:
    config = '[tool.headworks.drift.severity]\ncomment = "ignore"\n'
    assert drift(config, "COMMENT ON TABLE a IS 'x'") == []


def test_a_severity_that_there_is_none_of(drift: Drift, tmp_path: Path, inside: Headworks) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.headworks.drift.severity]\ncomment = "fatal"\n')
    ran = inside("drift")
    assert ran.code == 2
    assert "pyproject.toml, line 1: [tool.headworks] drift.severity: there is no value 'fatal'" in ran.err


@pytest.mark.parametrize("word", ["coment", "table.foo", "drift.mising", "nope.comment"])
def test_a_severity_of_nothing(tmp_path: Path, make_database: Callable[..., str], inside: Headworks, word: str) -> None:
    write_project(tmp_path, [table("a")], preamble=MODELS)
    (tmp_path / "pyproject.toml").write_text(f'[tool.headworks.drift.severity]\n"{word}" = "note"\n')
    ran = inside("drift", "--url", make_database())
    assert ran.code == 2
    assert f"[tool.headworks] drift.severity.{word}: there is no rule, kind or attribute" in ran.err


def test_a_file_and_a_url_know_the_config_too(drift: Drift, inside: Headworks, tmp_path: Path) -> None:
    assert drift('[tool.headworks.drift]\nignore = ["legacy_*"]\n') == [
        ("warning", "ignore 'legacy_*' matches nothing here or there")
    ]
    assert inside("snapshot", "-o", "schema.json").code == 0
    drift_again = inside("drift", "--against", "schema.json", "--format", "json")
    assert [one["rule"] for one in json.loads(drift_again.out)["findings"]] == ["drift.ignore-unused"]
