"""The manifest: what a revision's hash is of, what is written when, and how it merges. Its rule has case folders."""

import json
from pathlib import Path

import pytest

from headworks.gate.fingerprint import fingerprint
from helpers import Headworks
from projects import Rev, sql, table, write_project, write_revision
from repositories import commit, git, repository

PINNED = "sha256:0a9f32a9e4b5dea0543f8b4a77b32a878a00e7b31e90119ec64f4dd39d893bd7"
MODULE = """
revision = "a"
down_revision = None

def upgrade():
    op.execute("CREATE TABLE a (id int)", [1, -2.5, None, {**rest}], *more)
    x = f"a {b!r:>{width}} c"

def downgrade():
    for one in ("a", "b"):
        op.drop_table(one)
"""
SAME = {
    "comments and blank lines": MODULE.replace("\n", "  # a word\n").replace("def ", "\n\n\ndef "),
    "quotes and layout": MODULE.replace('"a", "b"', "\n'a',\n'b',\n")
    .replace('"CREATE TABLE a', "'CREATE ' 'TABLE' ' a")
    .replace('int)",', "int)',"),
    "docstrings": MODULE.replace("upgrade():\n", 'upgrade():\n    """Up."""\n').replace("\nrev", '"""What."""\nrev', 1),
    "line ends": MODULE.replace("\n", "\r\n"),
}
OTHERS = {
    "a statement": ("id int", "id bigint"),
    "a value": ("-2.5", "2.5"),
    "no value": ("None, {", "{"),
    "the one below": ("down_revision = None", 'down_revision = "z"'),
    "a format": ("!r:", "!s:"),
    "a string that is no docstring": ('x = f"a', '"x"\n    x = f"a'),
    "a function more": ("def downgrade", "def other():\n    pass\n\ndef downgrade"),
}


