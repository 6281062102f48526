"""What `headworks init` writes: a configuration for the project that is there, or a small project."""

import json
from importlib import resources
from pathlib import Path

from headworks import config
from headworks.errors import UsageError

__all__ = ["FolderNotEmpty", "find_projects", "has_config", "write_config", "write_project"]

_SKIPPED = {".git", ".venv", "venv", "node_modules", ".headworks", "site-packages", ".tox", ".nox", "build", "dist"}
_DEPTH = 4

# The files of a new project, by their place in it. They are text here so that nobody takes them for ours.
_FILES = {
    "alembic.ini": "alembic.ini.txt",
    "app/__init__.py": None,
    "app/models.py": "models.py.txt",
    "migrations/env.py": "env.py.txt",
    "migrations/script.py.mako": "script.py.mako.txt",
    "migrations/versions/0001_users_and_roles.py": "revision.py.txt",
    "seeds/reference/roles.yaml": "roles.yaml.txt",
}


class FolderNotEmpty(UsageError):
    """{folder} holds no Alembic project, and it is not empty: nothing was written over"""

    hint = "start in an empty folder, or run `alembic init migrations` first and then `headworks init`"


def find_projects(folder: Path) -> list[Path]:
    """Every alembic.ini in or below a folder, nearest first."""
    found: list[Path] = []
    level = [folder]
    for _ in range(_DEPTH):
        found += [file for place in level if (file := place / "alembic.ini").is_file()]
        level = [inner for place in level for inner in _folders(place)]
    return found


def _folders(place: Path) -> list[Path]:
    try:
        return sorted(
            one for one in place.iterdir() if one.is_dir() and one.name not in _SKIPPED and not one.is_symlink()
        )
    except PermissionError:  # nobody's project that we could work in
        return []


def write_project(folder: Path) -> tuple[str, ...]:
    """A small project in an empty folder: one model, one revision, one seed file. Raises `FolderNotEmpty`."""
    if any(entry.name not in _SKIPPED for entry in folder.iterdir()):
        raise FolderNotEmpty(folder=folder)
    source = resources.files("headworks.scaffold") / "files"
    for place, name in _FILES.items():
        target = folder / place
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text((source / name).read_text(encoding="utf-8") if name else "", encoding="utf-8")
    return tuple(_FILES)


def has_config(folder: Path) -> bool:
    """Whether the folder's pyproject.toml has a `[tool.headworks]`. Raises `ConfigUnreadable`, `ConfigBroken`."""
    try:
        found = config.load(folder=folder)
    except config.NoProject:
        return False
    return found.root == folder.resolve() and found.file is not None


def write_config(folder: Path, keys: dict[str, str]) -> str:
    """Add `[tool.headworks]` with these keys to the folder's pyproject.toml (made when there is none); its name."""
    file = folder / "pyproject.toml"
    before = file.read_bytes().decode() if file.is_file() else ""
    lines = ["[tool.headworks]", *(f"{key} = {json.dumps(value)}" for key, value in keys.items())]
    end = "\r\n" if "\r\n" in before else "\n"
    gap = "" if not before or before.endswith(2 * end) else end if before.endswith(end) else 2 * end
    scratch = file.with_name(".pyproject.toml.new")
    scratch.write_bytes((before + gap + end.join(lines) + end).encode())
    scratch.replace(file)
    return file.name
