"""What several tests need that is not a fixture."""

from headworks.postgres.url import DatabaseUrl

__all__ = ["sqlalchemy_url"]


def sqlalchemy_url(url: str, driver: str = "psycopg") -> str:
    """The SQLAlchemy URL of a libpq URL."""
    return DatabaseUrl.parse(url).sqlalchemy(driver)
