"""What aiida's own migrator puts into Alembic's Config, but for the connection: a profile with a folder of its own."""

import tempfile
from pathlib import Path

from aiida.manage.configuration.profile import Profile
from alembic.config import Config


def configure(config: Config) -> None:
    repository = Path(tempfile.mkdtemp(dir="."), "repository").resolve().as_uri()
    storage = {"backend": "core.psql_dos", "config": {"repository_uri": repository}}
    process = {"backend": None, "config": {}}
    words = {"storage": storage, "process_control": process, "test_profile": True}
    config.attributes["aiida_profile"] = Profile("published", words)
