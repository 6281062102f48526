"""What `headworks init` writes: a configuration for the project that is there, or a small project."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from pathlib import Path

from headworks import config
from headworks.errors import UsageError

__all__ = [
    "ConfigNotExtended",
    "FolderNotEmpty",
    "ScriptsWithoutConfig",
    "check_empty",
    "config_text",
    "find_projects",
    "has_config",
    "new_files",
    "write_config",
    "write_project",
]

_SKIPPED = {".git", ".venv", "venv", "node_modules", ".headworks", "site-packages", ".tox", ".nox", "build", "dist"}
_DEPTH = 4
_WIDTH = 120

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


class ScriptsWithoutConfig(UsageError):
    """{folder} holds Alembic's scripts in {scripts}, and no alembic.ini: the project's own start-up does without"""

    hint = "printf '[alembic]\\nscript_location = {scripts}\\n' > alembic.ini && headworks init"


class ConfigNotExtended(UsageError):
    """{file}: the tables that init would add cannot stand at its end: {reason}"""

    hint = "headworks init --dry-run shows them; put them in by hand"


def find_projects(folder: Path) -> list[Path]:
    """Every alembic.ini in or below a folder, nearest first."""
    return [file for place in _below(folder) if (file := place / "alembic.ini").is_file()]


def _below(folder: Path) -> Iterator[Path]:
    """The folder and those below it, nearest first."""
    level = [folder]
    for _ in range(_DEPTH):
        yield from level
        level = [inner for place in level for inner in _folders(place)]


def _folders(place: Path) -> list[Path]:
    try:
        return sorted(
            one for one in place.iterdir() if one.is_dir() and one.name not in _SKIPPED and not one.is_symlink()
        )
    except PermissionError:  # nobody's project that we could work in
        return []


def check_empty(folder: Path) -> None:
    """Raises `FolderNotEmpty`, or `ScriptsWithoutConfig` where there is an Alembic project all the same."""
    for place in _below(folder):
        if (place / "env.py").is_file() and (place / "script.py.mako").is_file():
            raise ScriptsWithoutConfig(folder=folder, scripts=place.relative_to(folder).as_posix())
    if any(entry.name not in _SKIPPED for entry in folder.iterdir()):
        raise FolderNotEmpty(folder=folder)


def new_files() -> tuple[str, ...]:
    """The files of a new project."""
    return tuple(_FILES)


def write_project(folder: Path) -> tuple[str, ...]:
    """A small project in an empty folder: one model, one revision, one seed file. Raises `FolderNotEmpty`."""
    check_empty(folder)
    source = resources.files("headworks.scaffold") / "files"
    for place, name in _FILES.items():
        target = folder / place
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text((source / name).read_text(encoding="utf-8") if name else "", encoding="utf-8")
    return new_files()


def has_config(folder: Path) -> bool:
    """Whether the folder's pyproject.toml has a `[tool.headworks]`. Raises `ConfigUnreadable`, `ConfigBroken`."""
    try:
        found = config.load(folder=folder)
    except config.NoProject:
        return False
    return found.root == folder.resolve() and found.file is not None


def config_text(keys: Mapping[str, str], domains: Mapping[str, Sequence[str]], *, headed: bool) -> str:
    """`[tool.headworks]` with these keys (left out where it is `headed` already), and `[tool.headworks.domains]`."""
    lines = [] if headed else ["[tool.headworks]", *(f"{key} = {json.dumps(value)}" for key, value in keys.items())]
    if domains:
        lines += [*([""] if lines else []), "[tool.headworks.domains]"]
        for name, patterns in domains.items():
            one = f"{_key(name)} = {json.dumps(list(patterns))}"
            inside = "".join(f"    {json.dumps(pattern)},\n" for pattern in patterns)
            lines += [one] if len(one) <= _WIDTH else f"{_key(name)} = [\n{inside}]".splitlines()
    return "".join(f"{line}\n" for line in lines)


def write_config(folder: Path, text: str) -> str:
    """Add it to the end of the folder's pyproject.toml (made when there is none); its name. No line of it is changed.

    Raises `ConfigNotExtended` where the file could not be read with it.
    """
    file = folder / "pyproject.toml"
    before = file.read_bytes().decode() if file.is_file() else ""
    end = "\r\n" if "\r\n" in before else "\n"
    gap = "" if not before or before.endswith(2 * end) else end if before.endswith(end) else 2 * end
    after = before + gap + text.replace("\n", end)
    try:
        tomllib.loads(after)
    except tomllib.TOMLDecodeError as error:  # `headworks = {}`, say, which no later table may extend
        raise ConfigNotExtended(file=file.name, reason=error) from None
    scratch = file.with_name(".pyproject.toml.new")
    scratch.write_bytes(after.encode())
    scratch.replace(file)
    return file.name


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name)
