"""The order in which several MetaData can be created, and what is said when there is none."""

import itertools
import textwrap
from pathlib import Path

import pytest
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    Enum,
    ForeignKey,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    event,
)
from sqlalchemy.ext.compiler import compiles

from headworks.declared import (
    MetadataPathBroken,
    ModelsFailed,
    ModelsUnresolved,
    ddl_of,
    declared,
    in_creation_order,
    load_metadata,
)
from headworks.postgres.url import DatabaseUrl
from helpers import executed, scratch_databases_left


def chain() -> list[MetaData]:
    """Three: c refers to b, b to a."""
    a, b, c = MetaData(), MetaData(schema="inner"), MetaData()
    ta = Table("a", a, Column("id", Integer, primary_key=True))
    tb = Table("b", b, Column("id", Integer, primary_key=True), Column("a", ForeignKey(ta.c.id)))
    Table("c", c, Column("b", ForeignKey(tb.c.id)), Column("own", ForeignKey("d.id")))
    Table("d", c, Column("id", Integer, primary_key=True))
    return [a, b, c]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_those_that_others_refer_to_come_first(order: tuple[int, ...]) -> None:
    made = chain()
    assert in_creation_order([made[place] for place in order]) == tuple(made)


def test_the_same_one_twice_counts_once_and_a_free_order_is_kept() -> None:
    one, two = MetaData(), MetaData()
    assert in_creation_order([two, one, two]) == (two, one)


def test_by_string_across_two() -> None:
    one, two = MetaData(), MetaData()
    Table("a", one, Column("id", Integer, primary_key=True), Column("b", ForeignKey("b.id")))
    Table("b", two, Column("id", Integer, primary_key=True))
    with pytest.raises(ModelsUnresolved, match=r"column 'a\.b' could not find table 'b'"):
        in_creation_order([one, two])


def test_a_column_that_is_not_there() -> None:
    one = MetaData()
    Table("a", one, Column("id", Integer, primary_key=True), Column("b", ForeignKey("a.nope")))
    with pytest.raises(ModelsUnresolved, match="nope"):
        in_creation_order([one])


def test_two_that_refer_to_each_other() -> None:
    one, two = MetaData(), MetaData()
    a = Table("a", one, Column("id", Integer, primary_key=True))
    b = Table("b", two, Column("id", Integer, primary_key=True), Column("a", ForeignKey(a.c.id)))
    a.append_column(Column("b", ForeignKey(b.c.id)))
    with pytest.raises(ModelsUnresolved, match="two MetaData refer to each other"):
        in_creation_order([one, two])


def test_they_are_created_with_their_schemas(server_url: str) -> None:
    with declared(list(reversed(chain())), DatabaseUrl.parse(server_url)) as url:
        tables = executed(
            url.libpq(), "SELECT schemaname || '.' || tablename FROM pg_tables WHERE tablename ~ '^.$' ORDER BY 1"
        )
        name = url.database
    assert tables == [("inner.b",), ("public.a",), ("public.c",), ("public.d",)]
    assert name not in scratch_databases_left(server_url)


def test_what_postgresql_refuses(server_url: str) -> None:
    one = MetaData()
    Table("a", one, Column("id", Integer), CheckConstraint("nope > 0"))
    with (
        pytest.raises(ModelsFailed, match='column "nope" does not exist'),
        declared([one], DatabaseUrl.parse(server_url)),
    ):
        pass


class is_lower(ColumnElement[bool]):  # noqa: N801 - named like the function that it would be
    """What SQLAlchemy can print for PostgreSQL alone."""

    inherit_cache = True
    type = Boolean()

    def __init__(self, name: str) -> None:
        self.name = name


@compiles(is_lower, "postgresql")
def _is_lower(element: is_lower, compiler: object, **options: object) -> str:
    return f"{element.name} ~ '^[a-z]+$'"


@pytest.mark.parametrize("times", [1, 2])
def test_a_check_of_postgresql_alone(times: int, server_url: str) -> None:
    one = MetaData()
    checks = [CheckConstraint(is_lower("a"), name="lower") for _ in range(times)]
    Table("t", one, Column("a", String), *checks, CheckConstraint(is_lower("b"), name="other"), Column("b", String))
    ddl = ddl_of([one])
    assert ddl is not None
    assert ddl.count("'^[a-z]+$'") == 2
    with declared([one], DatabaseUrl.parse(server_url)) as url:
        made = executed(
            url.libpq(), "SELECT conname::text FROM pg_constraint WHERE conrelid = 't'::regclass ORDER BY 1"
        )
    assert made == [("lower",), ("other",)]


