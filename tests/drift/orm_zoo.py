"""Column types whose Python types, or names, are others on the way back from the database."""

import enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, Integer, MetaData, String, Table, Text
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy_utils import ChoiceType, EmailType, IPAddressType, JSONType, ScalarListType, UUIDType

__all__ = ["EXTENSIONS", "LONGEST", "Geometry", "Mood", "zoo"]


class Mood(enum.Enum):
    GOOD = "good"
    BAD = "bad"


class Upper(sa.types.TypeDecorator[str]):
    """Text to the database, and no more than that is said of Python."""

    impl = Text
    cache_ok = True


class Somewhere(sa.types.TypeDecorator[Any]):
    """Another type for PostgreSQL than its `impl`."""

    impl = sa.types.TypeEngine
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        return dialect.type_descriptor(pg.JSONB() if dialect.name == "postgresql" else sa.JSON())

    @property
    def python_type(self) -> type[Any]:
        return frozenset


class Geometry(sa.types.UserDefinedType[str]):
    cache_ok = True

    def __init__(self, spec: str) -> None:
        self.spec = spec

    def get_col_spec(self, **words: Any) -> str:
        return self.spec


EXTENSIONS = ("CREATE EXTENSION citext", "CREATE SCHEMA elsewhere", "CREATE EXTENSION cube SCHEMA elsewhere")
LONGEST = "ä" * 31


def zoo() -> MetaData:
    """Types whose Python types, or names, are others on the way back."""
    metadata = MetaData()
    email = pg.DOMAIN("email_address", Text, not_null=True, metadata=metadata)
    Table(
        "zoo",
        metadata,
        Column("id", sa.BigInteger().with_variant(Integer, "sqlite"), sa.Identity(), primary_key=True),
        Column("upper", Upper),
        Column("somewhere", Somewhere, nullable=False),
        Column("identifier", UUIDType(binary=True)),
        Column("mail", EmailType(100)),
        Column("choice", ChoiceType([("a", "A")], impl=sa.SmallInteger())),
        Column("address", IPAddressType),
        Column("any", JSONType),
        Column("several", ScalarListType(int)),
        Column("mood", sa.Enum(Mood, name="mood")),
        Column("moods", pg.ARRAY(sa.Enum(Mood, name="mood"))),
        Column("plain_mood", sa.Enum(Mood, native_enum=False, length=10)),
        Column("odd", sa.Enum("x", "y", name="Odd (type)")),
        Column("tags", pg.ARRAY(String(5), dimensions=2)),
        Column("body", pg.JSONB),
        Column("key", sa.Uuid(as_uuid=False)),
        Column("other_key", pg.UUID(as_uuid=True)),
        Column("nocase", pg.CITEXT),
        Column("domain", email),
        Column("total", Integer, sa.Computed("id * 2", persisted=True)),
        Column("number", Integer, sa.Identity(always=True)),
        Column("ranges", pg.INT4RANGE),
        Column("money", pg.MONEY),
        Column("real", sa.Float(24)),
        Column("double", sa.Float),
        Column("decimals", sa.Numeric(10, 2, asdecimal=False)),
        Column("span", pg.INTERVAL(fields="DAY TO SECOND", precision=3)),
        Column("duration", sa.Interval),
        Column("at", sa.DateTime(timezone=True)),
        Column("naive", pg.TIMESTAMP(precision=3)),
        Column("time", sa.Time),
        Column("blob", sa.LargeBinary),
        Column("pickle", sa.PickleType),
        Column("sorted", String(10, collation="C")),
        Column("sorted_several", pg.ARRAY(Text(collation="C"))),
        Column("words", pg.TSVECTOR),
        Column("bits", pg.BIT(3)),
        Column("letter", sa.CHAR(1)),
        Column("flag", sa.Boolean),
    )
    return metadata
