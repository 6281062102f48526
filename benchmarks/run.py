"""The figures of the README: whole processes, in turn with a peer in one run, as JSON on stdout.

Each figure has the medians of both sides in seconds and their ratio; `target` is what we promise, `met` whether this
run kept it. Absolute times are this machine's; ratios travel. `python benchmarks/run.py [NAME...]` runs some of them.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from histories import write_history
from large import make_tables, write_project

from headworks.postgres.account import server_account
from headworks.postgres.binaries import find_binaries, reachable_by
from headworks.postgres.connect import connect
from headworks.postgres.databases import scratch_database
from headworks.postgres.server import ThrowawayServer
from headworks.postgres.templates import template
from headworks.postgres.url import DatabaseUrl

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
RUNS = int(os.environ.get("HEADWORKS_BENCH_RUNS", "7"))

# pytest-alembic's default tests but the one for a single head, which a history of several domains fails by design.
PYTEST_ALEMBIC = tuple(
    f"tests/commerce/test_history.py::{name}"
    for name in ("test_upgrade", "test_up_down_consistency", "test_model_definitions_match_ddl")
)

Side = Callable[[], float]


def process(*words: str, folder: Path = ROOT, **environment: str) -> float:
    """Seconds of one whole process in a folder; it must succeed."""
    env = {
        key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "HEADWORKS_URL")
    } | environment
    began = time.perf_counter()
    program = words[0] if "/" in words[0] else str(BIN / words[0])
    subprocess.run([program, *words[1:]], cwd=folder, env=env, check=True, capture_output=True)
    return time.perf_counter() - began


def paired(ours: Side, theirs: Side, runs: int = RUNS) -> dict[str, float]:
    """A B A B ..., after one of each that does not count: medians, and the median of the ratios pair by pair."""
    ours(), theirs()
    pairs = [(ours(), theirs()) for _ in range(runs)]
    return {
        "headworks_s": round(statistics.median(a for a, _ in pairs), 4),
        "peer_s": round(statistics.median(b for _, b in pairs), 4),
        "ratio": round(statistics.median(a / b for a, b in pairs), 3),
    }


def help_and_version() -> dict[str, object]:
    """`--help` and `--version` beside `alembic --help`."""

    def peer() -> float:
        return process("alembic", "--help")

    return {
        "help": figure(paired(lambda: process("headworks", "--help"), peer), "alembic --help", 0.4),
        "version": figure(paired(lambda: process("headworks", "--version"), peer), "alembic --help", 0.15),
    }


def first_query() -> dict[str, object]:
    """The throw-away server: from nothing to the first answer; seconds, as there is no peer to hold it against."""

    def once() -> float:
        began = time.perf_counter()
        with ThrowawayServer() as server:
            with connect(server.url) as connection:
                connection.execute("SELECT 1")
            return time.perf_counter() - began

    def cold() -> float:
        # Binaries of a new name have no template in any cache yet.
        binaries = reachable_by(server_account(), find_binaries())
        with tempfile.TemporaryDirectory() as folder:
            Path(folder).chmod(0o755)
            named = Path(folder) / "bin"
            named.symlink_to(binaries.folder)
            os.environ["HEADWORKS_PGBIN"] = str(named)
            try:
                took = once()
                shutil.rmtree(template(find_binaries(), server_account()))
                return took
            finally:
                del os.environ["HEADWORKS_PGBIN"]

    once()
    return {
        "first_query_warm": seconds([once() for _ in range(RUNS)], 0.3),
        "first_query_cold": seconds([cold() for _ in range(3)], 1.5),
    }


def commerce() -> dict[str, object]:
    """The main jobs on the commerce schema beside what people run today."""
    with ThrowawayServer() as server:
        return {
            "upgrade": figure(
                paired(
                    lambda: on_empty(server.url, lambda url: process("headworks", "upgrade", "--url", url.libpq())),
                    lambda: on_empty(
                        server.url,
                        lambda url: process("alembic", "upgrade", "heads", DATABASE_URL=url.sqlalchemy("psycopg")),
                    ),
                ),
                "alembic upgrade heads",
                None,
            ),
            **at_heads(server.url),
        }


def at_heads(server: DatabaseUrl) -> dict[str, object]:
    """Drift and gate, on a database at heads."""
    with scratch_database(server) as url:
        process("headworks", "upgrade", "--url", url.libpq())
        alembic_url = url.sqlalchemy("psycopg")
        return {
            "drift": figure(
                paired(
                    lambda: process("headworks", "drift", "--url", url.libpq()),
                    lambda: process("alembic", "check", DATABASE_URL=alembic_url),
                ),
                "alembic check (which sees a part of it)",
                None,
            ),
            "gate": figure(
                paired(
                    lambda: process("headworks", "gate", "--url", url.libpq()),
                    lambda: process("python", "-m", "pytest", "-q", "-p", "no:cacheprovider", *PYTEST_ALEMBIC),
                    runs=3,
                ),
                "pytest-alembic's default tests on the same history (up and down; nothing is looked at)",
                None,
            ),
        }


def large() -> dict[str, object]:
    """Drift of 1,000 and of 10,000 tables beside `pg_dump -s` and beside Alembic's compare."""
    with ThrowawayServer() as server, tempfile.TemporaryDirectory() as scratch:
        return {
            **beside_pg_dump(server, Path(scratch), 1_000, 1.5, RUNS),
            **beside_pg_dump(server, Path(scratch), 10_000, 1.0, 3),
            **beside_alembic(server, Path(scratch) / "project", 1_000),
        }


