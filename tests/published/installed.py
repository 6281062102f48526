"""Published projects, each installed into a virtual environment of its own that is kept for the next run."""

import hashlib
import os
import shutil
import subprocess
import sys
import tomllib
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["ON_ROWS", "PROJECTS", "VERDICTS", "Installed", "Project", "cache"]

ROOT = Path(__file__).parents[2]
VERDICTS = ("upgrade-failed", "no-downgrade", "downgrade-failed", "downgrade-differs", "reupgrade-differs")
"""What the check `schema` can say of a revision."""
ON_ROWS = ("upgrade-fails-on-data", "downgrade-fails-on-data")
"""What the check `data` can say of a revision as a whole; of tables and columns it says `data-lost`."""


@dataclass(frozen=True)
class Project:
    """A folder of `projects/`: the package, its version, and the configuration that a user of headworks would write."""

    folder: Path
    package: str
    version: str
    order: str | None = None
    hand_connection: bool = False

    @classmethod
    def read(cls, folder: Path) -> "Project":
        """The project of a folder."""
        return cls(folder, **tomllib.loads((folder / "project.toml").read_text(encoding="utf-8")))


PROJECTS = tuple(Project.read(file.parent) for file in sorted(Path(__file__).parent.glob("projects/*/project.toml")))


def cache() -> Path | None:
    """The folder of the virtual environments, `$HEADWORKS_PUBLISHED`; `None`: these tests are not asked for."""
    named = os.environ.get("HEADWORKS_PUBLISHED")
    return Path(named).absolute() if named else None


@dataclass(frozen=True)
class Installed:
    """A project, the Python that has it, and a folder with its configuration in which it is run."""

    project: Project
    python: Path
    place: Path

    @classmethod
    def of(cls, project: Project, folder: Path, place: Path) -> "Installed":
        """Install what is not there yet."""
        home = folder / project.package
        python = home / "bin" / "python"
        wanted = _wanted(project)
        stamp = home / "installed"
        if not stamp.is_file() or stamp.read_text() != wanted:
            shutil.rmtree(home, ignore_errors=True)
            venv.create(home, with_pip=True)
            install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            # What its migrations import, and no more: some of these packages bring a gigabyte.
            _run([*install, "--no-deps", "-r", str(project.folder / "requirements.txt")])
            _run([*install, "-e", str(ROOT)])
            stamp.write_text(wanted)
        shutil.copytree(project.folder, place, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        return cls(project, python, place)

    def run(self, *words: str, codes: tuple[int, ...] = (0,)) -> subprocess.CompletedProcess[str]:
        """Run its Python in its folder; what these packages would write into the user's home goes there, too."""
        env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COV_"))}
        done = subprocess.run(
            [str(self.python), *words],
            cwd=self.place,
            env=env | {"HOME": str(self.place)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=1800,
            check=False,
        )
        assert done.returncode in codes, (
            f"{' '.join(words)}: {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        )
        return done


def _wanted(project: Project) -> str:
    """A hash of all that the environment is made from."""
    dependencies: Any = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    requirements = (project.folder / "requirements.txt").read_text()
    return hashlib.sha256(f"{sys.version} {ROOT} {dependencies} {requirements}".encode()).hexdigest()


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stderr[-3000:]}"
