"""Migrations inside an installed package: `script_location = package:folder`, and errors that name the right file."""

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
