"""What env.py's filters leave out of a table: asked as Alembic asks, which is asked beside us on the same database."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from headworks.drift.compare import differences
from headworks.drift.filters import Filter
from headworks.drift.realised import picture_of_models
from headworks.migrations.environment import Configured
from headworks.postgres.url import DatabaseUrl
from headworks.schema import Schema
from helpers import Headworks, executed, picture, sqlalchemy_url
from projects import Rev, sql, write_project

LIVE = (
    "CREATE SCHEMA inner_one",
    "CREATE TYPE mood AS ENUM ('good', 'bad')",
    "CREATE TABLE p (id int PRIMARY KEY, code text, more int)",
    "CREATE TABLE t (id int PRIMARY KEY, same int, other int, only_live numeric(5,2), felt mood, many int[],"
    " p int, q int, r int, told timestamptz, CONSTRAINT uq_live UNIQUE (only_live), CONSTRAINT uq_both UNIQUE (other),"
    " CONSTRAINT fk_live FOREIGN KEY (p) REFERENCES p ON DELETE CASCADE,"
    " CONSTRAINT fk_both FOREIGN KEY (r) REFERENCES p)",
    "CREATE INDEX ix_live ON t (only_live, same DESC)",
    "CREATE INDEX ix_expression ON t ((same + 1))",
    "CREATE INDEX ix_both ON t (other)",
    "CREATE TABLE inner_one.t (id int PRIMARY KEY, only_live text)",
)


def models() -> sa.MetaData:
    metadata = sa.MetaData()
    sa.Table("p", metadata, sa.Column("id", sa.Integer, primary_key=True, autoincrement=False))
    sa.Table(
        "t",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("same", sa.Integer),
        sa.Column("other", sa.BigInteger),
        sa.Column("only_models", sa.String(20), key="attribute"),
        sa.Column("p", sa.Integer),
        sa.Column("q", sa.Integer),
        sa.Column("r", sa.Integer),
        sa.UniqueConstraint("same"),  # of no name here
        sa.UniqueConstraint("other", "same", name="uq_both"),
        sa.ForeignKeyConstraint(["q"], ["p.id"]),
        sa.ForeignKeyConstraint(["r"], ["p.id"], name="fk_both", ondelete="SET NULL"),
        sa.Index("ix_models", "same"),
        sa.Index("ix_both", "other", "same"),
    )
    sa.Table(
        "t",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("z", sa.ForeignKey("p.id")),
        schema="inner_one",
    )
    return metadata


def told(part: Any) -> Any:
    """What a filter can read off what it is given."""
    if part is None:
        return None
    if isinstance(part, sa.Column):
        type_ = part.type.compile(dialect=sa.dialects.postgresql.dialect())
        return ("column", part.table.fullname, part.name, type_, part.nullable, part.primary_key)
    if isinstance(part, sa.ForeignKeyConstraint):
        far = [one.column.name for one in part.elements]
        return ("key", part.table.fullname, [one.name for one in part.columns], part.referred_table.fullname, far)
    if isinstance(part, sa.Index):
        return ("index", part.table.fullname, [one.name for one in part.columns], part.unique)
    return (type(part).__name__, part.table.fullname, [one.name for one in part.columns])


class Recorded:
    """A filter that remembers what it was asked about, but for tables, and what it leaves out."""

    def __init__(self, leaves_out: Callable[..., bool]) -> None:
        self.asked: set[str] = set()
        self._leaves_out = leaves_out

    def __call__(self, part: Any, name: Any, type_: str, reflected: bool, other: Any) -> bool:
        if type_ == "table":
            return True
        if "expression" not in str(name):  # its keys Alembic prints in its own way
            self.asked.add(repr((told(part), name, type_, reflected, told(other))))
        return not self._leaves_out(part, name, type_, reflected, other)


NOTHING: Callable[..., bool] = lambda *asked: False  # noqa: E731
LEAVES_OUT: dict[str, Callable[..., bool]] = {
    "nothing": NOTHING,
    "columns": lambda part, name, type_, reflected, other: type_ == "column",
    "indexes": lambda part, name, type_, reflected, other: type_ == "index",
    "unique": lambda part, name, type_, reflected, other: type_ == "unique_constraint",
    "keys": lambda part, name, type_, reflected, other: type_ == "foreign_key_constraint",
    "not in the models": lambda part, name, type_, reflected, other: reflected and other is None,
    "not in the database": lambda part, name, type_, reflected, other: not reflected and other is None,
    "in both": lambda part, name, type_, reflected, other: other is not None,
    "by columns": lambda part, name, type_, reflected, other: (
        type_ != "column" and [one.name for one in part.columns] in (["q"], ["same"], ["other", "same"])
    ),
    "by schema": lambda part, name, type_, reflected, other: part.table.schema == "inner_one",
    "by type": lambda part, name, type_, reflected, other: (
        type_ == "column" and isinstance(part.type, sa.Numeric | sa.ARRAY | sa.Enum)
    ),
}


@pytest.fixture(scope="module")
def realised(server_url: str) -> tuple[sa.MetaData, Schema]:
    metadata = models()
    return metadata, picture_of_models([metadata], DatabaseUrl.parse(server_url))


@pytest.fixture(scope="module")
def live(make_module_database: Callable[[], str]) -> str:
    url = make_module_database()
    executed(url, *LIVE)
    return url


@pytest.fixture(scope="module")
def make_module_database(server_url: str) -> Iterator[Callable[[], str]]:
    from headworks.postgres.databases import scratch_database

    with scratch_database(DatabaseUrl.parse(server_url)) as url:
        yield lambda: url.libpq()


def of_alembic(metadata: sa.MetaData, url: str, **filters: Any) -> set[tuple[str, str, str]]:
    """What `alembic check` finds, by table, kind and columns or name."""
    found: set[tuple[str, str, str]] = set()
    with sa.create_engine(sqlalchemy_url(url), poolclass=sa.NullPool).connect() as connection:
        options = {"include_schemas": True, **filters}
        for one in compare_metadata(MigrationContext.configure(connection, opts=options), metadata):
            for word, *rest in [one] if isinstance(one, tuple) else one:
                if word in ("add_column", "remove_column"):
                    found.add((rest[1], "column", rest[2].name))
                elif word.startswith("modify_"):
                    found.add((rest[1], "column", rest[2]))
                elif word.endswith("_fk"):
                    found.add((rest[0].table.name, "foreign key", rest[0].columns[0].name))
                elif word.endswith("_constraint"):
                    columns = ",".join(sorted(str(one.name) for one in rest[0].columns))
                    found.add((rest[0].table.name, "unique", rest[0].name or columns))
                else:
                    found.add((rest[0].table.name, "index", rest[0].name))
    return found


def of_us(expected: Schema, actual: Schema, only: Filter) -> set[tuple[str, str, str]]:
    schemas = only.schemas(expected, actual)
    expected, actual = (only.apply(one, schemas) for one in (expected, actual))
    found: set[tuple[str, str, str]] = set()
    for one in differences(expected, actual, only.between):
        ref = one.change.object
        item: Any = actual.get(ref) or expected.get(ref)
        if ref.kind == "constraint" and item.type in ("unique", "foreign key"):
            name = item.columns[0] if item.type == "foreign key" else {"t_same_key": "same"}.get(ref.name, ref.name)
            found.add((item.table, item.type, name))
        elif ref.kind in ("column", "index"):
            found.add((item.table, ref.kind, ref.name))
    return found


@pytest.mark.parametrize("what", LEAVES_OUT)
def test_as_alembic(what: str, live: str, realised: tuple[sa.MetaData, Schema]) -> None:
    metadata, expected = realised
    theirs, ours = Recorded(LEAVES_OUT[what]), Recorded(LEAVES_OUT[what])
    wanted = of_alembic(metadata, live, include_object=theirs)
    only = Filter(configured(metadata, include_object=ours), (metadata,))
    assert of_us(expected, picture(live), only) == wanted
    assert ours.asked <= theirs.asked
    if what == "nothing":
        assert len(wanted) > 10
        # Alembic asks about every column that both have, and a second time about a key of which it may see one half.
        others = [one for one in theirs.asked - ours.asked if not one.startswith("(('column'")]
        assert len(others) == 1
        assert "'fk_both'" in others[0]


def configured(metadata: sa.MetaData, **filters: Any) -> Configured:
    values = {"include_name": None, "include_object": None} | filters
    return Configured(
        rows=(),
        version_table="alembic_version",
        version_table_schema=None,
        metadata=(metadata,),
        include_schemas=True,
        **values,
    )


@pytest.mark.parametrize("type_", ["column", "index", "unique_constraint", "foreign_key_constraint"])
def test_names(type_: str, live: str, realised: tuple[sa.MetaData, Schema]) -> None:
    """Of a name that the models know Alembic would say that the database lacks it; it is compared instead."""
    metadata, expected = realised
    told_names: list[tuple[Any, ...]] = []

    def include_name(name: Any, kind: str, parents: dict[str, Any]) -> bool:
        told_names.append((name, kind, *sorted(parents.items(), key=str)))
        return kind != type_

    only = Filter(configured(metadata, include_name=include_name), (metadata,))
    everything = Filter(configured(metadata), (metadata,))
    gone = of_us(expected, picture(live), everything) - of_us(expected, picture(live), only)
    assert (
        gone
        == {
            "column": {("t", "column", name) for name in ("only_live", "felt", "many", "told")}
            | {("p", "column", "code"), ("p", "column", "more")},
            "index": {("t", "index", "ix_live"), ("t", "index", "ix_expression")},
            "unique_constraint": {("t", "unique", "uq_live")},
            "foreign_key_constraint": {("t", "foreign key", "p")},
        }[type_]
    )
    parents = (("schema_name", None), ("schema_qualified_table_name", "t"), ("table_name", "t"))
    assert ("ix_live", "index", *parents) in told_names


ENV = """
import sqlalchemy as sa
sa.Table(
    "t",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("a", sa.Integer, index=True),
    sa.Column("b", sa.Integer, unique=True),
    sa.Column("p", sa.Integer, sa.ForeignKey("t.id")),
)

