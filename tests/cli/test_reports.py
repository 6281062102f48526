"""Every check command, failing, in every format, to stdout and to a file."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from headworks.report import FORMATS
from helpers import Headworks
from projects import Rev, sql, table, write_project

MODELS = """
    from sqlalchemy import Column, Integer, Table

    Table("kept", metadata, Column("id", Integer, primary_key=True, autoincrement=False))
"""
COMMANDS = {
    "drift": ("drift", "--format"),
    "gate": ("gate", "--checks", "schema", "--format"),
    "seed": ("seed", "--check", "--format"),
    "status": ("status", "--check", "--format"),
    "snapshot": ("snapshot", "--check", "--source", "models", "-o", "schema.json", "--report"),
    "erd": ("erd", "--check", "-o", "erd.md", "--report"),
}
WITH_FILE = [name for name in COMMANDS if name not in ("snapshot", "erd")]  # there -o is the artefact


@pytest.fixture
def failing(tmp_path: Path, url: str, server_url: str) -> Path:
    """A project in which each command has something to say."""
    folder = write_project(
        tmp_path,
        [table("b"), Rev("stuck", sql("CREATE TABLE c ()"), "pass")],
        preamble=MODELS,
        config={"shadow_url": server_url},
    )
    (folder / "schema.json").write_text('{"headworks_schema": 1, "postgresql": 18, "objects": {}}')
    return folder


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("command", [name for name in COMMANDS if name != "seed"])
def test_in_every_format(command: str, name: str, failing: Path, inside: Headworks) -> None:
    ran = inside(*COMMANDS[command], name, "--quiet")
    assert ran.code == 1, ran.err
    assert ran.err == ""
    _read(command, name, ran.out)
    if command in WITH_FILE:
        file = failing / "out" / "report"
        assert inside(*COMMANDS[command], name, "--quiet", "-o", str(file)) == (1, "", "")
        _read(command, name, file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", FORMATS)
def test_seeds_in_every_format(name: str, failing: Path, inside: Headworks) -> None:
    file = failing / "seeds" / "reference" / "kept.yaml"
    file.parent.mkdir(parents=True)
    file.write_text("table: kept\nkey: [id]\nrows:\n  - {id: 2}\n")
    ran = inside(*COMMANDS["seed"], name, "--quiet")
    assert ran.code == 1, ran.err
    _read("seed", name, ran.out)


def _read(command: str, name: str, text: str) -> None:
    match name:
        case "json":
            document = json.loads(text)
            assert (document["command"], document["ok"]) == (command, False)
        case "sarif":
            (run,) = json.loads(text)["runs"]
            assert run["automationDetails"]["id"] == f"headworks/{command}/"
            assert "error" in {one["level"] for one in run["results"]}
        case "junit":
            (suite,) = ET.fromstring(text)
            assert suite.get("name") == f"headworks {command}"
            assert suite.get("failures") != "0"
        case "github":
            assert "::error " in text
        case "markdown":
            assert text.startswith(f"### headworks {command}: failed\n")
        case "html":
            assert f'<h1>headworks {command}: <span class="failed">failed</span></h1>' in text
        case _ if command == "status":
            assert "pending" in text
        case _:
            assert text.splitlines()[-1].startswith(f"{command}: failed, ")