def gate() -> dict[str, object]:
    """The gate over generated histories beside pytest-alembic's four default tests, and what a revision costs."""
    with ThrowawayServer() as server, tempfile.TemporaryDirectory() as scratch:
        found: dict[str, object] = {}
        each: dict[int, float] = {}
        for count in (100, 500):
            folder = Path(scratch) / str(count)
            write_history(folder, count)
            runs = max(3, RUNS // 2) if count == 100 else 3

            def ours(checks: str, folder: Path = folder) -> float:
                # On a server of its own, as people run it: its start is in the time.
                return process("headworks", "gate", "--checks", checks, folder=folder)

            def peer(folder: Path = folder) -> float:
                url = server.url.sqlalchemy("psycopg")
                words = (
                    "python",
                    "-m",
                    "pytest",
                    "-q",
                    "-p",
                    "no:cacheprovider",
                    "-p",
                    "no:headworks",
                    "test_history.py",
                )
                return process(*words, folder=folder, DATABASE_URL=url)

            name = "pytest-alembic's four default tests (up and down; nothing is looked at)"
            proven = paired(lambda: ours("schema,branches,whole"), peer, runs)
            found[f"gate_{count}"] = figure(proven, name, 0.333)
            each[count] = proven["headworks_s"] / count
            filled = paired(lambda: ours("data,locks"), peer, runs)
            found[f"gate_data_locks_{count}"] = figure(filled, name, 1.0)
        growth = round(each[500] / each[100], 3)
        return {**found, "gate_cost_per_revision_500_to_100": {"ratio": growth, "target": 1.3, "met": growth <= 1.3}}


def beside_pg_dump(server: ThrowawayServer, folder: Path, count: int, target: float, runs: int) -> dict[str, object]:
    """A live database against a snapshot file and against a second database."""
    dump = str(find_binaries().program("pg_dump"))
    with scratch_database(server.url) as live, scratch_database(server.url) as other:
        for url in (live, other):
            make_tables(url, count)
        file = folder / f"{count}.json"
        process("headworks", "snapshot", "--url", live.libpq(), "-o", str(file), folder=folder)

        def drift(against: str) -> float:
            return process("headworks", "drift", "--against", against, "--url", live.libpq(), folder=folder)

        def peer() -> float:
            return process(dump, "-s", "-f", str(folder / "dump.sql"), live.libpq(), folder=folder)

        return {
            f"drift_file_{count}": figure(paired(lambda: drift(str(file)), peer, runs), "pg_dump -s", target),
            f"drift_url_{count}": figure(paired(lambda: drift(other.libpq()), peer, runs), "pg_dump -s", target),
            f"drift_file_{count}_peak": megabytes(
                ["drift", "--against", str(file), "--url", live.libpq()], folder, 1_000.0
            ),
        }


def beside_alembic(server: ThrowawayServer, folder: Path, count: int) -> dict[str, object]:
    """Models against a live database: what it takes beyond importing them. The first run fills the cache."""
    with scratch_database(server.url) as url:
        write_project(folder, count, url)
        process("alembic", "upgrade", "head", folder=folder)
        # We import with Python's collector off, which takes less: from each side goes what importing takes there.
        importing, quickly = (
            statistics.median(process("python", "-c", f"{words}import models", folder=folder) for _ in range(3))
            for words in ("", "import gc; gc.disable(); ")
        )
        first = process("headworks", "drift", "--url", url.libpq(), folder=folder) - quickly
        measured = paired(
            lambda: process("headworks", "drift", "--url", url.libpq(), folder=folder) - quickly,
            lambda: process("alembic", "check", folder=folder) - importing,
            3,
        )
        return {
            f"drift_models_{count}": {
                **figure(measured, "alembic check; both less importing the models", 0.2),
                "importing_s": round(quickly, 4),
                "peer_importing_s": round(importing, 4),
                "first_run_s": round(first, 4),
            }
        }


def megabytes(words: list[str], folder: Path, target: float) -> dict[str, object]:
    """The peak memory of one process of ours."""
    program = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    command = [sys.executable, "-c", program, str(BIN / "headworks"), *words]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    peak = round(int(done.stdout) / 1024, 1)
    return {"peak_mb": peak, "target": target, "met": peak <= target}


def on_empty(server: DatabaseUrl, run: Callable[[DatabaseUrl], float]) -> float:
    """Run on a new empty database."""
    with scratch_database(server) as url:
        return run(url)


def figure(measured: dict[str, float], peer: str, target: float | None) -> dict[str, object]:
    """A ratio with its peer and its target (`None`: no promise yet)."""
    met = None if target is None else measured["ratio"] <= target
    return {**measured, "peer": peer, "target": target, "met": met}


def seconds(times: list[float], target: float) -> dict[str, object]:
    """A time with its target, for what has no peer."""
    median = round(statistics.median(times), 4)
    return {"headworks_s": median, "min_s": round(min(times), 4), "target": target, "met": median <= target}


def main(names: list[str]) -> None:
    """Run the benchmarks of these names, or all."""
    known = {"help": help_and_version, "server": first_query, "commerce": commerce, "large": large, "gate": gate}
    figures: dict[str, object] = {}
    for name, run in known.items():
        if not names or name in names:
            print(f"bench: {name}", file=sys.stderr, flush=True)
            figures |= run()
    print(
        json.dumps({"headworks": 1, "command": "bench", "python": sys.version.split()[0], "figures": figures}, indent=1)
    )


if __name__ == "__main__":
    main(sys.argv[1:])
