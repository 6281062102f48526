"""The file that has a CI run `headworks gate` (`docs/ci.md`) for the project in a folder. Nothing is written over.

A CI reads its file at the top of the repository alone, and runs there; the project may lie in a folder below.
"""

import contextlib
import json
import re
import subprocess
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec

from headworks.repository import top_of

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
_PLAIN = re.compile(r"\w[\w./-]*", re.ASCII)
"""A name of a branch that YAML and a shell take as it is."""


class CiFile(msgspec.Struct, frozen=True):
    """What is to be written, and where, from `top` on; `there` names the file that runs headworks already.

    `paste` is what has to be added by hand to a file that is there, which is not ours to change.
    """

    top: Path
    place: str
    text: str
    there: str = ""
    paste: str = ""


def ci_of_folder(folder: Path) -> str:
    """The kind that the repository around a folder shows: `github` for a `.github`, `gitlab` for a `.gitlab-ci.yml`."""
    top = top_of(folder) or folder
    return next((kind for name, kind in _SHOWN_BY.items() if (top / name).exists()), NONE)


def ci_file(kind: str, folder: Path) -> CiFile:
    """The file of a kind for the project in a folder."""
    top = top_of(folder) or folder.resolve()
    below = folder.resolve().relative_to(top).as_posix()
    below = "" if below == "." else below
    suffix = f"-{re.sub(r'[^a-z0-9]+', '-', below.lower()).strip('-')}" if below else ""
    text = (resources.files("headworks.scaffold") / "files" / "ci" / _TEXTS[kind]).read_text(encoding="utf-8")
    text = text.replace("pip install . headworks", f"pip install {_installs(folder)} headworks")
    branch = _default_branch(folder)
    text = text.replace("branches: [main]", f"branches: [{branch}]").replace("origin/main", f"origin/{branch}")
    if below:
        text = _below(kind, text, below, suffix)
    if there := next((name for name in _looked_at(kind, top) if _runs_it(top / name, below)), ""):
        return CiFile(top, "", "", there=there)
    place = _PLACES[kind].replace("database.yml", f"database{suffix}.yml")
    if not (top / place).exists():
        return CiFile(top, place, text)
    if kind == "gitlab":
        included = f".gitlab/headworks{suffix}.yml"
        return CiFile(top, included, text, paste=f"add to {place}:\ninclude:\n  - local: {included}")
    if kind == "pre-commit":
        hook = text.partition("repos:\n")[2].rstrip("\n")
        return CiFile(top, "", "", paste=f"add to {place}, below repos:\n{hook}")
    return CiFile(top, "", "", paste=f"{place} is there, and runs something else: see docs/ci.md for what to add to it")


def write_ci(file: CiFile) -> None:
    """Write it; a file that is there is left alone (`FileExistsError`)."""
    target = file.top / file.place
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("x", encoding="utf-8") as opened:
        opened.write(file.text)


def _below(kind: str, text: str, below: str, suffix: str) -> str:
    """The same for a project below the top: it is run in its folder, and its files are named from the top."""
    folder = below if _PLAIN.fullmatch(below) else json.dumps(below)  # a string of JSON is one of YAML
    if kind == "github":
        inside = f"defaults:\n  run:\n    working-directory: {folder}\njobs:\n"
        text = text.replace("name: database\n", f"name: database{suffix}\n").replace("jobs:\n", inside, 1)
        report = f"{below}/gate".replace("'", "''")
        text = text.replace("hashFiles('gate", f"hashFiles('{report}")
        return text.replace("sarif_file: gate.sarif", f"sarif_file: {json.dumps(f'{below}/gate.sarif')}")
    if kind == "gitlab":
        text = text.replace("gate:\n", f"gate{suffix}:\n", 1).replace("script:\n", f"script:\n    - cd {folder}\n")
        return text.replace("junit: gate.xml", f"junit: {json.dumps(f'{below}/gate.xml')}")
    return text.replace("args: [", f"args: [--config, {json.dumps(f'{below}/pyproject.toml')}, ")


def _looked_at(kind: str, top: Path) -> list[str]:
    """The files that may run it, whatever they are called."""
    folder = {"github": ".github/workflows", "gitlab": ".gitlab"}.get(kind)
    inside = top / folder if folder else None
    found = [*inside.glob("*.yml"), *inside.glob("*.yaml")] if inside is not None and inside.is_dir() else []
    return [_PLACES[kind], *sorted(one.relative_to(top).as_posix() for one in found)]


def _runs_it(file: Path, below: str) -> bool:
    """Whether it runs headworks, and that for the project: its folder is named where it lies in one."""
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return "headworks" in text and below in text


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
