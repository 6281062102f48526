"""What Alembic runs: the targets, the connection, and a version table that is wide enough for our revision ids.

The connection is `config.attributes["connection"]` where a program hands one over (a connection or an engine), else
`sqlalchemy.url`, else $DATABASE_URL. An asyncpg URL is run through an async engine, any other through a plain one.
"""

import asyncio
import os
from contextlib import nullcontext
from logging.config import fileConfig
from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.operations import Operations
from alembic.util import CommandError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy_utils import EmailType

from commerce.database_url import database_url
from commerce.metadata import auth, core
from headworks.owners.filters import AlembicFilter

config = context.config

if config.config_file_name is not None and config.attributes.get("configure_logger", True):
    fileConfig(config.config_file_name, disable_existing_loggers=False)

#: "20251015_02_customer_profile_notifications" has 42 characters; Alembic's own column takes 32.
VERSION_NUM_LENGTH = 255

#: The web app's Auth.js keeps tables in this database through Prisma; `[tool.headworks.owners]` says which.
ours = AlembicFilter(__file__)


def render_item(type_: str, item: Any, _context: Any) -> str | Literal[False]:
    """In a new revision, the plain type: history is frozen and imports nothing that may change."""
    if type_ == "type" and isinstance(item, EmailType):
        return f"sa.String({item.impl.length})"
    return False


def configure(**target: Any) -> None:
    context.configure(
        **target,
        # `auth` first: tables of `core` refer to it.
        target_metadata=[auth, core],
        include_name=ours.include_name,
        include_object=ours.include_object,
        render_item=render_item,
        compare_type=True,
        compare_server_default=True,
        transaction_per_migration=True,
    )
    # Alembic 1.14 has a hook for the version table's shape, `DefaultImpl.version_table_impl`, 1.13 has not; this works
    # on all of them, online and offline.
    context.get_context()._version.c.version_num.type = sa.String(VERSION_NUM_LENGTH)


def widen_version_table(connection: sa.Connection | None) -> None:
    """Widen a version table that Alembic made, before anything is written to it."""
    migration = context.get_context()
    table, schema = migration.version_table, migration.version_table_schema
    if connection is None:
        narrow = bool(migration.get_current_heads())  # --sql from a revision on: there is a table, of unknown width
    elif migration.opts.get("dont_mutate"):  # `alembic current`, `alembic check`
        narrow = False
    else:
        database = sa.inspect(connection)
        narrow = database.has_table(table, schema=schema) and any(
            isinstance(column["type"], sa.String) and (column["type"].length or VERSION_NUM_LENGTH) < VERSION_NUM_LENGTH
            for column in database.get_columns(table, schema=schema)
        )
    if narrow:
        Operations(migration).alter_column(table, "version_num", type_=sa.String(VERSION_NUM_LENGTH), schema=schema)


def run_offline() -> None:
    # No URL: a script to be read, or run by somebody else, needs no database.
    configure(dialect_name="postgresql", literal_binds=True, dialect_opts={"paramstyle": "named"})
    widen_version_table(None)
    with context.begin_transaction():
        context.run_migrations()


def run_on(connection: sa.Connection) -> None:
    configure(connection=connection)
    with nullcontext() if connection.in_transaction() else connection.begin():
        widen_version_table(connection)
    with context.begin_transaction():
        context.run_migrations()


async def run_async(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        await connection.run_sync(run_on)
    await engine.dispose()


def run_online() -> None:
    target = config.attributes.get("connection")
    if target is None:
        address = url()
        make = create_async_engine if address.get_dialect().is_async else sa.create_engine
        target = make(address, poolclass=sa.pool.NullPool)
    if isinstance(target, AsyncEngine):
        asyncio.run(run_async(target))
    elif isinstance(target, sa.Engine):
        with target.connect() as connection:
            run_on(connection)
    else:
        run_on(target)


def url() -> sa.URL:
    address = config.get_main_option("sqlalchemy.url") or os.environ.get("DATABASE_URL")
    if not address:
        raise CommandError("no database: set DATABASE_URL, or sqlalchemy.url in alembic.ini")
    return database_url(address)


if context.is_offline_mode():
    run_offline()
else:
    run_online()
