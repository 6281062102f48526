"""`headworks init` in a project that is there already."""

import hashlib
import json
import subprocess
import tomllib
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from headworks import config
from helpers import Headworks
from projects import Rev, sql, table, write_project


def child(name: str, parent: str) -> Rev:
    return Rev(
        name, sql(f"CREATE TABLE {name} (id int PRIMARY KEY, of int REFERENCES {parent})"), sql(f"DROP TABLE {name}")
    )


HISTORY = [
    table("users"),
    child("user_keys", "users"),
    child("user_mails", "users"),
    table("orders"),
    child("order_lines", "orders"),
    child("order_notes", "orders"),
    Rev("both", sql("ALTER TABLE orders ADD COLUMN by int REFERENCES users", "ALTER TABLE users ADD COLUMN x int"),
        sql("ALTER TABLE orders DROP COLUMN by", "ALTER TABLE users DROP COLUMN x")),
]  # fmt: skip
DOMAINS = {"orders": ["order_*", "orders"], "users": ["user_*", "users"]}


def tree(folder: Path) -> dict[str, str]:
    """Every file but Python's caches, by what it holds."""
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write_project(tmp_path, HISTORY)


@pytest.fixture
def init(inside: Headworks, server_url: str) -> Headworks:
    """`headworks init`, on the test server."""

    def call(*words: str, **where: Path) -> object:
        ran = inside("init", "--quiet", "--shadow-url", server_url, *words, **where)  # type: ignore[arg-type]
        assert ran.err == ""
        return ran

    return call  # type: ignore[return-value]


def test_domains_are_proposed_and_nothing_else_changes(project: Path, init: Headworks, inside: Headworks) -> None:
    before = tree(project)
    text = '# mine\n[project]\nname = "mine"  # stays\n'
    (project / "pyproject.toml").write_text(text)

    dry = init("--dry-run")
    assert dry.code == 0
    assert tree(project) == before | {"pyproject.toml": hashlib.sha256(text.encode()).hexdigest()}

    ran = init()
    assert ran.code == 0
    assert "2 domains proposed, by foreign keys, revisions and names" in ran.out
    assert "  orders: 3 tables, 3 revisions of its own, 1 shared\n" in ran.out
    assert "  1 revision of several domains:\n    both  orders, users\n" in ran.out
    after = tree(project)
    written = (project / "pyproject.toml").read_text()
    assert written.startswith(text)
    assert tomllib.loads(written)["tool"]["headworks"] == {"domains": DOMAINS}
    assert {name: one for name, one in after.items() if name != "pyproject.toml"} == before
    for line in written.removeprefix(text).strip().splitlines():
        assert line in dry.out

    again = init()
    assert tree(project) == after
    assert "2 domains, as [tool.headworks.domains] says" in again.out
    assert "pyproject.toml has a [tool.headworks] already: left as it is" in again.out
    assert inside("history", "--offline").code == 0


def test_the_erd_is_drawn_by_the_domains_of_the_config(
    project: Path, init: Headworks, inside: Headworks, server_url: str
) -> None:
    init()
    words = ("erd", "--source", "migrations", "--quiet", "--shadow-url", server_url)
    drawn = inside(*words, "--domain", "users")
    assert drawn.code == 0
    assert "user_keys" in drawn.out
    assert "order_lines" not in drawn.out
    inside(*words, "-o", "erd.md")
    page = (project / "erd.md").read_text()
    assert [line for line in page.splitlines() if line.startswith("## ")] == ["## orders", "## users"]


def test_a_config_without_domains_gets_them(project: Path, init: Headworks) -> None:
    text = '[tool.headworks]\nlog = true\n\n[tool.headworks.gate]\ndowngrades = "optional"\n\n[tool.other]\nx = 1'
    (project / "pyproject.toml").write_text(text)
    assert "wrote [tool.headworks.domains] to pyproject.toml" in init().out
    written = (project / "pyproject.toml").read_text()
    assert written.startswith(f"{text}\n\n[tool.headworks.domains]\n")
    keys = config.load(folder=project).keys
    assert {name: list(patterns) for name, patterns in keys.domains.items()} == DOMAINS
    assert keys.log


