"""Who owns a revision, as CODEOWNERS says, and a policy that cannot be read. The rest has a case folder."""

import json
from pathlib import Path

import pytest

from headworks.owners.codeowners import CodeOwners
from helpers import Headworks
from projects import table, write_project

OWNERS = """
# who reviews what
*.md            @docs   # a comment
/migrations/    @database
versions/x/**/*.py  @x @y
/migrations/versions/*  @direct
z?.py           @z
/migrations/versions/free/
with\\ space.py @space
[Section] @default
/lib/
^[Optional][2]
/other/ @other
"""


@pytest.mark.parametrize(
    ("path", "owners"),
    [
        ("README.md", ["@docs"]),
        ("a/b/c.md", ["@docs"]),
        ("migrations/env.py", ["@database"]),
        ("sub/migrations/env.py", []),
        ("migrations/versions/a.py", ["@direct"]),
        ("migrations/versions/y/a.py", ["@database"]),
        ("versions/x/a/b/c.py", ["@x", "@y"]),
        ("versions/x/c.py", ["@x", "@y"]),
        ("deep/versions/x/c.py", []),
        ("migrations/z1.py", ["@z"]),
        ("migrations/z12.py", ["@database"]),
        ("migrations/versions/free/a.py", []),
        ("a/with space.py", ["@space"]),
        ("lib/a.py", ["@default"]),
        ("other/a.py", ["@other"]),
        ("a.py", []),
    ],
)
def test_the_last_pattern_counts(path: str, owners: list[str], tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "CODEOWNERS").write_text(OWNERS)
    assert list(CodeOwners(tmp_path).of(tmp_path / path)) == owners


@pytest.mark.parametrize("place", ["CODEOWNERS", ".github/CODEOWNERS", "docs/CODEOWNERS", None])
def test_a_revision_without_one(place: str | None, tmp_path: Path, inside: Headworks, server_url: str) -> None:
    (tmp_path / ".git").mkdir()
    folder = tmp_path / "shop"
    own = table("b", folder="billing")
    ini = {"recursive_version_locations": "true"}
    write_project(folder, [table("a"), own], config={"policy": {"owner": "codeowners"}}, ini=ini)
    if place:
        (tmp_path / place).parent.mkdir(exist_ok=True)
        (tmp_path / place).write_text("/shop/migrations/versions/billing/ @finance\n")
    ran = inside("gate", "--checks", "whole", "--format", "json", "--shadow-url", server_url, folder=folder)
    said = [(one["revision"], one["message"]) for one in json.loads(ran.out)["findings"] if one["severity"] == "error"]
    where = "has no line for it" if place else "is not there"
    found = [(name, f"{name} has no owner: CODEOWNERS {where}") for name in (["a"] if place else ["a", "b"])]
    assert [one for one in said if "owner" in one[1]] == found


@pytest.mark.parametrize("key", ["revision_id", "file_name"])
def test_a_pattern_that_is_none(key: str, tmp_path: Path, inside: Headworks) -> None:
    write_project(tmp_path, [table("a")])
    (tmp_path / "pyproject.toml").write_text(
        f"[tool.headworks]\n\n[tool.headworks.policy]\ndocstring = true\n{key} = '(a'\n"
    )
    ran = inside("gate", "--list")
    assert (ran.code, ran.out) == (2, "")
    assert f"pyproject.toml, line 5: [tool.headworks] policy.{key}: this is no regular expression: missing )" in ran.err
