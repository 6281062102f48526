"""A `target_metadata` that holds something that is no MetaData: Alembic upgrades with it, and minds in autogenerate."""

from collections.abc import Callable
from pathlib import Path

import pytest

from helpers import Headworks
from projects import table, write_project

STRANGE = """
import sqlalchemy as sa
class Storage: pass
models = sa.MetaData()
sa.Table("a", models, sa.Column("id", sa.Integer, primary_key=True))
metadata = [models, Storage]
"""
SAID = "there are no models to look at: entry 2 of env.py's target_metadata is no MetaData, but the class Storage"
HINT = 'hint: name them in pyproject.toml: [tool.headworks] metadata = ["package.models:Base.metadata"]\n'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write_project(tmp_path, [table("a")], preamble=STRANGE)  # as dagster's


@pytest.mark.parametrize(
    "command", ["drift", "drift --quick", "lint --source models", "erd", "snapshot --source models"]
)
def test_what_needs_models_names_the_entry(
    command: str, project: Path, make_database: Callable[..., str], inside: Headworks, server_url: str
) -> None:
    url = make_database()
    where = ["--url", url] if command.startswith("drift") else []
    shadow = [] if "quick" in command else ["--shadow-url", server_url]
    ran = inside(*command.split(), *where, *shadow)
    assert (ran.code, ran.err) == (2, f"error: {SAID}\n{HINT}")


@pytest.mark.parametrize(
    "command",
    [
        "doctor --url {url}",
        "upgrade --url {url}",
        "stamp heads --force --url {url}",
        "drift --against migrations --shadow-url {server} --url {url}",
        "gate --shadow-url {server}",
        "owners --shadow-url {server}",
        "lint --source migrations --shadow-url {server}",
        "snapshot --source migrations --shadow-url {server}",
    ],
)
def test_what_does_without_models_runs(
    command: str, project: Path, make_database: Callable[..., str], inside: Headworks, server_url: str
) -> None:
    words = command.format(url=make_database(), server=server_url).split()
    ran = inside(*words)
    assert ran.code == 0, ran.out + ran.err
    if words[0] in ("doctor", "gate"):
        assert SAID in ran.out


def test_the_config_s_models_go_first(
    project: Path, tmp_path: Path, make_database: Callable[..., str], inside: Headworks, server_url: str
) -> None:
    module = f"models_of_{tmp_path.name}"
    (tmp_path / f"{module}.py").write_text(STRANGE)
    (tmp_path / "pyproject.toml").write_text(f'[tool.headworks]\nmetadata = ["{module}:models"]\n')
    url = make_database()
    assert inside("upgrade", "--url", url).code == 0
    ran = inside("drift", "--url", url, "--shadow-url", server_url)
    assert ran.code in (0, 1), ran.err
    assert "no MetaData" not in ran.out
    assert inside("erd", "--shadow-url", server_url).code == 0
