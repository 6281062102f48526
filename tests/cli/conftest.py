"""Transcripts of command lines, without what differs from run to run."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from helpers import Headworks, Ran, executed, untouched
from projects import table, write_project

ROOT = Path(__file__).parents[2]

_VARIES = (
    (r"(?m)^((?:ok|warning|failed) .*?) +\d+\.\d s$", r"\1"),  # the gate, of a revision that took a second
    (r"(?<![\w.])\d+\.\d+ s\b", "N s"),
    (r"\b\d+ ms\b", "N ms"),
    (r'"seconds": [\d.]+', '"seconds": N'),
    (r"\bPostgreSQL \d+(\.\d+)?", "PostgreSQL N"),
    (r'"postgresql": \d+', '"postgresql": N'),
    (r"headworks: \S+ on Python \S+", "headworks: V on Python V"),
    (r"\bdriver psycopg2?\b", "driver psycopg"),  # SQLAlchemy 2.0 and 2.1 differ on what a bare URL means
    (r"(?m)^! (?:gate|init) \d+/\d+ .*\n", ""),  # once a second
    (r"postgresql://[^\s\"']*", "<url>"),
)


class Transcript:
    """What a person would see who typed these command lines: stderr's lines begin with `!`."""

    def __init__(self, *places: tuple[str, str]) -> None:
        self._places = places
        self._lines: list[str] = []

    def add(self, words: tuple[str, ...], ran: Ran) -> None:
        """One command line and what it left."""
        self._lines.append("$ headworks " + " ".join(f"'{word}'" if " " in word else word for word in words))
        self._lines += ran.out.splitlines()
        self._lines += [f"! {line}".rstrip() for line in ran.err.splitlines()]
        self._lines += [f"exit {int(ran.code)}", ""]

    def __str__(self) -> str:
        text = "\n".join(self._lines)
        for place, name in self._places:
            text = text.replace(place, name)
        for pattern, instead in _VARIES:
            text = re.sub(pattern, instead, text)
        return text


@pytest.fixture
def transcript(tmp_path: Path, server_url: str) -> Transcript:
    """An empty transcript in which the test's folder, the project's and the server have plain names."""
    return Transcript((server_url, "<server>"), (str(tmp_path), "<folder>"), (str(ROOT), "<project>"))


@pytest.fixture
def say(inside: Headworks, transcript: Transcript) -> Headworks:
    """Run a command line in this process and write it into the transcript."""

    def call(*words: str, **options: object) -> Ran:
        ran = inside(*words, **options)
        transcript.add(words, ran)
        return ran

    return call


@pytest.fixture
def say_apart(headworks: Headworks, transcript: Transcript) -> Headworks:
    """The same as a process."""

    def call(*words: str, **options: object) -> Ran:
        ran = headworks(*words, **options)
        transcript.add(words, ran)
        return ran

    return call


@pytest.fixture
def url(make_database: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A database with something in it, which every test must leave as it is."""
    made = make_database()
    executed(made, "CREATE TABLE kept (id int)", "INSERT INTO kept VALUES (1)")
    monkeypatch.setenv("HEADWORKS_URL", made)
    with untouched(made):
        yield made


@pytest.fixture
def project(tmp_path: Path, url: str, server_url: str) -> Path:
    return write_project(tmp_path, [table("a"), table("b")], config={"shadow_url": server_url})
