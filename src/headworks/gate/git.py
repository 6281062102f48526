"""What the gate asks git: which files are new since a commit, what a file held there, all of its files in a folder.

It is git itself that answers, so what its configuration, its hooks and its attributes say holds here, too.
"""

import os
import subprocess
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from headworks.errors import HeadworksError, UsageError

__all__ = ["BY_NAME", "GitFailed", "GitMissing", "NoCommonCommit", "NoRepository", "Repository", "UnknownRef"]

# A hook runs with these set, for the repository that it is run in and the folder that it starts in.
_OF_A_HOOK = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR")


BY_NAME = "name them: --revisions A:B"
"""What can be done without git where there is that option."""


class GitMissing(UsageError):
    """--since asks git what is new, and there is no git on the PATH"""

    hint = "install git, or {advice_text}"


class NoRepository(UsageError):
    """--since: {folder} is in no git repository: {reason}"""

    hint = "{advice_text}"


class UnknownRef(UsageError):
    """--since {ref}: git knows no commit of that name here"""

    hint = "{advice_text}"


class NoCommonCommit(UsageError):
    """--since {ref}: it has no commit in common with what is checked out{reason}"""

    hint = "{advice_text}"


class GitFailed(HeadworksError):
    """git {command} failed: {reason}"""

    hint = "{advice_text}"


class Repository:
    """The working tree around `folder`. Raises `GitMissing`, `NoRepository`.

    `otherwise` is what a person can do without git, in the words of the command that asks.
    """

    def __init__(self, folder: Path, otherwise: str = BY_NAME) -> None:
        self._folder = folder.resolve()
        self._otherwise = otherwise
        done = self._run("rev-parse", "--show-toplevel")
        if done.returncode:
            reason = _first_line(done.stderr)
            # "detected dubious ownership": git's own way out of it names the folder.
            own = "dubious ownership" in reason
            advice = f"git config --global --add safe.directory {self._folder}" if own else otherwise
            raise NoRepository(folder=folder, reason=reason, advice_text=advice)
        self.top = Path(os.fsdecode(done.stdout.rstrip(b"\n"))).resolve()

    def base_of(self, ref: str) -> str:
        """The last commit that `ref` and what is checked out have in common. Raises `UnknownRef`, `NoCommonCommit`."""
        found = self._run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
        if found.returncode or not ref:
            raise UnknownRef(ref=ref, advice_text=self._fetch(ref))
        done = self._run("merge-base", "HEAD", os.fsdecode(found.stdout.strip()))
        if done.returncode:
            reason = ": this clone is shallow" if self._shallow else ""
            advice = "git fetch --unshallow" if self._shallow else f"git merge-base HEAD {ref} says the same"
            raise NoCommonCommit(ref=ref, reason=reason, advice_text=advice)
        return os.fsdecode(done.stdout.strip())

    def changed_since(self, commit: str) -> frozenset[Path]:
        """The files that are not what they were there: committed or not, and those that git does not know yet.

        A file that was only moved is not among them.
        """
        words = self._output("diff", "--name-status", "-z", "--find-renames=100%", commit, "--").split(b"\0")
        found: set[bytes] = set()
        while len(words) > 1:
            status = words.pop(0)
            names = [words.pop(0) for _ in range(2 if status[:1] in b"RC" else 1)]
            if status[:1] not in b"DR":
                found.add(names[-1])
        # Ignored ones, too: Alembic loads a revision whatever .gitignore says.
        found |= set(self._output("ls-files", "--others", "-z", "--", "*.py").split(b"\0"))
        return frozenset(self.top / os.fsdecode(name) for name in found if name)

    def text_at(self, commit: str, path: Path) -> str | None:
        """What a file held there; `None` where there was none."""
        if not path.is_relative_to(self.top):
            return None
        done = self._run("cat-file", "blob", f"{commit}:{path.relative_to(self.top).as_posix()}")
        return None if done.returncode else done.stdout.decode("utf-8", "surrogateescape")

    def files_at(self, commit: str, folder: Path) -> tuple[Path, ...]:
        """The files that lay in a folder there."""
        if not folder.is_relative_to(self.top):
            return ()
        place = f"{folder.relative_to(self.top).as_posix()}/"
        names = self._output("ls-tree", "-z", "--name-only", "--full-tree", commit, "--", place).split(b"\0")
        return tuple(self.top / os.fsdecode(name) for name in names if name)

    def export(self, commit: str, folder: Path) -> None:
        """Write all files of a commit into `folder`, which is empty or not there.

        Not by `git archive`, which leaves out what an attribute says a package should not hold, and not by a worktree,
        which the repository would have to be told to forget.
        """
        index = folder.parent / f".{folder.name}.index"
        own = {"GIT_INDEX_FILE": str(index), "GIT_LFS_SKIP_SMUDGE": "1"}
        try:
            self._output("read-tree", commit, variables=own)
            self._output("checkout-index", "--all", f"--prefix={folder}{os.sep}", variables=own)
        finally:
            index.unlink(missing_ok=True)

    @cached_property
    def _shallow(self) -> bool:
        return self._run("rev-parse", "--is-shallow-repository").stdout.strip() == b"true"

    def _fetch(self, ref: str) -> str:
        """How the commit can be had."""
        remotes = os.fsdecode(self._run("remote").stdout).split()
        remote, _, branch = ref.partition("/")
        if branch and remote in remotes:
            # A clone of one branch does not keep others under their own names unless it is told where.
            return f"git fetch {remote} +refs/heads/{branch}:refs/remotes/{ref}"
        if self._shallow:
            return "this clone is shallow: git fetch --unshallow --tags"
        return "git branch --all and git tag list the names; a tag may have to be fetched: git fetch --tags"

    def _output(self, *words: str, variables: dict[str, str] | None = None) -> bytes:
        done = self._run(*words, variables=variables)
        if done.returncode:
            advice = f"try it alone: git {' '.join(words[:3])}"
            raise GitFailed(command=words[0], reason=_first_line(done.stderr), advice_text=advice)
        return done.stdout

    def _run(self, *words: str, variables: dict[str, str] | None = None) -> subprocess.CompletedProcess[bytes]:
        inherited = {name: value for name, value in os.environ.items() if name not in _OF_A_HOOK}
        place: Sequence[str | Path] = ("git", "-C", getattr(self, "top", self._folder), *words)
        try:
            return subprocess.run(
                place,
                env=inherited | {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"} | (variables or {}),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
            )
        except FileNotFoundError:
            raise GitMissing(advice_text=self._otherwise) from None


def _first_line(text: bytes) -> str:
    return os.fsdecode(text).strip().partition("\n")[0].removeprefix("fatal: ") or "it said nothing"
