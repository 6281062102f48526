"""argilla reads its URL once, when it is imported; its env.py asks those settings each time."""

from alembic.config import Config
from argilla_server.settings import settings


def configure(config: Config) -> None:
    settings.database_url = config.get_main_option("sqlalchemy.url")
