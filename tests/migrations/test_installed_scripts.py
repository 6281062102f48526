"""Migrations inside an installed package: `script_location = package:folder`, and errors that name the right file."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from headworks import config
from headworks.migrations import errors
from headworks.migrations.project import Project
from projects import Rev, make_project, write_project


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed package that holds the migrations; what it cannot import is up to the test."""
    site = tmp_path / "site-packages"
    package = site / f"hw_{tmp_path.name}"
    package.mkdir(parents=True)
    monkeypatch.syspath_prepend(str(site))
    return package


def project_of(package: Path, *revisions: Rev) -> Project:
    write_project(package, revisions, ini={"script_location": f"{package.name}:migrations"})
    return Project(config.load(folder=package))


def test_a_package_that_cannot_be_imported(package: Path) -> None:
    (package / "__init__.py").write_text("import no_such_module_at_all\n")
    with pytest.raises(errors.ScriptsUnreachable) as caught:
        _ = project_of(package, Rev("a")).history
    assert str(caught.value) == (
        "alembic.ini: script_location names a package whose import ended with"
        " ModuleNotFoundError: No module named 'no_such_module_at_all'"
    )


def test_a_revision_that_cannot_be_imported(package: Path) -> None:
    """The line of the revision, though all frames lie in site-packages, those of what it imports behind it."""
    (package / "__init__.py").write_text("")
    (package / "helper.py").write_text("import no_such_module_at_all\n")
    with pytest.raises(errors.RevisionFileBroken) as caught:
        _ = project_of(package, Rev("a"), Rev("b", head=f"import {package.name}.helper")).history
    assert str(caught.value) == (
        "migrations/versions/b.py, line 4: the revision cannot be loaded:"
        " ModuleNotFoundError: No module named 'no_such_module_at_all'"
    )


def test_a_revision_outside_of_packages(tmp_path: Path) -> None:
    project = make_project(tmp_path, [Rev("a", head="import no_such_module_at_all")])
    with pytest.raises(errors.RevisionFileBroken, match=r"^migrations/versions/a\.py, line 4: "):
        _ = project.history


def broken(folder: Path, head: str, ini: str = "alembic.ini") -> errors.RevisionFileBroken:
    """What is said of a revision with such a head."""
    place = folder / ini
    write_project(place.parent, [Rev("a", head=head)])
    (place.parent / "alembic.ini").rename(place)
    (folder / "pyproject.toml").write_text(f'[tool.headworks]\nalembic = "{ini}"\n')
    with pytest.raises(errors.RevisionFileBroken) as caught:
        _ = Project(config.load(folder=folder)).history
    return caught.value


@pytest.mark.parametrize("ini", ["alembic.ini", "other.ini", "a part/alembic.ini", "part/other.ini"])
@pytest.mark.parametrize(
    ("head", "command"),
    [("import no_such_module_at_all", "alembic"), ("from json import no_such_name", "alembic"), ("a b", "py_compile")],
)
def test_the_command_that_shows_it_again_fails_the_same_way(
    head: str, command: str, ini: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To compile a file, say, finds a syntax error and nothing else."""
    advice = broken(tmp_path, head, ini).advice
    [line] = [one for one in advice.split("; ") if f"python -m {command}" in one]
    line = line.removesuffix(" imports all revisions, too").removesuffix(" checks it alone")
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    ran = subprocess.run(line, shell=True, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode != 0
    assert "no_such" in ran.stderr or "SyntaxError" in ran.stderr