def test_checks_that_do_not_compile_are_sqlalchemy_s_to_refuse(server_url: str) -> None:
    class Nothing(ColumnElement[bool]):
        inherit_cache = True
        type = Boolean()

    one = MetaData()
    Table("t", one, Column("a", String), *(CheckConstraint(Nothing(), name="twice") for _ in range(2)))
    with pytest.raises(ModelsUnresolved, match="Nothing"), declared([one], DatabaseUrl.parse(server_url)):
        pass


class TestEventsThatChangeTheModels:
    """They are created more than once, and each time as in a process that has done nothing else."""

    @staticmethod
    def models() -> MetaData:
        one = MetaData()
        Table("a", one, Column("k", Enum("x", name="kind_a"), primary_key=True))
        b = Table("b", one, Column("k", Enum("x", name="kind_b"), primary_key=True))

        def before(target: Table, connection: object, **options: object) -> None:
            target.c.k.type.name = "kind_a"  # as rucio does, so that a foreign key between the two fits
            target.append_column(Column("more", Integer, index=True))
            target.append_constraint(CheckConstraint("more > 0", name="positive"))
            target.info["seen"] = target.info.get("seen", 0) + 1
            target.append_column(Column(f"seen_{target.info['seen']}", Integer))
            target.comment = "made"

        event.listen(b, "before_create", before)
        return one

    def test_are_put_back(self, server_url: str) -> None:
        one = self.models()
        b = one.tables["b"]
        first = ddl_of([one])
        assert first is not None
        assert "kind_b" in first
        assert "seen_1 INTEGER" in first
        assert ddl_of([one]) == first
        assert ([*b.c.keys()], b.c.k.type.name, b.indexes, b.comment) == (["k"], "kind_b", set(), None)
        assert {type(each) for each in b.constraints} == {PrimaryKeyConstraint}
        assert "more" not in b.c
        for _ in range(2):
            with declared([one], DatabaseUrl.parse(server_url)) as url:
                types = executed(url.libpq(), "SELECT typname::text FROM pg_type WHERE typtype = 'e' ORDER BY 1")
                columns = executed(
                    url.libpq(), "SELECT attname::text FROM pg_attribute WHERE attrelid = 'b'::regclass AND attnum > 0"
                )
            assert types == [("kind_a",), ("kind_b",)]
            assert columns == [("k",), ("more",), ("seen_1",)]

    def test_of_a_class_of_tables(self) -> None:
        one = self.models()
        named: list[str] = []

        def before(target: Table, connection: object, **options: object) -> None:
            named.append(str(target.comment))
            target.comment = f"made {len(named)}"

        event.listen(Table, "after_create", before)
        try:
            ddl_of([one])
            assert ddl_of([one]) is not None
        finally:
            event.remove(Table, "after_create", before)
        assert named == ["None", "made"] * 2


class TestPaths:
    @pytest.fixture
    def module(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
        name = f"paths_of_{tmp_path.name}"
        text = """
            from sqlalchemy import MetaData
            meta = MetaData()
            class Base: metadata = meta
            class Database:
                Base = Base
                def models(self): return self
            def interface(): return Database()
        """
        (tmp_path / f"{name}.py").write_text(textwrap.dedent(text))
        monkeypatch.syspath_prepend(tmp_path)
        return name

    @pytest.mark.parametrize(
        "path", ["meta", "Base", "Base.metadata", "interface().Base.metadata", "interface().models().Base"]
    )
    def test_that_lead_to_one(self, module: str, path: str) -> None:
        (found,) = load_metadata([f"{module}:{path}"])
        assert isinstance(found, MetaData)

    @pytest.mark.parametrize("path", ["", "meta.", "interface", "interface().nope()", "meta()", "9"])
    def test_that_do_not(self, module: str, path: str) -> None:
        with pytest.raises(MetadataPathBroken) as error:
            load_metadata([f"{module}:{path}"])
        assert f"metadata = '{module}:{path}': " in str(error.value)
