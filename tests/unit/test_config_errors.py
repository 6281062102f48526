"""Where the settings come from. What is wrong with them is in tests/cli/test_bad_input.py."""

from pathlib import Path

import pytest

from headworks.config import ConfigBroken, NoProject, load


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
