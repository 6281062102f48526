"""What `headworks init` writes: a configuration for the project that is there, or a small project."""

import re
from importlib import resources
from pathlib import Path

import msgspec

from headworks.errors import UsageError

__all__ = ["FolderNotEmpty", "Found", "find_projects", "write_config", "write_project"]

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


class Found(msgspec.Struct, frozen=True):
    """What `init` did, as lines for a person."""

    written: tuple[str, ...]
    said: tuple[str, ...]


def find_projects(folder: Path) -> list[Path]:
    """Every alembic.ini in or below a folder, nearest first."""
    found: list[Path] = []
    level = [folder]
    for _ in range(_DEPTH):
        found += [file for place in level if (file := place / "alembic.ini").is_file()]
        level = [
            inner
            for place in level
            for inner in sorted(place.iterdir())
            if inner.is_dir() and inner.name not in _SKIPPED and not inner.is_symlink()
        ]
    return found


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


def write_config(folder: Path, keys: dict[str, str | list[str]]) -> str:
    """Add `[tool.headworks]` with these keys to the folder's pyproject.toml (made when there is none); its name.

    A table that is there already is left as it is: then nothing is written, and the name is empty.
    """
    file = folder / "pyproject.toml"
    before = file.read_text(encoding="utf-8") if file.is_file() else ""
    if re.search(r"^\s*\[tool\.headworks[\].]", before, re.MULTILINE):
        return ""
    lines = ["[tool.headworks]", *(f"{key} = {_toml(value)}" for key, value in keys.items())]
    gap = "" if not before or before.endswith("\n\n") else "\n" if before.endswith("\n") else "\n\n"
    scratch = file.with_name(".pyproject.toml.new")
    scratch.write_text(before + gap + "\n".join(lines) + "\n", encoding="utf-8")
    scratch.replace(file)
    return file.name


def _toml(value: str | list[str]) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_toml(one) for one in value)}]"
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
