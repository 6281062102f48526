"""The config's word on rules and tables, where findings stand, and what is refused."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from headworks.lint import keywords
from headworks.postgres.shadow import ShadowChoice, shadow_server
from headworks.postgres.url import DatabaseUrl
from helpers import Headworks, executed
from projects import Rev, sql, write_project

ROOT = Path(__file__).parents[2]
TABLES = [
    "CREATE TABLE orders (id bigint PRIMARY KEY, at timestamp, paid timestamp)",
    "CREATE TABLE logs (at timestamp)",
]


@pytest.fixture
def lint(inside: Headworks, make_database: Callable[..., str], tmp_path: Path) -> Callable[..., Any]:
    """Lint these tables with a config's text."""
    url = make_database()
    executed(url, *TABLES)
    file = tmp_path / "headworks.toml"

    def call(config: str, *words: str) -> Any:
        file.write_text(config)
        return inside("lint", "--source", "live", "--url", url, "--config", str(file), *words)

    return call


def told(ran: Any) -> list[tuple[str, str, str | None]]:
    assert ran.out, ran.err
    found = json.loads(ran.out)["findings"]
    return [(one["rule"], one["severity"], one["object"] and one["object"]["name"]) for one in found]


def test_a_rule_matters_as_the_config_says_and_not_where_it_is_ignored(lint: Callable[..., Any]) -> None:
    config = """
[lint.rules]
timestamp-without-zone = "error"
no-primary-key = "off"

[[lint.ignore]]
rule = "timestamp-without-zone"
tables = ["log*", "public.orders.paid"]
reason = "as the other system has them"

[[lint.ignore]]
rule = "timestamp-without-zone"
tables = ["order"]
reason = "a slip of the pen"
"""
    ran = lint(config, "--format", "json")
    assert told(ran) == [
        ("lint.timestamp-without-zone", "error", "at"),
        ("lint.unused-ignore", "warning", None),
    ]
    unused = json.loads(ran.out)["findings"][1]
    assert (unused["file"], unused["line"]) == ("headworks.toml", config.splitlines().index("[[lint.ignore]]", 7) + 1)
    assert ran.code == 1
    assert lint("").code == 0
    assert lint("", "--strict").code == 1


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ('[lint.rules]\nplural-tables = "error"\n', "there is no rule 'plural-tables'"),
        ('[[lint.ignore]]\nrule = "x"\ntables = ["a"]\nreason = "b"\n', "there is no rule 'x'"),
        ('[[lint.ignore]]\nrule = "json-type"\ntables = ["a"]\nreason = ""\n', "lint.ignore.reason"),
        ('[lint.rules]\njson-type = "loud"\n', "there is no value 'loud'"),
        (
            '[[lint.ignore]]\nrule = "squawk-ban-drop-column"\ntables = ["a"]\nreason = "b"\n',
            "line 2: [tool.headworks] lint.ignore.rule: squawk's rules are about revisions",
        ),
        (
            '[lint.naming]\npk = "pk_{table}"\nix = "ix_{tabel}"\n',
            "line 3: [tool.headworks] lint.naming.ix: there is no {tabel}",
        ),
        ('[lint.naming]\npk = "pk_{table"\n', "lint.naming.pk: there is no {"),
        ('[lint.naming]\npk = ""\n', "lint.naming.pk: it is empty"),
        (
            '[lint]\nnatural_keys = [\n  {table = "a", columns = ["b"]},\n  {table = "c", columns = []},\n]\n',
            "line 4: [tool.headworks] lint.natural_keys: it has no columns",
        ),
        (
            '[[lint.planned_indexes]]\ntable = "a"\nkeys = ["b"]\n[[lint.planned_indexes]]\ntable = "a"\nkeys = []\n',
            "line 4: [tool.headworks] lint.planned_indexes: it has no keys",
        ),
        ('[lint]\nmoney = ["[a-z]*", "["]\n', "line 2: [tool.headworks] lint.money: in '[' a [ has no ]"),
        ('[owners]\nprisma = [""]\n', "line 2: [tool.headworks] owners.prisma: a pattern is empty"),
        (
            '[owners.domains.shop]\ntables = ["a", ""]\n',
            "line 2: [tool.headworks] owners.domains.shop.tables: a pattern",
        ),
        ('[domains]\nshop = ["[!"]\n', "line 2: [tool.headworks] domains.shop: in '[!' a [ has no ]"),
    ],
)
def test_a_word_of_the_config_that_is_wrong_is_refused(lint: Callable[..., Any], config: str, said: str) -> None:
    ran = lint(config)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err.splitlines()[0]
    assert "headworks.toml, line " in ran.err.splitlines()[0]
    assert ran.err.splitlines()[1].startswith("hint: ")


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["--dry-run"], "headworks lint --fix --dry-run"),
        (["--since", "main"], "headworks lint --migrations --since main"),
        (["--fix", "--migrations"], "headworks lint --migrations"),
        (["--source", "modles"], "headworks lint --source models"),
        (["--format", "sarf"], "--format sarif"),
    ],
)
def test_words_that_do_not_go_together_are_refused(words: list[str], hint: str, inside: Headworks) -> None:
    ran = inside("lint", *words)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.splitlines()[1] == f"hint: {hint}"


