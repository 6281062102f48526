"""How many faults of a history each tool finds, as JSON on stdout: the README's table of what is proven.

Every folder under `tests/cases/gate` is a small project with one fault, and a clean twin of it. `headworks gate` runs
on both, and so do pytest-alembic's four default tests, and squawk on the SQL that Alembic prints of each
revision offline. A tool finds the fault when it says something of the faulty project that it does not say of the
twin: another test, another rule. The cases are headworks' own: one at least of every rule of the gate. `nox -s faults`
runs all; `-- --only TEXT` those with it in their names.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import TypeAlias

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests/gate")]

from test_gate_cases import CASES, checks_of, project_of  # noqa: E402

from headworks._version import __version__  # noqa: E402
from headworks.postgres.databases import scratch_database  # noqa: E402
from headworks.postgres.server import ThrowawayServer  # noqa: E402
from headworks.postgres.url import DatabaseUrl  # noqa: E402

Run: TypeAlias = Callable[[str, Path, DatabaseUrl], set[str]]
"""What fails in the project of a case: the names of rules or tests."""

_TESTS = "from pytest_alembic.tests import *\n"
_CONFTEST = """\
import os

import pytest
import sqlalchemy


@pytest.fixture
def alembic_engine():
    engine = sqlalchemy.create_engine(os.environ["PEER_URL"], poolclass=sqlalchemy.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    return engine
"""
_ENGINE = "engine = engine_from_config("
_HANDED = 'engine = config.attributes.get("connection") or engine_from_config('


def headworks(case: str, folder: Path, server: DatabaseUrl) -> set[str]:
    """`headworks gate --strict`, with the checks that the case is about."""
    words = ["gate", *checks_of(case), "--strict", "--format", "json", "--shadow-url", server.libpq()]
    done = _process([sys.executable, "-m", "headworks", *words], folder)
    if not done.stdout:
        raise SystemExit(f"{case}: {done.stderr}")
    found = json.loads(done.stdout)["findings"]
    return {one["rule"] for one in found if one["severity"] != "note"}


def pytest_alembic(case: str, folder: Path, server: DatabaseUrl) -> set[str]:
    """Its default tests, with the env.py that its documentation asks for."""
    env = folder / "migrations" / "env.py"
    text = env.read_text(encoding="utf-8")
    if _ENGINE not in text:
        raise SystemExit(f"{case}: this env.py does not take pytest-alembic's connection")
    env.write_text(text.replace(_ENGINE, _HANDED), encoding="utf-8")
    (folder / "test_history.py").write_text(_TESTS, encoding="utf-8")
    (folder / "conftest.py").write_text(_CONFTEST, encoding="utf-8")
    words = ["-q", "-rfE", "-p", "no:cacheprovider", "-p", "no:headworks", "test_history.py"]
    with scratch_database(server) as url:
        peer = {"PEER_URL": url.sqlalchemy("psycopg")}
        done = _process([sys.executable, "-m", "pytest", *words], folder, peer)
    failed = set(re.findall(r"^(?:FAILED|ERROR) \S+::(\w+)", done.stdout, re.MULTILINE))
    if done.returncode not in (0, 1) or bool(failed) != bool(done.returncode):
        raise SystemExit(f"{case}: {done.stdout}{done.stderr}")
    return failed


def squawk(case: str, folder: Path, _: DatabaseUrl) -> set[str]:
    """Its rules on the SQL of each revision's upgrade, which `lint --migrations` hands to it."""
    words = ["lint", "--migrations", "--format", "json"]
    done = _process([sys.executable, "-m", "headworks", *words], folder)
    if not done.stdout:
        raise SystemExit(f"{case}: {done.stderr}")
    found = json.loads(done.stdout)["findings"]
    return {one["rule"] for one in found if one["rule"].startswith("lint.squawk-")}


def _process(words: list[str], folder: Path, more: dict[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
    env = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "HEADWORKS_URL")}
    return subprocess.run(words, cwd=folder, env=env | (more or {}), capture_output=True, text=True)


def found(run: Run, case: str, server: DatabaseUrl) -> bool:
    """Whether a tool fails on the faulty project as it does not on the clean one."""
    said = []
    for clean in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            project_of(case, Path(folder), clean=clean)
            said.append(run(case, Path(folder), server))
        if not said[0]:
            return False
    return bool(said[0] - said[1])


def main() -> None:
    parser = argparse.ArgumentParser(description="How many faults of a history each tool finds.")
    parser.add_argument("--only", default="", metavar="TEXT", help="cases with this in their names")
    parser.add_argument("--tool", action="append", choices=["headworks", "pytest-alembic", "squawk"], help="it alone")
    asked = parser.parse_args()
    # Cases of which headworks only says that it cannot look have no fault to be found.
    cases = [case for case in CASES if asked.only in case and _faults(case)]
    tools: dict[str, tuple[str, Run]] = {
        "headworks": (__version__, headworks),
        "pytest-alembic": (version("pytest-alembic"), pytest_alembic),
        "squawk": (version("squawk-cli"), squawk),
    }
    tools = {name: tool for name, tool in tools.items() if name in (asked.tool or tools)}
    missed: dict[str, list[str]] = {name: [] for name in tools}
    with ThrowawayServer() as server:
        for number, case in enumerate(cases, start=1):
            for name, (_, run) in tools.items():
                if not found(run, case, server.url):
                    missed[name].append(case)
            print(f"faults: {number} of {len(cases)}", file=sys.stderr, flush=True)
    figures = {
        name: {"version": of, "found": len(cases) - len(missed[name]), "missed": missed[name]}
        for name, (of, _) in tools.items()
    }
    print(json.dumps({"headworks": 1, "command": "faults", "cases": len(cases), "tools": figures}, indent=1))


def _faults(case: str) -> bool:
    """Whether its case.toml expects an error or a warning that a twin without the fault has not."""
    with tempfile.TemporaryDirectory() as folder:
        expected = project_of(case, Path(folder), clean=False)["finding"]
    return any(
        one.get("severity", "error") != "note" and not one["rule"].endswith(("allowance", "no-reason"))
        for one in expected
    )


if __name__ == "__main__":
    main()
