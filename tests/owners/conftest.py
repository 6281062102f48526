import pytest

from headworks.postgres.shadow import Shadow
from headworks.postgres.url import DatabaseUrl


@pytest.fixture(scope="session")
def shadow(server_url: str, server_major: int) -> Shadow:
    """The test server, to make scratch databases on."""
    return Shadow(f"{server_major}.0", lambda: DatabaseUrl.parse(server_url))