def test_a_sign_of_a_pattern_can_stand_for_itself(lint: Callable[..., Any]) -> None:
    config = """
[lint]
money = ["[[]", "[]]", "[!]]", "[a-z]*", "at"]
[lint.naming]
ix = "ix_{table}_*_{columns}"
[[lint.ignore]]
rule = "no-primary-key"
tables = ["[l]ogs"]
reason = "it is a log"
"""
    assert told(lint(config, "--format", "json")) == [
        ("lint.timestamp-without-zone", "warning", name) for name in ("at", "at", "paid")
    ]


def test_no_rule_is_proposed_where_none_is_alike(lint: Callable[..., Any]) -> None:
    assert "did you mean json-type?" in lint('[lint.rules]\njson-tipe = "off"\n').err
    assert " --list shows them all\n" in lint('[lint.rules]\nquux = "off"\n').err


def test_sarif_says_what_each_rule_means(lint: Callable[..., Any]) -> None:
    run = json.loads(lint("", "--format", "sarif").out)["runs"][0]
    rules = {one["id"]: one for one in run["tool"]["driver"]["rules"]}
    assert set(rules) == {"lint.timestamp-without-zone", "lint.no-primary-key"}
    rule = rules["lint.timestamp-without-zone"]
    assert rule["shortDescription"]["text"].startswith("A column is a timestamp without a zone")
    assert rule["helpUri"].endswith("/docs/lint/timestamp-without-zone.md")
    assert rule["defaultConfiguration"] == {"level": "warning"}


CORE = """
import sqlalchemy as sa

metadata = sa.MetaData()
logs: sa.Table = sa.Table(
    "logs",
    metadata,
    sa.Column("at", sa.DateTime),
    sa.Column("text", sa.Text),
)
"""


def test_a_table_of_core_has_its_lines(tmp_path: Path, headworks: Headworks, server_url: str) -> None:
    write_project(tmp_path, preamble="from core_tables import metadata")
    (tmp_path / "core_tables.py").write_text(CORE)
    ran = headworks("lint", "--shadow-url", server_url, "--format", "json")
    found = {one["rule"]: (one["file"], one["line"]) for one in json.loads(ran.out)["findings"]}
    lines = CORE.splitlines()
    assert found == {
        "lint.no-primary-key": ("core_tables.py", next(n for n, text in enumerate(lines, 1) if "logs:" in text)),
        "lint.timestamp-without-zone": ("core_tables.py", next(n for n, text in enumerate(lines, 1) if '"at"' in text)),
    }
    assert "core_tables.py:" in headworks("lint", "--shadow-url", server_url).out


def test_without_models_every_schema_is_the_projects(tmp_path: Path, headworks: Headworks, server_url: str) -> None:
    made = sql("CREATE SCHEMA s", "CREATE TABLE s.logs (at timestamptz)")
    write_project(tmp_path, [Rev("a", made, sql("DROP SCHEMA s CASCADE"))])
    ran = headworks("lint", "--source", "migrations", "--shadow-url", server_url, "--format", "json")
    assert told(ran) == [("lint.no-primary-key", "warning", "logs")]


LONG = """
import sqlalchemy as sa

metadata = sa.MetaData()
names = sa.Table("namen", metadata, sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True))
names.append_column(sa.Column("ü" * 40, sa.Text))
broken = sa.Table("broken", metadata, sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True))
"""


def test_names_count_in_bytes_and_are_said_when_nothing_can_be_created(
    tmp_path: Path, headworks: Headworks, server_url: str
) -> None:
    """SQLAlchemy counts characters, and refuses some names that are too long without saying of which table."""
    write_project(tmp_path, preamble="from long_names import metadata")
    file = tmp_path / "long_names.py"
    file.write_text(LONG)
    ran = headworks("lint", "--shadow-url", server_url, "--format", "json")
    assert told(ran) == [("lint.long-identifier", "error", "ü" * 40)]
    file.write_text(LONG + f'sa.Index("ix_{"x" * 70}", broken.c.id)\n')
    ran = headworks("lint", "--shadow-url", server_url, "--format", "json")
    assert sorted(told(ran), key=str) == [
        ("lint.long-identifier", "error", f"ix_{'x' * 70}"),
        ("lint.long-identifier", "error", "ü" * 40),
        ("lint.not-realised", "error", None),
    ]


