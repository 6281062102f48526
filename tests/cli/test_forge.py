"""Where a forge is told that a file is: below the top of the repository, whatever folder the project has in it."""

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest

from headworks.repository import top_of
from helpers import Headworks
from projects import Rev, sql, table, write_project
from repositories import git, repository

MODELS = """
    from sqlalchemy import Column, Integer, Table

    Table("kept", metadata, Column("id", Integer, primary_key=True, autoincrement=False))
"""
BELOW = "services/my shop"
STUCK = "migrations/versions/stuck.py"


@pytest.fixture
def project(tmp_path: Path, server_url: str) -> Path:
    """A project two folders below the top of a repository, in which each command has something to say."""
    folder = write_project(
        tmp_path / BELOW,
        [table("kept"), Rev("stuck", sql("CREATE TABLE c ()"), "pass")],
        preamble=MODELS,
        config={"shadow_url": server_url},
    )
    seeds = folder / "seeds" / "reference"
    seeds.mkdir(parents=True)
    (seeds / "kept.yaml").write_text("table: kept\nkey: [id]\nrows:\n  - {id: 2}\n")
    (folder / "docs").mkdir()
    (folder / "docs" / "erd.md").write_text("old\n")
    repository(tmp_path)
    return folder


def files(name: str, text: str) -> set[str]:
    """The files that a report names."""
    if name == "json":
        return {one["file"] for one in json.loads(text)["findings"] if one["file"]}
    if name == "sarif":
        places = [one["locations"][0]["physicalLocation"] for one in json.loads(text)["runs"][0]["results"]]
        found = {one["artifactLocation"]["uri"].replace("%20", " ") for one in places}
        return {one for one in found if not one.startswith("database")}
    if name == "junit":
        cases = [*ET.fromstring(text).iter("testcase")]
        said = {one.get("file", "") for one in cases if one.find("failure") is not None}
        inside = re.findall(r": (\S[^:\n]*\.py):\d+: ", "".join(ET.fromstring(text).itertext()))
        return {one for one in (*said, *inside) if one}
    if name == "markdown":
        return set(re.findall(r"[\w/ ]*versions/\w+\.py", re.sub(r"`|  |<[^>]*>|\bstuck ", "\n", text)))
    return set(re.findall(r"^::error file=([^,]+),", text, re.MULTILINE))


@pytest.mark.parametrize("name", ["github", "sarif", "junit", "markdown"])
@pytest.mark.parametrize("below", ["", "migrations/versions"])
def test_the_gate_names_files_below_the_top(name: str, below: str, project: Path, inside: Headworks) -> None:
    ran = inside("gate", "--checks", "schema", "--format", name, folder=project / below)
    assert ran.code == 1, ran.err
    assert f"{BELOW}/{STUCK}" in files(name, ran.out)
    assert {one for one in files(name, ran.out) if not one.startswith(BELOW)} == set()


def test_what_is_read_where_it_ran_names_them_from_the_project(project: Path, inside: Headworks) -> None:
    ran = inside("gate", "--checks", "schema", "--format", "json", folder=project)
    assert files("json", ran.out) == {STUCK}
    assert json.loads(ran.out)["details"]["revisions"][1]["file"] == STUCK
    assert f"\n  {STUCK}:" in inside("gate", "--checks", "schema", folder=project).out


@pytest.mark.parametrize("name", ["github", "sarif"])
def test_other_commands_do_likewise(
    name: str, project: Path, make_database: Callable[..., str], inside: Headworks
) -> None:
    url = make_database()
    ran = inside("upgrade", "kept", "--url", url, folder=project)
    assert ran.code == 0, ran.err
    seeds = inside("seed", "--check", "--url", url, "--format", name, folder=project)
    assert (seeds.code, files(name, seeds.out)) == (1, {f"{BELOW}/seeds/reference/kept.yaml"})
    # Named on the command line, from where that was typed.
    for folder, file in ((project, "docs/erd.md"), (project / "docs", "erd.md"), (project / "docs", "../docs/erd.md")):
        drawn = inside("erd", "--check", "-o", file, "--report", name, folder=folder)
        assert (drawn.code, files(name, drawn.out)) == (1, {f"{BELOW}/docs/erd.md"}), drawn


def test_a_report_knows_a_finding_again_whatever_it_was_called_from(project: Path, inside: Headworks) -> None:
    prints = []
    for folder in (project, project / "migrations"):
        ran = inside("gate", "--checks", "schema", "--format", "sarif", folder=folder)
        prints.append([one["partialFingerprints"] for one in json.loads(ran.out)["runs"][0]["results"]])
    assert prints[0] == prints[1]


def test_the_top_of_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    first = tmp_path / "first"
    (first / "deep").mkdir(parents=True)
    assert top_of(first / "deep") is None
    repository(first)
    assert top_of(first / "deep") == first.resolve()
    other = tmp_path / "other"
    git(first, "worktree", "add", "--quiet", "--detach", str(other))
    (other / "deep").mkdir()
    assert top_of(other / "deep") == other.resolve()
    # A checkout into a folder of the workspace is a repository of its own; one without git has the workspace alone.
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    assert top_of(first / "deep") == first.resolve()
    (tmp_path / "downloaded" / "shop").mkdir(parents=True)
    assert top_of(tmp_path / "downloaded" / "shop") == tmp_path.resolve()
    monkeypatch.setenv("GITHUB_WORKSPACE", str(first))
    assert top_of(tmp_path / "downloaded") is None


def test_without_a_repository_files_are_named_from_the_project(
    tmp_path: Path, server_url: str, inside: Headworks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    revisions = [table("kept"), Rev("stuck", sql("CREATE TABLE c ()"), "pass")]
    folder = write_project(tmp_path / "alone", revisions, config={"shadow_url": server_url})
    ran = inside("gate", "--checks", "schema", "--format", "github", folder=folder)
    assert files("github", ran.out) == {STUCK}
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    ran = inside("gate", "--checks", "schema", "--format", "github", folder=folder)
    assert files("github", ran.out) == {f"alone/{STUCK}"}
