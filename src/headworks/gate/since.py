"""The revisions that are new: those whose files are not what they were at the last commit in common with a ref."""

from pathlib import Path

import msgspec

from headworks.gate.git import BY_NAME, Repository
from headworks.migrations.project import Project

__all__ = ["Since", "new_since"]


class Since(msgspec.Struct, frozen=True):
    """`ref` as it was written, the `commit` that it and the working tree have in common, and the revisions since."""

    ref: str
    commit: str
    repository: Repository
    revisions: frozenset[str]


def new_since(project: Project, ref: str, otherwise: str = BY_NAME) -> Since:
    """Ask git. A revision of another repository (an installed package's, a submodule's) is not new.

    `otherwise` is what can be done where git cannot be asked. Raises what `Repository` raises.
    """
    history = project.history
    repository = Repository(project.settings.root, otherwise)
    commit = repository.base_of(ref)
    changed = {path.resolve() for path in repository.changed_since(commit)}
    new = frozenset(one.id for one in history.revisions if Path(one.path).resolve() in changed)
    return Since(ref=ref, commit=commit, repository=repository, revisions=new)
