"""squawk (https://squawkhq.com), which knows what a statement of a migration may do: run over files, read back."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Collection, Sequence
from pathlib import Path

import msgspec

from headworks.errors import HeadworksError, UsageError

__all__ = ["Remark", "SquawkFailed", "SquawkMissing", "squawk", "unknown_rule"]


class SquawkMissing(UsageError):
    """lint --migrations hands the SQL of revisions to squawk, and squawk is not installed"""

    hint = "{python} -m pip install squawk-cli"


class SquawkFailed(HeadworksError):
    """squawk ended with {code}: {reason}"""

    hint = "squawk --version; lint --migrations needs 2.0 or later, and a .squawk.toml that it can read"


class Remark(msgspec.Struct, frozen=True):
    """What squawk says of a place. `file` is as it was named, `line` counts from 0; `level` is Warning or Error."""

    file: str
    line: int
    level: str
    message: str
    rule_name: str
    help: str | None = None


def squawk(files: Sequence[Path], *, folder: Path) -> tuple[Remark, ...]:
    """Its remarks on files of SQL; a `.squawk.toml` of `folder`, or above it, holds.

    Raises `SquawkMissing`, `SquawkFailed`.
    """
    words = [_program(), "--reporter", "json"]
    names = [str(file) for file in files]
    # A command line has an end: 200 names are well below it.
    batches = [names[start : start + 200] for start in range(0, len(names), 200)]
    return tuple(remark for batch in batches for remark in _run([*words, *batch], folder))


def unknown_rule(names: Collection[str]) -> str | None:
    """The first of these that squawk has no rule of. Raises `SquawkMissing`, `SquawkFailed`."""
    done = _done([_program(), f"--exclude={','.join(sorted(names))}", "--reporter", "json", os.devnull], Path.cwd())
    found = re.search(r"invalid rule name (\S+)", done.stderr)
    return found[1] if found and found[1] in names else None


def _program() -> str:
    beside = Path(sys.executable).parent / "squawk"  # its wheel's script, where the environment is not on the PATH
    found = str(beside) if beside.is_file() else shutil.which("squawk")
    if found is None:
        raise SquawkMissing(python=Path(sys.executable).name)
    return found


def _run(words: Sequence[str], folder: Path) -> list[Remark]:
    done = _done(words, folder)
    try:
        return msgspec.json.decode(done.stdout or "", type=list[Remark])
    except msgspec.DecodeError as error:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise SquawkFailed(code=done.returncode, reason=said[0] if said else error) from None


def _done(words: Sequence[str], folder: Path) -> "subprocess.CompletedProcess[str]":
    try:
        return subprocess.run(words, cwd=folder, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    except OSError as error:
        raise SquawkFailed(code=error.errno, reason=error.strerror) from None
