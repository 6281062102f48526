"""`gate.naming`: revisions are named, described and owned as `[tool.headworks.policy]` says."""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from headworks.findings import Finding
from headworks.migrations.history import Revision
from headworks.migrations.project import Project
from headworks.owners.codeowners import CodeOwners

__all__ = ["misnamed"]

_OWNER = re.compile(r"^\s*owners?\s*:[ \t]*(?P<name>\S.*)$", re.IGNORECASE | re.MULTILINE)
# What Alembic writes into the file when it is given no message.
_UNSAID = "empty message"


def misnamed(project: Project, revisions: Iterable[Revision]) -> Iterator[Finding]:
    """One finding for each way in which one of these revisions is not as the policy says; none without a policy."""
    policy = project.settings.keys.policy
    owners = CodeOwners(project.settings.root)
    for revision in revisions:
        said = _Said(revision)
        if policy.revision_id is not None and not re.fullmatch(policy.revision_id, revision.id):
            text = f"the id {revision.id} is not as revision_id says: {policy.revision_id}"
            hint = "rename it while nobody has run it; else: # headworks: allow gate.naming - the reason"
            yield _finding(revision, said.line_of_id, text, hint)
        if policy.file_name is not None:
            pattern = policy.file_name.replace("{revision}", re.escape(revision.id))
            pattern = pattern.replace("{domain}", re.escape(revision.domain))
            if not re.fullmatch(pattern, revision.path.stem):
                text = f"the file's name, {revision.path.name}, is not as file_name says: {policy.file_name}"
                yield _finding(revision, 1, text, f"git mv {revision.file}; Alembic knows a revision by its id")
        if policy.docstring and not said.described:
            text = f"{revision.id} has no docstring that says what it does"
            yield _finding(revision, 1, text, 'begin the file with """What it does, in a sentence."""')
        if policy.owner == "docstring" and not said.owner:
            text = f"{revision.id} names no owner"
            yield _finding(revision, 1, text, "write a line into its docstring: Owner: the team")
        if policy.owner == "codeowners" and not owners.of(revision.path):
            where = "has no line for it" if owners.file else "is not there"
            text = f"{revision.id} has no owner: CODEOWNERS {where}"
            yield _finding(revision, 1, text, f"add a line to CODEOWNERS: /{revision.file} @team")


class _Said:
    """What a revision's file says of itself."""

    def __init__(self, revision: Revision) -> None:
        self._revision = revision

    @property
    def described(self) -> bool:
        """Whether a sentence stands in the docstring, beside what the template puts there."""
        first = self._docstring.strip().partition("\n")[0].strip()
        return bool(first) and first.lower() != _UNSAID and not first.lower().startswith("revision id:")

    @property
    def owner(self) -> str:
        """The name in the docstring's line `Owner:`; empty when there is none."""
        found = _OWNER.search(self._docstring)
        return found["name"].strip() if found else ""

    @property
    def line_of_id(self) -> int:
        """Where `revision = ...` stands."""
        for node in self._tree.body:
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            if any(isinstance(one, ast.Name) and one.id == "revision" for one in targets):
                return node.lineno
        return 1

    @property
    def _docstring(self) -> str:
        return ast.get_docstring(self._tree) or ""

    @cached_property
    def _tree(self) -> ast.Module:
        return ast.parse(self._revision.path.read_bytes())


def _finding(revision: Revision, line: int, message: str, hint: str) -> Finding:
    return Finding(rule="gate.naming", revision=revision.id, file=revision.file, line=line, message=message, hint=hint)