OTHER_NAMES = """
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, DOMAIN

metadata = sa.MetaData()


class Wrapped(sa.TypeDecorator):
    impl = sa.Enum("a", "b", name="{enum}")
    cache_ok = True


numbers = sa.Sequence("{sequence}")
sa.Table(
    "things",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("size", ARRAY(sa.Enum("{label}", "b", name="sizes"))),
    sa.Column("code", DOMAIN("{domain}", sa.Text())),
    sa.Column("kind", Wrapped()),
    sa.Column("number", sa.BigInteger, numbers, server_default=numbers.next_value()),
    sa.Column("free", sa.Enum("f" * 80, native_enum=False, name="free", create_constraint=False)),
)
"""


def test_labels_and_the_names_of_types_and_sequences(tmp_path: Path, headworks: Headworks, server_url: str) -> None:
    """A label that is too long is refused by PostgreSQL; then no table is looked at, and no more is claimed."""
    write_project(tmp_path, preamble="from other_names import metadata")
    short = {"enum": "kinds", "sequence": "numbers", "domain": "codes", "label": "small"}
    long = {word: f"{name}_" + "x" * 60 for word, name in short.items()}
    (tmp_path / "other_names.py").write_text(OTHER_NAMES.format(**short))
    ran = headworks("lint", "--shadow-url", server_url, "--format", "json")
    assert told(ran) == []
    (tmp_path / "other_names.py").write_text(OTHER_NAMES.format(**long | {"label": "small"}))
    ran = headworks("lint", "--shadow-url", server_url, "--format", "json")
    assert told(ran) == [("lint.long-identifier", "error", long[one]) for one in ("domain", "enum", "sequence")]
    (tmp_path / "other_names.py").write_text(OTHER_NAMES.format(**short | {"label": long["label"]}))
    ran = headworks("lint", "--shadow-url", server_url, "--format", "json")
    assert told(ran) == [("lint.long-identifier", "error", "sizes"), ("lint.not-realised", "error", None)]
    assert (
        f"the label {long['label']} of enum public.sizes has 66 bytes" in json.loads(ran.out)["findings"][0]["message"]
    )
    said = headworks("lint", "--shadow-url", server_url).out.splitlines()[-1]
    assert re.fullmatch(r"lint: failed, 2 errors \(1 rule, [\d.]+ s\)", said)


def test_the_models_of_commerce_hold_its_standards(headworks: Headworks, server_url: str) -> None:
    for source in ("models", "migrations"):
        ran = headworks("lint", "--strict", "--source", source, "--shadow-url", server_url, folder=ROOT)
        assert (ran.code, ran.out.count("\n")) == (0, 1), ran.out


def test_a_plan_that_commerce_does_not_keep_is_found(
    headworks: Headworks, commerce_database: str, tmp_path: Path
) -> None:
    executed(
        commerce_database,
        "DROP INDEX ix_orders_status",
        "ALTER TABLE products DROP CONSTRAINT uq_products_slug",
        "ALTER TABLE roles ALTER id SET DEFAULT gen_random_uuid(), ALTER updated_at TYPE timestamp",
        "ALTER TABLE carts RENAME TO cart",
    )
    ran = headworks("lint", "--source", "live", "--url", commerce_database, "--format", "json", folder=ROOT)
    rules = {one["rule"].removeprefix("lint.") for one in json.loads(ran.out)["findings"]}
    assert rules >= {
        "planned-index", "natural-key", "id-uuid7", "timestamps", "timestamp-without-zone", "plural-table",
        "constraint-name",
    }  # fmt: skip
    assert ran.code == 1


def test_reserved_words_are_asked_for_once(server_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with shadow_server(ShadowChoice(DatabaseUrl.parse(server_url))) as shadow:
        words = keywords.reserved_words(shadow)
        assert {"select", "order", "left"} <= words
        assert not {"name", "status"} & words
        monkeypatch.setattr(keywords, "reserved_at", lambda url: pytest.fail("asked again"))
        assert keywords.reserved_words(shadow) == words


def test_the_command_needs_no_database_to_list_its_rules(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "headworks", "lint", "--list"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert len(done.stdout.splitlines()) == len(list((ROOT / "tests/cases/lint").iterdir()))
