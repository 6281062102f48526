"""One fault a folder (`tests/cases/gate/<case>`), each with a clean twin.

`case.toml` says what kind of project it is (keywords of `projects.write_project`) and what the gate finds, in order;
`faulty/` holds the revisions, `clean/` those of the twin that differ (`[clean]`: the keywords that do), `manifest/` is
the manifest of both; `checks` are those to run, where they are not all but `locks`.
"""

import json
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from helpers import Headworks
from projects import write_project

FOLDER = Path(__file__).parents[1] / "cases" / "gate"
CASES = sorted(folder.name for folder in FOLDER.iterdir())
RULES = {
    "upgrade-failed", "downgrade-failed", "downgrade-differs", "no-downgrade", "reupgrade-differs", "dependency",
    "heads", "models-differ", "history-changed", "naming", "unused-allowance", "no-reason",
    "data-lost", "upgrade-fails-on-data", "downgrade-fails-on-data", "unfilled",
    "observed-lock", "table-rewrite", "full-scan", "trespass",
}  # fmt: skip


def project_of(case: str, folder: Path, *, clean: bool) -> dict[str, Any]:
    """Write the case's project into `folder`; what its case.toml says."""
    said = tomllib.loads((FOLDER / case / "case.toml").read_text(encoding="utf-8"))
    keys = {key: value for key, value in said.items() if key not in ("finding", "clean", "checks")}
    write_project(folder, **keys | (said.get("clean", {}) if clean else {}))
    versions = folder / "migrations" / "versions"
    shutil.copytree(FOLDER / case / "faulty", versions, dirs_exist_ok=True)
    if clean and (FOLDER / case / "clean").is_dir():
        shutil.copytree(FOLDER / case / "clean", versions, dirs_exist_ok=True)
    if (FOLDER / case / "manifest").is_dir():
        shutil.copytree(FOLDER / case / "manifest", folder / "migrations" / "manifest")
    return said


def checks_of(case: str) -> list[str]:
    """The words that choose the case's checks. Cases of other faults build indexes in the plainest way there is."""
    said = tomllib.loads((FOLDER / case / "case.toml").read_text(encoding="utf-8"))
    return ["--checks", said.get("checks", "schema,branches,whole,data")]


def shown(finding: dict[str, Any], fields: set[str]) -> dict[str, Any]:
    """A finding with the fields that a case names, its object in one word."""
    ref = finding["object"]
    path = [ref[part] for part in ("schema", "table", "name") if ref[part]] if ref else []
    flat = finding | {"object": f"{ref['kind']} {'.'.join(path)}" if ref else None}
    return {key: value for key, value in flat.items() if key in fields}


@pytest.mark.parametrize("case", CASES)
def test_the_fault_is_found(case: str, tmp_path: Path, inside: Headworks, server_url: str) -> None:
    expected = [{"severity": "error"} | one for one in project_of(case, tmp_path, clean=False)["finding"]]
    ran = inside("gate", *checks_of(case), "--format", "json", "--shadow-url", server_url)
    assert ran.out, ran.err
    report = json.loads(ran.out)
    # Of a case that has no models, the note that says so is no news.
    said = [one for one in report["findings"] if "have no tables" not in one["message"]]
    fields = [set(one) for one in expected] + [{"rule", "severity", "revision", "message"}] * len(said)
    assert [shown(one, names) for one, names in zip(said, fields, strict=False)] == expected
    worst = {one["severity"] for one in expected}
    assert (ran.code, report["ok"]) == ((1, False) if "error" in worst else (0, True))
    assert all(one["hint"] for one in said if one["severity"] != "note"), "each says what to do"


@pytest.mark.parametrize("case", CASES)
def test_its_clean_twin_passes(case: str, tmp_path: Path, inside: Headworks, server_url: str) -> None:
    project_of(case, tmp_path, clean=True)
    ran = inside("gate", *checks_of(case), "--strict", "--format", "json", "--shadow-url", server_url)
    assert ran.out, ran.err
    bad = [one for one in json.loads(ran.out)["findings"] if one["severity"] != "note"]
    assert (ran.code, bad) == (0, [])


def test_every_rule_has_a_case() -> None:
    said = (tomllib.loads((FOLDER / case / "case.toml").read_text(encoding="utf-8"))["finding"] for case in CASES)
    assert {one["rule"] for findings in said for one in findings} == {f"gate.{name}" for name in RULES}
