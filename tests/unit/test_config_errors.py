"""Where the settings come from. What is wrong with them is in tests/cli/test_bad_input.py."""

from pathlib import Path

import pytest

from headworks.config import ConfigBroken, NoProject, load
from headworks.migrations.domains import configured_domain


def test_the_nearest_project_above(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.headworks]\nurl = "postgresql:///x"\n')
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    assert load(folder=inner).root == tmp_path
    (tmp_path / "a" / "alembic.ini").write_text("[alembic]\n")
    found = load(folder=inner)
    assert (found.root, found.file, found.keys.url) == (tmp_path / "a", None, None)


def test_a_repository_ends_the_search(tmp_path: Path) -> None:
    (tmp_path / "alembic.ini").write_text("")
    (tmp_path / "theirs" / ".git").mkdir(parents=True)
    with pytest.raises(NoProject):
        load(folder=tmp_path / "theirs")


@pytest.mark.parametrize("text", ["[tool.black]\nx = 1\n", "tool = 3\n", "[project]\nname = 'x'\n"])
def test_a_pyproject_of_others_is_no_project(tmp_path: Path, text: str) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "pyproject.toml").write_text(text)
    with pytest.raises(NoProject):
        load(folder=tmp_path)
    (tmp_path / "pyproject.toml").write_text("[tool.alembic]\n")
    assert load(folder=tmp_path).file is None


def test_a_file_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "conf" / "headworks.toml"
    file.parent.mkdir()
    file.write_text('url_env = ["A"]\n[gate]\ndowngrades = "optional"\n')
    found = load(file)
    assert (found.root, found.keys.url_env, found.keys.gate.downgrades) == (file.parent, ("A",), "optional")
    file.write_text("[tool.headworks]\npgbin = 'bin'\n")
    assert load(file).pgbin == file.parent / "bin"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[tool.headworks]\nurl = 'x'\n\n[tool.headworks.seed]\nset = 1\n", 5),
        ("[tool.headworks]\nseed = {set = 1}\n", 2),
        ("[tool.headworks]\nseed.set = 1\n", 2),
        ("[tool]\n[tool.'headworks']\n'set' = 1\n", 3),
        ("# set = 1\n[tool.other]\nset = 1\n[tool.headworks]\nset = 1\n", 5),
        ("[tool.headworks.gate]\n[tool.headworks.set]\nx = 1\n", 2),
        ("[tool]\nheadworks.set = 1\n", 2),
    ],
)
def test_the_line_of_a_key(tmp_path: Path, text: str, line: int) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    with pytest.raises(ConfigBroken) as error:
        load(folder=tmp_path)
    assert error.value.line == line
    assert error.value.key.endswith("set")


@pytest.mark.parametrize(
    ("text", "hint", "line"),
    [
        (
            'drift.declares = ["nope"]',
            'write declares = ["owners", "privileges", "settings"], or some of these',
            'drift.declares = ["owners", "privileges", "settings"]',
        ),
        (
            'drift.declares = "owners"',
            'write declares = ["owners", "privileges", "settings"], or some of these',
            'drift.declares = ["owners"]',
        ),
        (
            'drift.severity.comment = "nope"',
            'in [tool.headworks.drift.severity] each line is NAME = "error" or "warning" or "note" or "ignore"',
            'drift.severity.comment = "note"',
        ),
        (
            'gate.deploy = "nope"',
            'write deploy = "schema-first" or deploy = "code-first"',
            'gate.deploy = "code-first"',
        ),
    ],
)
def test_a_word_that_is_none_of_the_choices(tmp_path: Path, text: str, hint: str, line: str) -> None:
    """What the hint says is taken."""
    file = tmp_path / "pyproject.toml"
    file.write_text(f"[tool.headworks]\n{text}\n")
    with pytest.raises(ConfigBroken) as caught:
        load(file)
    assert caught.value.advice == hint
    file.write_text(f"[tool.headworks]\n{line}\n")
    load(file)


@pytest.mark.parametrize("value", ['orders = "order_*"', "orders = [1]", "orders = { a = 1 }"])
def test_a_domain_is_a_list_of_patterns(tmp_path: Path, value: str) -> None:
    (tmp_path / "pyproject.toml").write_text(f"[tool.headworks]\nlog = true\n\n[tool.headworks.domains]\n{value}\n")
    with pytest.raises(ConfigBroken) as caught:
        load(folder=tmp_path)
    assert caught.value.line in (4, 5)
    assert caught.value.advice == 'in [tool.headworks.domains] each line is NAME = ["...", "..."]'


def test_domains_of_tables(tmp_path: Path) -> None:
    text = '[tool.headworks.domains]\nnotes = ["order_notes"]\norders = ["order*"]\nbilling = ["billing.*"]\n'
    (tmp_path / "pyproject.toml").write_text(text)
    settings = load(folder=tmp_path)
    tables = {
        ("public", "orders"): "orders",
        ("public", "order_notes"): "notes",  # the first that matches
        ("billing", "invoices"): "billing",
        ("billing", "orders"): "orders",
        ("public", "billing"): None,
        ("public", "users"): None,
    }
    assert {table: configured_domain(settings, table) for table in tables} == tables