def test_a_config_that_cannot_be_extended_is_left_alone(project: Path, inside: Headworks, server_url: str) -> None:
    text = "[tool]\nheadworks = { log = true }\n"
    (project / "pyproject.toml").write_text(text)
    ran = inside("init", "--quiet", "--shadow-url", server_url)
    assert ran.code == 2
    assert "error: pyproject.toml: the tables that init would add cannot stand at its end" in ran.err
    assert (project / "pyproject.toml").read_text() == text


def test_branches_of_which_no_revision_runs(tmp_path: Path, init: Headworks) -> None:
    fails = [
        Rev(f"{name}1", "raise ValueError('no')", after=None, label=name, folder=name) for name in ("auth", "shop")
    ]
    write_project(tmp_path, fails, ini={"recursive_version_locations": "true"})
    ran = init()
    assert "2 revisions, 2 domains (auth, shop)" in ran.out
    assert "which tables the domains have is not seen: no revision runs" in ran.out
    assert "0 domains" not in ran.out


def test_a_branch_without_a_table(tmp_path: Path, init: Headworks) -> None:
    """It is one of the history's domains all the same: the two counts are of the same thing."""
    revisions = [table("auth1", after=None, label="auth"), Rev("seeds1", after=None, label="seeds")]
    write_project(tmp_path, revisions)
    ran = init()
    assert "2 revisions, 2 domains (auth, seeds)" in ran.out
    assert "2 domains, the history's own branches\n  auth: 1 table, " in ran.out
    assert "  seeds: no table, 1 revision\n" in ran.out


def test_domains_of_the_config_that_fit_no_more(project: Path, init: Headworks) -> None:
    (project / "pyproject.toml").write_text('[tool.headworks.domains]\norders = ["order*"]\n')
    ran = init()
    assert "1 domain, as [tool.headworks.domains] says" in ran.out
    assert "  in none:\n    user_keys, user_mails, users\n" in ran.out


@pytest.mark.parametrize(
    ("there", "words", "written"),
    [
        ([], [], None),
        ([".github/CODEOWNERS"], [], ".github/workflows/database.yml"),
        ([".github/CODEOWNERS"], ["--ci", "none"], None),
        ([], ["--ci", "github"], ".github/workflows/database.yml"),
        ([".gitlab-ci.yml"], [], ".gitlab/headworks.yml"),
        ([], ["--ci", "gitlab"], ".gitlab-ci.yml"),
        ([], ["--ci", "pre-commit"], ".pre-commit-config.yaml"),
        ([".pre-commit-config.yaml"], ["--ci", "pre-commit"], None),
        ([".github/workflows/database.yml"], [], None),
    ],
)
def test_the_file_of_the_ci(
    tmp_path: Path, init: Headworks, there: list[str], words: list[str], written: str | None
) -> None:
    write_project(tmp_path, [table("a")])
    for name in there:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("theirs: 1\n")
    before = tree(tmp_path)
    dry = init("--dry-run", *words)
    assert tree(tmp_path) == before
    ran = init(*words)
    after = tree(tmp_path)
    assert {name: one for name, one in after.items() if name in before} == before
    assert set(after) - set(before) == {"pyproject.toml", *([written] if written else [])}
    assert (f"wrote {written}\n" in ran.out) is bool(written)
    assert (f"would write {written}:\n" in dry.out) is bool(written)
    if there and not written and "none" not in words:
        assert f"{there[0]}" in ran.out, "what is to be added by hand is said"
    if written == ".gitlab/headworks.yml":
        assert "include:\n  - local: .gitlab/headworks.yml\n" in ran.out
    again = init(*words)
    assert tree(tmp_path) == after
    assert (f"{written} runs headworks already: left as it is" in again.out) is bool(written)


