"""Where the repository around a project begins: forges look for files there, and name files from there."""

import os
from pathlib import Path

__all__ = ["top_of"]


def top_of(folder: Path) -> Path | None:
    """The top of the repository around a folder; `None` where there is none.

    git itself is not asked: in a container it is often missing, or refuses a checkout of another user. Without a
    checkout of git's it is `$GITHUB_WORKSPACE`, into which `actions/checkout` downloads the files where it finds no
    git (https://github.com/actions/checkout#readme).
    """
    inside = folder.resolve()
    for place in (inside, *inside.parents):
        if (place / ".git").exists():  # a file in a worktree and in a submodule
            return place
    named = os.environ.get("GITHUB_WORKSPACE")
    workspace = Path(named).resolve() if named else None
    return workspace if workspace is not None and inside.is_relative_to(workspace) else None
