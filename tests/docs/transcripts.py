"""Transcripts in the docs: `console` blocks whose commands are run, and whose output is what they print.

A page says at its top `<!-- transcripts: PROJECT -->`; all of its blocks are run from top to bottom, in one copy of
that project and with databases of their own. A line that begins with `$ ` is for the shell, what follows is its stdout
and stderr. `<!-- $ command -->` is run as well, and not shown; `$?` is the exit code of the command before.
Blocks without any output in a page that says nothing are examples, which are not run.
"""

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

__all__ = ["Command", "alike", "commands", "played", "project_of", "published"]

_PIECES = re.compile(r"^<!-- \$ (?P<hidden>.*?) -->$|^```console\n(?P<block>.*?)^```$", re.MULTILINE | re.DOTALL)
_TIMES = re.compile(r"\b\d+(?:\.\d+)? (?:ms|s)\b")
_LAST = re.compile(rf" +{_TIMES.pattern}$", re.MULTILINE)
_URLS = re.compile(r"postgresql://[^\s'\"]*host=[^\s'\"]*")


class Command(NamedTuple):
    """A command line, and what it printed when the page was written."""

    line: str
    output: str


def project_of(text: str) -> str | None:
    """The project that the page's transcripts want, if it has any."""
    found = re.search(r"^<!-- transcripts: (\w+) -->$", text, re.MULTILINE)
    return found[1] if found else None


def commands(block: str) -> list[Command]:
    """The commands of one block; a line that ends in a backslash goes on."""
    found = re.findall(r"^\$ ((?:.*\\\n)*.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)
    return [Command(line, output) for line, output in found]


def played(text: str, folder: Path, environment: Mapping[str, str]) -> str:
    """The page with what its commands print now."""
    code = 0

    def run(line: str) -> str:
        nonlocal code
        line = line.replace("$?", str(code))
        ran = subprocess.run(
            ["sh", "-c", line],
            cwd=folder,
            env=os.environ | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=120,
        )
        code = ran.returncode
        return ran.stdout if ran.stdout.endswith("\n") or not ran.stdout else ran.stdout + "\n"

    def again(piece: re.Match[str]) -> str:
        if piece["hidden"]:
            said = run(piece["hidden"])
            assert code == 0, f"{piece['hidden']}: {said}"
            return piece[0]
        return "```console\n" + "".join(f"$ {one.line}\n{run(one.line)}" for one in commands(piece["block"])) + "```"

    return _PIECES.sub(again, text)


def published(text: str, folder: Path) -> str:
    """The text without where a test's server listens, and with files named from the project's folder."""
    return _URLS.sub("postgresql://...", text.replace(f"{folder}/", ""))


def alike(text: str) -> str:
    """The text without the times, which are others from run to run; a short one is not shown at a line's end."""
    return _TIMES.sub("0 s", _LAST.sub("", text))
