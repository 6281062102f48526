"""`headworks init` on histories that nobody here wrote: reads them, changes none, and says what the docs say."""

import hashlib
import json
import os
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from installed import ROOT, Installed

pytestmark = pytest.mark.published
PAGE = ROOT / "docs" / "adoption.md"
_RAN = re.compile(r"^([\d,]+) of ([\d,]+) revisions? ran up .* left ([\d,]+) tables?$", re.MULTILINE)
_DOMAINS = re.compile(r"^(\d+) domains? proposed.*\(modularity (\d\.\d\d)", re.MULTILINE)
_ONE = re.compile(r"^one domain: .*\(modularity (\d\.\d\d)", re.MULTILINE)
_SEVERAL = re.compile(r"^  (\d+) revisions? of several domains:$", re.MULTILINE)


def test_init_reads_the_history_and_changes_no_revision(
    installed: Installed, server_url: str, server_major: int, tmp_path: Path
) -> None:
    if not (expected := on_the_page(installed.project.package)):
        pytest.skip(f"{PAGE.name} has no figures of {installed.project.package}")
    shutil.copytree(installed.project.folder, tmp_path, dirs_exist_ok=True)
    here = replace(installed, place=tmp_path)
    before = versions(here)
    assert len(before) > 5
    ran = here.run("-m", "headworks", "init", "--quiet", "--ci", "github", "--shadow-url", server_url)
    assert versions(here) == before
    assert (tmp_path / ".github/workflows/database.yml").is_file()
    written = (tmp_path / "pyproject.toml").read_text()
    assert written.startswith((installed.project.folder / "pyproject.toml").read_text())

    again = here.run("-m", "headworks", "init", "--quiet", "--ci", "github", "--shadow-url", server_url)
    assert (tmp_path / "pyproject.toml").read_text() == written
    assert versions(here) == before
    if _DOMAINS.search(ran.stdout):  # and not "no domains proposed"
        assert "as [tool.headworks.domains] says" in again.stdout
        assert _SEVERAL.findall(again.stdout) == _SEVERAL.findall(ran.stdout)

    if server_major != 18 or "HEADWORKS_TEST_SERVER" in os.environ:  # another server can do more, or less
        return
    figures = figures_of(ran.stdout)
    assert expected == figures, f"{PAGE.name} should say: {figures}"


def versions(installed: Installed) -> dict[str, str]:
    """Every revision's file, by what it holds."""
    ran = installed.run("-m", "headworks", "history", "--offline", "--format", "json")
    files = [Path(installed.place, one["file"]) for one in json.loads(ran.stdout)["revisions"]]
    return {str(file): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def figures_of(text: str) -> list[str]:
    """As in the page: revisions that ran, of how many, tables, domains, modularity, revisions of several domains."""
    (ran,) = _RAN.findall(text)
    domains, modularity = next(iter(_DOMAINS.findall(text)), ("", ""))
    if found := _ONE.findall(text):
        domains, modularity = "1", found[0]
    return [*ran, domains or "-", modularity or "-", next(iter(_SEVERAL.findall(text)), "0")]


def on_the_page(package: str) -> list[str]:
    """The figures that the docs give of a project; none where it has no row."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.read_text().splitlines()]
    found = [row[1:7] for row in rows if row[0] == f"`{package}`"]
    assert len(found) <= 1, f"{PAGE.name} has {len(found)} rows of figures of {package}"
    return found[0] if found else []
