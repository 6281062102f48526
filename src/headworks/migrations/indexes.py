"""The code of a revision that builds indexes without locking their tables, as Alembic's autogenerate would write it."""

import functools
import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
import sqlalchemy
from alembic.autogenerate.api import AutogenContext
from alembic.autogenerate.render import render_op_text
from alembic.operations.ops import CreateIndexOp, DropIndexOp, MigrateOperation
from alembic.runtime.migration import MigrationContext
from sqlalchemy.sql.elements import TextClause, conv

from headworks.migrations.surroundings import quiet_logging
from headworks.migrations.writing import Body
from headworks.schema import QualifiedName

__all__ = ["IndexToBuild", "as_text", "building"]


class IndexToBuild(msgspec.Struct, frozen=True, kw_only=True):
    """An index to be built. `keys` and `where` are SQL, or `keys` are columns' names where `plain` says so.

    `storage_parameters` are `name=value`; `tablespace` is set where it is not the database's.
    """

    name: str
    table: QualifiedName
    keys: tuple[str, ...]
    plain: bool = True
    include: tuple[str, ...] = ()
    unique: bool = False
    method: str = "btree"
    where: str | None = None
    nulls_not_distinct: bool = False
    storage_parameters: tuple[str, ...] = ()
    tablespace: str | None = None


def building(indexes: Iterable[IndexToBuild]) -> Body:
    """The body of a revision that builds these indexes CONCURRENTLY, and of its way back.

    That runs outside of a transaction; an attempt that ends half-way leaves an invalid index under the name, which is
    dropped first when the revision is run again (PostgreSQL, "Building Indexes Concurrently").
    """
    up: list[str] = []
    down: list[str] = []
    for one in indexes:
        up += (*_code(_drop(one)), *_create(one))
        down[:0] = _code(_drop(one))
    return Body(upgrade=tuple(_alone(up)), downgrade=tuple(_alone(down)))


def _alone(lines: list[str]) -> Iterator[str]:
    yield "# CONCURRENTLY runs outside of a transaction; what an earlier attempt left is dropped first."
    yield "with op.get_context().autocommit_block():"
    yield from (f"    {line}" for line in lines)


def _create(one: IndexToBuild) -> list[str]:
    options: dict[str, Any] = {"postgresql_concurrently": True}
    if one.method != "btree":
        options["postgresql_using"] = one.method
    if one.include:
        options["postgresql_include"] = list(one.include)
    if one.nulls_not_distinct:
        options["postgresql_nulls_not_distinct"] = True
    if one.storage_parameters:
        options["postgresql_with"] = dict(each.split("=", 1) for each in one.storage_parameters)
    if one.tablespace:
        options["postgresql_tablespace"] = one.tablespace
    said: dict[str, str] = {}
    if one.where:
        options["postgresql_where"] = _standing_in(said, f"sa.text({as_text(one.where)!r})", "text")
    keys: list[Any] = [
        key if one.plain else _standing_in(said, f"sa.literal_column({key!r})", "literal_column") for key in one.keys
    ]
    schema, table = _place(one)
    code = _code(CreateIndexOp(conv(one.name), table, keys, schema=schema, unique=one.unique, **options))
    return [functools.reduce(lambda line, each: line.replace(*each), said.items(), line) for line in code]


def as_text(sql: str) -> str:
    """SQL as `sqlalchemy.text()` takes it, to which a word after a colon is a parameter."""
    return re.sub(r"(?<![:\w$\\]):(?=[\w$]+(?![:\w$]))", r"\\:", sql)


def _standing_in(said: dict[str, str], code: str, call: str) -> TextClause:
    """Stands for SQL in what Alembic renders: it would double each `%` and take `:word` for a parameter."""
    name = f"headworks_sql_{len(said)}"
    said[f"sa.{call}({name!r})"] = code
    return sqlalchemy.text(name)


def _drop(one: IndexToBuild) -> DropIndexOp:
    schema, table = _place(one)
    return DropIndexOp(conv(one.name), table, schema=schema, if_exists=True, postgresql_concurrently=True)


def _place(one: IndexToBuild) -> tuple[str | None, str]:
    schema, table = one.table
    return (None if schema == "public" else schema), table


def _code(operation: MigrateOperation) -> list[str]:
    with quiet_logging():  # env.py may have begun to log: this would tell of no database
        return _rendered(MigrationContext.configure(dialect_name="postgresql"), operation)


def _rendered(context: MigrationContext, operation: MigrateOperation) -> list[str]:
    options = {
        "sqlalchemy_module_prefix": "sa.",
        "alembic_module_prefix": "op.",
        "render_item": None,
        "render_as_batch": False,
        "user_module_prefix": None,
    }
    return render_op_text(AutogenContext(context, opts=options), operation).splitlines()
