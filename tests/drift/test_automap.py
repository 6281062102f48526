"""What an ORM would see live beside what it maps: nothing where the models are live, and each kind of difference."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from orm_shop import BY_HAND, Drift, drift_of, forgotten_classes, found, line, shop
from orm_zoo import EXTENSIONS, LONGEST, Geometry, Mood, zoo
from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import declarative_base, relationship

from headworks import config
from headworks.declared import ModelsUnresolved
from headworks.drift.policy import Policy
from headworks.postgres.url import DatabaseUrl
from helpers import executed


@pytest.fixture(autouse=True)
def no_class_is_left() -> Iterator[None]:
    with forgotten_classes():
        yield


@pytest.fixture
def url(make_database: Callable[..., str]) -> str:
    return make_database()


@pytest.fixture
def orm(url: str) -> Drift:
    return drift_of(url)


class TestNoFalseAlarm:
    def test_types(self, orm: Drift) -> None:
        # SQLAlchemy's reading of a type's printed name ends at the parenthesis.
        note = 'note: 1 type that SQLAlchemy does not know, compared by name alone: "Odd (type)"'
        assert orm(zoo(), first=EXTENSIONS[:1]) == [note]

    def test_types_of_which_sqlalchemy_knows_nothing(self, orm: Drift) -> None:
        metadata = MetaData()
        Table(
            "t",
            metadata,
            *(Column(name, Geometry(spec)) for name, spec in (("a", "POINT"), ("b", "CUBE"), ("c", "POINT"))),
        )
        first = (*EXTENSIONS, "CREATE TABLE t (a point, b elsewhere.cube, c point)")
        assert orm(metadata, first=first) == [
            "note: 2 types that SQLAlchemy does not know, compared by name alone: cube, point"
        ]
        assert orm(metadata, then=["ALTER TABLE t ALTER a TYPE box USING NULL, DROP c"], create=False) == [
            "changed column public.t.a type: point -> box",
            "missing column public.t.c",
            "note: 2 types that SQLAlchemy does not know, compared by name alone: box, cube",
        ]

    def test_a_type_that_sqlalchemy_cannot_write(self, orm: Drift) -> None:
        metadata = MetaData()
        Table("t", metadata, Column("a"))
        assert orm(metadata, first=["CREATE TABLE t (a int)"], create=False) == [
            "note: 1 column of a type that SQLAlchemy cannot write, not compared: public.t.a"
        ]

    def test_schemas_and_several_metadata(self, orm: Drift) -> None:
        one, other = MetaData(), MetaData(schema="apart")
        user = Table("users", one, Column("id", Integer, primary_key=True), Column("mood", sa.Enum(Mood, name="mood")))
        Table(
            "users",
            other,
            Column("id", ForeignKey(user.c.id), primary_key=True),
            Column("mood", sa.Enum(Mood, name="mood", schema="apart")),
            Column("boss_id", ForeignKey("apart.users.id")),
        )
        assert orm(one, other, first=["CREATE SCHEMA apart"]) == []
        assert orm(one, other, create=False, then=["ALTER TABLE apart.users ALTER mood TYPE mood USING NULL"]) == [
            "changed column apart.users.mood type: apart.mood -> mood"
        ]

    def test_odd_names(self, orm: Drift) -> None:
        metadata = MetaData()
        odd = ["a, b", "x(y)", 'quo"te', "per%cent", "co:lon", "metadata", "registry", "__table__", "select", LONGEST]
        keys = [Column(name, Integer, key=f"k{number}", primary_key=number < 2) for number, name in enumerate(odd)]
        Table("ta(ble", metadata, *keys, UniqueConstraint("k2", "k3"), Index("odd", keys[8], keys[9], unique=True))
        Table(
            "da.sh-ed",
            metadata,
            Column("c, d", Integer, key="near"),
            Column("e(f)", Integer, key="far"),
            sa.ForeignKeyConstraint(["near", "far"], [keys[0], keys[1]]),
        )
        base = declarative_base(metadata=metadata)

        class Odd(base):  # type: ignore[misc, valid-type]
            __table__ = metadata.tables["ta(ble"]
            __mapper_args__ = {"properties": {f"at{number}": key for number, key in enumerate(keys)}}  # noqa: RUF012
            dashed = relationship("Dashed", back_populates="odd")

        class Dashed(base):  # type: ignore[misc, valid-type]
            __table__ = metadata.tables["da.sh-ed"]
            __mapper_args__ = {"primary_key": [__table__.c.near]}  # noqa: RUF012
            odd = relationship(Odd, back_populates="dashed")

        assert orm(metadata) == []
        assert orm(metadata, create=False, then=['ALTER TABLE "ta(ble" DROP "quo""te", ADD "quo""te_" int']) == [
            'missing column public.ta(ble.quo"te',
            'unexpected column public.ta(ble.quo"te_',
        ]

    def test_views_and_partitions(self, orm: Drift) -> None:
        metadata = MetaData()
        Table("seen", metadata, Column("id", Integer, primary_key=True), Column("name", Text, nullable=False))
        Table("kept", metadata, Column("id", Integer, primary_key=True), Column("name", Text, nullable=False))
        Table("parts", metadata, Column("id", Integer, primary_key=True))
        first = (
            "CREATE VIEW seen AS SELECT 1 AS id, 'a'::text AS name",
            "CREATE MATERIALIZED VIEW kept AS SELECT 1 AS id, 'a'::text AS name",
            "CREATE TABLE parts (id int PRIMARY KEY) PARTITION BY RANGE (id)",
            "CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (1) TO (2)",
        )
        assert orm(metadata, first=first, create=False) == []
        assert orm(metadata, create=False, then=["DROP VIEW seen", "CREATE VIEW seen AS SELECT '1' AS id"]) == [
            "changed column public.seen.id python type: int -> str",
            "missing column public.seen.name",
        ]

    def test_unique_by_an_index_or_by_a_constraint(self, orm: Drift) -> None:
        metadata = MetaData()
        Table(
            "t",
            metadata,
            Column("id", Integer, primary_key=True),
            Column("a", Integer, unique=True),
            Column("b", Integer, unique=True, index=True),
            Column("c", Text),
            Index("expression", sa.text("lower(c)"), unique=True),
            Index("partial", "c", unique=True, postgresql_where=sa.text("a > 1")),
            Index("written", sa.text("c"), unique=True),
            Index("descending", sa.desc("a"), "c", unique=True, postgresql_include=["b"]),
        )
        assert orm(metadata) == []
        swap = (
            "ALTER TABLE t DROP CONSTRAINT t_a_key, ADD UNIQUE (b)",
            "DROP INDEX ix_t_b",
            "CREATE UNIQUE INDEX ON t (a DESC NULLS LAST)",
        )
        assert orm(metadata, create=False, then=swap) == []


class TestFindings:
    @pytest.fixture
    def models(self) -> MetaData:
        metadata = MetaData()
        Table(
            "users",
            metadata,
            Column("id", Integer, primary_key=True),
            Column("email", String(50), nullable=False, unique=True),
            Column("mood", sa.Enum(Mood, name="mood")),
            Column("age", Integer),
        )
        Table("log", metadata, Column("id", Integer), Column("text", Text))
        return metadata

    @pytest.mark.parametrize(
        ("statement", "said"),
        [
            ("DROP TABLE log", ["missing table public.log"]),
            ("CREATE TABLE stranger (id int)", ["unexpected table public.stranger"]),
            ("ALTER TABLE users DROP age", ["missing column public.users.age"]),
            ("ALTER TABLE users ADD hot text", ["unexpected column public.users.hot"]),
            ("ALTER TABLE users RENAME age TO years", [
                "missing column public.users.age", "unexpected column public.users.years"
            ]),
            ("ALTER TABLE users ALTER age TYPE text", ["changed column public.users.age python type: int -> str"]),
            ("ALTER TABLE users ALTER age TYPE bigint", ["changed column public.users.age type: integer -> bigint"]),
            ("ALTER TABLE users ALTER mood TYPE text", ["changed column public.users.mood type: mood -> text"]),
            ("ALTER TABLE users ALTER age TYPE int[] USING ARRAY[age]", [
                "changed column public.users.age python type: int -> list"
            ]),
            ("ALTER TABLE users ALTER age TYPE box USING NULL", [
                "changed column public.users.age type: integer -> box",
                "note: 1 type that SQLAlchemy does not know, compared by name alone: box",
            ]),
            ("ALTER TYPE mood RENAME TO temper", ["changed column public.users.mood type: mood -> temper"]),
            ("ALTER TABLE users ALTER email DROP NOT NULL", [
                "changed column public.users.email nullable: False -> True"
            ]),
            ("ALTER TABLE users ALTER age SET NOT NULL", ["changed column public.users.age nullable: True -> False"]),
            ("ALTER TABLE users DROP CONSTRAINT users_pkey", [
                "changed table public.users primary key: ('id',) -> None",
            ]),
            ("ALTER TABLE log ALTER id SET NOT NULL, ADD PRIMARY KEY (id)", [
                "changed column public.log.id nullable: True -> False",
                "changed table public.log primary key: None -> ('id',)",
            ]),
            ("ALTER TABLE users DROP CONSTRAINT users_email_key", ["missing constraint public.users.(email)"]),
            ("ALTER TABLE users ADD CONSTRAINT hot UNIQUE (age)", ["unexpected constraint public.users.hot"]),
            ("CREATE UNIQUE INDEX hot ON users (age, email)", ["unexpected index public.users.hot"]),
            ("CREATE UNIQUE INDEX hot ON users (lower(email))", []),
            ("CREATE UNIQUE INDEX hot ON users (age) WHERE age > 1", []),
            ("CREATE INDEX hot ON users (age)", []),
            ("ALTER TABLE users ALTER age SET DEFAULT 7", []),
            ("CREATE TABLE theirs.t (id int)", []),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )  # fmt: skip
    def test_one_change(self, orm: Drift, models: MetaData, statement: str, said: list[str]) -> None:
        assert orm(models, first=["CREATE SCHEMA theirs"]) == []
        assert orm(models, create=False, then=[statement]) == said

    def test_the_order_of_a_primary_key(self, orm: Drift) -> None:
        """`Session.get()` takes the values in this order."""
        metadata = MetaData()
        Table("t", metadata, Column("a", Integer, primary_key=True), Column("b", Integer, primary_key=True))
        assert orm(metadata, first=["CREATE TABLE t (a int, b int, PRIMARY KEY (b, a))"]) == [
            "changed table public.t primary key: ('a', 'b') -> ('b', 'a')"
        ]

    def test_a_missing_table_names_the_classes(self, url: str) -> None:
        metadata = shop().metadata
        messages = {str(one.object): one.message for one in found(url, [metadata])}
        assert messages["table public.clerks"] == (
            "table public.clerks is missing: Clerk and Manager is mapped to it, and the database has none"
        )
        assert messages["table public.likes"] == (
            "table public.likes is missing: the models declare it, and the database has none"
        )

    def test_values_for_programs(self, url: str, models: MetaData) -> None:
        executed(url, "CREATE TABLE users (id int, email varchar(50) NOT NULL UNIQUE, mood int)", "CREATE TABLE log ()")
        by_object = {(str(one.object), one.attribute): one for one in found(url, [models])}
        key = by_object["table public.users", "primary key"]
        assert (key.expected, key.actual) == (("id",), None)
        mood = by_object["column public.users.mood", "python type"]
        assert (mood.expected, mood.actual) == ("str", "int")
        assert mood.message == "column public.users.mood: python type is int (integer), expected str (mood)"
        assert mood.sql is not None
        assert executed(url, mood.sql)


class TestLeftAlone:
    def test_what_env_leaves_out(self, orm: Drift) -> None:
        metadata = MetaData()
        Table("ours", metadata, Column("id", Integer, primary_key=True))
        Table("never", metadata, Column("id", Integer, primary_key=True))
        first = ["CREATE TABLE theirs (id int)", "CREATE TABLE alembic_version (version_num text)"]

        def include(item: Any, name: str, kind: str, reflected: bool, other: Any) -> bool:
            return name not in ("theirs", "never")

        assert orm(metadata, first=first) == ["unexpected table public.theirs"]
        assert orm(metadata, then=["DROP TABLE never"], create=False, include_object=include) == []
        assert orm(metadata, create=False, include_name=lambda name, kind, parents: name != "theirs") == [
            "missing table public.never"
        ]

    def test_other_schemas(self, orm: Drift) -> None:
        metadata = MetaData()
        Table("ours", metadata, Column("id", Integer, primary_key=True))
        first = ["CREATE SCHEMA theirs", "CREATE TABLE theirs.t (id int)"]
        assert orm(metadata, first=first) == []
        assert orm(metadata, create=False, include_schemas=True) == ["unexpected table theirs.t"]

    def test_tables_of_extensions(self, orm: Drift) -> None:
        metadata = MetaData()
        Table("ours", metadata, Column("id", Integer, primary_key=True))
        first = [
            "CREATE EXTENSION citext",
            "CREATE TABLE of_citext (id int)",
            "ALTER EXTENSION citext ADD TABLE of_citext",
        ]
        assert orm(metadata, first=first) == []

    def test_what_the_config_ignores(self, orm: Drift, tmp_path: Any) -> None:
        base = shop()
        (tmp_path / "pyproject.toml").write_text(
            "[tool.headworks.drift]\n"
            'ignore = ["table tags", "column users.legacy", "column users.kind", "constraint lines.*", "stranger"]\n'
        )
        policy = Policy(config.load(folder=tmp_path))
        then = [
            "ALTER TABLE users DROP kind, ADD legacy int",
            "DROP TABLE tags CASCADE",
            "CREATE TABLE stranger (id int)",
            "ALTER TABLE lines DROP CONSTRAINT lines_pkey",
            "ALTER TABLE users ADD CONSTRAINT hot UNIQUE (email, id)",
        ]
        assert orm(base, then=then, policy=policy) == [
            "changed table public.lines primary key: ('order_id', 'tenant', 'code') -> None",
            "unexpected constraint public.users.hot",
            BY_HAND,
        ]
        assert list(policy.unused()) == []

    def test_a_role_that_may_do_next_to_nothing(self, orm: Drift, url: str) -> None:
        """It may not even use the schemas that it reads about."""
        if "//postgres@" not in url:
            pytest.skip("this server asks for passwords")
        one, other = MetaData(), MetaData(schema="closed")
        for metadata in (one, other):
            mood = sa.Enum(Mood, name="mood", schema=metadata.schema)
            Table("t", metadata, Column("id", Integer, primary_key=True), Column("mood", mood), Column("n", Integer))
        assert orm(one, other, first=["CREATE SCHEMA closed"]) == []
        role = f"reader_{DatabaseUrl.parse(url).database}"
        executed(url, f"CREATE ROLE {role} LOGIN", "REVOKE USAGE ON SCHEMA public FROM public")
        reader = url.replace("//postgres@", f"//{role}@")
        try:
            assert found(reader, [one, other]) == ()
            executed(url, "ALTER TABLE closed.t ALTER mood TYPE text", "ALTER TABLE t ALTER n TYPE text")
            assert [line(one) for one in found(reader, [one, other])] == [
                "changed column closed.t.mood type: closed.mood -> text",
                "changed column public.t.n python type: int -> str",
            ]
        finally:
            executed(url, f"DROP OWNED BY {role}", f"DROP ROLE {role}")


def test_a_foreign_key_to_nowhere(url: str) -> None:
    metadata = MetaData()
    Table("t", metadata, Column("a", Integer, ForeignKey("gone.id")))
    executed(url, "CREATE TABLE t (a int)")
    with pytest.raises(ModelsUnresolved):
        found(url, [metadata])


def test_the_models_stay_as_they_are(url: str) -> None:
    """No class of automap's is left among the project's, and a mapper is found by a way that is still there."""
    base = shop()
    registries = set(sa.orm.mapperlib._all_registries())
    mappers = {mapper for registry in registries for mapper in registry.mappers}
    found(url, [base.metadata])
    after = {mapper for registry in sa.orm.mapperlib._all_registries() for mapper in registry.mappers}
    assert after == mappers
    assert {mapper.class_.__name__ for mapper in base.registry.mappers} >= {"User", "Clerk", "Manager", "Order"}
