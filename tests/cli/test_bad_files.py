"""Wrong files and wrong words; the rest of what people do wrong is in test_bad_input.py."""

import shlex
from pathlib import Path

import pytest
from refusals import refused

from helpers import Headworks
from projects import table, write_project


class TestFiles:
    def test_unknown_format(self, project: Path, inside: Headworks) -> None:
        for words in ("drift --format jsn", "gate --format jsn", "seed --format jsn", "status --format jsn"):
            refused(inside(*words.split()), 2, "--format jsn: there is no such format", "--format json")
        refused(inside("snapshot", "--check", "-o", "x", "--report", "githb"), 2, "--report githb", "--report github")

    def test_output_that_cannot_be_written(self, project: Path, inside: Headworks) -> None:
        (project / "file").write_text("")
        for words in (
            ("drift", "--against", "migrations", "-o", "file/report"),
            ("snapshot", "-o", "file/schema.json"),
        ):
            refused(inside(*words), 2, f"{words[-1]}: cannot be written: ")
        refused(inside("snapshot", "-o", "migrations"), 2, "migrations: cannot be written: Is a directory")
        assert not list(project.glob(".*.new")), "nothing half-written is left"

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (None, "there is no snapshot to compare with in old.json: No such file or directory"),
            ("", "old.json"),
            ("{", "old.json, line 1: not JSON"),
            ('{"headworks": 1,\n<<<<<<< HEAD\n', "old.json, line 2: not JSON"),
            ("[]", "old.json: JSON, but no schema picture"),
            ('{"format": 99, "objects": {}}', "old.json"),
        ],
    )
    def test_snapshot(self, project: Path, content: str | None, said: str, inside: Headworks) -> None:
        if content is not None:
            (project / "old.json").write_text(content)
        for words in (("drift", "--against", "old.json"), ("snapshot", "--check", "-o", "old.json")):
            ran = inside(*words)
            assert ran.code in (2, 3)
            refused(ran, ran.code, said)

    def test_the_hint_for_a_broken_snapshot_mends_it(self, project: Path, inside: Headworks) -> None:
        (project / "old.json").write_text("{")
        advice = inside("snapshot", "--check", "-o", "old.json").err.partition("hint: ")[2]
        assert inside(*shlex.split(advice.rpartition("headworks ")[2])).code == 0
        assert inside("snapshot", "--check", "-o", "old.json").code == 0

    def test_check_without_a_file(self, project: Path, inside: Headworks) -> None:
        advice = refused(inside("snapshot", "--check"), 2, "--check compares with a file, and none is named")
        assert shlex.split(advice)[:2] == ["headworks", "snapshot"]

    def test_seeds(self, tmp_path: Path, url: str, inside: Headworks) -> None:
        preamble = """
            from sqlalchemy import Column, Integer, Table
            Table("kept", metadata, Column("id", Integer, primary_key=True))
        """
        write_project(tmp_path, [table("a")], preamble=preamble)
        ran = inside("seed", "nope")
        refused(ran, 2, "nope")
        folder = tmp_path / "seeds" / "reference"
        folder.mkdir(parents=True)
        for text, said in (("table: [", "seeds/reference/kept.yaml"), ("table: nope\nkey: [id]\nrows: []\n", "nope")):
            (folder / "kept.yaml").write_text(text)
            ran = inside("seed")
            assert ran.code in (2, 3)
            refused(ran, ran.code, said)


class TestWords:
    @pytest.mark.parametrize(
        ("words", "said", "hint"),
        [
            ("upgrad", "No such command 'upgrad'", "headworks --help"),
            ("upgrade --nope", "No such option", "headworks upgrade --help"),
            ("upgrade --wait soon", "Invalid value for '--wait'", "headworks upgrade --help"),
            ("upgrade --wait -1", "Invalid value for '--wait'", "headworks upgrade --help"),
            ("downgrade", "Missing argument 'TARGET'", "headworks downgrade --help"),
            ("revision", "Missing option '--message' / '-m'", "headworks revision --help"),
            ("drift --shadow-on-live --shadow-url x", "--shadow-url and --shadow-on-live exclude", ""),
            ("snapshot --source lives", "--source lives", "headworks snapshot --source live"),
            ("db nope", "No such command 'nope'", "headworks db --help"),
            ("db reset", "db reset removes the embedded server", "headworks db reset --yes"),
            ("merge", "no domain has more than one head", "headworks status"),
        ],
    )
    def test_wrong(self, project: Path, words: str, said: str, hint: str, inside: Headworks) -> None:
        advice = refused(inside(*words.split()), 2, said, hint)
        if advice.endswith("--help"):
            assert inside(*advice.split()[1:]).code == 0