class TestTheHash:
    @pytest.mark.parametrize("how", SAME)
    def test_the_same_code(self, how: str) -> None:
        assert SAME[how] != MODULE
        assert fingerprint(SAME[how].encode()) == fingerprint(MODULE.encode())

    @pytest.mark.parametrize("how", OTHERS)
    def test_other_code(self, how: str) -> None:
        old, new = OTHERS[how]
        assert old in MODULE
        assert fingerprint(MODULE.replace(old, new).encode()) != fingerprint(MODULE.encode())

    def test_all_versions_of_python_agree(self) -> None:
        """Computed by 3.11, 3.12 and 3.13, whose trees differ in fields and in how f-strings are cut."""
        source = 'def f(x, *, y=1):\n    return f"a{x}" "b" f"{x=}{y!r:>{w}.{p}}{{z}}" f"", f"{x:}", u"c", {1: b"d"}\n'
        assert fingerprint(source.encode()) == PINNED


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Two domains, recorded on `main`."""
    first = [table(name, after=None, folder=name[0]) for name in ("x1", "y1")]
    write_project(tmp_path, first, ini={"recursive_version_locations": "true"})
    return repository(tmp_path)


def manifest(folder: Path) -> dict[str, list[str]]:
    files = sorted((folder / "migrations" / "manifest").glob("*"))
    return {file.name: [line.split()[0] for line in file.read_text().splitlines()[1:]] for file in files}


class TestWriting:
    def test_nothing_without_one(self, shop: Path, inside: Headworks, server_url: str) -> None:
        ran = inside("gate", "--checks", "whole", "--format", "json", "--shadow-url", server_url)
        assert ran.code == 0
        assert "manifest" not in json.loads(ran.out)["details"]
        assert manifest(shop) == {}

    def test_what_is_missing_is_added(self, shop: Path, inside: Headworks) -> None:
        ran = inside("history", "--write-manifest")
        assert (ran.code, ran.out) == (0, "migrations/manifest/x.txt\nmigrations/manifest/y.txt\n")
        assert manifest(shop) == {"x.txt": ["x1"], "y.txt": ["y1"]}
        again = inside("history", "--write-manifest")
        assert (again.code, again.out, again.err) == (0, "", "the manifest has all revisions already\n")
        write_revision(shop, table("x0", after="x1", folder="x"))
        assert inside("history", "--write-manifest").out == "migrations/manifest/x.txt\n"
        assert manifest(shop) == {"x.txt": ["x0", "x1"], "y.txt": ["y1"]}

    def test_what_is_not_there_yet_is_counted(self, shop: Path, inside: Headworks, server_url: str) -> None:
        inside("history", "--write-manifest")
        write_revision(shop, table("x2", after="x1", folder="x"))
        ran = inside("gate", "--checks", "whole", "--strict", "--format", "json", "--shadow-url", server_url)
        assert ran.code == 0
        assert json.loads(ran.out)["details"]["manifest"] == {"recorded": 2, "unrecorded": ["x2"]}

    def test_a_recorded_one_is_not_written_over(self, shop: Path, inside: Headworks) -> None:
        inside("history", "--write-manifest")
        before = (shop / "migrations" / "manifest" / "x.txt").read_text()
        write_revision(shop, Rev("x1", sql("CREATE TABLE other ()"), after=None, folder="x"))
        ran = inside("history", "--write-manifest")
        assert (ran.code, ran.out) == (3, "")
        assert ran.err.startswith("error: migrations/manifest/x.txt, line 2: x1 is not what was recorded of it")
        assert (shop / "migrations" / "manifest" / "x.txt").read_text() == before

    def test_one_that_is_being_worked_on_is(self, shop: Path, inside: Headworks, server_url: str) -> None:
        inside("history", "--write-manifest")
        commit(shop)
        git(shop, "checkout", "--quiet", "-b", "feature")
        for column in ("a", "b"):
            write_revision(shop, Rev("x2", sql(f"ALTER TABLE x1 ADD {column} int"), after="x1", folder="x"))
            assert inside("history", "--write-manifest", "--since", "main").out == "migrations/manifest/x.txt\n"
            commit(shop)
        assert inside("gate", "--checks", "whole", "--since", "main", "--strict", "--shadow-url", server_url).code == 0
        (shop / "migrations" / "versions" / "x" / "x2.py").unlink()
        assert inside("history", "--write-manifest", "--since", "main").out == "migrations/manifest/x.txt\n"
        assert manifest(shop) == {"x.txt": ["x1"], "y.txt": ["y1"]}

    def test_a_line_that_was_rewritten_is_said(self, shop: Path, inside: Headworks, server_url: str) -> None:
        inside("history", "--write-manifest")
        commit(shop)
        git(shop, "checkout", "--quiet", "-b", "feature")
        write_revision(shop, Rev("x1", sql("CREATE TABLE other ()"), sql("DROP TABLE other"), after=None, folder="x"))
        (shop / "migrations" / "manifest" / "x.txt").unlink()
        inside("history", "--write-manifest")
        ran = inside("gate", "--checks", "whole", "--since", "main", "--format", "json", "--shadow-url", server_url)
        said = [(one["severity"], one["rule"], one["revision"], one["file"]) for one in json.loads(ran.out)["findings"]]
        assert said[0] == ("warning", "gate.history-changed", "x1", "migrations/versions/x/x1.py")
        assert ran.code == 0

    @pytest.mark.parametrize("line", ["<<<<<<< HEAD", "x1", "x1 md5:00"])
    def test_a_broken_file(self, line: str, shop: Path, inside: Headworks, server_url: str) -> None:
        inside("history", "--write-manifest")
        file = shop / "migrations" / "manifest" / "x.txt"
        file.write_text(f"{file.read_text()}{line}\n")
        for words in (("history", "--write-manifest"), ("gate", "--checks", "whole", "--shadow-url", server_url)):
            ran = inside(*words)
            assert (ran.code, ran.out) == (2, "")
            assert f"error: migrations/manifest/x.txt, line 3: this is no entry: {line}\n" in ran.err

    def test_a_label_that_is_no_file_name(self, tmp_path: Path, inside: Headworks) -> None:
        write_project(tmp_path, [table("a", label="a/b: \u00e9")])
        assert inside("history", "--write-manifest").out == "migrations/manifest/a%2Fb%3A %C3%A9.txt\n"
        assert inside("history", "--write-manifest").out == ""


class TestMerging:
    """Two pull requests, each with its line; git merges them, and the gate agrees with what comes out."""

    def branch(self, shop: Path, inside: Headworks, name: str, revision: Rev) -> None:
        git(shop, "checkout", "--quiet", "-b", name, "main")
        write_revision(shop, revision)
        assert inside("history", "--write-manifest").code == 0
        commit(shop)

    def test_of_different_domains(self, shop: Path, inside: Headworks, server_url: str) -> None:
        inside("history", "--write-manifest")
        commit(shop)
        self.branch(shop, inside, "one", table("x2", after="x1", folder="x"))
        self.branch(shop, inside, "two", table("y2", after="y1", folder="y"))
        git(shop, "merge", "--quiet", "one", "-m", "both")
        assert manifest(shop) == {"x.txt": ["x1", "x2"], "y.txt": ["y1", "y2"]}
        assert inside("gate", "--checks", "whole", "--strict", "--shadow-url", server_url).code == 0

    @pytest.mark.parametrize("union", [False, True])
    def test_of_one_domain(self, union: bool, shop: Path, inside: Headworks) -> None:
        """That is a conflict, as it is one of the history, too; an attribute of git's settles it."""
        inside("history", "--write-manifest")
        if union:
            (shop / ".gitattributes").write_text("migrations/manifest/*.txt merge=union\n")
        commit(shop)
        self.branch(shop, inside, "one", table("x2", after="x1", folder="x"))
        self.branch(shop, inside, "two", table("x3", after="x1", folder="x"))
        git(shop, "merge", "--quiet", "one", "-m", "both", check=False)
        assert bool(git(shop, "ls-files", "--unmerged")) is not union
        if union:
            assert sorted(manifest(shop)["x.txt"]) == ["x1", "x2", "x3"]
            assert inside("history", "--write-manifest").code == 0


def test_commerce_is_recorded(headworks: Headworks) -> None:
    root = Path(__file__).parents[2]
    ran = headworks("history", "--write-manifest", folder=root)
    assert (ran.code, ran.out, ran.err) == (0, "", "the manifest has all revisions already\n")
