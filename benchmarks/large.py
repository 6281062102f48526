"""Large schemas for the benchmark: 10 columns, 3 indexes, a foreign key and a check each; as SQL, and as a project."""

from pathlib import Path

from headworks.postgres.connect import connect
from headworks.postgres.url import DatabaseUrl

__all__ = ["make_tables", "write_project"]

_BATCH = 200
"""Tables of one transaction."""

_COLUMNS = (
    "id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, c0 text NOT NULL DEFAULT '', c1 integer, c2 numeric(10,2), "
    "c3 timestamptz DEFAULT now(), c4 varchar(50), c5 boolean DEFAULT false, c6 jsonb, c7 uuid, c8 bigint"
)

_MODELS = """\
from sqlalchemy import (
    BigInteger, Boolean, CheckConstraint, DateTime, ForeignKey, Identity, Index, Integer, Numeric, String, Text, false,
    func, text,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID
from sqlalchemy.orm import DeclarativeBase, mapped_column


class Base(DeclarativeBase):
    pass
"""
_MODEL = """

class T{n}(Base):
    __tablename__ = "t{n:05}"
    __table_args__ = (
        CheckConstraint("c1 > 0", name="ck_t{n}"),
        Index("ix_t{n}_a", "c1", text("c2 DESC")),
        Index("ix_t{n}_b", text("lower(c4)"), postgresql_where=text("c5")),
        Index("ix_t{n}_c", "c7", unique=True),
    )
    id = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    c0 = mapped_column(Text, nullable=False, server_default="")
    c1 = mapped_column(Integer)
    c2 = mapped_column(Numeric(10, 2))
    c3 = mapped_column(DateTime(timezone=True), server_default=func.now())
    c4 = mapped_column(String(50))
    c5 = mapped_column(Boolean, server_default=false())
    c6 = mapped_column(JSONB)
    c7 = mapped_column(UUID)
    c8 = mapped_column(BigInteger{key})
"""
_KEY = ', ForeignKey("t{n:05}.id", name="fk_t{of}", ondelete="CASCADE")'
_ENV = """\
from alembic import context
from sqlalchemy import engine_from_config, pool

from models import Base

section = context.config.get_section(context.config.config_ini_section, {})
with engine_from_config(section, prefix="sqlalchemy.", poolclass=pool.NullPool).connect() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata)
    with context.begin_transaction():
        context.run_migrations()
"""
_REVISION = """\
from alembic import op

from models import Base

revision = "all"
down_revision = None


def upgrade():
    Base.metadata.create_all(op.get_bind())


def downgrade():
    Base.metadata.drop_all(op.get_bind())
"""


def make_tables(url: DatabaseUrl, count: int) -> None:
    """Make them in the empty database `url`."""
    with connect(url) as connection:
        for start in range(0, count, _BATCH):
            statements = [_table(number) for number in range(start, min(start + _BATCH, count))]
            connection.execute(";\n".join(("BEGIN", *statements, "COMMIT")).encode())
        connection.execute("ANALYZE")


def _table(number: int) -> str:
    name = f"t{number:05}"
    key = (
        f", CONSTRAINT fk_t{number} FOREIGN KEY (c8) REFERENCES t{number - 1:05} (id) ON DELETE CASCADE"
        if number
        else ""
    )
    return (
        f"CREATE TABLE {name} ({_COLUMNS}, CONSTRAINT ck_t{number} CHECK (c1 > 0){key});\n"
        f"CREATE INDEX ix_t{number}_a ON {name} (c1, c2 DESC);\n"
        f"CREATE INDEX ix_t{number}_b ON {name} (lower(c4)) WHERE c5;\n"
        f"CREATE UNIQUE INDEX ix_t{number}_c ON {name} (c7)"
    )


def write_project(folder: Path, count: int, url: DatabaseUrl) -> None:
    """The same tables as declarative models, in an Alembic project for the database `url`."""
    versions = folder / "migrations" / "versions"
    versions.mkdir(parents=True)
    models = (_MODEL.format(n=n, key=_KEY.format(n=n - 1, of=n) if n else "") for n in range(count))
    (folder / "models.py").write_text(_MODELS + "".join(models))
    (folder / "alembic.ini").write_text(
        f"[alembic]\nscript_location = migrations\nprepend_sys_path = .\n"
        f"sqlalchemy.url = {url.sqlalchemy('psycopg').replace('%', '%%')}\n"
    )
    (folder / "migrations" / "env.py").write_text(_ENV)
    (folder / "migrations" / "script.py.mako").write_text("")
    (versions / "all.py").write_text(_REVISION)
