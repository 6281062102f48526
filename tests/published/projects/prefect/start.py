"""What prefect's own command does: name the database to its singletons, and give env.py an event loop to run in."""

import asyncio
from collections.abc import Awaitable, Callable

from alembic.config import Config
from prefect.server.database import configurations, dependencies
from prefect.utilities import asyncutils


def _run(call: Callable[[], Awaitable[None]]) -> None:
    """In its own process prefect is in a worker thread of a running loop by then."""

    async def main() -> None:
        await call()

    asyncio.run(main())


def configure(config: Config) -> None:
    url = config.get_main_option("sqlalchemy.url")
    database = configurations.AsyncPostgresConfiguration(connection_url=url)
    dependencies.MODELS_DEPENDENCIES["database_config"] = database
    asyncutils.run_async_from_worker_thread = _run
