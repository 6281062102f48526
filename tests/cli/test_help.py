"""`--help` of every command, as text. After an intended change: `pytest tests/cli --snapshot-update`."""

import re

import pytest
from syrupy.assertion import SnapshotAssertion

from headworks.cli.app import COMMANDS
from helpers import Headworks

WORDS = [("--help",), *((name, "--help") for name in COMMANDS)]
WORDS += [("db", name, "--help") for name in ("start", "stop", "url", "psql", "reset")]


@pytest.mark.parametrize("words", WORDS, ids=" ".join)
def test_help(words: tuple[str, ...], inside: Headworks, snapshot: SnapshotAssertion) -> None:
    ran = inside(*words)
    assert (ran.code, ran.err) == (0, "")
    assert ran == inside(*(word.replace("--help", "-h") for word in words))
    # Lines are wrapped otherwise, and ranges and defaults worded otherwise, from one click to the next.
    text = re.sub(r" +\\?\[[^\]]*(default|x>=|required)[^\]]*\]", "", re.sub(r"\s+", " ", ran.out))
    text = re.sub(r"Usage: .*? (?=[A-Z][a-z])| <[^>]*>", "", text)
    assert re.sub(r" (?=--?[a-z]|Options:|Commands:)", "\n", text).strip() == snapshot


def test_version(headworks: Headworks) -> None:
    ran = headworks("--version")
    assert (ran.code, ran.err) == (0, "")
    assert re.fullmatch(r"headworks \d+\.\d+\S*\n", ran.out)
    assert headworks("--version", "--help").out != ran.out


def test_no_words_are_asked_for_help(inside: Headworks) -> None:
    ran = inside()
    assert (ran.code, ran.out) == (2, "")
    assert "Usage: headworks" in ran.err
