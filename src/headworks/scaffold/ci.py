"""The file that has a CI run `headworks gate` (`docs/ci.md`) for the project in a folder. Nothing is written over."""

import contextlib
import re
import subprocess
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec

__all__ = ["KINDS", "NONE", "CiFile", "ci_file", "ci_of_folder", "write_ci"]

NONE = "none"
KINDS = ("github", "gitlab", "pre-commit", NONE)

_SHOWN_BY = {".github": "github", ".gitlab-ci.yml": "gitlab"}
_TEXTS = {"github": "github.yml.txt", "gitlab": "gitlab.yml.txt", "pre-commit": "pre-commit.yaml.txt"}
_PLACES = {
    "github": ".github/workflows/database.yml",
    "gitlab": ".gitlab-ci.yml",
    "pre-commit": ".pre-commit-config.yaml",
}
_INCLUDED = ".gitlab/headworks.yml"
_INCLUDE = f"add to .gitlab-ci.yml:\ninclude:\n  - local: {_INCLUDED}"

_PLAIN = re.compile(r"\w[\w./-]*", re.ASCII)
"""A name of a branch that YAML and a shell take as it is."""


class CiFile(msgspec.Struct, frozen=True):
    """What is to be written, and where; `there` names the file that runs headworks already.

    `paste` is what has to be added by hand to a file that is there, which is not ours to change.
    """

    place: str
    text: str
    there: str = ""
    paste: str = ""


def ci_of_folder(folder: Path) -> str:
    """The kind that a folder shows: `github` for a `.github`, `gitlab` for a `.gitlab-ci.yml`, else `none`."""
    return next((kind for name, kind in _SHOWN_BY.items() if (folder / name).exists()), NONE)


def ci_file(kind: str, folder: Path) -> CiFile:
    """The file of a kind for the project in a folder."""
    place = _PLACES[kind]
    text = (resources.files("headworks.scaffold") / "files" / "ci" / _TEXTS[kind]).read_text(encoding="utf-8")
    text = text.replace("pip install . headworks", f"pip install {_installs(folder)} headworks")
    branch = _default_branch(folder)
    text = text.replace("branches: [main]", f"branches: [{branch}]").replace("origin/main", f"origin/{branch}")
    if there := next((name for name in _looked_at(kind, folder) if _runs_it(folder / name)), ""):
        return CiFile(place, text, there=there)
    if not (folder / place).exists():
        return CiFile(place, text)
    if kind == "gitlab":
        return CiFile(_INCLUDED, text, paste=_INCLUDE)
    if kind == "pre-commit":
        hook = text.partition("repos:\n")[2].rstrip("\n")
        return CiFile("", "", paste=f"add to {place}, below repos:\n{hook}")
    return CiFile("", "", paste=f"{place} is there, and runs something else: see docs/ci.md for what to add to it")


def write_ci(file: CiFile, folder: Path) -> None:
    """Write it; a file that is there is left alone (`FileExistsError`)."""
    target = folder / file.place
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("x", encoding="utf-8") as opened:
        opened.write(file.text)


def _looked_at(kind: str, folder: Path) -> list[str]:
    """The files that may run it, whatever they are called."""
    if kind == "github":
        workflows = folder / ".github" / "workflows"
        found = [*workflows.glob("*.yml"), *workflows.glob("*.yaml")] if workflows.is_dir() else []
        return sorted(one.relative_to(folder).as_posix() for one in found)
    return [_PLACES[kind], *([_INCLUDED] if kind == "gitlab" else [])]


def _runs_it(file: Path) -> bool:
    try:
        return "headworks" in file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False


def _installs(folder: Path) -> str:
    """What pip is given to install the project: the folder where it is a package, else its requirements."""
    document: dict[str, Any] = {}
    with contextlib.suppress(OSError, ValueError):
        document = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
    package = "project" in document or "build-system" in document or "poetry" in document.get("tool", {})
    if not package and not (folder / "setup.py").exists() and (folder / "requirements.txt").exists():
        return "-r requirements.txt"
    return "."


def _default_branch(folder: Path) -> str:
    """That of `origin`, as git was told when it was cloned; else `main`."""
    with contextlib.suppress(OSError):
        words = ["git", "-C", str(folder), "symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD"]
        done = subprocess.run(words, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
        name = done.stdout.strip().removeprefix("origin/")
        if done.returncode == 0 and _PLAIN.fullmatch(name):
            return name
    return "main"