def include_object(object, name, type_, reflected, compare_to):
    if type_ in ("index", "unique_constraint", "foreign_key_constraint"):
        return False
    return type_ != "column" or name != "legacy"
"""
MADE = sql("CREATE TABLE t (id serial PRIMARY KEY, a int, b int, p int, legacy int DEFAULT 1)")


class TestCommands:
    @pytest.fixture
    def url(self, tmp_path: Path, make_database: Callable[..., str], inside: Headworks) -> str:
        options = "include_object=include_object"
        write_project(tmp_path, [Rev("a", MADE, sql("DROP TABLE t"))], preamble=ENV, options=options)
        url = make_database()
        assert inside("upgrade", "--url", url).code == 0
        return url

    @pytest.mark.parametrize("words", ["drift", "drift --quick", "drift --against migrations", "gate --checks whole"])
    def test_what_env_leaves_out_is_no_finding(self, words: str, url: str, inside: Headworks, server_url: str) -> None:
        if words != "gate --checks whole":
            executed(url, "CREATE INDEX by_hand ON t (a)", "ALTER TABLE t ALTER legacy TYPE bigint")
        options = ["--shadow-url", server_url] if "quick" not in words else []
        where = ["--url", url] if "gate" not in words else []
        ran = inside(*words.split(), *options, *where)
        assert ran.code == 0, ran.out + ran.err

    def test_a_rename_counts_where_either_name_does(self, url: str, inside: Headworks, server_url: str) -> None:
        executed(url, "ALTER TABLE t RENAME legacy TO modern")
        ran = inside("drift", "--url", url, "--shadow-url", server_url)
        assert ran.code == 1
        assert "is named modern" in ran.out

    def test_one_that_fails_is_named(self, url: str, tmp_path: Path, inside: Headworks, server_url: str) -> None:
        env = tmp_path / "migrations" / "env.py"
        env.write_text(env.read_text().replace('name != "legacy"', "object.nope"))
        ran = inside("drift", "--url", url, "--shadow-url", server_url)
        assert ran.code == 2
        assert ran.err.startswith("error: env.py's include_object ended with AttributeError: ")
        assert ", asked about column legacy\nhint: " in ran.err
