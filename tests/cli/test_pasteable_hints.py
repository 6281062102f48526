"""Hints that work when pasted: they repeat what says where the project and its database are, and no password."""

import json
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from headworks.cli import state
from headworks.cli.hints import again, pasteable
from headworks.postgres.url import DatabaseUrl
from helpers import Headworks
from projects import table, write_project

_SECRET = "postgresql://me:hunter2@example.org:5433/shop?sslmode=require"
_BARE = "'postgresql://me@example.org:5433/shop?sslmode=require'"


@pytest.fixture
def elsewhere(tmp_path: Path, server_url: str) -> tuple[str, Path]:
    """A configuration that no folder above the current one shows, and the project's folder."""
    config = {"shadow_url": server_url, "alembic": "alembic.ini"}
    folder = write_project(tmp_path / "app", [table("a"), table("b")], config=config)
    (folder / "pyproject.toml").rename(folder / "odd name.toml")
    return "app/odd name.toml", folder


def pasted(hint: str) -> list[str]:
    """The words of a hint's command behind `headworks`."""
    return shlex.split(hint[hint.index("headworks ") :])[1:]


def test_status_says_what_to_paste(
    elsewhere: tuple[str, Path], make_database: Callable[..., str], inside: Headworks
) -> None:
    config, _ = elsewhere
    url = make_database()
    where = ("--config", config, "--url", url)
    said = inside("status", *where)
    words = pasted(said.out.splitlines()[-1])
    assert words == ["upgrade", *where]
    assert inside(*words).code == 0
    assert inside("status", "--check", *where).code == 0


def test_reports_say_it_in_text_and_a_database_to_nobody_else(
    elsewhere: tuple[str, Path], make_database: Callable[..., str], inside: Headworks
) -> None:
    config, _ = elsewhere
    url = make_database()
    where = ("--config", config, "--url", url)
    text = inside("drift", "--against", "migrations", *where).out
    assert shlex.join(["headworks", "upgrade", *where]) in text
    found = json.loads(inside("drift", "--against", "migrations", "--format", "json", *where).out)
    hints = {one["hint"] for one in found["findings"]}
    assert any(shlex.join(["headworks", "upgrade", "--config", config]) in (hint or "") for hint in hints)
    assert not any("--url" in (hint or "") for hint in hints)


def test_errors_say_it(elsewhere: tuple[str, Path], inside: Headworks) -> None:
    config, _ = elsewhere
    ran = inside("downgrade", "nowhere", "--config", config)
    assert f"hint: headworks history --config '{config}' " in ran.err
    ran = inside("status", "--nope", "--config", config)
    assert ran.err.endswith("hint: headworks status --help\n")


def test_a_second_try_has_no_password(
    elsewhere: tuple[str, Path], make_database: Callable[..., str], inside: Headworks
) -> None:
    config, _ = elsewhere
    place = DatabaseUrl.parse(make_database())
    with_password = DatabaseUrl({**place.parameters, "password": "hunter2"})
    where = ("--config", config, "--url", with_password.libpq())
    assert inside("upgrade", *where).code == 0
    ran = inside("stamp", "base", *where)
    assert ran.code == 3, ran.err
    words = pasted(ran.err)
    assert "hunter2" not in ran.err
    assert words == ["stamp", "base", "--config", config, "--url", with_password.without_secrets().libpq(), "--force"]
    assert inside(*words).code == 0


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("headworks upgrade", f"headworks upgrade --config c.toml --url {_BARE}"),
        ("run `headworks upgrade`, or not", f"run `headworks upgrade --config c.toml --url {_BARE}`, or not"),
        ("headworks db psql", "headworks db psql --config c.toml"),
        ("headworks init", "headworks init"),
        ("headworks' own; headworks works; headworks db of yours", None),
        ("headworks sizes --url URL -o f", "headworks sizes --config c.toml --url URL -o f"),
        ("headworks erd --config c.toml -o f", f"headworks erd --url {_BARE} --config c.toml -o f"),
        ("headworks merge; headworks db stop", "headworks merge --config c.toml; headworks db stop --config c.toml"),
    ],
)
def test_where_the_options_go(text: str, wanted: str | None) -> None:
    state.begin(["status"])
    state.set_named(config=Path("c.toml"), url=_SECRET)
    assert pasteable(text) == (wanted if wanted is not None else text)
    state.begin(["status"])
    assert pasteable(text) == text


def test_the_server_for_scratch_databases_goes_with_its_command() -> None:
    state.begin(["gate", "--shadow-url", _SECRET])
    state.set_named(shadow_url=_SECRET)
    assert pasteable("headworks gate --revisions a") == f"headworks gate --shadow-url {_BARE} --revisions a"
    assert pasteable("headworks upgrade") == "headworks upgrade"
    assert again() == f"headworks gate --shadow-url {_BARE}"
    state.begin(["gate", f"--shadow-url={_SECRET}"])
    assert again() == f"headworks gate {shlex.quote('--shadow-url=' + _BARE.strip(chr(39)))}"
    state.begin([])
