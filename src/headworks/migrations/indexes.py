"""The code of a revision that builds indexes without locking their tables, as Alembic's autogenerate would write it."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
import sqlalchemy
from alembic.autogenerate.api import AutogenContext
from alembic.autogenerate.render import render_op_text
from alembic.operations.ops import CreateIndexOp, DropIndexOp, MigrateOperation
from alembic.runtime.migration import MigrationContext
from sqlalchemy.sql.elements import conv

from headworks.migrations.writing import Body
from headworks.schema import QualifiedName

__all__ = ["IndexToBuild", "building"]


class IndexToBuild(msgspec.Struct, frozen=True, kw_only=True):
    """An index to be built. `keys` and `where` are SQL, or `keys` are columns' names where `plain` says so."""

    name: str
    table: QualifiedName
    keys: tuple[str, ...]
    plain: bool = True
    include: tuple[str, ...] = ()
    unique: bool = False
    method: str = "btree"
    where: str | None = None


def building(indexes: Iterable[IndexToBuild]) -> Body:
    """The body of a revision that builds these indexes CONCURRENTLY, and of its way back.

    That runs outside of a transaction; an attempt that ends half-way leaves an invalid index under the name, which is
    dropped first when the revision is run again (PostgreSQL, "Building Indexes Concurrently").
    """
    up: list[str] = []
    down: list[str] = []
    for one in indexes:
        up += (*_code(_drop(one)), *_code(_create(one)))
        down[:0] = _code(_drop(one))
    return Body(upgrade=tuple(_alone(up)), downgrade=tuple(_alone(down)))


def _alone(lines: list[str]) -> Iterator[str]:
    yield "# CONCURRENTLY runs outside of a transaction; what an earlier attempt left is dropped first."
    yield "with op.get_context().autocommit_block():"
    yield from (f"    {line}" for line in lines)


def _create(one: IndexToBuild) -> CreateIndexOp:
    options: dict[str, Any] = {"postgresql_concurrently": True}
    if one.method != "btree":
        options["postgresql_using"] = one.method
    if one.include:
        options["postgresql_include"] = list(one.include)
    if one.where:
        options["postgresql_where"] = sqlalchemy.text(one.where)
    keys: list[Any] = [key if one.plain else sqlalchemy.text(key) for key in one.keys]
    schema, table = _place(one)
    return CreateIndexOp(conv(one.name), table, keys, schema=schema, unique=one.unique, **options)


def _drop(one: IndexToBuild) -> DropIndexOp:
    schema, table = _place(one)
    return DropIndexOp(conv(one.name), table, schema=schema, if_exists=True, postgresql_concurrently=True)


def _place(one: IndexToBuild) -> tuple[str | None, str]:
    schema, table = one.table
    return (None if schema == "public" else schema), table


def _code(operation: MigrateOperation) -> list[str]:
    context = MigrationContext.configure(dialect_name="postgresql")
    options = {
        "sqlalchemy_module_prefix": "sa.",
        "alembic_module_prefix": "op.",
        "render_item": None,
        "render_as_batch": False,
        "user_module_prefix": None,
    }
    return render_op_text(AutogenContext(context, opts=options), operation).splitlines()
