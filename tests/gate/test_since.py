"""`gate --since`: which revisions are new, asked of real repositories."""

import json
import os
import shutil
from pathlib import Path

import pytest

from headworks import config
from headworks.gate.since import new_since
from headworks.migrations.project import Project
from helpers import Headworks
from projects import Rev, make_project, sql, table, write_project, write_revision
from repositories import commit, git, repository

TWO_PLACES = {"version_locations": "%(here)s/migrations/versions/x;%(here)s/extra/y", "path_separator": ";"}


def new(project: Project, ref: str = "main") -> list[str]:
    return sorted(new_since(Project(project.settings), ref).revisions)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Two revisions on `main`, and the branch `feature` checked out."""
    made = make_project(tmp_path, [table("aaa"), table("bbb")])
    repository(tmp_path)
    git(tmp_path, "checkout", "--quiet", "-b", "feature")
    return made


class TestWhatIsNew:
    def test_committed_staged_and_untracked(self, project: Project, tmp_path: Path) -> None:
        assert new(project) == []
        write_revision(tmp_path, table("ccc"), "bbb")
        commit(tmp_path)
        assert new(project) == ["ccc"]
        write_revision(tmp_path, table("ddd"), "ccc")
        git(tmp_path, "add", "--all")
        write_revision(tmp_path, table("eee"), "ddd")
        assert new(project) == ["ccc", "ddd", "eee"]

    def test_an_ignored_file_is_loaded_too(self, project: Project, tmp_path: Path) -> None:
        (tmp_path / ".gitignore").write_text("c*.py\n")
        write_revision(tmp_path, table("ccc"), "bbb")
        assert new(project) == ["ccc"]

    def test_an_edited_one(self, project: Project, tmp_path: Path) -> None:
        file = tmp_path / "migrations" / "versions" / "aaa.py"
        file.write_text(file.read_text() + "# a word\n")
        assert new(project) == ["aaa"]
        commit(tmp_path)
        assert new(project) == ["aaa"]

    def test_a_moved_one_is_not_new_and_an_edited_one_is(self, project: Project, tmp_path: Path) -> None:
        versions = tmp_path / "migrations" / "versions"
        (versions / "aaa.py").rename(versions / "first.py")
        git(tmp_path, "add", "--all")
        assert new(project) == []
        commit(tmp_path)
        assert new(project) == []
        (versions / "first.py").rename(versions / "again.py")
        (versions / "again.py").write_text((versions / "again.py").read_text() + "# a word\n")
        commit(tmp_path)
        assert new(project) == ["aaa"]

    def test_what_main_got_meanwhile_is_not(self, project: Project, tmp_path: Path) -> None:
        write_revision(tmp_path, table("ccc"), "bbb")
        commit(tmp_path)
        git(tmp_path, "checkout", "--quiet", "main")
        write_revision(tmp_path, table("zzz", after="bbb"))
        commit(tmp_path)
        git(tmp_path, "checkout", "--quiet", "feature")
        assert new(project) == ["ccc"]
        git(tmp_path, "merge", "--quiet", "main", "-m", "catch up")
        assert new(project) == ["ccc"]

    def test_a_tag_and_a_commit(self, project: Project, tmp_path: Path) -> None:
        write_revision(tmp_path, table("ccc"), "bbb")
        second = commit(tmp_path)
        git(tmp_path, "tag", "v2")
        write_revision(tmp_path, table("ddd"), "ccc")
        assert new(project, "v2") == new(project, second[:10]) == new(project, "HEAD") == ["ddd"]
        assert new(project, "HEAD~1") == ["ccc", "ddd"]

    def test_several_folders_below_a_repository_of_more(self, tmp_path: Path) -> None:
        folder = tmp_path / "services" / "shop \u00e9"
        first = Rev("x1", sql("CREATE TABLE x1 ()"), sql("DROP TABLE x1"), after=None, folder="x", label="x")
        write_project(folder, [first], ini=TWO_PLACES)
        extra = folder / "extra" / "y"
        extra.mkdir(parents=True)
        file = write_revision(folder, Rev("y1", after=None, label="y"))
        shutil.move(file, extra / "y1.py")
        repository(tmp_path)
        project = Project(config.load(folder=folder))
        assert new(project, "HEAD") == []
        shutil.move(write_revision(folder, Rev("y2", after="y1")), extra / "y2.py")
        write_revision(folder, Rev("x2", after="x1", folder="x"))
        assert new(project, "HEAD") == ["x2", "y2"]

    def test_a_package_elsewhere_is_not_new(self, project: Project, tmp_path: Path) -> None:
        theirs = tmp_path / "vendored"
        theirs.mkdir()
        (theirs / "theirs.py").write_text("revision = 'theirs'\ndown_revision = None\ndef upgrade(): pass\n")
        repository(theirs)
        ini = tmp_path / "alembic.ini"
        places = "%(here)s/migrations/versions;%(here)s/vendored"
        ini.write_text(f"{ini.read_text()}version_locations = {places}\npath_separator = ;\n")
        commit(tmp_path)
        assert new(project, "HEAD") == []

    def test_a_hook_of_git_names_another_index(
        self, project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write_revision(tmp_path, table("ccc"), "bbb")
        monkeypatch.setenv("GIT_DIR", ".git")
        monkeypatch.setenv("GIT_INDEX_FILE", os.devnull)
        assert new(project) == ["ccc"]


class TestTheCommand:
    def test_list_and_walk(self, project: Project, tmp_path: Path, inside: Headworks, server_url: str) -> None:
        listed = inside("gate", "--list", "--since", "main")
        assert (listed.code, listed.out) == (0, "")
        checks = "checks: schema, branches, whole, data, locks\n"
        assert listed.err == f"{checks}upgraded: 2 revisions, not looked at: aaa, bbb\nno revision is new since main\n"
        write_revision(tmp_path, Rev("ccc", sql("CREATE TABLE ccc ()"), "pass"), "bbb")
        listed = inside("gate", "--list", "--since", "main")
        assert listed.out == "default  ccc  migrations/versions/ccc.py\n"
        assert listed.err == f"{checks}base: 2 revisions, run once and not looked at: aaa, bbb\n"
        said = json.loads(inside("gate", "--list", "--since", "main", "--format", "json").out)
        assert said.pop("since")["ref"] == "main"
        assert said == {
            "headworks": 1,
            "command": "gate",
            "checks": ["schema", "branches", "whole", "data", "locks"],
            "base": ["aaa", "bbb"],
            "revisions": [{"revision": "ccc", "domain": "default", "file": "migrations/versions/ccc.py"}],
            "upgraded": [],
            "alone": [],
        }
        file = tmp_path / "plan.json"
        assert inside("gate", "--list", "--checks", "whole", "--format", "json", "-o", str(file)).out == ""
        assert json.loads(file.read_text())["checks"] == ["whole"]
        ran = inside("gate", "--since", "main", "--format", "json", "--shadow-url", server_url)
        report = json.loads(ran.out)
        found = [(one["rule"], one["revision"]) for one in report["findings"] if one["severity"] == "error"]
        assert (report["stats"]["revisions"], found) == (1, [("gate.downgrade-differs", "ccc")])

    @pytest.mark.parametrize(
        ("words", "said", "hint"),
        [
            (("--since", "nope"), "--since nope: git knows no commit of that name here", "git fetch --tags"),
            (("--since", ""), "--since : git knows no commit of that name here", "git fetch --tags"),
            (("--since", "--all"), "--since --all: git knows no commit of that name here", "git fetch --tags"),
            (("--since", "main:alembic.ini"), "--since main:alembic.ini: git knows no commit", "git fetch --tags"),
            (("--since", "main", "--revisions", "aaa"), "--revisions and --since exclude each other", "leave one"),
            (("--list", "--format", "sarif"), "--list --format sarif: there is no such format", "--list --format"),
            (("--compat",), "the check compat tries the release before", "--compat --since REF"),
            (("--checks", "compat"), "the check compat tries the release before", "--compat --since REF"),
        ],
    )
    def test_wrong_words(
        self, project: Project, inside: Headworks, words: tuple[str, ...], said: str, hint: str
    ) -> None:
        ran = inside("gate", *words)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith(f"error: {said}")
        assert hint in ran.err.splitlines()[1]

    def test_no_repository(self, tmp_path: Path, inside: Headworks) -> None:
        write_project(tmp_path, [table("aaa")])
        ran = inside("gate", "--list", "--since", "main", env={"GIT_CEILING_DIRECTORIES": str(tmp_path.parent)})
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith(f"error: --since: {tmp_path} is in no git repository: not a git repository")
        assert "\nhint: name them: --revisions A:B" in ran.err

    def test_no_git(self, project: Project, tmp_path: Path, inside: Headworks) -> None:
        ran = inside("gate", "--list", "--since", "main", env={"PATH": str(tmp_path)})
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith("error: --since asks git what is new, and there is no git on the PATH")


class TestClones:
    """What a CI job checks out; the hint, pasted, must help."""

    @pytest.fixture
    def pushed(self, project: Project, tmp_path: Path) -> Path:
        write_revision(tmp_path, table("ccc"), "bbb")
        commit(tmp_path)
        return tmp_path

    @pytest.mark.parametrize("depth", ["1", "2"])
    def test_the_hint_mends_it(
        self, pushed: Path, tmp_path_factory: pytest.TempPathFactory, depth: str, inside: Headworks
    ) -> None:
        clone = tmp_path_factory.mktemp("ci") / "clone"
        git(pushed, "clone", "--quiet", f"--depth={depth}", "--branch=feature", f"file://{pushed}", str(clone))
        hints = []
        for _ in range(4):
            ran = inside("gate", "--list", "--since", "origin/main", folder=clone)
            if ran.code == 0:
                break
            assert (ran.code, ran.out) == (2, "")
            hint = ran.err.splitlines()[1].removeprefix("hint: ")
            hints.append(hint)
            git(clone, *hint.split()[1:])
        assert ran.out == "default  ccc  migrations/versions/ccc.py\n"
        # One commit of the branch has nothing in common with main; with two, main's last one is there.
        deepen = ["git fetch --unshallow"] if depth == "1" else []
        assert hints == ["git fetch origin +refs/heads/main:refs/remotes/origin/main", *deepen]