def test_the_ci_installs_what_is_there_and_knows_the_branch(tmp_path: Path, init: Headworks) -> None:
    write_project(tmp_path, [table("a")])
    (tmp_path / "requirements.txt").write_text("alembic\n")
    git = ["git", "-C", str(tmp_path)]
    subprocess.run([*git, "init", "--quiet", "--initial-branch=trunk"], check=True)
    subprocess.run([*git, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk"], check=True)
    init("--ci", "github")
    text = (tmp_path / ".github/workflows/database.yml").read_text()
    assert text.count("pip install -r requirements.txt headworks") == 2
    assert "branches: [trunk]" in text


@pytest.mark.parametrize(
    ("kind", "place"),
    [
        ("github", ".github/workflows/database-services-shop.yml"),
        ("gitlab", ".gitlab-ci.yml"),
        ("pre-commit", ".pre-commit-config.yaml"),
    ],
)
def test_a_project_in_a_folder_of_a_repository(tmp_path: Path, init: Headworks, kind: str, place: str) -> None:
    """A CI reads its file at the top, and runs there."""
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    project = tmp_path / "services" / "shop"
    write_project(project, [table("a")])
    assert f"wrote ../../{place}\n" in init("--ci", kind, folder=project).out
    text = (tmp_path / place).read_text()
    said = YAML(typ="safe").load(text)
    if kind == "github":
        assert said["defaults"] == {"run": {"working-directory": "services/shop"}}
        assert said["jobs"]["main"]["steps"][-1]["with"] == {"sarif_file": "services/shop/gate.sarif"}
        assert "hashFiles('services/shop/gate.md')" in text
    elif kind == "gitlab":
        job = said["gate-services-shop"]
        assert job["script"][0] == "cd services/shop"
        assert job["artifacts"]["reports"]["junit"] == "services/shop/gate.xml"
    else:
        [hook] = said["repos"][0]["hooks"]
        assert hook["args"][:2] == ["--config", "services/shop/pyproject.toml"]
    assert f"{place} runs headworks already: left as it is" in init("--ci", kind, folder=project).out
    other = tmp_path / "services" / "stock"
    write_project(other, [table("a")])
    assert "runs headworks already" not in init("--ci", kind, folder=other).out, "that is another project"


def test_scripts_without_a_config_are_no_reason_to_start_anew(
    project: Path, inside: Headworks, init: Headworks
) -> None:
    (project / "alembic.ini").unlink()
    before = tree(project)
    ran = inside("init")
    assert (ran.code, tree(project)) == (2, before)
    assert "holds Alembic's scripts in migrations, and no alembic.ini" in ran.err
    words = ran.err.partition("hint: ")[2].removesuffix(" && headworks init\n")
    subprocess.run(["sh", "-c", words], check=True, cwd=project)
    assert "2 domains proposed" in init().out


def test_an_unknown_ci(tmp_path: Path, inside: Headworks) -> None:
    write_project(tmp_path, [table("a")])
    before = tree(tmp_path)
    ran = inside("init", "--ci", "jenkins")
    assert ran.code == 2
    assert ran.err == (
        "error: --ci jenkins: it is one of github, gitlab, pre-commit, none\nhint: headworks init --ci github\n"
    )
    assert tree(tmp_path) == before


def test_an_empty_folder_with_dry_run_stays_empty(tmp_path: Path, inside: Headworks) -> None:
    ran = inside("init", "--dry-run")
    assert ran.code == 0
    assert "would write alembic.ini\n" in ran.out
    assert list(tmp_path.iterdir()) == []


def test_a_broken_revision_is_said_before_anything_is_written(tmp_path: Path, inside: Headworks) -> None:
    write_project(tmp_path, [table("a")])
    (tmp_path / "migrations/versions/b.py").write_text("nonsense(\n")
    before = tree(tmp_path)
    assert inside("init").code == 2
    assert tree(tmp_path) == before


def test_the_project_that_it_starts_has_nothing_against_it(
    tmp_path: Path, headworks: Headworks, server_url: str
) -> None:
    """Not even a note, and its first revision makes what its models say."""
    assert headworks("init").code == 0
    for words in (["lint"], ["lint", "--source", "migrations"], ["gate"]):
        ran = headworks(*words, "--shadow-url", server_url, "--format", "json")
        assert (ran.code, json.loads(ran.out)["findings"]) == (0, []), words
