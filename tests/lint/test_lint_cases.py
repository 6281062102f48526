"""One rule a folder (`tests/cases/lint/<rule>`): `bad.sql` breaks it on a real server, `good.sql` breaks none.

`case.toml` says which objects of `bad` the rule has something against, and the configuration (`[lint...]`). Models
(`bad.py`, `good.py`) stand for what SQL cannot say. `docs/lint.md` shows these very files.
"""

import json
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from headworks.lint.known import all_rules
from helpers import Headworks, executed
from projects import write_project

FOLDER = Path(__file__).parents[1] / "cases" / "lint"
CASES = sorted(folder.name for folder in FOLDER.iterdir())

Lint = Callable[[str, str], list[dict[str, Any]]]


def test_every_rule_has_a_case_and_a_module_of_its_name() -> None:
    names = [rule.name for rule in all_rules()]
    assert names == CASES
    folder = Path(__file__).parents[2] / "src/headworks/lint/rules"
    modules = {file.stem.replace("_", "-") for file in folder.glob("*.py")} - {"--init--"}
    assert modules == set(names)


@pytest.fixture
def lint(tmp_path: Path, inside: Headworks, make_database: Callable[..., str], server_url: str) -> Lint:
    """Lint the `bad` or `good` of a case; its findings."""

    def call(case: str, which: str) -> list[dict[str, Any]]:
        said = (FOLDER / case / "case.toml").read_text(encoding="utf-8")
        config = tmp_path / "headworks.toml"
        config.write_text(said[said.index("]\n") + 2 :], encoding="utf-8")
        if (FOLDER / case / f"{which}.sql").exists():
            url = make_database()
            executed(url, (FOLDER / case / f"{which}.sql").read_text(encoding="utf-8"))
            words = ["--source", "live", "--url", url, "--config", str(config)]
        else:
            write_project(tmp_path / which, preamble=f"from {which}_models import metadata")
            shutil.copy(FOLDER / case / f"{which}.py", tmp_path / which / f"{which}_models.py")
            words = ["--shadow-url", server_url]
        ran = inside(
            "lint", *words, "--format", "json", "--strict", folder=tmp_path / (which if len(words) == 2 else "")
        )
        assert ran.out, ran.err
        found: list[dict[str, Any]] = json.loads(ran.out)["findings"]
        assert ran.code == any(one["severity"] != "note" for one in found)
        return found

    return call


def shown(ref: dict[str, str]) -> str:
    return f"{ref['kind']} " + ".".join(ref[part] for part in ("schema", "table", "name") if ref[part])


@pytest.mark.parametrize("case", CASES)
def test_the_bad_example_breaks_the_rule(case: str, lint: Lint) -> None:
    expected = tomllib.loads((FOLDER / case / "case.toml").read_text(encoding="utf-8"))["finds"]
    found = [one for one in lint(case, "bad") if one["rule"] == f"lint.{case}"]
    assert sorted({shown(one["object"]) for one in found}) == sorted(expected)
    assert all(one["hint"] and "\n" not in one["message"] for one in found)


@pytest.mark.parametrize("case", CASES)
def test_the_good_example_breaks_no_rule(case: str, lint: Lint) -> None:
    assert lint(case, "good") == []
