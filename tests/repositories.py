"""Real git repositories for tests, with an identity of their own and none of the developer's settings."""

import os
import subprocess
from pathlib import Path

__all__ = ["commit", "git", "repository"]

_IDENTITY = ("-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false")


def git(folder: Path, *words: str, check: bool = True) -> str:
    """What git says on stdout."""
    own = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(
        ["git", *_IDENTITY, *words], cwd=folder, env=os.environ | own, check=False, capture_output=True, text=True
    )
    if check and done.returncode:
        raise AssertionError(f"git {' '.join(words)}: {done.stderr}")
    return done.stdout


def commit(folder: Path, message: str = "a commit") -> str:
    """Commit all that is there; the commit's name."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "-m", message)
    return git(folder, "rev-parse", "HEAD").strip()


def repository(folder: Path) -> Path:
    """A repository in `folder` whose branch is `main`, with all that is there committed."""
    git(folder, "init", "--quiet", "--initial-branch=main")
    (folder / ".gitignore").write_text("__pycache__/\n", encoding="utf-8")
    commit(folder)
    return folder
